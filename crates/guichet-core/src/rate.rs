//! How fast operations finish, and from that when a refused client should come back.

use std::time::Duration;

use crate::limits;
use crate::time::Timestamp;

/// What finished in one second.
#[derive(Debug, Clone, Copy, Default)]
struct Bucket {
    finished: u32,
    busy: Duration,
}

/// Finishes per second over the last [`limits::FINISH_WINDOW_S`] seconds, one bucket a second.
#[derive(Debug, Clone)]
pub struct FinishRate {
    buckets: [Bucket; limits::FINISH_WINDOW_S],
    /// The second the newest bucket counts.
    newest_s: u64,
    /// The second of the first finish ever.
    first_s: Option<u64>,
    /// All that ever finished.
    all: (u64, Duration),
    workers: usize,
    expected_service: Duration,
}

impl FinishRate {
    /// Nothing finished yet: until then the rate is `workers` ÷ `expected_service`.
    pub const fn new(workers: usize, expected_service: Duration) -> Self {
        Self {
            buckets: [Bucket { finished: 0, busy: Duration::ZERO }; limits::FINISH_WINDOW_S],
            newest_s: 0,
            first_s: None,
            all: (0, Duration::ZERO),
            workers,
            expected_service,
        }
    }

    /// One operation gave its permits back after `service`.
    pub fn record(&mut self, at: Timestamp, service: Duration) {
        let second = at.micros() / 1_000_000;
        self.roll(second);
        self.first_s.get_or_insert(second);
        let bucket = &mut self.buckets[(second % limits::FINISH_WINDOW_S as u64) as usize];
        bucket.finished += 1;
        bucket.busy += service;
        self.all = (self.all.0 + 1, self.all.1 + service);
    }

    /// Empties the buckets of the seconds that passed since the last finish.
    fn roll(&mut self, second: u64) {
        let window = limits::FINISH_WINDOW_S as u64;
        let from = (self.newest_s + 1).max(second.saturating_sub(window - 1));
        for passed in from..=second {
            self.buckets[(passed % window) as usize] = Bucket::default();
        }
        self.newest_s = self.newest_s.max(second);
    }

    /// Finishes per second: counted over the window, or over what there was of it; but never
    /// more than workers ÷ mean service time, which is all there can be: where a service time is
    /// longer than the window, what finishes in it comes in bunches. If nothing finished in the
    /// window, workers ÷ mean service time from what is known of that.
    pub fn per_second(&self, at: Timestamp) -> f64 {
        let second = at.micros() / 1_000_000;
        let window = limits::FINISH_WINDOW_S as u64;
        let oldest = second.saturating_sub(window - 1);
        let (mut counted, mut busy) = (0u64, Duration::ZERO);
        for passed in oldest..=second.min(self.newest_s) {
            let bucket = self.buckets[(passed % window) as usize];
            counted += u64::from(bucket.finished);
            busy += bucket.busy;
        }
        let ceiling = |count: u64, busy: Duration| {
            self.workers as f64 / (busy.as_secs_f64() / count as f64).max(1e-6)
        };
        if counted > 0 {
            let since = self.first_s.map_or(window, |first| second.saturating_sub(first) + 1);
            let rate = counted as f64 / since.min(window) as f64;
            return rate.min(ceiling(counted, busy));
        }
        match self.all {
            (0, _) => ceiling(1, self.expected_service),
            (count, busy) => ceiling(count, busy),
        }
    }

    /// `clamp(ceil((waiting − ¾ queue) / finishes per second), 1, 60)`, in seconds: by then a
    /// quarter of the queue should be free.
    pub fn retry_after(&self, waiting: usize, queue: usize, at: Timestamp) -> Duration {
        let surplus = waiting as f64 - 0.75 * queue as f64;
        let wait_s = (surplus / self.per_second(at)).ceil();
        let (min, max) = (limits::RETRY_AFTER_MIN_S as f64, limits::RETRY_AFTER_MAX_S as f64);
        Duration::from_secs_f64(wait_s.clamp(min, max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u64) -> Timestamp {
        Timestamp::from_micros(1_000_000_000 + second * 1_000_000)
    }

    #[test]
    fn with_nothing_finished_the_expected_service_time_counts() {
        let rate = FinishRate::new(4, Duration::from_millis(100));
        assert!((rate.per_second(at(0)) - 40.0).abs() < 1e-9);
        // 100 waiting of 100: 25 too many at 40 a second is 0.6 s, one second at least.
        assert_eq!(rate.retry_after(100, 100, at(0)), Duration::from_secs(1));
    }

    #[test]
    fn finishes_leave_the_window_after_ten_seconds() {
        let mut rate = FinishRate::new(1, Duration::from_secs(1));
        for second in 0..10 {
            for _ in 0..5 {
                rate.record(at(second), Duration::from_millis(200));
            }
        }
        assert!((rate.per_second(at(9)) - 5.0).abs() < 1e-9);
        assert!((rate.per_second(at(14)) - 2.5).abs() < 1e-9);
        // Nothing in the window: 1 worker ÷ 0.2 s.
        assert!((rate.per_second(at(60)) - 5.0).abs() < 1e-9);
        assert_eq!(rate.retry_after(400, 400, at(9)), Duration::from_secs(20));
        assert_eq!(rate.retry_after(40_000, 40_000, at(9)), Duration::from_secs(60));
    }

    #[test]
    fn a_bunch_of_slow_finishes_is_no_high_rate() {
        let mut rate = FinishRate::new(4, Duration::from_secs(1));
        for _ in 0..4 {
            rate.record(at(0), Duration::from_secs(45));
        }
        assert!((rate.per_second(at(0)) - 4.0 / 45.0).abs() < 1e-9);
        assert!((rate.per_second(at(30)) - 4.0 / 45.0).abs() < 1e-9);
    }

    #[test]
    fn a_young_window_counts_only_the_seconds_there_were() {
        let mut rate = FinishRate::new(1, Duration::from_secs(1));
        rate.record(at(100), Duration::from_secs(1));
        rate.record(at(101), Duration::from_secs(1));
        assert!((rate.per_second(at(101)) - 1.0).abs() < 1e-9);
    }
}
