//! What was started and is not over, the one that began first in front.

use std::collections::VecDeque;

use super::queues::Entry;
use crate::ids::OperationId;

/// Places of jobs that are over which are left in between, beside as many as there are jobs that are
/// not: they are taken out together, so seldom that it costs a start next to nothing.
const GAPS_MAX: usize = 64;

/// Jobs that were started and are not over, by the order of their first starts: those that run, and
/// those that wait for another attempt. Numbers only grow, so a start is put at the end and an end found
/// by halving: this is on the way of every operation.
#[derive(Debug, Clone, Default)]
pub(super) struct Begun {
    /// The number of each start, and its job; none if that is over. The first is not over.
    places: VecDeque<(u64, Option<OperationId>)>,
    /// How many of them are not over.
    live: usize,
    /// First starts so far.
    starts: u64,
}

impl Begun {
    /// A job is started: if for the first time, it stands behind all that were.
    pub(super) fn start(&mut self, entry: &mut Entry) {
        if entry.begun == 0 {
            self.starts += 1;
            self.live += 1;
            entry.begun = self.starts;
            self.places.push_back((entry.begun, Some(entry.job.operation)));
        }
    }

    /// A job leaves the queue.
    pub(super) fn end(&mut self, entry: &Entry) {
        let found = self.places.binary_search_by_key(&entry.begun, |(number, _)| *number);
        // One that was never started has no place.
        let Ok(at) = found else { return };
        if self.places[at].1.take().is_none() {
            return;
        }
        self.live -= 1;
        while self.places.front().is_some_and(|(_, job)| job.is_none()) {
            self.places.pop_front();
        }
        if self.places.len() > 2 * self.live + GAPS_MAX {
            self.places.retain(|(_, job)| job.is_some());
        }
    }

    /// The first of them.
    pub(super) fn first(&self, count: usize) -> impl Iterator<Item = OperationId> {
        self.places.iter().filter_map(|(_, job)| *job).take(count)
    }
}
