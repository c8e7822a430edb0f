//! An entry of the log as it is sent, and which ones somebody wants.

use bytes::Bytes;
use guichet_cloud::Cloud;
use guichet_core::ids::{ProjectId, RequestId, ServerId};
use guichet_core::time::Timestamp;
use guichet_http::dates;
use guichet_store::hub::LogEntry;
use serde::Serialize;

use crate::log;

/// The kinds of entries.
pub const KINDS: &[&str] = &[
    "accepted",
    "started",
    "requeued",
    "succeeded",
    "failed",
    "cancelled",
    "edited",
    "powered_off",
    "gone",
    "refused",
];

/// Which entries somebody wants: those that fit all that is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of this project.
    pub project: Option<ProjectId>,
    /// Of this server.
    pub server: Option<ServerId>,
    /// Of this request.
    pub request: Option<RequestId>,
    /// Of this kind, one of [`KINDS`].
    pub kind: Option<&'static str>,
}

impl Wanted {
    /// Whether it wants an entry.
    pub(crate) fn fits(&self, facts: &Facts) -> bool {
        self.project.is_none_or(|project| facts.project == project)
            && self.server.is_none_or(|server| facts.server == Some(server))
            && self.request.is_none_or(|request| facts.request == Some(request))
            && self.kind.is_none_or(|kind| facts.kind == kind)
    }
}

/// What entries are chosen by.
#[derive(Debug)]
pub(crate) struct Facts {
    kind: &'static str,
    project: ProjectId,
    server: Option<ServerId>,
    request: Option<RequestId>,
}

impl Facts {
    /// Of an entry; a note has none.
    pub(crate) fn of(entry: &LogEntry) -> Option<Self> {
        Some(match entry {
            LogEntry::Event(event) => Self {
                kind: event.kind.as_str(),
                project: event.project,
                server: Some(event.operation.server),
                request: Some(event.request),
            },
            LogEntry::Changed(change) => Self {
                kind: change.cause.as_str(),
                project: change.project,
                server: Some(change.server),
                request: change.request,
            },
            LogEntry::Refused(refused) => Self {
                kind: "refused",
                project: refused.project,
                server: refused.server,
                request: Some(refused.request),
            },
            LogEntry::Note(_) => return None,
        })
    }
}

/// A line of the log.
#[derive(Serialize)]
struct Line<'a> {
    kind: &'static str,
    at: &'a str,
    number: Option<u64>,
    project: Option<&'a str>,
    project_name: Option<&'a str>,
    user: Option<&'a str>,
    server: Option<String>,
    request: Option<String>,
    operation: Option<u32>,
    action: Option<&'static str>,
    attempt: Option<u32>,
    from: Option<&'static str>,
    to: Option<&'static str>,
    wait_ms: Option<f64>,
    service_ms: Option<f64>,
    reason: Option<&'static str>,
}

/// An entry as an event of a stream: made once for all that want it.
pub(crate) fn event(cloud: &Cloud, entry: &LogEntry, facts: &Facts) -> Bytes {
    let directory = cloud.accounts().directory();
    let project = directory.owner(facts.project);
    let client = match entry {
        LogEntry::Event(event) => Some(event.client),
        LogEntry::Changed(change) => change.client,
        LogEntry::Refused(refused) => Some(refused.client),
        LogEntry::Note(_) => None,
    };
    let at = dates::micros(log::at(entry).unwrap_or(Timestamp::from_micros(0)));
    let mut line = Line {
        kind: facts.kind,
        at: at.as_str(),
        number: None,
        project: project.map(|project| &*project.id),
        project_name: project.map(|project| &*project.name),
        user: client.and_then(|client| directory.client(client)).map(|user| &*user.name),
        server: facts.server.map(|server| server.to_string()),
        request: facts.request.map(|request| request.to_string()),
        operation: None,
        action: None,
        attempt: None,
        from: None,
        to: None,
        wait_ms: None,
        service_ms: None,
        reason: None,
    };
    fill(&mut line, entry);
    sent("log", &line)
}

fn fill(line: &mut Line<'_>, entry: &LogEntry) {
    let millis = |time: std::time::Duration| time.as_micros() as f64 / 1e3;
    match entry {
        LogEntry::Event(event) => {
            line.number = Some(event.sequence);
            line.operation = Some(event.operation.number);
            line.action = Some(event.action.as_str());
            line.attempt = Some(event.attempt);
            line.from = event.from.map(|state| state.status().as_str());
            line.to = Some(event.to.status().as_str());
            line.wait_ms = event.wait.map(millis);
            line.service_ms = event.service.map(millis);
            line.reason = event.failure.map(|failure| failure.as_str());
        }
        LogEntry::Changed(change) => {
            line.number = Some(change.sequence);
            line.from = Some(change.from.status().as_str());
            line.to = Some(change.to.status().as_str());
        }
        LogEntry::Refused(refused) => {
            line.action = Some(refused.action.as_str());
            line.reason = Some(refused.kind.as_str());
        }
        LogEntry::Note(_) => {}
    }
}

/// An event of a stream (HTML Living Standard, section 9.2.6): JSON has no line breaks of its own.
pub(crate) fn sent(name: &str, data: &impl Serialize) -> Bytes {
    let data = serde_json::to_string(data).unwrap_or_default();
    format!("event: {name}\ndata: {data}\n\n").into()
}
