//! What changed lately, as readers were shown it: for those who ask for what changed since a moment.

use std::collections::VecDeque;

use super::Slot;
use crate::limits;
use crate::time::Timestamp;

/// The last changes of rows, the oldest in front. A row that changed twice is there twice.
#[derive(Debug, Clone)]
pub(super) struct Recent {
    /// Each with a moment that goes up from entry to entry and is not before the row's stamp: a batch
    /// of a journal shows its rows in no order.
    changes: VecDeque<(Timestamp, Slot)>,
    /// How many were dropped: what numbers those that are left.
    dropped: u64,
    /// The newest stamp of a row whose change is not here any more.
    forgotten: Option<Timestamp>,
}

impl Recent {
    /// None yet. All the memory there will be is taken at once: none grows under the lock.
    pub(super) fn new() -> Self {
        let changes = VecDeque::with_capacity(limits::CHANGES_MAX);
        Self { changes, dropped: 0, forgotten: None }
    }

    /// A row is shown with this stamp from here on.
    pub(super) fn add(&mut self, stamp: Timestamp, slot: Slot) {
        let moment = self.changes.back().map_or(stamp, |(last, _)| stamp.max(*last));
        if self.changes.len() >= limits::CHANGES_MAX {
            self.forgotten = self.changes.pop_front().map(|(moment, _)| moment);
            self.dropped += 1;
        }
        self.changes.push_back((moment, slot));
    }

    /// Rows that were shown before all this, with their stamps, in any order: the last to change are
    /// remembered.
    pub(super) fn restore(&mut self, mut rows: Vec<(Timestamp, Slot)>) {
        rows.sort_unstable();
        let first = rows.len().saturating_sub(limits::CHANGES_MAX);
        self.forgotten = rows[..first].last().map(|(stamp, _)| *stamp);
        self.changes.extend(rows.drain(first..));
    }

    /// Whether every row that changed from this moment on is here.
    pub(super) fn has_all_since(&self, since: Timestamp) -> bool {
        self.forgotten.is_none_or(|forgotten| forgotten < since)
    }

    /// Up to `count` places of rows that changed from `since` on, the last changed first, before the
    /// change of number `before`, each with a moment that its stamp is not past. Where to go on, if there
    /// are more.
    pub(super) fn since(
        &self,
        since: Timestamp,
        before: Option<u64>,
        count: usize,
    ) -> (impl Iterator<Item = (Timestamp, Slot)> + '_, Option<u64>) {
        let all = self.changes.len();
        let end =
            before.map_or(all, |before| before.saturating_sub(self.dropped) as usize).min(all);
        let first = self.changes.partition_point(|(moment, _)| *moment < since).min(end);
        let left = end.saturating_sub(count).max(first);
        let next = (left > first).then(|| self.dropped + left as u64);
        (self.changes.range(left..end).rev().copied(), next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(micros: usize) -> Timestamp {
        Timestamp::from_micros(micros as u64)
    }

    /// Every place from a moment on, in pages.
    fn places(recent: &Recent, since: usize, page: usize) -> Vec<Slot> {
        let (mut all, mut before) = (Vec::new(), None);
        loop {
            let (slots, next) = recent.since(at(since), before, page);
            all.extend(slots.map(|(_, slot)| slot));
            before = next;
            if before.is_none() {
                return all;
            }
        }
    }

    #[test]
    fn what_changed_since_a_moment_is_there_in_pages() {
        let mut recent = Recent::new();
        // The stamps of a batch are in no order.
        for (slot, stamp) in [(0, 5), (1, 9), (2, 7), (0, 12)] {
            recent.add(at(stamp), slot);
        }
        for page in 1..6 {
            assert_eq!(places(&recent, 0, page), [0, 2, 1, 0]);
            // One that is older may be among them, and none that is not may be missing.
            assert_eq!(places(&recent, 8, page), [0, 2, 1]);
            assert_eq!(places(&recent, 10, page), [0]);
            assert_eq!(places(&recent, 13, page), [] as [Slot; 0]);
        }
        assert!(recent.has_all_since(at(0)));
    }

    #[test]
    fn of_what_was_there_before_the_last_changes_are_remembered() {
        let mut recent = Recent::new();
        recent.restore(vec![(at(7), 1), (at(3), 2), (at(5), 0)]);
        assert_eq!(places(&recent, 4, 2), [1, 0]);
        assert!(recent.has_all_since(at(0)));
        let mut recent = Recent::new();
        let many = limits::CHANGES_MAX + 10;
        recent.restore((1..=many).rev().map(|number| (at(number), number as Slot)).collect());
        assert_eq!(recent.changes.len(), limits::CHANGES_MAX);
        assert!(!recent.has_all_since(at(10)) && recent.has_all_since(at(11)));
    }

    #[test]
    fn what_is_forgotten_is_known_to_be() {
        let mut recent = Recent::new();
        let many = limits::CHANGES_MAX + 10;
        (0..many).for_each(|number| recent.add(at(number), number as Slot));
        assert_eq!(recent.changes.len(), limits::CHANGES_MAX);
        assert!(!recent.has_all_since(at(9)) && recent.has_all_since(at(10)));
        let (_, next) = recent.since(at(10), None, 100);
        // More is forgotten between the pages: what is left goes on where it was.
        recent.add(at(many), 0);
        let next = next.expect("more");
        let (mut slots, _) = recent.since(at(12), Some(next), 1);
        assert_eq!(slots.next().map(|(_, slot)| slot), Some((many - 101) as Slot));
    }
}
