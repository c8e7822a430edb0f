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

use super::anomaly::Anomaly;
use super::state::Actor;
use super::world::{Case, STARTS, Word};
use crate::input::InputError;
use crate::input::number::{whole, whole_expected};

const EXAMPLE: &str = "lost_server@empty:create/create:1x3,2x10,1x7";

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// What it is said to break.
    pub claim: Option<Anomaly>,
    /// What it is a schedule of.
    pub case: Case,
    /// Who takes each step.
    pub steps: Vec<Actor>,
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(claim) = self.claim {
            write!(f, "{}@", claim.as_str())?;
        }
        write!(f, "{}:", self.case)?;
        for (index, run) in self.steps.chunk_by(|one, other| one == other).enumerate() {
            let comma = if index == 0 { "" } else { "," };
            match run {
                [actor] => write!(f, "{comma}{actor}")?,
                [actor, ..] => write!(f, "{comma}{actor}x{}", run.len())?,
                [] => {}
            }
        }
        Ok(())
    }
}

impl FromStr for Schedule {
    type Err = InputError;

    fn from_str(text: &str) -> Result<Self, InputError> {
        let (claim, rest) = match text.split_once('@') {
            Some((claim, rest)) => (Some(parse_claim(claim)?), rest),
            None => (None, text),
        };
        let mut parts = rest.split(':');
        let (Some(start), Some(programs), Some(steps), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            let expected = "WHAT@FLEET:REQUESTS/REQUESTS:STEPS";
            return Err(InputError::value("schedule", text, expected, EXAMPLE));
        };
        let case = Case { start: parse_start(start)?, programs: parse_programs(programs)? };
        let steps = parse_steps(steps, case.programs.len())?;
        Ok(Self { claim, case, steps })
    }
}

fn parse_claim(text: &str) -> Result<Anomaly, InputError> {
    Anomaly::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| {
        let words = Anomaly::ALL.map(Anomaly::as_str).join(", ");
        InputError::value("what breaks", text, words, EXAMPLE)
    })
}

fn parse_start(text: &str) -> Result<&'static super::world::Start, InputError> {
    STARTS.iter().find(|start| start.name == text).ok_or_else(|| {
        let names: Vec<&str> = STARTS.iter().map(|start| start.name).collect();
        InputError::value("start fleet", text, names.join(", "), EXAMPLE)
    })
}

fn parse_programs(text: &str) -> Result<Vec<Vec<Word>>, InputError> {
    let max = limits::SCHEDULE_CLIENTS_MAX;
    if text.split('/').count() > max {
        let expected = format!("the requests of at most {max} clients");
        return Err(InputError::value("requests", text, expected, EXAMPLE));
    }
    text.split('/').map(parse_program).collect()
}

fn parse_program(text: &str) -> Result<Vec<Word>, InputError> {
    let max = limits::SCHEDULE_REQUESTS_MAX;
    if text.split('+').count() > max {
        let expected = format!("at most {max} requests of a client");
        return Err(InputError::value("requests", text, expected, EXAMPLE));
    }
    let words = text.split('+').map(|word| {
        Word::from_str(word).map_err(|()| {
            let expected = Word::ALL.map(Word::as_str).join(", ");
            InputError::value("request", word, expected, EXAMPLE)
        })
    });
    words.collect()
}

fn parse_steps(text: &str, clients: usize) -> Result<Vec<Actor>, InputError> {
    let max = limits::SCHEDULE_STEPS_MAX;
    let mut steps = Vec::new();
    for run in text.split(',') {
        let (actor, count) = run.split_once('x').unwrap_or((run, "1"));
        let actor = parse_actor(actor, clients)?;
        let left = (max - steps.len()) as u64;
        let count = whole(count, left).filter(|count| *count > 0).ok_or_else(|| {
            let expected = format!("{} ({max} in all)", whole_expected(1, left.max(1)));
            InputError::value("number of steps", count, expected, EXAMPLE)
        })?;
        steps.extend(std::iter::repeat_n(actor, count as usize));
    }
    Ok(steps)
}

fn parse_actor(text: &str, clients: usize) -> Result<Actor, InputError> {
    if text == "w" {
        return Ok(Actor::Worker);
    }
    let number = whole(text, clients as u64).filter(|number| *number > 0);
    number.and_then(|number| u8::try_from(number).ok()).map(Actor::Client).ok_or_else(|| {
        let expected = format!("a client from 1 to {clients}, or w for the worker");
        InputError::value("who takes a step", text, expected, EXAMPLE)
    })
}
