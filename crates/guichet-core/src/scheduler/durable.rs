//! The queue where records come first, and putting back what an earlier process took in.

use super::{Entry, JobState, Scheduler};
use crate::ids::OperationId;
use crate::rows::Job;
use crate::time::Timestamp;

/// What a job that is put back was when its process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restored {
    /// Waiting for its first start.
    New,
    /// Waiting for another attempt.
    Started {
        /// Not before this.
        not_before: Option<Timestamp>,
    },
    /// Running: it holds its permits until it is [done](Scheduler::done) or
    /// [queued again](Scheduler::requeue).
    Running,
}

impl Scheduler {
    /// From here on no new job starts before [`written`](Self::written) was told of it.
    pub fn record_first(&mut self) {
        self.records_first = true;
    }

    /// The record of a job is durable: it may start. Does nothing if it is not there any more.
    pub fn written(&mut self, operation: OperationId) {
        let Some(entry) = self.jobs.get_mut(&operation).filter(|entry| !entry.written) else {
            return;
        };
        entry.written = true;
        if entry.state == JobState::Unwritten {
            let arrival = entry.arrival;
            self.enqueue(operation, arrival);
        }
    }

    /// A job's number in the order of pushes, by which it can be [put back](Self::restore).
    pub fn arrival(&self, operation: OperationId) -> Option<u64> {
        self.jobs.get(&operation).map(|entry| entry.arrival)
    }

    /// Puts a job back that an earlier process took in: its record is durable, and it stands
    /// where it stood. The queue's bound does not turn it away: it was taken in before.
    pub fn restore(&mut self, job: Job, arrival: u64, was: Restored) {
        self.arrivals = self.arrivals.max(arrival);
        let most = self.load.max_waiting;
        match was {
            Restored::New => self.insert(job, arrival, JobState::Ready, false, true),
            Restored::Started { not_before: Some(until) } => {
                self.insert(job, arrival, JobState::Held { until, behind: None }, true, true);
            }
            Restored::Started { not_before: None } => {
                self.insert(job, arrival, JobState::Ready, true, true);
            }
            Restored::Running => {
                let state = JobState::Running;
                let (restarted, written) = (true, true);
                let entry = Entry { job, arrival, state, restarted, written, begun: 0 };
                self.jobs.insert(job.operation, entry);
                self.queue(job.project).in_flight += 1;
                self.load.in_flight += 1;
                if let Some(host) = job.host {
                    self.hosts.entry(host).or_default().in_flight += 1;
                }
            }
        }
        if let Some(entry) = self.jobs.get_mut(&job.operation).filter(|entry| entry.restarted) {
            self.begun.start(entry);
        }
        self.load.max_waiting = most;
        self.restored = self.restored.max(self.load.waiting);
    }

    /// The most first-time waiting jobs there were when jobs were put back: the bound may be
    /// passed by so many.
    pub const fn restored(&self) -> usize {
        self.restored
    }
}
