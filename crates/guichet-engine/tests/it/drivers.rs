//! A tiny driver for tests: what a call does is a closure's choice, and it measures how many
//! run at once.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use guichet_core::ids::{HostId, ProjectId, ServerId};
use guichet_core::rows::Outcome;
use guichet_core::server::Failure;
use guichet_driver::{Call, Driver, Machine};
use tokio::sync::{Notify, Semaphore};

/// What a call does.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Ends at once.
    Now(Outcome),
    /// Ends after this time, or at once when it is told to stop.
    After(Duration, Outcome),
    /// Succeeds after this time, deaf to being told to stop.
    Deaf(Duration),
    /// Waits to be told to stop, then ends so.
    UntilCancelled(Outcome),
    /// Succeeds when the gate lets it, deaf to being told to stop.
    Gate,
    /// Never returns.
    Never,
    /// Panics.
    Panic,
}

/// Done at once.
pub(crate) const DONE: Act = Act::Now(Outcome::Succeeded);

/// Done after this time.
pub(crate) fn after(millis: u64) -> Act {
    Act::After(Duration::from_millis(millis), Outcome::Succeeded)
}

pub(crate) fn failed(transient: bool) -> Outcome {
    Outcome::Failed { kind: Failure::Driver, transient, message: Arc::from("as asked") }
}

/// How many calls run at once, and the most there ever were.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gauge {
    pub(crate) now: usize,
    pub(crate) max: usize,
    pub(crate) calls: usize,
    pub(crate) max_of_host: usize,
    pub(crate) max_of_project: usize,
    pub(crate) max_of_server: usize,
    hosts: HashMap<Option<HostId>, usize>,
    projects: HashMap<ProjectId, usize>,
    servers: HashMap<ServerId, usize>,
}

fn more<K: Hash + Eq>(of: &mut HashMap<K, usize>, key: K, max: &mut usize) {
    let now = of.entry(key).or_default();
    *now += 1;
    *max = (*max).max(*now);
}

fn less<K: Hash + Eq>(of: &mut HashMap<K, usize>, key: &K) {
    if let Some(now) = of.get_mut(key) {
        *now -= 1;
    }
}

pub(crate) struct Tiny {
    act: Box<dyn Fn(&Call) -> Act + Send + Sync>,
    expected: Duration,
    gauge: Mutex<Gauge>,
    /// Told whenever a call begins or ends.
    changed: Notify,
    /// One permit lets one gated call through.
    pub(crate) gate: Semaphore,
}

impl fmt::Debug for Tiny {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tiny").finish_non_exhaustive()
    }
}

impl Tiny {
    /// Every call does what the closure says.
    pub(crate) fn by(act: impl Fn(&Call) -> Act + Send + Sync + 'static) -> Arc<Self> {
        Self::expecting(Duration::from_millis(10), act)
    }

    /// The same, and the driver says that a call takes so long.
    pub(crate) fn expecting(
        expected: Duration,
        act: impl Fn(&Call) -> Act + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            act: Box::new(act),
            expected,
            gauge: Mutex::default(),
            changed: Notify::new(),
            gate: Semaphore::new(0),
        })
    }

    /// Every call does this.
    pub(crate) fn always(act: Act) -> Arc<Self> {
        Self::by(move |_| act.clone())
    }

    /// Every call takes this long.
    pub(crate) fn fixed(service: Duration) -> Arc<Self> {
        Self::expecting(service, move |_| Act::After(service, Outcome::Succeeded))
    }

    pub(crate) fn gauge(&self) -> Gauge {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Gauge> {
        self.gauge.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the gauge shows something.
    pub(crate) async fn until(&self, shows: impl Fn(&Gauge) -> bool) {
        loop {
            let changed = self.changed.notified();
            if shows(&self.lock()) {
                return;
            }
            changed.await;
        }
    }

    async fn act(&self, call: &Call) -> Outcome {
        match (self.act)(call) {
            Act::Now(outcome) => outcome,
            Act::After(time, outcome) => tokio::select! {
                biased;
                () = tokio::time::sleep(time) => outcome,
                () = call.cancel.cancelled() => failed(true),
            },
            Act::Deaf(time) => {
                tokio::time::sleep(time).await;
                Outcome::Succeeded
            }
            Act::UntilCancelled(outcome) => {
                call.cancel.cancelled().await;
                outcome
            }
            Act::Gate => {
                self.gate.acquire().await.expect("the gate stays").forget();
                Outcome::Succeeded
            }
            Act::Never => std::future::pending().await,
            Act::Panic => panic!("a driver's own fault"),
        }
    }
}

/// A running call in the gauge; it leaves when dropped, for an abandoned call is dropped.
struct Running<'a> {
    tiny: &'a Tiny,
    call: &'a Call,
}

impl<'a> Running<'a> {
    fn new(tiny: &'a Tiny, call: &'a Call) -> Self {
        let mut gauge = tiny.lock();
        let gauge_ref = &mut *gauge;
        gauge_ref.calls += 1;
        gauge_ref.now += 1;
        gauge_ref.max = gauge_ref.max.max(gauge_ref.now);
        let server = &call.server;
        more(&mut gauge_ref.hosts, server.host, &mut gauge_ref.max_of_host);
        more(&mut gauge_ref.projects, server.project, &mut gauge_ref.max_of_project);
        more(&mut gauge_ref.servers, server.id, &mut gauge_ref.max_of_server);
        drop(gauge);
        tiny.changed.notify_waiters();
        Self { tiny, call }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let mut gauge = self.tiny.lock();
        gauge.now -= 1;
        less(&mut gauge.hosts, &self.call.server.host);
        less(&mut gauge.projects, &self.call.server.project);
        less(&mut gauge.servers, &self.call.server.id);
        drop(gauge);
        self.tiny.changed.notify_waiters();
    }
}

#[async_trait]
impl Driver for Tiny {
    async fn run(&self, call: Call) -> Outcome {
        let _running = Running::new(self, &call);
        self.act(&call).await
    }

    async fn list(&self) -> Vec<Machine> {
        Vec::new()
    }

    fn expected_service(&self) -> Duration {
        self.expected
    }
}
