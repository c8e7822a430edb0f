//! What was started and is not over, the one that began first in front.

use std::collections::BTreeMap;

use super::Scheduler;
use super::queues::Entry;
use crate::ids::OperationId;

/// Jobs that were started and are not over, by the order of their first starts: those that run, and
/// those that wait for another attempt. One entry each, some 40 bytes, so as many as hold permits or
/// are queued again.
#[derive(Debug, Clone, Default)]
pub(super) struct Begun {
    jobs: BTreeMap<u64, OperationId>,
    /// First starts so far.
    starts: u64,
}

impl Begun {
    /// A job is started: if for the first time, it stands behind all that were.
    pub(super) fn start(&mut self, entry: &mut Entry) {
        if entry.begun == 0 {
            self.starts += 1;
            entry.begun = self.starts;
            self.jobs.insert(entry.begun, entry.job.operation);
        }
    }

    /// A job leaves the queue.
    pub(super) fn end(&mut self, entry: &Entry) {
        if entry.begun != 0 {
            self.jobs.remove(&entry.begun);
        }
    }
}

impl Scheduler {
    /// The first `count` jobs that were started and are not over, the one that began first in front.
    /// What it costs goes by `count`. Those of an earlier process are in the order in which they were
    /// put back.
    pub fn begun(&self, count: usize) -> impl Iterator<Item = OperationId> {
        self.begun.jobs.values().take(count).copied()
    }
}
