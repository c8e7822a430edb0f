//! The log: one line for each transition and each refusal, on stderr. Written by one thread that
//! reads the hub like any other subscriber; what it is too slow for is dropped and counted, and
//! a line is written whole or not at all.

pub mod columns;
mod words;

use std::fmt::{self, Write as _};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anstyle::AnsiColor;
use guichet_core::event::Event;
use guichet_core::ids::{ProjectId, WorkerId};
use guichet_core::limits;
use guichet_core::time::Timestamp;
use guichet_locale::{Locale, digits, text};
use guichet_store::hub::{LogEntry, Refused, Subscription};
use indicatif::ProgressBar;
use serde_json::json;

use columns::{Columns, color_of};
use words::Words;

use super::paint::painted;

/// The two forms that log lines have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Columns.
    Text {
        /// Whether kinds of line are coloured.
        color: bool,
        /// What language they are in.
        locale: Locale,
    },
    /// One JSON object a line.
    Json,
}

/// Where lines go: stderr, above the progress bar if there is one.
#[derive(Debug, Clone, Default)]
pub struct Console {
    /// The bar, if one is shown.
    pub bar: Option<ProgressBar>,
    /// What lines of text are laid out for, if somebody looks at them on a screen.
    pub columns: Option<Columns>,
    /// What takes lines in place of stderr.
    out: Option<Out>,
}

/// A writer that several hold; locked for one call.
#[derive(Clone)]
struct Out(Arc<Mutex<dyn Write + Send>>);

impl fmt::Debug for Out {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Out")
    }
}

impl Console {
    /// Stderr, with this bar if there is one, and lines laid out so if anybody looks.
    pub const fn stderr(bar: Option<ProgressBar>, columns: Option<Columns>) -> Self {
        Self { bar, columns, out: None }
    }

    /// Lines go to this writer, some whole ones in each call.
    pub fn to(out: impl Write + Send + 'static) -> Self {
        Self { out: Some(Out(Arc::new(Mutex::new(out)))), ..Self::default() }
    }

