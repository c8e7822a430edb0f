//! Lines on their way to a file: a bounded channel that no request waits for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// What is written down as a line.
pub trait Line: Send + 'static {
    /// Its text, without an end.
    fn text(self) -> String;
}

impl Line for String {
    fn text(self) -> String {
        self
    }
}

/// Counts of a channel. Relaxed, all of them: nothing is ordered by them.
#[derive(Debug, Default)]
struct Counts {
    /// Lines that are on their way, and places that are kept for some.
    waiting: AtomicUsize,
    /// Lines that had no place.
    lost: AtomicU64,
    /// Lines that had one.
    handed: AtomicU64,
}

/// Where lines are handed on. Clones are the same.
#[derive(Debug)]
pub(crate) struct Sender<T> {
    /// Has as many places as may wait, so whoever has one of them never finds it full.
    lines: SyncSender<T>,
    counts: Arc<Counts>,
    most: usize,
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        let counts = Arc::clone(&self.counts);
        Self { lines: self.lines.clone(), counts, most: self.most }
    }
}

/// What is handed on. It ends when nobody hands on any more.
#[derive(Debug)]
pub struct Lines<T> {
    /// The lines; each is to be told of by [`written`](Self::written).
    pub lines: Receiver<T>,
    counts: Arc<Counts>,
}

impl<T> Lines<T> {
    /// How many lines had no place, since somebody asked that.
    pub fn take_lost(&self) -> u64 {
        self.counts.lost.swap(0, Ordering::Relaxed)
    }

    /// So many are written, or given up: they wait no more.
    pub fn written(&self, count: usize) {
        self.counts.waiting.fetch_sub(count, Ordering::Relaxed);
    }
}

/// A channel for so many lines.
pub(crate) fn channel<T>(most: usize) -> (Sender<T>, Lines<T>) {
    let (lines, received) = sync_channel(most);
    let counts = Arc::<Counts>::default();
    let sender = Sender { lines, counts: Arc::clone(&counts), most };
    (sender, Lines { lines: received, counts })
}

impl<T> Sender<T> {
    /// Keeps a place for a line. Whether there was one; whoever has it hands a line on, or gives it back.
    pub(crate) fn keep_place(&self) -> bool {
        let is_kept = self.counts.waiting.fetch_add(1, Ordering::Relaxed) < self.most;
        if !is_kept {
            self.give_back();
        }
        is_kept
    }

    /// Gives a place back that was kept.
    pub(crate) fn give_back(&self) {
        self.counts.waiting.fetch_sub(1, Ordering::Relaxed);
    }

    /// Hands a line on, if it has a place; it is counted otherwise.
    pub(crate) fn hand_on(&self, line: T) {
        if self.keep_place() {
            self.hand_on_record(line);
        } else {
            self.counts.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Hands a line on for which a place was kept.
    pub(crate) fn hand_on_record(&self, line: T) {
        let is_sent = self.lines.try_send(line).is_ok();
        let counted = if is_sent { &self.counts.handed } else { &self.counts.lost };
        counted.fetch_add(1, Ordering::Relaxed);
        if !is_sent {
            self.give_back();
        }
    }

    /// How many lines were handed on so far.
    pub(crate) fn handed(&self) -> u64 {
        self.counts.handed.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_is_kept_is_nobody_elses() {
        let (sender, lines) = channel(2);
        assert!(sender.keep_place());
        sender.hand_on("one".to_owned());
        assert!(!sender.keep_place());
        sender.hand_on("two".to_owned());
        assert_eq!((lines.take_lost(), lines.take_lost()), (1, 0));
        sender.hand_on_record("three".to_owned());
        let received: Vec<String> = lines.lines.try_iter().collect();
        assert_eq!((received, sender.handed()), (vec!["one".to_owned(), "three".to_owned()], 2));
        // They wait until they are written.
        assert!(!sender.keep_place());
        lines.written(2);
        assert!(sender.keep_place());
        sender.give_back();
        drop(lines);
        sender.hand_on("four".to_owned());
        assert!(sender.keep_place() && sender.keep_place());
    }
}
