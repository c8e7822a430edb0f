//! Medians, and how far they may be off.

use guichet_core::chance::generator;
use guichet_core::limits;
use rand::{Rng, RngExt};
use serde::Serialize;

/// A median with the interval that holds the true one in 95 of 100 such measurements.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The median of the runs.
    pub median: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
}

impl Interval {
    /// Whether a value lies outside: then the difference to it is more than the noise.
    pub fn excludes(&self, value: f64) -> bool {
        value < self.low || value > self.high
    }

    /// Whether nothing varied, as of one run alone: then nobody knows how large the noise is.
    pub fn is_point(&self) -> bool {
        self.low >= self.high
    }
}

/// The middle value; of an even number the mean of the two in the middle. 0 of none.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    quantile(&sorted, 0.5)
}

/// A quantile of sorted values, interpolated.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let rank = share * last as f64;
    let (below, above) = (rank.floor() as usize, rank.ceil() as usize);
    sorted[below] + (sorted[above.min(last)] - sorted[below]) * (rank - below as f64)
}

/// The median of a few measurements with its 95 % interval, by the percentile bootstrap (Efron,
/// "Bootstrap methods: another look at the jackknife", Annals of Statistics 7(1), 1979): as many
/// values as were measured are drawn from them, again and again, and the medians of these
/// samples spread as the measured one may be off. The same seed gives the same interval.
pub fn bootstrap(values: &[f64], seed: u64) -> Interval {
    let mut rng = generator(seed);
    let mut medians: Vec<f64> =
        (0..limits::BOOTSTRAP_SAMPLES).map(|_| median(&resample(values, &mut rng))).collect();
    medians.sort_unstable_by(f64::total_cmp);
    Interval {
        median: median(values),
        low: quantile(&medians, 0.025),
        high: quantile(&medians, 0.975),
    }
}

fn resample(values: &[f64], rng: &mut impl Rng) -> Vec<f64> {
    values.iter().map(|_| values[rng.random_range(0..values.len())]).collect()
}

/// The ratio of two rows measured in the same rounds: each round's own ratio, so that what slows
/// a whole round down falls out.
pub fn ratio(above: &[f64], below: &[f64], seed: u64) -> Interval {
    let ratios: Vec<f64> = above.iter().zip(below).map(|(above, below)| above / below).collect();
    bootstrap(&ratios, seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_in_the_middle() {
        assert_eq!(median(&[]), 0.0);
        assert_eq!(median(&[3.0]), 3.0);
        assert_eq!(median(&[9.0, 1.0, 5.0]), 5.0);
        assert_eq!(median(&[1.0, 2.0, 4.0, 100.0]), 3.0);
    }

    #[test]
    fn the_interval_holds_the_median_and_nothing_outside_what_was_measured() {
        let values = [10.0, 11.0, 9.5, 10.4, 10.2];
        let interval = bootstrap(&values, 1);
        assert_eq!(interval.median, 10.2);
        assert!(9.5 <= interval.low && interval.low < 10.2, "{interval:?}");
        assert!(10.2 < interval.high && interval.high <= 11.0, "{interval:?}");
        assert_eq!(bootstrap(&values, 1), interval, "the same seed");
    }

    #[test]
    fn what_was_measured_once_or_always_alike_has_no_width() {
        for values in [&[7.0][..], &[7.0; 5]] {
            let interval = bootstrap(values, 3);
            assert_eq!((interval.low, interval.median, interval.high), (7.0, 7.0, 7.0));
        }
    }

    /// A round twice as slow for both does not widen the ratio.
    #[test]
    fn a_drift_that_hits_both_falls_out_of_the_ratio() {
        let below = [100.0, 50.0, 100.0, 25.0, 100.0];
        let above: Vec<f64> = below.iter().map(|rate| rate * 3.0).collect();
        let ratio = ratio(&above, &below, 1);
        assert_eq!((ratio.low, ratio.median, ratio.high), (3.0, 3.0, 3.0));
        assert!(ratio.excludes(1.0) && !ratio.excludes(3.0));
    }

    /// Of 400 measurements of a known normal-like quantity the interval should hold the true
    /// median most times. With five values a bootstrap of the median is known to be too narrow
    /// (no more than 1 - 2/2^5 = 94 % even at its widest), never useless.
    #[test]
    fn the_interval_covers_the_truth_about_as_often_as_it_says() {
        let mut rng = generator(7);
        let covered = (0..400).filter(|round| {
            let draw = |rng: &mut rand_pcg::Pcg64Mcg| {
                (0..12).map(|_| rng.random_range(0.0..1.0)).sum::<f64>() - 6.0
            };
            let values: Vec<f64> = (0..5).map(|_| draw(&mut rng)).collect();
            !bootstrap(&values, *round).excludes(0.0)
        });
        let share = covered.count() as f64 / 400.0;
        assert!((0.85..=0.99).contains(&share), "{share}");
    }
}
