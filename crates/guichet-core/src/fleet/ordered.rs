//! Places in the table of rows, in an order: the index of a list.
//!
//! A sorted list in blocks. An entry is a key and a place, and two of the same key come in the order
//! of their servers' age, which is read from the row: so an entry costs 8 to 32 bytes, where a tree
//! of whole keys costs 70. Finding a place compares log₂ n entries; making place moves half a block.

use std::cmp::Ordering;

use super::Slot;
use crate::ids::ServerId;
use crate::time::Timestamp;

/// When a server was made, and its id: what tells apart all servers, from the oldest on.
pub(super) type Age = (Timestamp, ServerId);

/// Entries of a block: moving half of it costs about what finding it does.
const BLOCK: usize = 256;

/// An instant in words of four bytes: an entry with one has no gap, and costs 12 bytes and not 16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Instant([u32; 2]);

impl Instant {
    const fn micros(self) -> u64 {
        let [high, low] = self.0;
        (high as u64) << 32 | low as u64
    }
}

impl From<Timestamp> for Instant {
    fn from(at: Timestamp) -> Self {
        let micros = at.micros();
        Self([(micros >> 32) as u32, micros as u32])
    }
}

impl PartialOrd for Instant {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Instant {
    fn cmp(&self, other: &Self) -> Ordering {
        self.micros().cmp(&other.micros())
    }
}

/// An entry: what it is ordered by, and the place of its row.
pub(super) type Entry<K> = (K, Slot);

/// Entries in ascending order of (key, age).
#[derive(Debug, Clone)]
pub(super) struct Ordered<K> {
    blocks: Vec<Block<K>>,
    len: usize,
}

/// Some entries one after the other; one at least.
#[derive(Debug, Clone)]
struct Block<K> {
    /// The last of them once more: to find a block, no entries need be read.
    last: Entry<K>,
    entries: Vec<Entry<K>>,
}

/// A position between entries: in front of the entry `index` of the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    block: usize,
    index: usize,
}

impl<K> Default for Ordered<K> {
    fn default() -> Self {
        Self { blocks: Vec::new(), len: 0 }
    }
}

impl<K: Clone> Block<K> {
    fn of(entry: Entry<K>) -> Self {
        Self { last: entry.clone(), entries: vec![entry] }
    }

    /// Its entries have changed from this index on; some are left.
    fn changed(&mut self, index: usize) {
        if let Some(last) = self.entries.last().filter(|_| index + 1 >= self.entries.len()) {
            self.last = last.clone();
        }
    }
}

impl<K: Ord + Clone> Ordered<K> {
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The position behind all entries that are `before`, which must be the first ones.
    pub(super) fn partition(&self, mut before: impl FnMut(&K, Slot) -> bool) -> Position {
        let mut holds = |entry: &Entry<K>| before(&entry.0, entry.1);
        // Servers come in by age, mostly: the end is looked at first.
        if self.blocks.last().is_none_or(|block| holds(&block.last)) {
            return Position { block: self.blocks.len(), index: 0 };
        }
        let block = self.blocks.partition_point(|block| holds(&block.last));
        let index = self.blocks.get(block).map_or(0, |block| block.entries.partition_point(holds));
        Position { block, index }
    }

    /// The position in front of a key at an age, whether it is there or not.
    pub(super) fn seek(&self, key: &K, age: Age, age_of: impl Fn(Slot) -> Age) -> Position {
        self.partition(|other, slot| compare((other, slot), (key, age), &age_of).is_lt())
    }

    /// The position behind a key at an age, whether it is there or not.
    pub(super) fn seek_behind(&self, key: &K, age: Age, age_of: impl Fn(Slot) -> Age) -> Position {
        self.partition(|other, slot| compare((other, slot), (key, age), &age_of).is_le())
    }

