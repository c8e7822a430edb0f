//! How long each project's line is, and how old what stands first in it.

use std::collections::BTreeMap;

use super::{JobState, Scheduler};
use crate::ids::{OperationId, ProjectId};
use crate::time::Timestamp;

/// What a project has in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depth {
    /// The project.
    pub project: ProjectId,
    /// Waiting for the first start.
    pub waiting: usize,
    /// Running.
    pub in_flight: usize,
    /// When the oldest that waits for its first start, and whose record is durable, was accepted.
    pub oldest: Option<Timestamp>,
}

impl Scheduler {
    /// What each project has that has anything, in the order of their ids. Goes through the projects,
    /// the hosts at which somebody waits and the jobs held behind another, and through no line.
    pub fn depths(&self, accepted: impl Fn(OperationId) -> Option<Timestamp>) -> Vec<Depth> {
        let mut oldest: Vec<Option<(u64, OperationId)>> = vec![None; self.queues.len()];
        let mut look = |project: ProjectId, operation: OperationId, arrival: u64| {
            if self.jobs.get(&operation).is_some_and(|entry| !entry.restarted)
                && oldest[project.index()].is_none_or(|(first, _)| arrival < first)
            {
                oldest[project.index()] = Some((arrival, operation));
            }
        };
        for (index, queue) in self.queues.iter().enumerate().filter(|(_, it)| it.waiting > 0) {
            if let Some((arrival, operation)) = self.first_started_never(&queue.ready) {
                look(ProjectId(index as u32), operation, arrival);
            }
        }
        let parked = self.hosts.values().flat_map(|host| &host.parked);
        for (project, line) in parked {
            if let Some((arrival, operation)) = self.first_started_never(line) {
                look(*project, operation, arrival);
            }
        }
        for operation in self.behind.values() {
            if let Some(entry) = self.jobs.get(operation)
                && matches!(entry.state, JobState::Held { .. })
            {
                look(entry.job.project, *operation, entry.arrival);
            }
        }
        let rows = self.queues.iter().zip(oldest).enumerate();
        rows.filter(|(_, (queue, _))| queue.waiting + queue.in_flight > 0)
            .map(|(index, (queue, oldest))| Depth {
                project: ProjectId(index as u32),
                waiting: queue.waiting,
                in_flight: queue.in_flight,
                oldest: oldest.and_then(|(_, operation)| accepted(operation)),
            })
            .collect()
    }

    /// The first of a line that was never started: those that were are few and stand in front.
    fn first_started_never(&self, line: &BTreeMap<u64, OperationId>) -> Option<(u64, OperationId)> {
        let never = |operation: &OperationId| {
            self.jobs.get(operation).is_some_and(|entry| !entry.restarted)
        };
        let mut line = line.iter();
        line.find(|(_, operation)| never(operation)).map(|(arrival, id)| (*arrival, *id))
    }
}
