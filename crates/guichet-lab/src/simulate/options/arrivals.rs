//! When the requests of an open loop arrive.

use std::time::Duration;

use guichet_core::chance::{Chance, Purpose};
use guichet_core::limits;

use super::bursts::Bursts;

/// The arrivals of an open loop, as offsets from its start, never falling: a Poisson process, so
/// that a request comes when it comes, whether the service is done with those before or not.
///
/// **Rate.** `rate` requests per second outside of bursts, the bursts' own rate inside.
///
/// **Bursts** lie evenly over the run's *base length*, the time the run would take without them:
/// `total / rate`, or `duration` if that is shorter or there is no total. Of `k` bursts of length
/// `L`, burst `i` (from 0) begins at `(i + 1) / (k + 1)` of the base length and lasts `L`, also
/// past the base length; bursts that touch or overlap are one longer burst of the same rate. A
/// run with neither total nor duration has no length to lay them over, so it has none.
///
/// **End.** After `total` requests, those of bursts counted too (so a run with bursts reaches its
/// total before the base length has passed, perhaps before its last burst), and no request comes
/// at `duration` or later. With neither, and a rate above 0, it never ends.
///
/// **Chance.** Gap `n` (from 0) uses up an exponential amount of expected arrivals with mean 1,
/// drawn for [`Purpose::Arrival`], client 0, `n`; how long that takes follows from the rates on
/// the way, so the process is exact across the edges of bursts too. The same seed, the same
/// arrivals; and a different total or duration only cuts them elsewhere, as long as there are no
/// bursts to lay elsewhere.
#[derive(Debug, Clone)]
pub struct Arrivals {
    chance: Chance,
    rate: f64,
    burst_rate: f64,
    /// Begin and end of each burst not yet over, in seconds, in order and apart; the next last.
    windows: Vec<(f64, f64)>,
    total: u64,
    /// In seconds.
    end: f64,
    /// Seconds from the start to the last arrival.
    now: f64,
    /// Arrivals so far.
    count: u64,
}

impl Arrivals {
    /// Arrivals at `rate` per second. A rate that is no number above 0 is 0: nothing arrives but
    /// in bursts.
    pub fn new(
        rate: f64,
        bursts: Option<Bursts>,
        total: Option<u64>,
        duration: Option<Duration>,
        chance: Chance,
    ) -> Self {
        let rate = sound(rate);
        // At rate 0 a total alone gives no length: the quotient is infinite or none.
        let by_total = total.map_or(f64::INFINITY, |total| total as f64 / rate);
        let by_duration = duration.map_or(f64::INFINITY, |duration| duration.as_secs_f64());
        let base = by_total.min(by_duration);
        let windows = bursts.filter(|_| base.is_finite()).map(|bursts| windows(bursts, base));
        Self {
            chance,
            rate,
            burst_rate: bursts.map_or(0.0, |bursts| sound(bursts.rate)),
            windows: windows.unwrap_or_default(),
            total: total.unwrap_or(u64::MAX),
            end: by_duration.min(limits::INPUT_TIME_MAX.as_secs_f64()),
            now: 0.0,
            count: 0,
        }
    }

    /// Uses up `expected` arrivals from now on: the instant, in seconds, at which they are used
    /// up; none if the rates to come never do.
    fn advance(&mut self, mut expected: f64) -> Option<f64> {
        let mut now = self.now;
        loop {
            let (rate, until) = match self.windows.last() {
                None => (self.rate, f64::INFINITY),
                Some((begin, _)) if now < *begin => (self.rate, *begin),
                Some((_, end)) => (self.burst_rate, *end),
            };
            let after = now + expected / rate;
            if after < until {
                return Some(after);
            }
            if until.is_infinite() {
                return None;
            }
            if self.windows.last().is_some_and(|(_, end)| until >= *end) {
                self.windows.pop();
            }
            expected = (expected - (until - now) * rate).max(0.0);
            now = until;
        }
    }
}

impl Iterator for Arrivals {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        if self.count >= self.total {
            return None;
        }
        let unit = self.chance.unit(Purpose::Arrival, 0, self.count, 0);
        let arrival = self.advance(-(-unit).ln_1p()).filter(|arrival| *arrival < self.end);
        let Some(arrival) = arrival else {
            self.total = self.count;
            return None;
        };
        self.now = arrival;
        self.count += 1;
        Duration::try_from_secs_f64(arrival).ok()
    }
}

/// A rate as it counts.
fn sound(rate: f64) -> f64 {
    if rate.is_finite() && rate > 0.0 { rate } else { 0.0 }
}

/// Where the bursts lie in a run of this base length, in seconds, the last first.
fn windows(bursts: Bursts, base: f64) -> Vec<(f64, f64)> {
    let length = bursts.length.as_secs_f64();
    let mut windows: Vec<(f64, f64)> = Vec::new();
    for number in 1..=bursts.count {
        let begin = base * f64::from(number) / (f64::from(bursts.count) + 1.0);
        match windows.last_mut() {
            Some((_, end)) if begin <= *end => *end = begin + length,
            _ => windows.push((begin, begin + length)),
        }
    }
    windows.reverse();
    windows
}
