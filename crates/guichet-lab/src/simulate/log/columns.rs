//! Log lines as wide as a screen: time of day, short ids, and columns that go by rank when there
//! is no place for them.

use std::sync::Arc;
use std::time::Duration;

use anstyle::AnsiColor;
use console::{Alignment, measure_text_width, pad_str, truncate_str};
use guichet_core::event::{Event, EventKind};
use guichet_core::ids::ProjectId;
use guichet_core::time::Timestamp;
use guichet_locale::{Locale, digits, text};
use guichet_store::hub::{LogEntry, Refused};

use super::words::Words;
use crate::simulate::paint::painted;
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
    /// What language they are in.
    pub locale: Locale,
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
            kind: &Words::of(self.locale).dropped,
            color: AnsiColor::Magenta,
            worker: String::new(),
            request: String::new(),
            project: String::new(),
            action: "",
            server: String::new(),
            from: String::new(),
            change: text!(self.locale, "log-dropped-count", count = digits(count)),
        })
    }

    fn event(&self, event: &Event, project: String) -> Cells {
        let words = Words::of(self.locale);
        let mut change = format!("→ {}", event.to);
        if let Some(failure) = event.failure {
            change += &format!(" ({failure})");
        }
        if event.attempt > 1 {
            change += &format!(" {} {}", words.attempt, event.attempt);
        }
        let brief = |time| brief(time, self.locale);
        match (event.kind, event.wait, event.service) {
            (EventKind::Started, Some(wait), _) => {
                change += &format!(" {} {}", words.after, brief(wait));
            }
            (_, _, Some(service)) => {
                change += &format!(" {} {}", words.took, brief(service));
            }
            _ => {}
        }
        Cells {
            at: event.at,
            kind: words.kind(event.kind),
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
            kind: &Words::of(self.locale).refused,
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
        line.push(' ');
        line += &painted(&kind, cells.color, self.color);
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

/// A time in as few characters as tell it from others.
fn brief(time: Duration, locale: Locale) -> String {
    let ms = |value, decimals| locale.unit(&locale.fixed(value, decimals), "ms");
    match time.as_secs_f64() * 1e3 {
        value if (10.0..1_000.0).contains(&value) => ms(value, 0),
        value if (1.0..10.0).contains(&value) => ms(value, 1),
        _ => locale.time_us(u64::try_from(time.as_micros()).unwrap_or(u64::MAX)),
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

#[cfg(test)]
mod tests {
    use guichet_core::action::Action;
    use guichet_core::ids::{ClientId, OperationId, RequestId, ServerId, WorkerId};
    use guichet_core::refusal::RefusalKind;
    use guichet_core::server::Failure;
    use guichet_core::state::{State, TaskState, VmState};

    use super::*;

    fn started() -> Event {
        Event {
            sequence: 7,
            at: Timestamp::from_micros(1_767_225_600_123_456),
            kind: EventKind::Started,
            request: RequestId::from_bits(0x1111_1111 << 96),
            client: ClientId(3),
            project: ProjectId(0),
            operation: OperationId { server: ServerId::from_bits(0x2222_2222 << 96), number: 1 },
            action: Action::Create,
            attempt: 1,
            from: Some(State {
                vm_state: VmState::Building,
                task_state: Some(TaskState::Scheduling),
            }),
            to: State { vm_state: VmState::Building, task_state: Some(TaskState::Spawning) },
            wait: Some(Duration::from_micros(145)),
            service: None,
            worker: Some(WorkerId(12)),
            failure: None,
        }
    }

    /// The line of a record on screens of three widths.
    fn lines(record: &LogEntry, ids: &ShortIds) -> [String; 3] {
        [(|| 80) as fn() -> usize, || 100, || 140].map(|width| {
            let columns =
                Columns { width, ids: ids.clone(), color: false, locale: Locale::English };
            columns.line(record, &[Arc::from("a-project-with-a-long-name")]).unwrap()
        })
    }

    #[test]
    fn columns_go_by_rank() {
        assert_eq!(
            lines(&LogEntry::Event(started()), &ShortIds::default()),
            [
                "00:00:00.123 started   w12   create      22222222 → BUILD/spawning after 145 µs",
                "00:00:00.123 started   w12   11111111 create      22222222 → BUILD/spawning after \
                 145 µs",
                "00:00:00.123456 started   w12   11111111 a-project… create      22222222 \
                 BUILD/scheduling       → BUILD/spawning after 145 µs",
            ]
        );
    }

    #[test]
    fn no_line_is_wider_than_its_screen() {
        let failed = Event {
            kind: EventKind::Failed,
            action: Action::RebootHard,
            to: State { vm_state: VmState::Error, task_state: Some(TaskState::RebootingHard) },
            attempt: 5,
            service: Some(Duration::from_micros(98_765_432)),
            worker: Some(WorkerId(4_000_000)),
            failure: Some(Failure::NoValidHost),
            ..started()
        };
        let refused = LogEntry::Refused(Refused {
            at: started().at,
            request: started().request,
            client: ClientId(3),
            project: ProjectId(0),
            action: Action::Delete,
            server: None,
            kind: RefusalKind::NoServer,
        });
        for ids in [ShortIds::default(), ShortIds::full()] {
            for record in [LogEntry::Event(failed), LogEntry::Event(started()), refused.clone()] {
                for (line, width) in lines(&record, &ids).iter().zip([80, 100, 140]) {
                    assert!(measure_text_width(line) <= width, "{width}: {line}");
                    assert_eq!(line.trim_end(), line);
                }
            }
        }
        assert!(lines(&refused, &ShortIds::default())[0].ends_with(" -        no_server"));
    }

    #[test]
    fn columns_stand_under_each_other() {
        let accepted = Event { kind: EventKind::Accepted, worker: None, ..started() };
        let ids = ShortIds::default();
        let all = [started(), accepted].map(|event| lines(&LogEntry::Event(event), &ids));
        for (first, second) in all[0].iter().zip(&all[1]) {
            assert_eq!(first.find(" create "), second.find(" create "));
            assert_eq!(first.find(" → "), second.find(" → "));
        }
    }
}
