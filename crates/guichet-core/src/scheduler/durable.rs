//! The queue where records come first, and putting back what an earlier process took in.

use super::{Entry, Place, Scheduler};
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
        if entry.place == Place::Unwritten {
            let turn = entry.turn;
            self.back_to_line(operation, turn);
        }
    }

    /// A job's number in the order of pushes, by which it can be [put back](Self::restore).
    pub fn turn(&self, operation: OperationId) -> Option<u64> {
        self.jobs.get(&operation).map(|entry| entry.turn)
    }

    /// Puts a job back that an earlier process took in: its record is durable, and it stands
    /// where it stood. The queue's bound does not turn it away: it was taken in before.
    pub fn restore(&mut self, job: Job, turn: u64, was: Restored) {
        self.next_turn = self.next_turn.max(turn);
        let most = self.load.max_waiting;
        match was {
            Restored::New => self.insert(job, turn, Place::Ready, false, true),
            Restored::Started { not_before: Some(until) } => {
                self.insert(job, turn, Place::Held { until, behind: None }, true, true);
            }
            Restored::Started { not_before: None } => {
                self.insert(job, turn, Place::Ready, true, true);
            }
            Restored::Running => {
                let place = Place::Running;
                let entry = Entry { job, turn, place, restarted: true, written: true };
                self.jobs.insert(job.operation, entry);
                self.line(job.project).in_flight += 1;
                self.load.in_flight += 1;
                if let Some(host) = job.host {
                    self.hosts.entry(host).or_default().in_flight += 1;
                }
            }
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
