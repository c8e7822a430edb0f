//! Instants in ascending order with their sums: how many there are until one of them, and what they
//! come to, without looking at each.
//!
//! They stand in blocks, each with its sum: an instant costs 8 bytes and what its block has left.

use crate::charge::Sum;
use crate::time::Timestamp;

/// Instants of a block: moving half of it costs about what finding it does.
const BLOCK: usize = 256;

/// Instants, the same one as often as it was put.
#[derive(Debug, Clone, Default)]
pub(super) struct Moments {
    blocks: Vec<Block>,
    all: Sum,
}

/// Some of them one after the other; one at least.
#[derive(Debug, Clone)]
struct Block {
    /// The last of them once more: to find a block, no instants need be read.
    last: Timestamp,
    micros: u128,
    moments: Vec<Timestamp>,
}

impl Block {
    fn of(moments: Vec<Timestamp>) -> Option<Self> {
        let last = *moments.last()?;
        let micros = moments.iter().map(|at| u128::from(at.micros())).sum();
        Some(Self { last, micros, moments })
    }

    fn sum(&self) -> Sum {
        Sum { count: self.moments.len() as u64, micros: self.micros }
    }
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.micros += other.micros;
    }
}

impl Moments {
    pub(super) const fn len(&self) -> usize {
        self.all.count as usize
    }

    /// Puts one more in its place.
    pub(super) fn insert(&mut self, at: Timestamp) {
        let micros = u128::from(at.micros());
        self.all.add(Sum { count: 1, micros });
        // Most instants are later than all before: the end is looked at first.
        let is_last = self.blocks.last().is_none_or(|block| block.last <= at);
        if is_last && self.blocks.last().is_none_or(|block| block.moments.len() >= BLOCK) {
            self.blocks.push(Block { last: at, micros, moments: vec![at] });
            return;
        }
        let mut place = if is_last { self.blocks.len() - 1 } else { self.block_behind(at) };
        if self.blocks[place].moments.len() >= BLOCK {
            self.split(place);
            place += usize::from(self.blocks[place].last <= at);
        }
        let block = &mut self.blocks[place];
        let index = block.moments.partition_point(|other| *other <= at);
        block.moments.insert(index, at);
        block.micros += micros;
        block.last = block.last.max(at);
    }

    /// Takes one of them out, if it is there.
    pub(super) fn remove(&mut self, at: Timestamp) {
        let place = self.blocks.partition_point(|block| block.last < at);
        let Some(block) = self.blocks.get_mut(place) else {
            return;
        };
        let Ok(index) = block.moments.binary_search(&at) else {
            return;
        };
        let micros = u128::from(at.micros());
        block.moments.remove(index);
        let left = block.moments.len();
        // Most blocks only lose instants once there is a newer one.
        if left >= BLOCK / 8 && block.moments.capacity() >= 2 * left {
            block.moments.shrink_to(left + left / 4);
        }
        block.micros -= micros;
        self.all = self.all.less(Sum { count: 1, micros });
        match block.moments.last() {
            Some(last) => block.last = *last,
            None => drop(self.blocks.remove(place)),
        }
        self.merge(place);
    }

    /// Those that are not past an instant. What it costs goes by the blocks on the shorter side of it.
    pub(super) fn until(&self, at: Timestamp) -> Sum {
        let place = self.block_behind(at);
        let (before, behind) = self.blocks.split_at(place);
        let sum = |blocks: &[Block]| {
            let mut sum = Sum::default();
            blocks.iter().for_each(|block| sum.add(block.sum()));
            sum
        };
        let mut until =
            if before.len() <= behind.len() { sum(before) } else { self.all.less(sum(behind)) };
        if let Some(block) = behind.first() {
            let count = block.moments.partition_point(|other| *other <= at);
            let inside = block.moments.iter().take(count);
            inside.for_each(|at| until.add(Sum { count: 1, micros: at.micros().into() }));
        }
        until
    }

