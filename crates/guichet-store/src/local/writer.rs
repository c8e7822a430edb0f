//! The one thread that writes batches and publishes what they made durable.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use guichet_core::fleet::Changes;
use guichet_core::limits;

use super::inner::Inner;
use super::pending::Waiter;
use crate::hub::LogEntry;
use crate::journal::log::{Batch, Log, LogError, OnTrouble};
use crate::sync::{thread, timed};

/// Writes batches to a log. See the module's own text.
pub(super) struct Writer {
    inner: Arc<Inner>,
    log: Box<dyn Log>,
    on_trouble: OnTrouble,
    /// Whether the log is full at present.
    is_stalled: bool,
    batch: Batch,
}

impl Writer {
    pub(super) fn new(inner: Arc<Inner>, log: Box<dyn Log>, on_trouble: OnTrouble) -> Self {
        inner.written.set_lengths(log.lengths());
        let at = inner.clock.now();
        let batch =
            Batch { changes: Changes::default(), records: Vec::new(), names: Vec::new(), at };
        Self { inner, log, on_trouble, is_stalled: false, batch }
    }

    /// Writes until the store is closed, or until the journal is lost.
    pub(super) fn run(mut self) {
        self.inner.signal.attach_writer();
        // What a panic leaves behind is not looked at again: nothing is known any more.
        let ended = catch_unwind(AssertUnwindSafe(|| self.write_until_closed()));
        let ended = ended
            .unwrap_or_else(|_| Err(self.lost(LogError::Lost("its writer panicked".to_owned()))));
        // Whoever learns that it has ended may open the directory at once.
        let Self { inner, log, .. } = self;
        drop(log);
        let left = inner.state.with(|state| {
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

    fn write_until_closed(&mut self) -> Result<(), LogError> {
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
    fn step(&mut self) -> Result<bool, LogError> {
        self.inner.signal.lower();
        self.batch.at = self.inner.clock.now();
        let batch = &mut self.batch;
        let entries = self.inner.state.with(|state| state.take_batch(batch));
        if batch.changes.is_empty() && batch.records.is_empty() && batch.names.is_empty() {
            return Ok(false);
        }
        let (wrote, took) = timed(|| self.write());
        wrote?;
        let answers = self.publish(entries);
        let written = &self.inner.written;
        written.batches.fetch_add(1, Ordering::Relaxed);
        written.rows.fetch_add(self.batch.changes.len() as u64, Ordering::Relaxed);
        written.answers.fetch_add(answers as u64, Ordering::Relaxed);
        written.commits.add(took);
        self.batch.changes.clear();
        self.batch.records.clear();
        self.batch.names.clear();
        let tidied = self.log.tidy();
        self.inner.written.set_lengths(self.log.lengths());
        match tidied {
            // What is put in order later costs only space.
            Ok(()) | Err(LogError::Full(_)) => Ok(true),
            Err(lost) => Err(self.lost(lost)),
        }
    }

    /// Writes the batch, again and again while the log is full.
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
                    self.set_trouble(&full);
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

    fn set_trouble(&self, error: &LogError) {
        self.inner.state.with(|state| {
            if let Some(pending) = &mut state.pending {
                pending.trouble = Some(error.clone());
            }
        });
    }

    /// Nothing is known any more: nobody is answered, now or later.
    fn lost(&self, error: LogError) -> LogError {
        self.set_trouble(&error);
        (self.on_trouble)(Err(&error));
        error
    }

    /// Shows readers what is durable, a few rows in each hold of the lock, and then answers.
    fn publish(&mut self, entries: Vec<LogEntry>) -> usize {
        let changes = &self.batch.changes;
        let oldest = changes.rows.values().map(|image| image.server.updated).min();
        let mut rows = changes.rows.iter();
        let mut entries = Some(entries);
        let waiters = loop {
            let done = self.inner.state.with_moment(|state, moment| {
                state.fleet.publish(rows.by_ref().take(limits::ROWS_PER_LOCK_MAX));
                if rows.len() > 0 {
                    return None;
                }
                state.fleet.publish_rest(changes);
                if let Some((pending, oldest)) = state.pending.as_mut().zip(oldest) {
                    pending.publications.add(self.inner.at(moment), oldest);
                }
                self.inner.hub.append(entries.take().into_iter().flatten());
                Some(state.take_written())
            });
            if let Some(waiters) = done {
                break waiters;
            }
        };
        let answers = waiters.len();
        waiters.into_iter().for_each(Waiter::answer);
        self.inner.wake.one();
        self.inner.hub.notify();
        answers
    }
}
