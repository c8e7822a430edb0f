//! How the writer learns that there is something to write.

use std::sync::OnceLock;
use std::sync::atomic::Ordering;

use guichet_core::limits;

use crate::sync::thread::{self, Thread};
use crate::sync::{AtomicBool, AtomicUsize};

/// How soon the writer is to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Urgency {
    /// There is nothing to write.
    #[default]
    Never,
    /// Nobody waits for it: within [`limits::JOURNAL_PAUSE`].
    Soon,
    /// Somebody waits for it.
    Now,
}

/// Wakes the writer when there is something to write.
#[derive(Debug, Default)]
pub(super) struct Signal {
    /// An [`Urgency`] as a number. `AcqRel`: who raises it has left what is to be written under
    /// the store's lock before; the writer lowers it before it takes that lock.
    level: AtomicUsize,
    closing: AtomicBool,
    /// The writer, once it runs.
    thread: OnceLock<Thread>,
}

impl Signal {
    /// The calling thread is the writer, and is woken from now on.
    pub(super) fn attach_writer(&self) {
        // There is one writer for a store, so it is set once.
        let _ = self.thread.set(thread::current());
    }

    /// To be called without any lock, after the step that left something to write.
    pub(super) fn want(&self, urgency: Urgency) {
        let level = urgency as usize;
        if level > 0 && self.level.fetch_max(level, Ordering::AcqRel) < level {
            self.wake();
        }
    }

    /// The writer is to write what there is, and to end.
    pub(super) fn close(&self) {
        self.closing.store(true, Ordering::Release);
        self.wake();
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }

    fn wake(&self) {
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }

    /// Waits for something to write. A wake-up too many only writes early.
    pub(super) fn wait(&self) {
        loop {
            if self.is_closing() {
                return;
            }
            match self.level.load(Ordering::Acquire) {
                level if level == Urgency::Now as usize => return,
                level if level == Urgency::Soon as usize => {
                    thread::park_timeout(limits::JOURNAL_PAUSE);
                    return;
                }
                _ => thread::park(),
            }
        }
    }

    /// What is wanted from now on is wanted anew. To be called before the state is looked at.
    pub(super) fn lower(&self) {
        self.level.store(Urgency::Never as usize, Ordering::Release);
    }
}