    /// The first block that has a later one.
    fn block_behind(&self, at: Timestamp) -> usize {
        if self.blocks.last().is_none_or(|block| block.last <= at) {
            return self.blocks.len();
        }
        self.blocks.partition_point(|block| block.last <= at)
    }

    fn split(&mut self, place: usize) {
        let moments = self.blocks[place].moments.split_off(BLOCK / 2);
        let lower = Block::of(std::mem::take(&mut self.blocks[place].moments));
        let halves = lower.into_iter().chain(Block::of(moments));
        self.blocks.splice(place..=place, halves);
    }

    /// Puts a small block and the next one together, if they leave some of a block free.
    fn merge(&mut self, place: usize) {
        let len = |place: usize| self.blocks.get(place).map(|block: &Block| block.moments.len());
        let (Some(one), Some(next)) = (len(place), len(place + 1)) else {
            return;
        };
        if one < BLOCK / 2 && one + next <= BLOCK / 4 * 3 {
            let next = self.blocks.remove(place + 1);
            let block = &mut self.blocks[place];
            block.last = next.last;
            block.micros += next.micros;
            block.moments.reserve_exact(next.moments.len());
            block.moments.extend(next.moments);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_same_as_a_sorted_list(
            growing in 0_u64..2_000,
            steps in prop::collection::vec((any::<bool>(), 1_u64..3_000), 1..4_000),
            looks in prop::collection::vec(0_u64..3_100, 1..20),
        ) {
            let (mut moments, mut list) = (Moments::default(), Vec::new());
            // Some that come in their order, then any.
            for (puts, at) in (1..growing).map(|at| (true, at)).chain(steps) {
                let index = list.partition_point(|other| *other < at);
                if puts {
                    moments.insert(Timestamp::from_micros(at));
                    list.insert(index, at);
                } else {
                    moments.remove(Timestamp::from_micros(at));
                    if list.get(index) == Some(&at) {
                        list.remove(index);
                    }
                }
            }
            prop_assert_eq!(moments.len(), list.len());
            for block in &moments.blocks {
                let same = Block::of(block.moments.clone()).expect("it has one at least");
                prop_assert_eq!((same.last, same.micros), (block.last, block.micros));
                prop_assert!(block.moments.len() <= BLOCK);
            }
            for at in looks {
                let known = list.iter().filter(|other| **other <= at.max(1));
                let sum = Sum {
                    count: known.clone().count() as u64,
                    micros: known.map(|at| u128::from(*at)).sum(),
                };
                prop_assert_eq!(moments.until(Timestamp::from_micros(at)), sum);
            }
        }
    }

    /// What they take of memory.
    fn bytes(moments: &Moments) -> usize {
        let own = |block: &Block| block.moments.capacity() * size_of::<Timestamp>();
        let blocks = moments.blocks.capacity() * size_of::<Block>();
        blocks + moments.blocks.iter().map(own).sum::<usize>()
    }

    #[test]
    fn a_server_costs_nine_bytes_and_sixteen_where_most_are_gone() {
        let mut moments = Moments::default();
        let all = || (1..=100_000).map(Timestamp::from_micros);
        all().for_each(|at| moments.insert(at));
        assert!(bytes(&moments) < 9 * moments.len(), "{}", bytes(&moments));
        // Every fourth is left, in no order.
        let gone = |at: &Timestamp| at.micros().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 62 != 0;
        all().filter(gone).for_each(|at| moments.remove(at));
        assert!((24_000..26_000).contains(&moments.len()));
        assert!(bytes(&moments) < 16 * moments.len(), "{}", bytes(&moments));
    }

    #[test]
    fn what_comes_in_order_and_goes_leaves_nothing() {
        let mut moments = Moments::default();
        let all = || (1..=10_000).map(Timestamp::from_micros);
        all().for_each(|at| moments.insert(at));
        assert_eq!(moments.blocks.len(), 10_000_usize.div_ceil(BLOCK));
        all().for_each(|at| moments.remove(at));
        assert_eq!((moments.len(), moments.blocks.len()), (0, 0));
        assert_eq!(moments.until(Timestamp::from_micros(10_000)), Sum::default());
    }
}
