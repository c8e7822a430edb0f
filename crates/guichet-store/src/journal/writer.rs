//! The one thread that writes batches and publishes what they made durable.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use guichet_core::event::Event;
use guichet_core::fleet::Changes;
use guichet_core::limits;

use super::{Batch, Log, LogError};
use crate::hub::LogEntry;
use crate::local::Inner;
use crate::local::pending::Waiter;
use crate::sync::thread::{self, Thread};
use crate::sync::{AtomicBool, AtomicUsize};

/// How soon the writer is to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Urgency {
    /// There is nothing to write.
    #[default]
    Never,
    /// Nobody waits for it: within [`limits::JOURNAL_PAUSE`].
    Soon,
    /// Somebody waits for it.
    Now,
}

/// Tells the writer that there is something to write.
#[derive(Debug, Default)]
pub(crate) struct Signal {
    /// An [`Urgency`] as a number. `AcqRel`: who raises it has left what is to be written under
    /// the store's lock before; the writer lowers it before it takes that lock.
    level: AtomicUsize,
    closing: AtomicBool,
    /// The writer, once it runs.
    thread: OnceLock<Thread>,
}

impl Signal {
    /// To be called without any lock, after the step that left something to write.
    pub(crate) fn want(&self, urgency: Urgency) {
        let level = urgency as usize;
        if level > 0 && self.level.fetch_max(level, Ordering::AcqRel) < level {
            self.wake();
        }
    }

    /// The writer is to write what there is, and to end.
    pub(crate) fn close(&self) {
        self.closing.store(true, Ordering::Release);
        self.wake();
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }

    fn wake(&self) {
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }

    /// Waits for something to write. A wake-up too many only writes early.
    fn wait(&self) {
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

    fn lower(&self) {
        self.level.store(Urgency::Never as usize, Ordering::Release);
    }
}

/// What the writer has done. Relaxed: statistics, ordered by nothing else.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) batches: AtomicU64,
    pub(crate) rows: AtomicU64,
    pub(crate) answers: AtomicU64,
}

/// Told when the log cannot be written, once however often it is tried, and `Ok` when it can be
/// again. When it is lost: to end the process, if it is not a test.
pub type OnTrouble = Box<dyn Fn(Result<(), &LogError>) + Send>;

/// Writes batches to a log. See the module's own text.
pub(crate) struct Writer {
    inner: Arc<Inner>,
    log: Box<dyn Log>,
    on_trouble: OnTrouble,
    /// Whether there is no room at present.
    is_stalled: bool,
    batch: Batch,
}

impl Writer {
    pub(crate) fn new(inner: Arc<Inner>, log: Box<dyn Log>, on_trouble: OnTrouble) -> Self {
        let at = inner.clock.now();
        let batch = Batch { changes: Changes::default(), kept: Vec::new(), at };
        Self { inner, log, on_trouble, is_stalled: false, batch }
    }

    /// Writes until it is told to close, or until the journal is lost.
    pub(crate) fn run(mut self) {
        // There is one writer for a store, so it is set once.
        let _ = self.inner.signal.thread.set(thread::current());
        // What a panic leaves behind is not looked at again: nothing is known any more.
        let ended = catch_unwind(AssertUnwindSafe(|| self.until_the_end()));
        let ended = ended
            .unwrap_or_else(|_| Err(self.lost(LogError::Lost("its writer panicked".to_owned()))));
        let left = self.inner.state.with(|state| {
            let pending = state.pending.as_mut()?;
            pending.ended = Some(ended.clone());
            // Whoever still waits is not answered; see [`crate::Reply::wait`].
            let unanswered =
                (std::mem::take(&mut pending.waiting), std::mem::take(&mut pending.writing));
            Some((unanswered, std::mem::take(&mut pending.closing)))
        });
        let (unanswered, closing) = left.unwrap_or_default();
        drop(unanswered);
        for sender in closing {
            // Nobody waiting any more is no error.
            let _ = sender.send(ended.clone());
        }
    }

    fn until_the_end(&mut self) -> Result<(), LogError> {
        loop {
            self.inner.signal.wait();
            let is_closing = self.inner.signal.is_closing();
            let wrote = self.step()?;
            if is_closing && !wrote {
                // All that was decided is written; what is left over is put in order at the next
                // start, unless the file itself is broken.
                return match self.log.close() {
                    Ok(()) | Err(LogError::Full(_)) => Ok(()),
                    Err(lost) => Err(self.lost(lost)),
                };
            }
        }
    }

    /// Writes one batch of all that waits and publishes it; false if nothing did.
    pub(crate) fn step(&mut self) -> Result<bool, LogError> {
        self.inner.signal.lower();
        self.batch.at = self.inner.clock.now();
        let batch = &mut self.batch;
        let events = self.inner.state.with(|state| state.take(batch));
        if batch.changes.is_empty() && batch.kept.is_empty() {
            return Ok(false);
        }
        self.write()?;
        let answers = self.publish(events);
        let written = &self.inner.written;
        written.batches.fetch_add(1, Ordering::Relaxed);
        written.rows.fetch_add(self.batch.changes.len() as u64, Ordering::Relaxed);
        written.answers.fetch_add(answers as u64, Ordering::Relaxed);
        self.batch.changes.clear();
        self.batch.kept.clear();
        match self.log.tidy() {
            // What is put in order later costs only room.
            Ok(()) | Err(LogError::Full(_)) => Ok(true),
            Err(lost) => Err(self.lost(lost)),
        }
    }

    /// Writes the batch, again and again while there is no room for it.
    fn write(&mut self) -> Result<(), LogError> {
        loop {
            match self.log.write(&self.batch) {
                Ok(()) => {
                    if std::mem::take(&mut self.is_stalled) {
                        (self.on_trouble)(Ok(()));
                    }
                    return Ok(());
                }
                Err(full @ LogError::Full(_)) => {
                    self.trouble(&full);
                    if !std::mem::replace(&mut self.is_stalled, true) {
                        (self.on_trouble)(Err(&full));
                    }
                    if self.inner.signal.is_closing() {
                        return Err(full);
                    }
                    thread::park_timeout(limits::JOURNAL_RETRY);
                }
                Err(lost) => return Err(self.lost(lost)),
            }
        }
    }

    fn trouble(&self, error: &LogError) {
        self.inner.state.with(|state| {
            if let Some(pending) = &mut state.pending {
                pending.trouble = Some(error.clone());
            }
        });
    }

    /// Nothing is known any more: nobody is answered, now or later.
    fn lost(&self, error: LogError) -> LogError {
        self.trouble(&error);
        (self.on_trouble)(Err(&error));
        error
    }

    /// Shows readers what is durable, a few rows in each hold of the lock, and then answers.
    fn publish(&mut self, events: Vec<Event>) -> usize {
        let changes = &self.batch.changes;
        let mut rows = changes.rows.iter();
        let mut events = Some(events);
        let waiters = loop {
            let done = self.inner.state.with(|state| {
                state.fleet.publish(rows.by_ref().take(limits::ROWS_PER_LOCK_MAX));
                if rows.len() > 0 {
                    return None;
                }
                state.fleet.publish_sums(changes);
                let events = events.take().into_iter().flatten().map(LogEntry::Event);
                self.inner.hub.append(events);
                Some(state.written())
            });
            if let Some(waiters) = done {
                break waiters;
            }
        };
        let answers = waiters.len();
        waiters.into_iter().for_each(Waiter::tell);
        self.inner.wake.one();
        self.inner.hub.tell();
        answers
    }
}
