//! What happened, counted.

use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::event::{Event, EventKind};
use guichet_core::refusal::RefusalKind;
use guichet_core::times::Times;
use guichet_store::hub::LogEntry;
use hdrhistogram::Histogram;

use crate::sample::{OperationCount, Percentiles, RefusedCount};

/// The longest that is told apart, µs: a day.
const LONGEST_US: u64 = 86_400_000_000;
/// Two digits of a time are right: 30 kB a histogram, and nobody reads a third.
const DIGITS: u8 = 2;

/// Counts of what happened, and how long it took.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    operations: [[u64; EventKind::ALL.len()]; Action::ALL.len()],
    refused: [u64; RefusalKind::ALL.len()],
    wait: Histogram<u64>,
    service: Histogram<u64>,
    /// The same two by action, in fewer sizes.
    by_action: [(Times, Times); Action::ALL.len()],
}

impl Tally {
    pub(crate) fn new() -> Self {
        let empty = || {
            Histogram::new_with_bounds(1, LONGEST_US, DIGITS)
                .expect("the bounds are constants that are in order")
        };
        Self {
            operations: [[0; EventKind::ALL.len()]; Action::ALL.len()],
            refused: [0; RefusalKind::ALL.len()],
            wait: empty(),
            service: empty(),
            by_action: [(Times::NONE, Times::NONE); Action::ALL.len()],
        }
    }

    /// Counts one entry of the log.
    pub(crate) fn count(&mut self, entry: &LogEntry) {
        match entry {
            LogEntry::Event(event) => self.event(event),
            LogEntry::Refused(refused) => self.refused[refused.kind as usize] += 1,
            LogEntry::Changed(_) | LogEntry::Note(_) => {}
        }
    }

    fn event(&mut self, event: &Event) {
        self.operations[event.action as usize][event.kind as usize] += 1;
        // Of the first start alone, and of an end: each operation counts once.
        if let (EventKind::Started, 1, Some(wait)) = (event.kind, event.attempt, event.wait) {
            self.wait.saturating_record(micros(wait));
            self.by_action[event.action as usize].0.add(wait);
        }
        let is_end = matches!(event.kind, EventKind::Succeeded | EventKind::Failed);
        if let (true, Some(service)) = (is_end, event.service) {
            self.service.saturating_record(micros(service));
            self.by_action[event.action as usize].1.add(service);
        }
    }

    /// Adds what another counted.
    pub(crate) fn add(&mut self, other: &Self) {
        let cells = self.operations.as_flattened_mut().iter_mut();
        cells.zip(other.operations.as_flattened()).for_each(|(sum, more)| *sum += more);
        self.refused.iter_mut().zip(other.refused).for_each(|(sum, more)| *sum += more);
        // Both have the same bounds. A second in which nothing happened costs nothing.
        for (own, others) in [(&mut self.wait, &other.wait), (&mut self.service, &other.service)] {
            if !others.is_empty() {
                let _ = own.add(others);
            }
        }
        for (own, others) in self.by_action.iter_mut().zip(&other.by_action) {
            own.0.merge(&others.0);
            own.1.merge(&others.1);
        }
    }

    /// Begins anew.
    pub(crate) fn clear(&mut self) {
        self.operations.as_flattened_mut().fill(0);
        self.refused.fill(0);
        for times in [&mut self.wait, &mut self.service] {
            if !times.is_empty() {
                times.reset();
            }
        }
        self.by_action.fill((Times::NONE, Times::NONE));
    }

    /// Operations by action and by what happened to them.
    pub(crate) fn operations(&self) -> Vec<OperationCount> {
        let of = |action: &Action| {
            let counts = self.operations[*action as usize];
            let (action, kinds) = (action.as_str(), EventKind::ALL.iter());
            let counted = kinds.zip(counts).filter(|(_, count)| *count > 0);
            counted.map(move |(kind, count)| OperationCount {
                action,
                outcome: kind.as_str(),
                count,
            })
        };
        Action::ALL.iter().flat_map(of).collect()
    }

    /// Requests that were refused, by why.
    pub(crate) fn refused(&self) -> Vec<RefusedCount> {
        let kinds = RefusalKind::ALL.iter().zip(self.refused);
        let counted = kinds.filter(|(_, count)| *count > 0);
        counted.map(|(kind, count)| RefusedCount { reason: kind.as_str(), count }).collect()
    }

    /// Both kinds of times, of each action.
    pub(crate) fn times(&self) -> impl Iterator<Item = (&'static str, &Times, &Times)> {
        let rows = Action::ALL.iter().zip(&self.by_action);
        rows.map(|(action, (wait, service))| (action.as_str(), wait, service))
    }

    /// Accepted → first started.
    pub(crate) fn wait(&self) -> Option<Percentiles> {
        Percentiles::of(&self.wait)
    }

    /// First started → over.
    pub(crate) fn service(&self) -> Option<Percentiles> {
        Percentiles::of(&self.service)
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX).max(1)
}
