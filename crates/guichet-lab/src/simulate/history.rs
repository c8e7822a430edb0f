//! A lossless history of a run: one JSON object a line, numbered in true order.
//!
//! | kind | when | fields |
//! | --- | --- | --- |
//! | `invoke` | a client sends | `at, client, request, project, action, server` |
//! | `return` | it has its answer | `at, client, request` and `answer` (`accepted`, `repeated`) with `operations`, or `refused` with its kind and text, or `saw` for a read: `[id, status]` of each server |
//! | `event` | an operation changes | all fields of [`guichet_core::event::Event`] |
//!
//! `n` counts lines from 1. Records go through the store's hub, so an event stands where it was
//! decided. When the writer is behind, those who cause records wait; the lock holder never does.

use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use guichet_core::ids::{ClientId, RequestId};
use guichet_core::refusal::Refusal;
use guichet_core::request::Request;
use guichet_core::time::Timestamp;
use guichet_engine::Ack;
use guichet_locale::{Message, system_error, text};
use guichet_store::Page;
use guichet_store::hub::{Hub, LogEntry, Subscription};
use guichet_view::text::on_one_line;
use nix::fcntl::OFlag;
use serde_json::{Value, json};

/// Writes records as they come; returns when the hub is closed and all is written.
///
/// # Errors
/// The file's.
pub async fn write(mut records: Subscription, file: std::fs::File) -> std::io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, file);
    let mut n = 0u64;
    while let Some(batch) = records.batch().await {
        for record in batch.records {
            let line = match record {
                LogEntry::Note(text) => text,
                LogEntry::Event(event) => event_line(&event)?,
                LogEntry::Changed(_) | LogEntry::Refused(_) => continue,
            };
            n += 1;
            writeln!(out, "{{\"n\":{n},{line}")?;
        }
    }
    out.flush()
}

fn event_line(event: &guichet_core::event::Event) -> std::io::Result<Box<str>> {
    let mut value = serde_json::to_value(event)?;
    if let Value::Object(fields) = &mut value {
        // Both are given in units that say what they are.
        for (field, time) in [("wait", event.wait), ("service", event.service)] {
            fields.remove(field);
            let micros = time.map(|time| u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
            fields.insert(format!("{field}_us"), json!(micros));
        }
        fields.insert("what".to_owned(), json!(event.kind));
        fields.insert("kind".to_owned(), json!("event"));
    }
    Ok(rest_of(&value))
}

/// A JSON object without its opening brace: the writer puts the number in front.
fn rest_of(value: &Value) -> Box<str> {
    let text = value.to_string();
    text.strip_prefix('{').unwrap_or(&text).into()
}

/// Creates the file, or empties the one that is there. A link to a file is not followed: what it
/// points at may be anything. One to a pipe or a terminal, as `/dev/stdout` is one, is.
///
/// # Errors
/// The system's, with the path.
pub fn create(path: &Path) -> std::io::Result<std::fs::File> {
    let is_device = std::fs::metadata(path).is_ok_and(|found| !found.is_file());
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    if !is_device {
        options.custom_flags(OFlag::O_NOFOLLOW.bits());
    }
    options.open(path).map_err(|error| about(path, error))
}

/// The system's error, with the path.
pub(crate) fn about(path: &Path, error: std::io::Error) -> std::io::Error {
    let (kind, file) = (error.kind(), on_one_line(&path.to_string_lossy()));
    let told = Message::new(move |locale| {
        let reason = system_error(&error, locale);
        text!(locale, "input-unwritable", file = file.as_str(), reason = reason)
    });
    std::io::Error::new(kind, told)
}

/// Notes what clients do.
#[derive(Debug, Clone)]
pub struct Notes {
    hub: Hub,
}

impl Notes {
    /// Notes into this hub.
    pub const fn new(hub: Hub) -> Self {
        Self { hub }
    }

    fn note(&self, value: &Value) {
        self.hub.note(LogEntry::Note(rest_of(value)));
    }

    /// A client sends a request; waits first while the writer is behind.
    pub async fn invoke(&self, at: Timestamp, request: &Request) {
        self.hub.caught_up().await;
        self.note(&json!({
            "kind": "invoke", "at": at, "client": request.client, "request": request.id,
            "project": request.project, "action": request.action(), "server": request.server(),
        }));
    }

    /// A client reads its project's list; waits first while the writer is behind.
    pub async fn invoke_list(
        &self,
        at: Timestamp,
        client: ClientId,
        request: RequestId,
        project: guichet_core::ids::ProjectId,
    ) {
        self.hub.caught_up().await;
        self.note(&json!({
            "kind": "invoke", "at": at, "client": client, "request": request,
            "project": project, "action": "list", "server": null,
        }));
    }

    /// The answer to a request.
    pub fn answer(&self, at: Timestamp, request: &Request, answer: &Result<Ack, Refusal>) {
        let (client, id) = (request.client, request.id);
        self.note(&match answer {
            Ok(ack) => json!({
                "kind": "return", "at": at, "client": client, "request": id,
                "answer": if ack.repeated { "repeated" } else { "accepted" },
                "first_request": ack.request, "operations": ack.operations,
            }),
            Err(refusal) => json!({
                "kind": "return", "at": at, "client": client, "request": id,
                "refused": refusal.kind(), "text": refusal.to_string(),
            }),
        });
    }

    /// What a read saw.
    pub fn saw(&self, at: Timestamp, client: ClientId, request: RequestId, page: &Page) {
        let servers: Vec<_> = page.servers.iter().map(|s| json!([s.id, s.status()])).collect();
        self.note(&json!({
            "kind": "return", "at": at, "client": client, "request": request,
            "saw": servers, "more": page.next.is_some(),
        }));
    }
}