    /// Writes text of whole lines in one call.
    fn write(&self, text: &str) {
        if text.is_empty() {
            return;
        }
        let write = || {
            // Nobody reading the log is no reason to stop.
            let _ = match &self.out {
                Some(Out(out)) => {
                    let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
                    out.write_all(text.as_bytes())
                }
                None => std::io::stderr().lock().write_all(text.as_bytes()),
            };
        };
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

/// What the log came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Logged {
    /// How many lines were written.
    pub lines: u64,
    /// Records dropped because the terminal was too slow.
    pub dropped: u64,
}

/// Writes lines until the hub is closed.
pub async fn write(
    mut records: Subscription,
    projects: Vec<Arc<str>>,
    format: LogFormat,
    console: Console,
) -> Logged {
    // A program that reads JSON looks at no screen.
    let columns = console.columns.as_ref().filter(|_| format != LogFormat::Json);
    let mut logged = Logged::default();
    let mut text = String::with_capacity(limits::LOG_LINE_BATCH_BYTES + 512);
    let mut unreported = 0;
    while let Some(batch) = records.batch().await {
        logged.dropped += batch.missed;
        unreported += batch.missed;
        // The gap is reported where it is, with the time of what comes after it.
        if unreported > 0
            && let Some(at) = batch.records.iter().find_map(time_of)
        {
            match columns {
                Some(columns) => text += &(columns.dropped(at, unreported) + "\n"),
                None => dropped_line(&mut text, unreported, at, format),
            }
            unreported = 0;
        }
        for record in &batch.records {
            let written = match columns {
                Some(columns) => {
                    columns.line(record, &projects).map(|line| text += &(line + "\n")).is_some()
                }
                None => line(&mut text, record, &projects, format),
            };
            logged.lines += u64::from(written);
            if text.len() >= limits::LOG_LINE_BATCH_BYTES {
                console.write(&text);
                text.clear();
            }
        }
        console.write(&text);
        text.clear();
    }
    logged
}

const fn time_of(record: &LogEntry) -> Option<Timestamp> {
    match record {
        LogEntry::Event(event) => Some(event.at),
        LogEntry::Refused(refused) => Some(refused.at),
        LogEntry::Changed(change) => Some(change.at),
        LogEntry::Note(_) => None,
    }
}

/// Adds a line that says how many records have none.
fn dropped_line(text: &mut String, count: u64, at: Timestamp, format: LogFormat) {
    // Writing to a String cannot fail.
    let _ = match format {
        LogFormat::Text { color, locale } => {
            let kind = painted_kind(&Words::of(locale).dropped, AnsiColor::Magenta, color);
            let why = text!(locale, "log-dropped-records", count = digits(count));
            writeln!(text, "{at} {kind} {:<11} {why}", "-")
        }
        LogFormat::Json => {
            let line = json!({ "time": at, "event": "dropped", "count": count });
            writeln!(text, "{line}")
        }
    };
}

/// Adds the line of a record; false if it has none.
pub fn line(
    text: &mut String,
    record: &LogEntry,
    projects: &[Arc<str>],
    format: LogFormat,
) -> bool {
    let name = |id: ProjectId| projects.get(id.index()).map_or("?", |name| &**name);
    // Writing to a String cannot fail.
    let _ = match (record, format) {
        (LogEntry::Event(event), LogFormat::Text { color, locale }) => {
            event_text(text, event, name(event.project), (color, locale))
        }
        (LogEntry::Event(event), LogFormat::Json) => {
            writeln!(text, "{}", event_json(event, name(event.project)))
        }
        (LogEntry::Refused(refused), LogFormat::Text { color, locale }) => {
            refused_text(text, refused, name(refused.project), (color, locale))
        }
        (LogEntry::Refused(refused), LogFormat::Json) => {
            writeln!(text, "{}", refused_json(refused, name(refused.project)))
        }
        (LogEntry::Changed(_) | LogEntry::Note(_), _) => return false,
    };
    true
}

/// The kind of a line, in its column.
fn painted_kind(kind: &str, color: AnsiColor, has_color: bool) -> String {
    painted(&format!("{kind:<9}"), color, has_color)
}

fn worker_name(worker: Option<WorkerId>) -> String {
    worker.map_or_else(|| "-".to_owned(), |worker| format!("worker-{worker}"))
}

fn event_text(
    text: &mut String,
    event: &Event,
    project: &str,
    (color, locale): (bool, Locale),
) -> fmt::Result {
    let words = Words::of(locale);
    let kind = painted_kind(words.kind(event.kind), color_of(event.kind), color);
    let from = event.from.map_or_else(|| "-".to_owned(), |state| state.to_string());
    write!(
        text,
        "{} {kind} {:<11} {} {project:<12} {:<11} {} {from} → {}",
        event.at,
        worker_name(event.worker),
        event.request,
        event.action,
        event.operation.server,
        event.to,
    )?;
    for (word, time) in [(&words.wait, event.wait), (&words.service, event.service)] {
        if let Some(time) = time {
            write!(text, " {word} {}", millis(time, locale))?;
        }
    }
    if let Some(failure) = event.failure {
        write!(text, " ({failure})")?;
    }
    if event.attempt > 1 {
        write!(text, " {} {}", words.attempt, event.attempt)?;
    }
    writeln!(text)
}

fn refused_text(
    text: &mut String,
    refused: &Refused,
    project: &str,
    (color, locale): (bool, Locale),
) -> fmt::Result {
    let kind = painted_kind(&Words::of(locale).refused, AnsiColor::Magenta, color);
    let server = refused.server.map_or_else(|| "-".to_owned(), |id| id.to_string());
    writeln!(
        text,
        "{} {kind} {:<11} {} {project:<12} {:<11} {server} {}",
        refused.at,
        "-",
        refused.request,
        refused.action,
        refused.kind.as_str(),
    )
}

/// A time in milliseconds, as far as it matters.
pub fn millis(time: Duration, locale: Locale) -> String {
    locale.unit(&locale.plain(time.as_secs_f64() * 1_000.0, 3), "ms")
}

fn micros(time: Option<Duration>) -> Option<u64> {
    time.map(|time| u64::try_from(time.as_micros()).unwrap_or(u64::MAX))
}

fn event_json(event: &Event, project: &str) -> serde_json::Value {
    json!({
        "time": event.at, "event": event.kind, "sequence": event.sequence,
        "worker": event.worker, "request": event.request, "client": event.client,
        "project": project, "action": event.action, "server": event.operation.server,
        "operation": event.operation.number, "attempt": event.attempt,
        "from": event.from.map(|state| state.to_string()), "to": event.to.to_string(),
        "wait_us": micros(event.wait), "service_us": micros(event.service),
        "failure": event.failure,
    })
}

fn refused_json(refused: &Refused, project: &str) -> serde_json::Value {
    json!({
        "time": refused.at, "event": "refused", "request": refused.request,
        "client": refused.client, "project": project, "action": refused.action,
        "server": refused.server, "refused": refused.kind,
    })
}
