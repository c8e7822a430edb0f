//! Which operations of the workers are drawn one by one: all of a short run, of a long one those
//! around its busiest moment.

use std::collections::VecDeque;

use guichet_core::action::Action;
use guichet_core::event::EventKind;
use guichet_core::ids::{ClientId, OperationId};
use guichet_core::limits;
use guichet_core::server::Failure;

/// One attempt of an operation, as a worker ran it. Times are since the run's begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ran {
    /// The worker that ran it.
    pub worker: u32,
    /// The action that the operation carries out.
    pub action: Action,
    /// The operation that it is an attempt of.
    pub operation: OperationId,
    /// The client that asked for the operation.
    pub client: ClientId,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// When it began, µs.
    pub from_us: u64,
    /// When it ended, µs.
    pub to_us: u64,
    /// The event that ended it: success, failure, another attempt, or a cancel.
    pub end: EventKind,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
}

/// Keeps [`limits::REPORT_SPANS_MAX`] of them.
#[derive(Debug, Default)]
pub struct Busiest {
    /// The attempts that ended last.
    latest: VecDeque<Ran>,
    /// Those around the busiest moment so far, once enough came after it.
    around_peak: Option<Vec<Ran>>,
    /// What the busiest moment was: most waiting, then most running.
    busy: (u64, u64),
    /// How many came since it.
    since: usize,
    total: u64,
}

impl Busiest {
    /// So many wait and run now.
    pub fn level(&mut self, waiting: u64, running: u64) {
        if (waiting, running) > self.busy {
            self.busy = (waiting, running);
            self.since = 0;
            self.around_peak = None;
        }
    }

    /// Takes in an attempt that has ended.
    pub fn push(&mut self, ran: Ran) {
        self.total += 1;
        self.since += 1;
        if self.latest.len() == limits::REPORT_SPANS_MAX {
            self.latest.pop_front();
        }
        self.latest.push_back(ran);
        // As many after the moment as before it, or more where there were not as many before.
        let enough = self.since >= limits::REPORT_SPANS_MAX / 2
            && self.latest.len() == limits::REPORT_SPANS_MAX;
        if enough && self.around_peak.is_none() {
            self.around_peak = Some(self.latest.iter().copied().collect());
        }
    }

    /// The attempts to draw, in the order of their ends, and how many there were in all.
    pub fn finish(self) -> (Vec<Ran>, u64) {
        let all = self.total <= limits::REPORT_SPANS_MAX as u64;
        let latest = || self.latest.iter().copied().collect();
        let spans = if all { latest() } else { self.around_peak.unwrap_or_else(latest) };
        (spans, self.total)
    }
}

#[cfg(test)]
mod tests;
