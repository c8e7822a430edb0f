//! How long things took, counted by size. Plain numbers: who measures has the clock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The ends of the buckets, µs: from what a read takes to what a slow machine does in an hour.
pub const ENDS_US: [u64; 18] = [
    50,
    100,
    250,
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    50_000,
    100_000,
    500_000,
    1_000_000,
    5_000_000,
    10_000_000,
    30_000_000,
    60_000_000,
    300_000_000,
    3_600_000_000,
];

/// How many buckets there are: the last is for what took longer than each end.
pub const BUCKETS: usize = ENDS_US.len() + 1;

/// The bucket that a time belongs to.
fn bucket(us: u64) -> usize {
    ENDS_US.partition_point(|end| *end < us)
}

/// A time, µs.
fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}

/// Counts that one thread has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// How many took no longer than each end and longer than the one before; the last: longer.
    pub buckets: [u64; BUCKETS],
    /// All of them together, µs.
    pub sum_us: u64,
}

impl Times {
    /// None yet.
    pub const NONE: Self = Self { buckets: [0; BUCKETS], sum_us: 0 };

    /// Counts one.
    pub fn add(&mut self, took: Duration) {
        let us = micros(took);
        self.buckets[bucket(us)] += 1;
        self.sum_us = self.sum_us.saturating_add(us);
    }

    /// Adds what another counted.
    pub fn merge(&mut self, other: &Self) {
        self.buckets.iter_mut().zip(other.buckets).for_each(|(sum, more)| *sum += more);
        self.sum_us = self.sum_us.saturating_add(other.sum_us);
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }
}

impl Default for Times {
    fn default() -> Self {
        Self::NONE
    }
}

/// Counts that many threads have, without a lock. Relaxed throughout: nothing else is ordered by a
/// count.
#[derive(Debug, Default)]
pub struct SharedTimes {
    buckets: [AtomicU64; BUCKETS],
    sum_us: AtomicU64,
}

impl SharedTimes {
    /// Counts one; the bucket it is in.
    pub fn add(&self, took: Duration) -> usize {
        let us = micros(took);
        let bucket = bucket(us);
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum_us.fetch_add(us, Ordering::Relaxed);
        bucket
    }

    /// As they are now.
    pub fn read(&self) -> Times {
        let buckets = std::array::from_fn(|place| self.buckets[place].load(Ordering::Relaxed));
        Times { buckets, sum_us: self.sum_us.load(Ordering::Relaxed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_in_the_bucket_that_ends_at_or_after_it() {
        let (mut times, shared) = (Times::NONE, SharedTimes::default());
        for us in [0, 50, 51, 3_600_000_000, 3_600_000_001] {
            times.add(Duration::from_micros(us));
            shared.add(Duration::from_micros(us));
        }
        assert_eq!((times.buckets[0], times.buckets[1]), (2, 1));
        assert_eq!((times.buckets[BUCKETS - 2], times.buckets[BUCKETS - 1]), (1, 1));
        assert_eq!((times.count(), times.sum_us), (5, 7_200_000_102));
        assert_eq!(shared.read(), times);
        times.merge(&shared.read());
        assert_eq!(times.count(), 10);
        assert!(ENDS_US.is_sorted());
    }
}
