//! Log lines as wide as a screen: time of day, short ids, and columns that go by rank when there
//! is no place for them.

use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use console::{Alignment, measure_text_width, pad_str, truncate_str};
use guichet_core::event::{Event, EventKind};
use guichet_core::ids::ProjectId;
use guichet_core::time::Timestamp;
use guichet_store::hub::{LogEntry, Refused};
use guichet_view::number::time_us;

use crate::simulate::short::{SHORT, ShortIds};

/// Widths of the columns: the longest words that are usual in them.
const KIND: usize = 9;
const WORKER: usize = 5;
const PROJECT: usize = 10;
const ACTION: usize = 11;
const FROM: usize = 22;
/// Hours to milliseconds, and to microseconds.
const TIME: usize = 12;
const LONG_TIME: usize = 15;
/// What the last column has at least: a state and a time.
const CHANGE_MIN: usize = 28;
/// A whole id, and one of a request.
const FULL: usize = 36;
const FULL_REQUEST: usize = 40;

/// What lines are laid out for.
#[derive(Debug, Clone)]
pub struct Columns {
    /// How wide the screen is; asked for each line, since a screen may be resized.
    pub width: fn() -> usize,
    /// How ids are shown.
    pub ids: ShortIds,
    /// Whether kinds of line are coloured.
    pub color: bool,
}

/// Which columns there is place for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Ranks {
    action: bool,
    worker: bool,
    request: bool,
    from: bool,
    project: bool,
    micros: bool,
}

impl Ranks {
    /// As many as there is place for, the most telling ones first.
    fn of(width: usize, full_ids: bool) -> Self {
        let (server, request) = if full_ids { (FULL, FULL_REQUEST) } else { (SHORT, SHORT) };
        let mut left = width.saturating_sub(TIME + KIND + server + 3 + CHANGE_MIN);
        let mut fits = |column: usize| {
            let fits = left > column;
            // Past the first that does not fit there is none.
            left = if fits { left - column - 1 } else { 0 };
            fits
        };
        Self {
            action: fits(ACTION),
            worker: fits(WORKER),
            request: fits(request),
            from: fits(FROM + 2),
            project: fits(PROJECT),
            micros: fits(LONG_TIME - TIME),
        }
    }
}

/// What a line says, column by column.
struct Cells {
    at: Timestamp,
    kind: &'static str,
    color: AnsiColor,
    worker: String,
    request: String,
    project: String,
    action: &'static str,
    server: String,
    from: String,
    change: String,
}

impl Columns {
    /// A record as one line, without its end; none if it has no line.
    pub fn line(&self, record: &LogEntry, projects: &[Arc<str>]) -> Option<String> {
        let name = |id: ProjectId| projects.get(id.index()).map_or("?", |name| &**name).to_owned();
        let cells = match record {
            LogEntry::Event(event) => self.event(event, name(event.project)),
            LogEntry::Refused(refused) => self.refused(refused, name(refused.project)),
            LogEntry::Changed(_) | LogEntry::Note(_) => return None,
        };
        Some(self.laid_out(&cells))
    }

    /// The line that says how many records have none.
    pub(super) fn dropped(&self, at: Timestamp, count: u64) -> String {
        self.laid_out(&Cells {
            at,
            kind: "dropped",
            color: AnsiColor::Magenta,
            worker: String::new(),
            request: String::new(),
            project: String::new(),
            action: "",
            server: String::new(),
            from: String::new(),
            change: format!("{count}, read too slowly"),
        })
    }

    fn event(&self, event: &Event, project: String) -> Cells {
        let mut change = format!("→ {}", event.to);
        if let Some(failure) = event.failure {
            change += &format!(" ({failure})");
        }
        if event.attempt > 1 {
            change += &format!(" attempt {}", event.attempt);
        }
        let micros = |time: std::time::Duration| {
            time_us(u64::try_from(time.as_micros()).unwrap_or(u64::MAX))
        };
        match (event.kind, event.wait, event.service) {
            (EventKind::Started, Some(wait), _) => change += &format!(" after {}", micros(wait)),
            (_, _, Some(service)) => change += &format!(" in {}", micros(service)),
            _ => {}
        }
        Cells {
            at: event.at,
            kind: event.kind.as_str(),
            color: color_of(event.kind),
            worker: event.worker.map_or_else(String::new, |worker| format!("w{worker}")),
            request: self.ids.shown(&event.request),
            project,
            action: event.action.as_str(),
            server: self.ids.shown(&event.operation.server),
            from: event.from.map_or_else(|| "-".to_owned(), |state| state.to_string()),
            change,
        }
    }

    fn refused(&self, refused: &Refused, project: String) -> Cells {
        Cells {
            at: refused.at,
            kind: "refused",
            color: AnsiColor::Magenta,
            worker: String::new(),
            request: self.ids.shown(&refused.request),
            project,
            action: refused.action.as_str(),
            server: refused.server.map_or_else(|| "-".to_owned(), |id| self.ids.shown(&id)),
            from: String::new(),
            change: refused.kind.as_str().to_owned(),
        }
    }

    fn laid_out(&self, cells: &Cells) -> String {
        let width = (self.width)();
        let full = self.ids.is_full();
        let ranks = Ranks::of(width, full);
        let time = if ranks.micros { LONG_TIME } else { TIME };
        let at = cells.at.to_string();
        // RFC 3339: the time of day stands behind the date and a T.
        let mut line = at.get(11..11 + time).unwrap_or_default().to_owned();
        let kind = pad_str(cells.kind, KIND, Alignment::Left, None);
        let style = Style::new().fg_color(Some(cells.color.into()));
        line += &if self.color { format!(" {style}{kind}{style:#}") } else { format!(" {kind}") };
        let (server, request) = if full { (FULL, FULL_REQUEST) } else { (SHORT, SHORT) };
        for (shown, column, text) in [
            (ranks.worker, WORKER, &*cells.worker),
            (ranks.request, request, &cells.request),
            (ranks.project, PROJECT, &cells.project),
            (ranks.action, ACTION, cells.action),
            (true, server, &cells.server),
            (ranks.from, FROM, &cells.from),
        ] {
            if shown {
                line.push(' ');
                line += &pad_str(text, column, Alignment::Left, Some("…"));
            }
        }
        let left = width.saturating_sub(measure_text_width(&line) + 1);
        line.push(' ');
        line += &truncate_str(&cells.change, left, "…");
        line.truncate(line.trim_end().len());
        line
    }
}

/// The colour of what happened.
pub(super) const fn color_of(kind: EventKind) -> AnsiColor {
    match kind {
        EventKind::Accepted => AnsiColor::Blue,
        EventKind::Started => AnsiColor::Cyan,
        EventKind::Succeeded => AnsiColor::Green,
        EventKind::Requeued | EventKind::Cancelled => AnsiColor::Yellow,
        EventKind::Failed => AnsiColor::Red,
    }
}