    /// Puts an entry in its place. It must not be there.
    pub(super) fn insert(&mut self, key: K, slot: Slot, age: Age, age_of: impl Fn(Slot) -> Age) {
        let Position { mut block, mut index } = self.seek(&key, age, age_of);
        self.len += 1;
        if block == self.blocks.len() {
            match self.blocks.last_mut() {
                Some(last) if last.entries.len() < BLOCK => {
                    last.entries.push((key, slot));
                    last.changed(BLOCK);
                }
                // What grows at its end leaves full blocks behind.
                _ => self.blocks.push(Block::of((key, slot))),
            }
            return;
        }
        if self.blocks[block].entries.len() >= BLOCK {
            let lower = &mut self.blocks[block];
            let entries = lower.entries.split_off(BLOCK / 2);
            // Names that are numbered grow behind it, and it stays as it is.
            lower.entries.shrink_to_fit();
            let upper = Block { last: lower.last.clone(), entries };
            lower.changed(BLOCK);
            self.blocks.insert(block + 1, upper);
            if index > BLOCK / 2 {
                (block, index) = (block + 1, index - BLOCK / 2);
            }
        }
        self.blocks[block].entries.insert(index, (key, slot));
        self.blocks[block].changed(index);
    }

    /// Takes an entry out, if it is there.
    pub(super) fn remove(&mut self, key: &K, slot: Slot, age: Age, age_of: impl Fn(Slot) -> Age) {
        let Position { block, index } = self.seek(key, age, age_of);
        let Some(found) = self.blocks.get_mut(block) else {
            return;
        };
        let entries = &mut found.entries;
        if entries.get(index).is_none_or(|(other, at)| (other, *at) != (key, slot)) {
            return;
        }
        entries.remove(index);
        self.len -= 1;
        let left = entries.len();
        // Most blocks only lose entries once there is a newer one.
        if left >= BLOCK / 8 && entries.capacity() >= left + left / 2 {
            entries.shrink_to(left + left / 8);
        }
        found.changed(index);
        if left == 0 {
            self.blocks.remove(block);
        } else if left < BLOCK / 2 {
            self.merge(block);
        }
    }

    /// Puts a small block and the next one together, if they leave some of a block free.
    fn merge(&mut self, block: usize) {
        let own = self.blocks[block].entries.len();
        let next = self.blocks.get(block + 1).map_or(BLOCK, |next| next.entries.len());
        if own + next <= BLOCK / 4 * 3 {
            let next = self.blocks.remove(block + 1);
            let entries = &mut self.blocks[block].entries;
            entries.reserve_exact(next.entries.len());
            entries.extend(next.entries);
            self.blocks[block].changed(BLOCK);
        }
    }

    /// The entries behind a position, in ascending order.
    pub(super) fn up(&self, from: Position) -> impl Iterator<Item = &Entry<K>> {
        let blocks = self.blocks.get(from.block..).unwrap_or_default();
        blocks.iter().flat_map(|block| &block.entries).skip(from.index)
    }

    /// The entries in front of a position, in descending order.
    pub(super) fn down(&self, from: Position) -> impl Iterator<Item = &Entry<K>> {
        let block = self.blocks.get(from.block);
        let part = block.map_or(&[][..], |block| &block.entries[..from.index]);
        let whole = self.blocks[..from.block.min(self.blocks.len())].iter().rev();
        part.iter().rev().chain(whole.flat_map(|block| block.entries.iter().rev()))
    }
}

