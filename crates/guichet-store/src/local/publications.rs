//! When what was stamped was shown.
//!
//! A row is stamped when its change is decided and shown when that is durable, which is later. Who
//! asked in between saw the row as it was; if it next asks for all that changed since that moment,
//! a filter by stamps alone would leave the change out for ever. So it is remembered how old the
//! stamps were that each batch showed, and who asks is given what changed since the oldest of
//! those that were shown from its moment on. It may see a change twice, and misses none.

use std::collections::VecDeque;

use guichet_core::limits;
use guichet_core::time::Timestamp;

/// Stamps that were shown at one moment or some moments before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Publication {
    /// The moment.
    at: Timestamp,
    /// The oldest of the stamps.
    oldest: Timestamp,
}

/// The latest publications, the first in front. Both moments and stamps go up from each to the
/// next: one with older stamps than an earlier one answers for that, too.
#[derive(Debug, Default)]
pub(super) struct Publications {
    recent: VecDeque<Publication>,
}

impl Publications {
    /// `oldest` was shown `at` this moment, together with newer stamps.
    pub(super) fn add(&mut self, at: Timestamp, oldest: Timestamp) {
        while self.recent.back().is_some_and(|last| last.oldest >= oldest) {
            self.recent.pop_back();
        }
        self.recent.push_back(Publication { at, oldest });
        if self.recent.len() > limits::PUBLICATIONS_MAX {
            self.halve_older_half();
        }
    }

    /// The oldest stamp of what was shown from `since` on; `since` if none is older.
    pub(super) fn shown_since(&self, since: Timestamp) -> Timestamp {
        let first = self.recent.partition_point(|publication| publication.at < since);
        self.recent.get(first).map_or(since, |publication| publication.oldest.min(since))
    }

    /// Makes one of every two in the older half: what is asked for less gets coarser, and never
    /// too narrow.
    fn halve_older_half(&mut self) {
        let half = self.recent.len() / 2;
        let older: Vec<Publication> = self.recent.drain(..half).collect();
        for pair in older.chunks(2).rev() {
            if let [first, .., last] | [first @ last] = pair {
                self.recent.push_front(Publication { at: last.at, oldest: first.oldest });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn time(micros: u64) -> Timestamp {
        Timestamp::from_micros(micros)
    }

    fn of(publications: &[(u64, u64)]) -> Publications {
        let mut all = Publications::default();
        publications.iter().for_each(|(at, oldest)| all.add(time(*at), time(*oldest)));
        all
    }

    #[test]
    fn what_was_stamped_before_and_shown_after_counts() {
        let all = of(&[(20, 12), (30, 21), (40, 35)]);
        let since = |micros| all.shown_since(time(micros)).micros();
        assert_eq!([since(10), since(15), since(20)], [10, 12, 12]);
        assert_eq!([since(21), since(22), since(30)], [21, 21, 21]);
        assert_eq!([since(31), since(38), since(41)], [31, 35, 41]);
    }

    #[test]
    fn old_stamps_shown_late_answer_for_all_before() {
        let all = of(&[(20, 12), (30, 21), (40, 11)]);
        assert_eq!(all.shown_since(time(35)), time(11));
        assert_eq!(all.shown_since(time(20)), time(11));
        assert_eq!(all.recent.len(), 1);
    }

    proptest! {
        #[test]
        fn never_narrower_than_the_truth_and_bounded(
            steps in prop::collection::vec((0_u64..50, 0_u64..60), 1..4 * limits::PUBLICATIONS_MAX),
            since in 0_u64..200_000,
        ) {
            let mut now = 100;
            let mut shown = Vec::new();
            for (pause, age) in steps {
                now += pause;
                shown.push((now, now - age));
            }
            let all = of(&shown);
            prop_assert!(all.recent.len() <= limits::PUBLICATIONS_MAX);
            let later = shown.iter().filter(|(at, _)| *at >= since).map(|(_, oldest)| *oldest);
            let truth = later.min().unwrap_or(since).min(since);
            prop_assert!(all.shown_since(time(since)).micros() <= truth);
            // The latest is exact.
            let last = shown[shown.len() - 1];
            prop_assert_eq!(all.shown_since(time(last.0 + 1)), time(last.0 + 1));
        }
    }
}
