//! What is written of a request and of an operation. Pure.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use guichet_core::event::Event;
use guichet_core::ids::RequestId;
use guichet_core::time::Timestamp;
use guichet_http::trace_parent::{Answered, TraceParent};
use opentelemetry::trace::{SpanContext, SpanKind, Status, TraceFlags, TraceState};
use opentelemetry::{InstrumentationScope, KeyValue, SpanId, TraceId};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};

use crate::ids::{self, Part};

/// An instant as the library has it.
pub(crate) fn system_time(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(at.micros())
}

/// Which trace a request belongs to.
fn trace(request: RequestId, parent: Option<TraceParent>) -> TraceId {
    parent.map_or_else(|| ids::trace(request), |parent| TraceId::from(parent.trace))
}

/// A span of these, with nothing in it yet.
struct Of<'a> {
    scope: &'a InstrumentationScope,
    trace: TraceId,
    id: SpanId,
    parent: SpanId,
}

impl Of<'_> {
    fn span(
        self,
        name: impl Into<Cow<'static, str>>,
        from: SystemTime,
        to: SystemTime,
    ) -> SpanData {
        let flags = TraceFlags::SAMPLED;
        let context = SpanContext::new(self.trace, self.id, flags, false, TraceState::NONE);
        SpanData {
            span_context: context,
            parent_span_id: self.parent,
            parent_span_is_remote: false,
            span_kind: SpanKind::Internal,
            name: name.into(),
            start_time: from,
            end_time: to,
            attributes: Vec::new(),
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links: SpanLinks::default(),
            status: Status::Unset,
            instrumentation_scope: self.scope.clone(),
        }
    }
}

/// The span of a request that is answered now; names and attributes are those of OpenTelemetry's semantic
/// conventions for HTTP servers.
pub(crate) fn of_request(
    scope: &InstrumentationScope,
    answered: &Answered<'_>,
    now: Timestamp,
) -> SpanData {
    let Answered { request, parent, method, route, status, took } = *answered;
    let client = parent.map_or(SpanId::INVALID, |parent| SpanId::from(parent.span));
    let of =
        Of { scope, trace: trace(request, parent), id: ids::request_span(request), parent: client };
    let name = route.map_or_else(|| method.to_string(), |route| format!("{method} {route}"));
    let end = system_time(now);
    let mut span = of.span(name, end.checked_sub(took).unwrap_or(end), end);
    span.span_kind = SpanKind::Server;
    span.parent_span_is_remote = parent.is_some();
    span.attributes = vec![
        KeyValue::new("http.request.method", method.to_string()),
        KeyValue::new("http.response.status_code", i64::from(status)),
        KeyValue::new("guichet.request.id", request.to_string()),
    ];
    if let Some(route) = route {
        span.attributes.push(KeyValue::new("http.route", route.to_owned()));
    }
    if status >= 500 {
        span.status = Status::error("");
    }
    span
}

/// The spans of an operation that an event made final. `project` is the id of its
/// project, `end` when it became final by the time of the machine.
pub(crate) fn of_operation(
    scope: &InstrumentationScope,
    event: &Event,
    parent: Option<TraceParent>,
    project: Option<&str>,
    end: SystemTime,
) -> Vec<SpanData> {
    let before = |end: SystemTime, time: Option<Duration>| {
        end.checked_sub(time.unwrap_or_default()).unwrap_or(end)
    };
    let started = before(end, event.service);
    let accepted = before(started, event.wait);
    let (trace, action) = (trace(event.request, parent), event.action.as_str());
    let id = |part| ids::operation_span(event.operation, part);
    let whole = id(Part::Whole);
    let of_request = Of { scope, trace, id: whole, parent: ids::request_span(event.request) };
    let mut operation = of_request.span(action, accepted, end);
    operation.attributes = attributes(event, project);
    if let Some(failure) = event.failure {
        operation.status = Status::error(failure.as_str());
    }
    let part = |part, parent| Of { scope, trace, id: id(part), parent };
    let waited = part(Part::Wait, whole).span(format!("{action}: wait"), accepted, started);
    let mut spans = vec![operation, waited];
    if event.service.is_some() {
        let name = format!("{action}: driver");
        let mut driver = part(Part::Driver, whole).span(name, started, end);
        driver.attributes = vec![KeyValue::new("guichet.attempts", i64::from(event.attempt))];
        spans.push(driver);
    }
    spans
}

fn attributes(event: &Event, project: Option<&str>) -> Vec<KeyValue> {
    let mut attributes = vec![
        KeyValue::new("guichet.request.id", event.request.to_string()),
        KeyValue::new("guichet.action", event.action.as_str()),
        KeyValue::new("guichet.outcome", event.kind.as_str()),
        KeyValue::new("guichet.server.id", event.operation.server.to_string()),
        KeyValue::new("guichet.operation.number", i64::from(event.operation.number)),
    ];
    if let Some(project) = project {
        attributes.push(KeyValue::new("guichet.project.id", project.to_owned()));
    }
    attributes
}
