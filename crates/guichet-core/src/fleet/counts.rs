//! What happened to operations, counted from their events.

use serde::Serialize;

use crate::event::{Event, EventKind};
use crate::server::Failure;

/// Operations by what became of them, and the most servers there ever were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Taken in.
    pub accepted: u64,
    /// Done.
    pub succeeded: u64,
    /// Failed for good.
    pub failed: u64,
    /// Given up for a delete or a hard reboot.
    pub cancelled: u64,
    /// Attempts after the first.
    pub retried: u64,
    /// Starts.
    pub started: u64,
    /// Of the failed: no host had room.
    pub failed_no_valid_host: u64,
    /// Of the failed: the driver said so.
    pub failed_driver: u64,
    /// Of the failed: the driver did not answer in time.
    pub failed_deadline: u64,
    /// Of the failed: the service stopped during their last attempt.
    pub failed_interrupted: u64,
    /// Most servers that existed at once.
    pub peak_servers: usize,
}

impl Counts {
    /// Operations that are over.
    pub const fn finished(&self) -> u64 {
        self.succeeded + self.failed + self.cancelled
    }

    /// What happened after `earlier`, a look at the same counts; the peak is the whole run's.
    #[must_use]
    pub const fn since(&self, earlier: &Self) -> Self {
        Self {
            accepted: self.accepted - earlier.accepted,
            succeeded: self.succeeded - earlier.succeeded,
            failed: self.failed - earlier.failed,
            cancelled: self.cancelled - earlier.cancelled,
            retried: self.retried - earlier.retried,
            started: self.started - earlier.started,
            failed_no_valid_host: self.failed_no_valid_host - earlier.failed_no_valid_host,
            failed_driver: self.failed_driver - earlier.failed_driver,
            failed_deadline: self.failed_deadline - earlier.failed_deadline,
            failed_interrupted: self.failed_interrupted - earlier.failed_interrupted,
            peak_servers: self.peak_servers,
        }
    }

    pub(super) fn event(&mut self, event: &Event) {
        match event.kind {
            EventKind::Accepted => self.accepted += 1,
            EventKind::Started => self.started += 1,
            EventKind::Requeued => self.retried += 1,
            EventKind::Succeeded => self.succeeded += 1,
            EventKind::Cancelled => self.cancelled += 1,
            EventKind::Failed => {
                self.failed += 1;
                match event.failure {
                    Some(Failure::NoValidHost) => self.failed_no_valid_host += 1,
                    Some(Failure::Deadline) => self.failed_deadline += 1,
                    Some(Failure::Interrupted) => self.failed_interrupted += 1,
                    Some(Failure::Driver) | None => self.failed_driver += 1,
                }
            }
        }
    }

    pub(super) fn peak(&mut self, servers: usize) {
        self.peak_servers = self.peak_servers.max(servers);
    }
}
