//! The audit log: who did what from where, with which outcome, in the words of CADF (DMTF DSP0262) as
//! OpenStack's services send them.
//!
//! | what has a line | |
//! | --- | --- |
//! | every request that changes something or tries to | of each service, and what steers clouds |
//! | every login | who it said it was, and why it failed in one word |
//! | every read that was refused with 401 or 403 | |
//! | what the service did by itself | servers that a drain moved, machines that were found gone |
//! | the start, the end and a reload of the service | |
//!
//! There is no body, query, token, password or key in it: only what is named here, each text cut at
//! [`limits::REQUEST_TEXT_MAX`]. A request hands its line on and waits for nothing; the text is made by
//! whoever writes it down.

mod asked;
mod event;
mod itself;
mod named;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use guichet_clock::WorldClock;
use guichet_core::limits;
use guichet_core::time::Clock;

pub use event::Event;
pub use itself::watch;

use crate::lines::{Lines, Sender, channel};
use event::What;

/// What becomes of a request that changes something while there is no place for its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFull {
    /// It is done, and its line is missing; how many are is written down.
    Drop,
    /// It is not done: 503.
    Refuse,
}

/// Hands on a line for each thing that is to be audited. Clones are the same.
#[derive(Debug, Clone)]
pub struct Auditor {
    lines: Sender<Event>,
    on_full: OnFull,
    clock: WorldClock,
    strangers: Arc<Strangers>,
    /// What the ids of this process's events begin with.
    base: u64,
    /// The number of the last event. Relaxed: it is only to be another each time.
    last: Arc<AtomicU64>,
}

/// One that begins now, and what it hands on. `base` is drawn: ids of events begin with it.
pub fn auditor(on_full: OnFull, base: u64) -> (Auditor, Lines<Event>) {
    let (lines, received) = channel(limits::AUDIT_LINES_MAX);
    let (clock, strangers, last) = (WorldClock::real(), Arc::default(), Arc::default());
    (Auditor { lines, on_full, clock, strangers, base, last }, received)
}

/// There is no place for a line, and nothing is to be done without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

impl Full {
    /// What whoever asked is told.
    pub(crate) const MESSAGE: &str = "Nothing can be written to the audit log at present, and nothing is done \
         without that. Nothing was changed. Ask again later.";
}

impl Auditor {
    /// How many lines were handed on so far.
    pub fn handed(&self) -> u64 {
        self.lines.handed()
    }

    /// The service itself did this: `start`, `stop`, `reload`.
    pub fn service(&self, action: &'static str, is_done: bool) {
        self.hand_on(What::Service { action, is_done });
    }

    fn hand_on(&self, what: What) {
        let event = self.event(what);
        self.lines.hand_on(event);
    }

    fn event(&self, what: What) -> Event {
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        Event { id: (self.base, number), at: self.clock.now(), what }
    }

    /// Whether a request of somebody whom nobody knows has a line: so many a second have, as anybody can
    /// send them without end. The others are counted, and the count is written down.
    fn admits_stranger(&self) -> bool {
        let second = self.clock.now().micros() / 1_000_000;
        let (is_admitted, not_shown) = self.strangers.count(second);
        if not_shown > 0 {
            self.hand_on(What::NotShown(not_shown));
        }
        is_admitted
    }

    /// Writes down how many strangers had no line, once their second is over: before the end, say.
    pub fn tell_rest(&self) {
        let not_shown = self.strangers.not_shown.swap(0, Ordering::Relaxed);
        if not_shown > 0 {
            self.hand_on(What::NotShown(not_shown));
        }
    }
}

/// Requests of strangers. Relaxed, all of them: nothing is ordered by them, and a line more or less in the
/// second in which two threads find a new one is none that matters.
#[derive(Debug, Default)]
struct Strangers {
    /// The second that is counted.
    second: AtomicU64,
    /// How many had a line in it.
    shown: AtomicU64,
    /// How many had none since that was said.
    not_shown: AtomicU64,
}

impl Strangers {
    /// Counts one: whether it has a line, and how many had none before, where that is to be said now.
    fn count(&self, second: u64) -> (bool, u64) {
        let mut not_shown = 0;
        if self.second.swap(second, Ordering::Relaxed) != second {
            self.shown.store(0, Ordering::Relaxed);
            not_shown = self.not_shown.swap(0, Ordering::Relaxed);
        }
        let is_shown = self.shown.fetch_add(1, Ordering::Relaxed) < limits::AUDIT_STRANGERS_PER_S;
        if !is_shown {
            self.not_shown.fetch_add(1, Ordering::Relaxed);
        }
        (is_shown, not_shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_strangers_in_a_second_some_are_shown_and_the_rest_is_counted() {
        let strangers = Strangers::default();
        let shown = (0..1_000).filter(|_| strangers.count(7).0).count() as u64;
        assert_eq!(shown, limits::AUDIT_STRANGERS_PER_S);
        assert_eq!(strangers.count(8), (true, 1_000 - shown));
        assert_eq!(strangers.count(8), (true, 0));
    }
}
