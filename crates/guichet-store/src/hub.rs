//! What happened, in order, for whoever wants to know.
//!
//! Records are appended while the store's lock is held, so their order is the order of
//! decisions; readers are notified after it is released. Nobody reading costs nothing: then
//! records are dropped at once. A plain [`Subscription`] may fall behind, and its next batch says
//! how many it missed. A *lossless* one misses nothing: those who cause records wait in
//! [`Hub::caught_up`] (before they ask, holding no lock) while the slowest of these is too far
//! behind.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use guichet_core::action::Action;
use guichet_core::event::{Change, Event};
use guichet_core::ids::{ClientId, ProjectId, RequestId, ServerId};
use guichet_core::limits;
use guichet_core::refusal::RefusalKind;
use guichet_core::time::Timestamp;
use tokio::sync::Notify;

use crate::sync::{AtomicBool, AtomicUsize, Mutex, MutexGuard};

/// A request that was refused: not a transition, but worth an entry in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// When it was refused.
    pub at: Timestamp,
    /// The request that was refused.
    pub request: RequestId,
    /// The client that sent it.
    pub client: ClientId,
    /// The project it was sent for.
    pub project: ProjectId,
    /// The action that was asked for.
    pub action: Action,
    /// The server it was to act on, if it named one.
    pub server: Option<ServerId>,
    /// Why it was refused.
    pub kind: RefusalKind,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogEntry {
    /// A transition of an operation.
    Event(Event),
    /// A change of a server that no operation made.
    Changed(Change),
    /// A request that was refused.
    Refused(Refused),
    /// A text that somebody else wants in the same order (a history's `invoke` and `return`).
    Note(Box<str>),
}

#[derive(Debug, Default)]
struct Ring {
    records: VecDeque<LogEntry>,
    /// The position of the first record that is still here.
    first: u64,
    /// For each lossless reader its number and the position it has read up to.
    pinned: Vec<(u64, u64)>,
    /// The number of the next lossless reader.
    next_pin: u64,
}

impl Ring {
    fn end(&self) -> u64 {
        self.first + self.records.len() as u64
    }

    /// The position the slowest lossless reader has read up to; the end if there is none.
    fn read_by_all(&self) -> u64 {
        self.pinned.iter().map(|(_, position)| *position).min().unwrap_or(self.end())
    }

    /// Drops what nobody may ask for any more.
    fn trim(&mut self) {
        let read = self.read_by_all();
        while self.records.len() > limits::EVENTS_MAX && read > self.first {
            self.records.pop_front();
            self.first += 1;
        }
    }

    /// Whether a lossless reader is too far behind.
    fn is_behind(&self) -> bool {
        self.end() - self.read_by_all() > limits::HISTORY_BACKLOG_MAX as u64
    }
}

#[derive(Debug, Default)]
struct Shared {
    /// Held for pushing or copying a few records; by `append` inside the store's lock, so nobody
    /// takes the store's lock while holding this one.
    ring: Mutex<Ring>,
    /// How many subscriptions there are; without one, records are dropped at once.
    readers: AtomicUsize,
    /// Whether a lossless reader is too far behind. A hint: `caught_up` looks again under
    /// the lock.
    full: AtomicBool,
    closed: AtomicBool,
    changed: Notify,
    read: Notify,
}

impl Shared {
    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_read(&self) -> bool {
        self.readers.load(Ordering::Relaxed) > 0
    }
}

/// Where records go; clones are the same hub.
#[derive(Debug, Clone, Default)]
pub struct Hub {
    shared: Arc<Shared>,
}

impl Hub {
    /// Whether there is anybody who reads.
    pub fn is_read(&self) -> bool {
        self.shared.is_read()
    }

    /// Appends records; readers are woken by the next [`notify`](Self::notify).
    pub fn append(&self, records: impl IntoIterator<Item = LogEntry>) {
        if !self.is_read() {
            return;
        }
        let mut ring = self.shared.ring();
        ring.records.extend(records);
        ring.trim();
        if ring.is_behind() {
            self.shared.full.store(true, Ordering::Relaxed);
        }
    }

    /// Wakes readers, for there is something new. To be called without any lock.
    pub fn notify(&self) {
        if self.is_read() {
            self.shared.changed.notify_waiters();
        }
    }

    /// Appends one record and wakes readers.
    pub fn note(&self, record: LogEntry) {
        self.append([record]);
        self.notify();
    }

    /// Whether a lossless reader may be too far behind: then [`caught_up`](Self::caught_up) is to be
    /// awaited before causing more.
    pub fn is_behind(&self) -> bool {
        self.shared.full.load(Ordering::Relaxed)
    }