/// Where an entry is to a key at an age. Only where the keys are the same the row is read.
fn compare<K: Ord>(
    (own, slot): (&K, Slot),
    (key, age): (&K, Age),
    age_of: impl Fn(Slot) -> Age,
) -> Ordering {
    own.cmp(key).then_with(|| age_of(slot).cmp(&age))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    /// The age of a place, of which no two have the same.
    fn age_of(slot: Slot) -> Age {
        (Timestamp::from_micros(u64::from(slot / 3)), ServerId(Uuid::from_u128(slot.into())))
    }

    fn whole(key: u16, slot: Slot) -> (u16, Age, Slot) {
        (key, age_of(slot), slot)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_same_as_a_set_of_whole_keys(
            steps in prop::collection::vec((any::<bool>(), 0_u16..9, 0_u32..4_000), 1..6_000),
            growing in 0_u32..3_000,
            looks in prop::collection::vec((0_u16..10, 0_u32..4_000), 1..20),
        ) {
            let mut ordered = Ordered::default();
            let mut set = BTreeSet::new();
            // Some that come in their order, then any.
            let ascending = (0..growing).map(|slot| (true, 4, slot));
            for (puts, key, slot) in ascending.chain(steps) {
                if !puts {
                    ordered.remove(&key, slot, age_of(slot), age_of);
                    set.remove(&whole(key, slot));
                } else if set.insert(whole(key, slot)) {
                    ordered.insert(key, slot, age_of(slot), age_of);
                }
            }
            prop_assert_eq!(ordered.len(), set.len());
            prop_assert!(ordered.blocks.iter().all(|block| (1..=BLOCK).contains(&block.entries.len())
                && block.entries.last() == Some(&block.last)));
            for (key, slot) in looks {
                let at = ordered.seek(&key, age_of(slot), age_of);
                let up: Vec<_> = ordered.up(at).map(|(key, slot)| whole(*key, *slot)).collect();
                let expected: Vec<_> = set.range(whole(key, slot)..).copied().collect();
                prop_assert_eq!(up, expected);
                let at_behind = ordered.seek_behind(&key, age_of(slot), age_of);
                let up = ordered.up(at_behind).map(|(key, slot)| whole(*key, *slot)).next();
                let mut expected = set.range(whole(key, slot)..).copied();
                prop_assert_eq!(up, expected.find(|other| *other != whole(key, slot)));
                let down: Vec<_> = ordered.down(at).map(|(key, slot)| whole(*key, *slot)).collect();
                let expected: Vec<_> = set.range(..whole(key, slot)).rev().copied().collect();
                prop_assert_eq!(down, expected);
            }
        }
    }

    #[test]
    fn instants_are_in_their_order_and_an_entry_by_age_has_no_gap() {
        assert_eq!(size_of::<Entry<Instant>>(), 12);
        let all = [1, 2, 0xFFFF_FFFF, 0x1_0000_0000, 0x1_0000_0001, u64::MAX];
        let instants = all.map(|micros| Instant::from(Timestamp::from_micros(micros)));
        assert!(instants.is_sorted() && instants.map(Instant::micros) == all);
    }

    #[test]
    fn an_entry_of_another_key_stays() {
        let mut ordered = Ordered::default();
        ordered.insert(8, 1, age_of(1), age_of);
        ordered.remove(&7, 1, age_of(1), age_of);
        assert_eq!(ordered.len(), 1);
        ordered.remove(&8, 1, age_of(1), age_of);
        assert!(ordered.is_empty());
    }

    /// What an index takes of memory.
    fn bytes<K>(ordered: &Ordered<K>) -> usize {
        let own = |block: &Block<K>| block.entries.capacity() * size_of::<Entry<K>>();
        let blocks = ordered.blocks.capacity() * size_of::<Block<K>>();
        blocks + ordered.blocks.iter().map(own).sum::<usize>()
    }

    #[test]
    fn a_port_costs_sixteen_bytes_and_what_is_left_of_many_does_not_cost_more() {
        let mut ordered = Ordered::default();
        // Ids of ports come in no order.
        let all = || (1..=100_000_u32).map(|slot| (slot.wrapping_mul(0x9E37_79B9), slot));
        all().for_each(|(key, slot)| ordered.insert(key, slot, age_of(slot), age_of));
        assert!(bytes(&ordered) < 16 * ordered.len(), "{}", bytes(&ordered));
        let gone = all().filter(|(_, slot)| slot % 4 != 0);
        gone.for_each(|(key, slot)| ordered.remove(&key, slot, age_of(slot), age_of));
        assert_eq!(ordered.len(), 25_000);
        assert!(bytes(&ordered) < 16 * ordered.len(), "{}", bytes(&ordered));
    }

    #[test]
    fn what_grows_at_its_end_fills_its_blocks() {
        let mut ordered = Ordered::default();
        (0..10_000).for_each(|slot| ordered.insert(0, slot, age_of(slot), age_of));
        assert_eq!(ordered.blocks.len(), 10_000_usize.div_ceil(BLOCK));
        (0..10_000).for_each(|slot| ordered.remove(&0, slot, age_of(slot), age_of));
        assert!(ordered.is_empty() && ordered.blocks.is_empty());
    }
}
