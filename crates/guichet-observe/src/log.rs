//! The log that is still shown: the last entries, as they are. Whoever asks what was has lines made of
//! them.

use std::collections::VecDeque;

use guichet_core::limits;
use guichet_core::time::Timestamp;
use guichet_store::hub::LogEntry;

/// One place of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// Something that happened.
    Entry(LogEntry),
    /// So many entries were missed here: the service was held up.
    Missed(u64),
}

const _: () = assert!(
    size_of::<Place>() * limits::LOG_ENTRIES_MAX <= limits::LOG_BYTES_MAX,
    "a full log has no more bytes than it may"
);

/// The last entries of a cloud.
#[derive(Debug)]
pub(crate) struct Log {
    places: VecDeque<Place>,
    most: usize,
    /// The number of the first place that is still there; each is one more than the last, and none is
    /// given twice.
    first: u64,
    /// How many entries are gone.
    gone: u64,
    /// Since when it is written, by the world's time.
    begun: Timestamp,
}

/// Some places.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// How many places are gone between where it was to begin and where it does.
    pub(crate) gone: u64,
    pub(crate) places: Vec<Place>,
    /// Where the next one begins.
    pub(crate) next: u64,
}

impl Log {
    /// An empty one with place for `most` entries.
    pub(crate) fn new(most: usize, begun: Timestamp) -> Self {
        Self { places: VecDeque::new(), most: most.max(1), first: 0, gone: 0, begun }
    }

    /// Adds one at the end. The oldest makes place.
    pub(crate) fn push(&mut self, place: Place) {
        if self.places.len() >= self.most
            && let Some(oldest) = self.places.pop_front()
        {
            self.first += 1;
            self.gone += match oldest {
                Place::Entry(_) => 1,
                Place::Missed(entries) => entries,
            };
        }
        self.places.push_back(place);
    }

    /// Begins anew. Numbers go on.
    pub(crate) fn clear(&mut self, begun: Timestamp) {
        self.first = self.end();
        self.places = VecDeque::new();
        (self.gone, self.begun) = (0, begun);
    }

    /// The number of the first place that is still there.
    pub(crate) const fn first(&self) -> u64 {
        self.first
    }

    /// The number that the next place gets.
    pub(crate) fn end(&self) -> u64 {
        self.first + self.places.len() as u64
    }

    /// The places from this number on, `most` of them, before the place of number `end`.
    pub(crate) fn read(&self, from: u64, end: u64, most: usize) -> Chunk {
        let gone = self.first.saturating_sub(from);
        let from = from.max(self.first);
        let left = usize::try_from(end.saturating_sub(from)).unwrap_or(usize::MAX);
        let skip = usize::try_from(from - self.first).unwrap_or(usize::MAX);
        let places = self.places.iter().skip(skip).take(most.min(left));
        let places: Vec<Place> = places.cloned().collect();
        Chunk { gone, next: from + places.len() as u64, places }
    }

    /// From when on nothing is gone, by the world's time, and how many entries are that were before.
    pub(crate) fn whole_from(&self) -> (Timestamp, u64) {
        let oldest = self.places.iter().find_map(|place| match place {
            Place::Entry(entry) => at(entry),
            Place::Missed(_) => None,
        });
        let begun = if self.gone == 0 { Some(self.begun) } else { oldest };
        (begun.unwrap_or(self.begun), self.gone)
    }
}

/// When an entry happened, by the world's time; a note has no time.
pub(crate) const fn at(entry: &LogEntry) -> Option<Timestamp> {
    match entry {
        LogEntry::Event(event) => Some(event.at),
        LogEntry::Changed(change) => Some(change.at),
        LogEntry::Refused(refused) => Some(refused.at),
        LogEntry::Note(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use guichet_core::action::Action;
    use guichet_core::ids::{ClientId, ProjectId, RequestId};
    use guichet_core::refusal::RefusalKind;
    use guichet_core::time::VIRTUAL_START;
    use guichet_store::hub::Refused;

    use super::*;

    fn after(seconds: u64) -> Timestamp {
        VIRTUAL_START.after(Duration::from_secs(seconds))
    }

    /// An entry of that second.
    fn entry(seconds: u64) -> Place {
        Place::Entry(LogEntry::Refused(Refused {
            at: after(seconds),
            request: RequestId::from_bits(u128::from(seconds)),
            client: ClientId(0),
            project: ProjectId(0),
            action: Action::Create,
            server: None,
            kind: RefusalKind::OverQuota,
        }))
    }

    #[test]
    fn the_oldest_make_place_and_are_counted() {
        let mut log = Log::new(4, VIRTUAL_START);
        assert_eq!(log.whole_from(), (VIRTUAL_START, 0));
        for second in 1..=4 {
            log.push(entry(second));
        }
        assert_eq!(log.whole_from(), (VIRTUAL_START, 0), "nothing is gone yet");
        log.push(Place::Missed(7));
        log.push(entry(6));
        assert_eq!((log.first(), log.end()), (2, 6));
        assert_eq!(log.whole_from(), (after(3), 2));
        for second in 7..=9 {
            log.push(entry(second));
        }
        assert_eq!(log.whole_from(), (after(6), 4 + 7), "what was missed is gone too");
    }

    #[test]
    fn whoever_reads_on_gets_each_place_once_and_learns_what_is_gone() {
        let mut log = Log::new(4, VIRTUAL_START);
        for second in 0..4 {
            log.push(entry(second));
        }
        let first = log.read(0, u64::MAX, 3);
        assert_eq!((first.gone, &first.places[..], first.next), (0, &[0, 1, 2].map(entry)[..], 3));
        for second in 4..9 {
            log.push(entry(second));
        }
        // 3 and 4 are gone meanwhile.
        let second = log.read(first.next, u64::MAX, 3);
        assert_eq!(
            (second.gone, &second.places[..], second.next),
            (2, &[5, 6, 7].map(entry)[..], 8)
        );
        // Up to where it ended when somebody asked.
        let last = log.read(second.next, 8, 3);
        assert_eq!(last, Chunk { gone: 0, places: Vec::new(), next: 8 });
        assert_eq!(log.read(8, u64::MAX, 3).places, [entry(8)]);
        assert_eq!(log.read(99, u64::MAX, 3).places, []);
    }

    #[test]
    fn one_that_begins_anew_has_nothing_and_goes_on_with_its_numbers() {
        let mut log = Log::new(2, VIRTUAL_START);
        (0..3).map(entry).for_each(|one| log.push(one));
        log.clear(after(10));
        assert_eq!((log.first(), log.end(), log.whole_from()), (3, 3, (after(10), 0)));
        log.push(entry(11));
        assert_eq!(log.read(1, u64::MAX, 9).gone, 2, "of the log before");
    }
}