    /// Waits until the slowest lossless reader has caught up. To be awaited before causing records,
    /// with no lock held.
    pub async fn caught_up(&self) {
        while self.shared.full.load(Ordering::Relaxed) {
            let read = self.shared.read.notified();
            if !self.shared.ring().is_behind() {
                self.shared.full.store(false, Ordering::Relaxed);
                return;
            }
            read.await;
        }
    }

    /// Reads from here on; may miss what it is too slow for.
    pub fn subscribe(&self) -> Subscription {
        self.reader(false)
    }

    /// Reads from here on and misses nothing, as does every other of its kind: the slowest is
    /// waited for.
    pub fn subscribe_lossless(&self) -> Subscription {
        self.reader(true)
    }

    fn reader(&self, lossless: bool) -> Subscription {
        self.shared.readers.fetch_add(1, Ordering::Relaxed);
        let mut ring = self.shared.ring();
        let position = ring.end();
        let pinned = lossless.then_some(ring.next_pin);
        if let Some(number) = pinned {
            ring.pinned.push((number, position));
            ring.next_pin += 1;
        }
        drop(ring);
        Subscription { shared: Arc::clone(&self.shared), position, pinned }
    }

    /// No more records will come: readers get what is left, then an end.
    pub fn close(&self) {
        self.shared.closed.store(true, Ordering::Release);
        self.shared.changed.notify_waiters();
    }
}

/// Some records in order, and how many were missed before them.
#[derive(Debug, Default)]
pub struct Batch {
    /// The records, oldest first.
    pub records: Vec<LogEntry>,
    /// How many were dropped before the first of them because the reader was too slow.
    pub missed: u64,
}

/// A reader of records.
#[derive(Debug)]
pub struct Subscription {
    shared: Arc<Shared>,
    position: u64,
    /// Its number among the lossless readers, if it is one.
    pinned: Option<u64>,
}

impl Subscription {
    /// What is new, up to [`limits::EVENT_BATCH_MAX`] records, without waiting.
    pub fn try_batch(&mut self) -> Batch {
        let mut ring = self.shared.ring();
        let missed = ring.first.saturating_sub(self.position);
        self.position += missed;
        let skip = usize::try_from(self.position - ring.first).unwrap_or(usize::MAX);
        let records: Vec<LogEntry> = if self.shared.readers.load(Ordering::Relaxed) == 1 {
            // Nobody else wants them: whoever comes meanwhile waits for the lock, and reads from the end.
            let count = (skip + limits::EVENT_BATCH_MAX).min(ring.records.len());
            ring.first += count as u64;
            ring.records.drain(..count).skip(skip).collect()
        } else {
            let new = ring.records.iter().skip(skip).take(limits::EVENT_BATCH_MAX);
            new.cloned().collect()
        };
        self.position += records.len() as u64;
        if let Some(number) = self.pinned {
            if let Some(pin) = ring.pinned.iter_mut().find(|(pin, _)| *pin == number) {
                pin.1 = self.position;
            }
            ring.trim();
            drop(ring);
            self.shared.read.notify_waiters();
        }
        Batch { records, missed }
    }

    /// The newest of what is new, `most` records at most; what is older counts as missed. For one
    /// who looks now and then, and not for a lossless reader.
    pub fn newest(&mut self, most: usize) -> Batch {
        let ring = self.shared.ring();
        let end = ring.end();
        let new = usize::try_from(end - self.position).unwrap_or(usize::MAX);
        let shown = new.min(most).min(ring.records.len());
        let skip = ring.records.len() - shown;
        let records = ring.records.iter().skip(skip).cloned().collect();
        let missed = end - self.position - shown as u64;
        drop(ring);
        self.position = end;
        Batch { records, missed }
    }

    /// Waits for something new; `None` once the hub is closed and all was read.
    pub async fn batch(&mut self) -> Option<Batch> {
        let shared = Arc::clone(&self.shared);
        loop {
            let changed = shared.changed.notified();
            let closed = shared.closed.load(Ordering::Acquire);
            let batch = self.try_batch();
            if !batch.records.is_empty() || batch.missed > 0 {
                return Some(batch);
            }
            if closed {
                return None;
            }
            changed.await;
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(number) = self.pinned {
            let mut ring = self.shared.ring();
            ring.pinned.retain(|(pin, _)| *pin != number);
            ring.trim();
            // Another one may still be.
            self.shared.full.store(ring.is_behind(), Ordering::Relaxed);
            drop(ring);
            self.shared.read.notify_waiters();
        }
        if self.shared.readers.fetch_sub(1, Ordering::Relaxed) == 1 {
            let mut ring = self.shared.ring();
            // Looked at again under the lock: one who came meanwhile reads from where it came.
            if !self.shared.is_read() {
                ring.first = ring.end();
                ring.records.clear();
            }
        }
    }
}
