//! Who makes spans and hands them on.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use guichet_clock::WorldClock;
use guichet_cloud::Cloud;
use guichet_cloud::worlds::Worlds;
use guichet_core::event::Event;
use guichet_core::ids::RequestId;
use guichet_core::limits;
use guichet_core::time::{Clock, Timestamp};
use guichet_http::trace_parent::{Answered, TraceParent, Tracer};
use guichet_store::hub::{LogEntry, Subscription};
use opentelemetry::{InstrumentationScope, Key};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, SpanProcessor};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::client::Client;
use crate::contexts::Contexts;
use crate::ids::is_sampled;
use crate::span::{of_operation, of_request, system_time};

/// How a world's time and the machine's may differ before times of operations are moved: less is what
/// reading both takes.
const APART_US: i64 = 1_000_000;

/// After how many looks a line says what was missed: a second.
const LOOKS_A_LINE: u64 = 10;

fn log_missed(missed: u64) {
    if missed > 0 {
        tracing::warn!(missed, "operations came too fast for traces of all");
    }
}

/// Where traces are sent, and how many.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The collector's address, such as `http://127.0.0.1:4318`; `/v1/traces` is added to it.
    pub endpoint: String,
    /// Of the requests whose clients say nothing about it, the share whose traces are written: 0 to 1.
    pub share: f64,
    /// The version that the service says it is of.
    pub version: &'static str,
}

/// Why no traces can be sent.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OtlpError(String);

/// Makes spans of requests and operations, and hands them on to be sent.
pub struct Exporter {
    processor: BatchSpanProcessor,
    scope: InstrumentationScope,
    clock: WorldClock,
    share: f64,
    /// Held to write down or look up one, never across a wait.
    contexts: Mutex<Contexts>,
}

impl fmt::Debug for Exporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exporter").field("share", &self.share).finish_non_exhaustive()
    }
}

impl Exporter {
    /// Begins. Headers and more about the service come from the variables of the environment that
    /// OpenTelemetry defines for that (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_RESOURCE_ATTRIBUTES`,
    /// `OTEL_SERVICE_NAME`).
    ///
    /// # Errors
    /// The address is none, or a variable cannot be read.
    pub fn start(settings: &Settings) -> Result<Self, OtlpError> {
        let endpoint = format!("{}/v1/traces", settings.endpoint.trim_end_matches('/'));
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Client::default())
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(endpoint)
            .with_timeout(limits::OTLP_TIMEOUT)
            .build()
            .map_err(|error| OtlpError(error.to_string()))?;
        let batches = BatchConfigBuilder::default()
            .with_max_queue_size(limits::OTLP_SPANS_MAX)
            .with_max_export_batch_size(limits::OTLP_BATCH_MAX)
            .with_scheduled_delay(limits::OTLP_PERIOD)
            .build();
        let mut processor =
            BatchSpanProcessor::builder(exporter).with_batch_config(batches).build();
        processor.set_resource(&resource(settings.version));
        Ok(Self {
            processor,
            scope: InstrumentationScope::builder("guichet").with_version(settings.version).build(),
            clock: WorldClock::real(),
            share: settings.share,
            contexts: Mutex::default(),
        })
    }

    fn contexts(&self) -> MutexGuard<'_, Contexts> {
        self.contexts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a request's trace is written: its client says, or else the share does.
    fn is_written(&self, request: RequestId, parent: Option<TraceParent>) -> bool {
        parent.map_or_else(|| is_sampled(request, self.share), |parent| parent.is_sampled)
    }

    /// Writes spans of operations of the service's own cloud as they become final, until `stop` is cancelled.
    pub async fn run(&self, worlds: &Worlds, stop: &CancellationToken) {
        let mut cloud = worlds.first().cloud();
        let mut events = cloud.manager().hub().subscribe();
        let mut ticks = tokio::time::interval(limits::WATCH_PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut missed, mut looks) = (0, 0_u64);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            missed += self.look(&cloud, &mut events).await;
            looks += 1;
            if looks.is_multiple_of(LOOKS_A_LINE) {
                log_missed(std::mem::take(&mut missed));
            }
            let now = worlds.first().cloud();
            if !Arc::ptr_eq(&now, &cloud) {
                // A reset put another in its place.
                (events, cloud) = (now.manager().hub().subscribe(), now);
            }
        }
        log_missed(missed + self.look(&cloud, &mut events).await);
    }

    /// Writes what is new; how much came too fast. What comes meanwhile is for the next time.
    async fn look(&self, cloud: &Cloud, events: &mut Subscription) -> u64 {
        let mut missed = 0;
        for _ in 0..limits::EVENTS_MAX / limits::EVENT_BATCH_MAX {
            let batch = events.try_batch();
            missed += batch.missed;
            if batch.records.is_empty() && batch.missed == 0 {
                break;
            }
            let apart_us = self.apart_us(cloud);
            for entry in &batch.records {
                if let LogEntry::Event(event) = entry
                    && event.kind.is_final()
                {
                    self.write(cloud, event, apart_us);
                }
            }
            tokio::task::yield_now().await;
        }
        missed
    }

    /// By how much the machine's time is ahead of the cloud's, which tests may set.
    fn apart_us(&self, cloud: &Cloud) -> i64 {
        let now_us = [self.clock.now(), cloud.now()].map(|now| now.micros().cast_signed());
        let apart_us = now_us[0].saturating_sub(now_us[1]);
        if apart_us.abs() < APART_US { 0 } else { apart_us }
    }

    fn write(&self, cloud: &Cloud, event: &Event, apart_us: i64) {
        let parent = self.contexts().get(event.request);
        if !self.is_written(event.request, parent) {
            return;
        }
        let directory = cloud.accounts().directory();
        let project = directory.owner(event.project).map(|project| &*project.id);
        let end =
            system_time(Timestamp::from_micros(event.at.micros().saturating_add_signed(apart_us)));
        for span in of_operation(&self.scope, event, parent, project, end) {
            self.processor.on_end(span);
        }
    }

    /// Sends what is left. Blocks, for [`limits::OTLP_TIMEOUT`] at most.
    pub fn close(&self) {
        if let Err(error) = self.processor.shutdown_with_timeout(limits::OTLP_TIMEOUT) {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

impl Tracer for Exporter {
    fn begin(&self, request: RequestId, parent: TraceParent) {
        self.contexts().insert(request, parent);
    }

    fn answered(&self, answered: &Answered<'_>) {
        if self.is_written(answered.request, answered.parent) {
            self.processor.on_end(of_request(&self.scope, answered, self.clock.now()));
        }
    }
}

/// What the service says of itself; its name unless the environment has another.
fn resource(version: &'static str) -> Resource {
    let found = Resource::builder().build();
    let name = found.get(&Key::from_static_str("service.name")).map(|name| name.to_string());
    let is_named = name.is_some_and(|name| !name.starts_with("unknown_service"));
    let more = [opentelemetry::KeyValue::new("service.version", version)];
    let builder = Resource::builder().with_attributes(more);
    if is_named { builder.build() } else { builder.with_service_name("guichet").build() }
}
