//! Waking workers, one at a time, and no more than are of use.
//!
//! A job that can start needs one worker awake. If each of a thousand jobs woke one, a thousand
//! threads would race for work that the first few have done by the time the others are up. So at
//! most one wake-up is on its way: the woken worker says that it is up before it looks for work,
//! and if it leaves work behind, it wakes the next.
//!
//! No wake-up is lost: a job is added under the store's lock *before* `one` is called. If a
//! wake-up was on its way then, its worker looks under the same lock *after* clearing the flag,
//! so it sees the job.
//!
//! Where operations are over at once, waking a worker costs more than doing what it is woken for.
//! Then no more workers are woken than can run, and what a wake-up was left out for is done by those
//! that are awake. That loses none either: whoever leaves one out says so (`skipped`) and then looks
//! again at how many are awake; a worker that lies down is counted out and then looks at what was
//! skipped. One of the two sees the other.

use std::sync::atomic::Ordering;

use tokio::sync::Notify;

use crate::sync::{AtomicBool, AtomicUsize};

/// Wakes idle workers, one at a time.
#[derive(Debug)]
pub struct Wake {
    notify: Notify,
    /// Whether a wake-up is on its way. `AcqRel`/`Release`: see the module's own text.
    pending: AtomicBool,
    /// Whether workers are to stop.
    closed: AtomicBool,
    /// Workers that look for work, or do some without waiting. `SeqCst`, as `skipped`: each side
    /// writes one of them and then reads the other.
    awake: AtomicUsize,
    /// As many awake are enough. Relaxed: set before there are workers.
    enough: AtomicUsize,
    /// Whether a wake-up was left out as enough were awake.
    skipped: AtomicBool,
    /// Whether nothing is left out of what is woken for. Relaxed: set before there are workers.
    each: AtomicBool,
}

impl Default for Wake {
    fn default() -> Self {
        Self {
            notify: Notify::default(),
            pending: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            awake: AtomicUsize::new(0),
            enough: AtomicUsize::new(usize::MAX),
            skipped: AtomicBool::new(false),
            each: AtomicBool::new(false),
        }
    }
}

impl Wake {
    /// From here on no worker is woken while so many are awake. For operations that wait for
    /// nothing; to be called before there are workers.
    pub fn set_enough(&self, workers: usize) {
        self.enough.store(workers.max(1), Ordering::Relaxed);
    }

    /// From here on an outcome that leaves work behind wakes a worker even where its own takes that
    /// work in the same step. For virtual time, where who waits longest is part of a history. To be
    /// called before there are workers.
    pub fn set_each(&self) {
        self.each.store(true, Ordering::Relaxed);
    }

    /// Whether each outcome that leaves work behind wakes a worker.
    pub(crate) fn is_each(&self) -> bool {
        self.each.load(Ordering::Relaxed)
    }

    /// Wakes one idle worker, or the next that would become idle, unless one is on its way or
    /// enough are awake.
    pub fn one(&self) {
        if self.are_enough() {
            self.skipped.store(true, Ordering::SeqCst);
            if self.are_enough() {
                return;
            }
        }
        if !self.pending.swap(true, Ordering::AcqRel) {
            self.notify.notify_one();
        }
    }

    fn are_enough(&self) -> bool {
        self.awake.load(Ordering::SeqCst) >= self.enough.load(Ordering::Relaxed)
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

    /// A worker looks for work from here on, or goes on with some.
    pub fn rise(&self) {
        self.awake.fetch_add(1, Ordering::SeqCst);
    }

    /// A worker that [rose](Self::rise) is about to wait. Whether a wake-up may have been left out
    /// for it: then somebody has to look for work, this worker or one that it wakes.
    #[must_use = "there may be work that nobody looks for"]
    pub fn lie_down(&self) -> bool {
        self.awake.fetch_sub(1, Ordering::SeqCst);
        self.skipped.load(Ordering::SeqCst) && self.skipped.swap(false, Ordering::SeqCst)
    }

    /// Whether any worker looks for work, or does some that waits for nothing.
    pub fn is_anybody_awake(&self) -> bool {
        self.awake.load(Ordering::SeqCst) > 0
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
