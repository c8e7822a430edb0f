//! A schedule as text: who takes each step, of which case, and what it is said to break. It has no
//! character that a shell treats specially:
//!
//! ```text
//! lost_server@empty:create/create:1x3,2x10,1x7
//! what breaks @ start fleet : requests of client 1 / of client 2 : 3 steps of 1, 10 of 2, …
//! ```
//!
//! The requests of one client are joined by `+`, the worker's steps are `w`, and what breaks may
//! be left out.

use std::fmt;
use std::str::FromStr;

use guichet_core::limits;
use guichet_locale::Locale;
use guichet_view::text::quoted;

use crate::anomaly::Anomaly;
use crate::case::{Case, RequestKind, STARTS};
use crate::state::Actor;

const EXAMPLE: &str = "lost_server@empty:create/create:1x3,2x10,1x7";

/// Why a text is no schedule. The message is complete and one line: what part of it, what was
/// found, what was expected. In English, as is all that is said of flags.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{part}: found {found}, expected {expected}, for example {EXAMPLE}")]
pub struct ScheduleError {
    /// The part of the schedule that is wrong.
    part: &'static str,
    /// What stands there, quoted and shortened.
    found: String,
    /// What should stand there.
    expected: String,
}

impl ScheduleError {
    fn new(part: &'static str, found: &str, expected: impl Into<String>) -> Self {
        Self { part, found: quoted(found), expected: expected.into() }
    }
}

/// Who takes each step of a case, and what that is said to break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// What it is said to break, if that is known.
    pub claim: Option<Anomaly>,
    /// The case that it is a schedule of.
    pub case: Case,
    /// The client or worker that takes each step.
    pub steps: Vec<Actor>,
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(claim) = self.claim {
            write!(f, "{}@", claim.as_str())?;
        }
        write!(f, "{}:{}", self.case, steps_text(&self.steps))
    }
}

/// Who takes each step, as in a schedule: `1x6,2x10,w`.
pub(crate) fn steps_text(steps: &[Actor]) -> String {
    let runs = steps.chunk_by(|one, other| one == other).map(|run| match run {
        [actor] => actor.to_string(),
        [actor, ..] => format!("{actor}x{}", run.len()),
        [] => String::new(),
    });
    runs.collect::<Vec<_>>().join(",")
}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let (claim, rest) = match text.split_once('@') {
            Some((claim, rest)) => (Some(parse_claim(claim)?), rest),
            None => (None, text),
        };
        let mut parts = rest.split(':');
        let (Some(start), Some(programs), Some(steps), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            let expected = "WHAT@FLEET:REQUESTS/REQUESTS:STEPS";
            return Err(ScheduleError::new("schedule", text, expected));
        };
        let case = Case { start: parse_start(start)?, programs: parse_programs(programs)? };
        let steps = parse_steps(steps, case.programs.len())?;
        Ok(Self { claim, case, steps })
    }
}

fn parse_claim(text: &str) -> Result<Anomaly, ScheduleError> {
    Anomaly::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| {
        let names = Anomaly::ALL.map(Anomaly::as_str).join(", ");
        ScheduleError::new("what breaks", text, names)
    })
}

fn parse_start(text: &str) -> Result<&'static crate::case::Start, ScheduleError> {
    STARTS.iter().find(|start| start.name == text).ok_or_else(|| {
        let names: Vec<&str> = STARTS.iter().map(|start| start.name).collect();
        ScheduleError::new("start fleet", text, names.join(", "))
    })
}

fn parse_programs(text: &str) -> Result<Vec<Vec<RequestKind>>, ScheduleError> {
    let max = limits::SCHEDULE_CLIENTS_MAX;
    if text.split('/').count() > max {
        let expected = format!("the requests of at most {max} clients");
        return Err(ScheduleError::new("requests", text, expected));
    }
    text.split('/').map(parse_program).collect()
}

fn parse_program(text: &str) -> Result<Vec<RequestKind>, ScheduleError> {
    let max = limits::SCHEDULE_REQUESTS_MAX;
    if text.split('+').count() > max {
        let expected = format!("at most {max} requests of a client");
        return Err(ScheduleError::new("requests", text, expected));
    }
    let kinds = text.split('+').map(|name| {
        RequestKind::from_str(name).map_err(|()| {
            let expected = RequestKind::ALL.map(RequestKind::as_str).join(", ");
            ScheduleError::new("request", name, expected)
        })
    });
    kinds.collect()
}

fn parse_steps(text: &str, clients: usize) -> Result<Vec<Actor>, ScheduleError> {
    let max = limits::SCHEDULE_STEPS_MAX;
    let mut steps = Vec::new();
    for run in text.split(',') {
        let (actor, count) = run.split_once('x').unwrap_or((run, "1"));
        let actor = parse_actor(actor, clients)?;
        let left = (max - steps.len()) as u64;
        let count = whole(count, left).filter(|count| *count > 0).ok_or_else(|| {
            let most = Locale::English.grouped(left.max(1));
            let expected = format!("a whole number from 1 to {most} ({max} in all)");
            ScheduleError::new("number of steps", count, expected)
        })?;
        steps.extend(std::iter::repeat_n(actor, count as usize));
    }
    Ok(steps)
}

fn parse_actor(text: &str, clients: usize) -> Result<Actor, ScheduleError> {
    if text == "w" {
        return Ok(Actor::Worker);
    }
    let number = whole(text, clients as u64).filter(|number| *number > 0);
    number.and_then(|number| u8::try_from(number).ok()).map(Actor::Client).ok_or_else(|| {
        let expected = format!("a client from 1 to {clients}, or w for the worker");
        ScheduleError::new("who takes a step", text, expected)
    })
}

/// A whole number from 0 to `max`, in digits alone: no sign and no separator.
fn whole(text: &str, max: u64) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| digits && *number <= max)
}
