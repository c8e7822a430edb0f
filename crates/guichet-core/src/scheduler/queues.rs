//! The lines jobs stand in: a project's, and a host's that is full.

use std::collections::BTreeMap;

use crate::ids::{HostId, OperationId, ProjectId};
use crate::rows::Job;
use crate::time::Timestamp;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JobState {
    /// In its project's line.
    Ready,
    /// Would stand in its line, were its record durable.
    Unwritten,
    /// Its host is full.
    Parked(HostId),
    /// Not before this time; earlier if the call of this operation returns.
    Held { until: Timestamp, behind: Option<OperationId> },
    /// Holds its permits.
    Running,
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) job: Job,
    /// Its number in the order of pushes; it keeps it for life.
    pub(super) arrival: u64,
    pub(super) state: JobState,
    /// Whether it has been started before: then it does not count against the queue's bound.
    pub(super) restarted: bool,
    /// Whether its record is durable: nothing is started before.
    pub(super) written: bool,
    /// Its number in the order of first starts, from 1; 0 before.
    pub(super) begun: u64,
}

#[derive(Debug, Clone, Default)]
pub(super) struct ProjectQueue {
    pub(super) ready: BTreeMap<u64, OperationId>,
    /// Waiting for the first start, wherever they stand.
    pub(super) waiting: usize,
    pub(super) in_flight: usize,
    pub(super) weight: u32,
    /// Jobs left in this turn of the ring.
    pub(super) credit: u32,
    /// Whether it is in the ring: if it has a ready job and a free permit, and perhaps a while
    /// longer if its last ready job was cancelled.
    pub(super) in_ring: bool,
}

/// A host that runs something or that somebody waits for.
///
/// For each project: either none of its jobs is parked here, or at least as many of them stand
/// ready as the host has free permits. So a free host never waits for a parked job.
#[derive(Debug, Clone, Default)]
pub(super) struct HostQueue {
    pub(super) in_flight: usize,
    pub(super) parked: BTreeMap<ProjectId, BTreeMap<u64, OperationId>>,
}

impl HostQueue {
    pub(super) fn park(&mut self, project: ProjectId, arrival: u64, operation: OperationId) {
        self.parked.entry(project).or_default().insert(arrival, operation);
    }

    pub(super) fn unpark(&mut self, project: ProjectId, arrival: u64) {
        if let Some(queue) = self.parked.get_mut(&project) {
            queue.remove(&arrival);
            if queue.is_empty() {
                self.parked.remove(&project);
            }
        }
    }

    /// The first parked job of a project, taken out.
    pub(super) fn pop(&mut self, project: ProjectId) -> Option<(u64, OperationId)> {
        let queue = self.parked.get_mut(&project)?;
        let first = queue.pop_first();
        if queue.is_empty() {
            self.parked.remove(&project);
        }
        first
    }
}
