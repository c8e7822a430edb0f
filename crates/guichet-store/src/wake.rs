//! Waking workers, one at a time.
//!
//! A job that can start needs one worker awake. If each of a thousand jobs woke one, a thousand
//! threads would race for work that the first few have done by the time the others are up. So at
//! most one wake-up is on its way: the woken worker says that it is up before it looks for work,
//! and if it leaves work behind, it wakes the next.
//!
//! No wake-up is lost: a job is added under the store's lock *before* `one` is called. If a
//! wake-up was on its way then, its worker looks under the same lock *after* clearing the flag,
//! so it sees the job.

use std::sync::atomic::Ordering;

use tokio::sync::Notify;

use crate::sync::AtomicBool;

/// Wakes idle workers, one at a time.
#[derive(Debug, Default)]
pub struct Wake {
    notify: Notify,
    /// Whether a wake-up is on its way. `AcqRel`/`Release`: see the module's own text.
    pending: AtomicBool,
    /// Whether workers are to stop.
    closed: AtomicBool,
}

impl Wake {
    /// Wakes one idle worker, or the next that would become idle, unless one is on its way.
    pub fn one(&self) {
        if !self.pending.swap(true, Ordering::AcqRel) {
            self.notify.notify_one();
        }
    }

    /// What a worker waits for: to be made *before* it looks for work the last time, and
    /// awaited if there was none.
    pub fn waiting(&self) -> tokio::sync::futures::Notified<'_> {
        self.notify.notified()
    }

    /// A worker is up and about to look for work.
    pub fn up(&self) {
        self.pending.store(false, Ordering::Release);
    }

    /// Ends all workers, once each has finished what it does.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.notify.notify_waiters();
        self.notify.notify_one();
    }

    /// Whether workers are to stop.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }
}
