//! What happens often, said seldom: one line a second at most, with how many there were.

use std::sync::atomic::{AtomicU64, Ordering};

use guichet_core::limits;

use crate::Stopwatch;

/// One kind of event that anybody can cause as often as they like.
#[derive(Debug)]
pub struct Flood {
    /// When the next line may be written, µs on the watch that is handed in.
    /// Relaxed, as the other: both only count, nothing is read because of them.
    next_us: AtomicU64,
    missed: AtomicU64,
}

impl Default for Flood {
    fn default() -> Self {
        Self::new()
    }
}

impl Flood {
    /// One that has said nothing yet.
    pub const fn new() -> Self {
        Self { next_us: AtomicU64::new(0), missed: AtomicU64::new(0) }
    }

    /// Counts one more. If it may be said, how many were not since the last one.
    pub fn count(&self, watch: &Stopwatch) -> Option<u64> {
        self.count_at(elapsed_us(watch))
    }

    /// How many were not said, if there are any and it may be said now.
    pub fn rest(&self, watch: &Stopwatch) -> Option<u64> {
        if self.missed.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let missed = self.turn(elapsed_us(watch))?;
        (missed > 0).then_some(missed)
    }

    fn count_at(&self, now_us: u64) -> Option<u64> {
        let missed = self.turn(now_us);
        if missed.is_none() {
            self.missed.fetch_add(1, Ordering::Relaxed);
        }
        missed
    }

    /// Takes the turn to say something, if it has come: of many threads one has it.
    fn turn(&self, now_us: u64) -> Option<u64> {
        let next_us = self.next_us.load(Ordering::Relaxed);
        if now_us < next_us {
            return None;
        }
        let then = now_us.saturating_add(PAUSE_US);
        let turn =
            self.next_us.compare_exchange(next_us, then, Ordering::Relaxed, Ordering::Relaxed);
        turn.ok().map(|_| self.missed.swap(0, Ordering::Relaxed))
    }
}

const PAUSE_US: u64 = limits::LOG_KIND_PAUSE.as_micros() as u64;

fn elapsed_us(watch: &Stopwatch) -> u64 {
    u64::try_from(watch.elapsed().as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_in_a_second_one_is_said_and_the_rest_is_counted() {
        let flood = Flood::new();
        assert_eq!(flood.count_at(5), Some(0));
        for _ in 0..1_000 {
            assert_eq!(flood.count_at(PAUSE_US + 4), None);
        }
        assert_eq!(flood.count_at(PAUSE_US + 5), Some(1_000));
        assert_eq!(flood.count_at(3 * PAUSE_US), Some(0));
    }
}
