//! How long a call takes: a distribution with a bound, drawn from and averaged exactly.

mod spelling;

use std::time::Duration;

use guichet_core::chance::unit_of;
use guichet_core::limits;
use rand::{Rng, RngExt};
use rand_distr::{Exp1, StandardNormal};

/// The distribution of a delay. Every sample is finite and at most
/// [`limits::PROFILE_DELAY_MAX_MS`].
#[derive(Debug, Clone, PartialEq)]
pub struct Delay(Shape);

/// The distributions, checked, in milliseconds.
#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Fixed { ms: f64 },
    Uniform { min: f64, max: f64 },
    LogNormal { median: f64, sigma: f64, max: f64 },
    Exponential { mean: f64, max: f64 },
    Trace { samples: Box<[f64]> },
}

impl Delay {
    /// A call that waits for nothing.
    pub const ZERO: Self = Self(Shape::Fixed { ms: 0.0 });

    /// The same delay for every call.
    pub(super) fn fixed(delay: Duration) -> Self {
        Self(Shape::Fixed { ms: delay.as_secs_f64() * 1e3 })
    }

    /// Whether every sample is zero, so that none need be drawn.
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Shape::Fixed { ms: 0.0 })
    }

    /// Every sample `factor` times as long, and none longer than any delay may be.
    pub(super) fn scaled(&self, factor: f64) -> Self {
        let bounded = |ms: f64| (ms * factor).min(limits::PROFILE_DELAY_MAX_MS);
        Self(match &self.0 {
            Shape::Fixed { ms } => Shape::Fixed { ms: bounded(*ms) },
            Shape::Uniform { min, max } => {
                Shape::Uniform { min: bounded(*min), max: bounded(*max) }
            }
            // A log-normal or exponential time that is scaled is one of the scaled median or mean.
            Shape::LogNormal { median, sigma, max } => {
                Shape::LogNormal { median: bounded(*median), sigma: *sigma, max: bounded(*max) }
            }
            Shape::Exponential { mean, max } => {
                Shape::Exponential { mean: bounded(*mean), max: bounded(*max) }
            }
            Shape::Trace { samples } => {
                Shape::Trace { samples: samples.iter().map(|ms| bounded(*ms)).collect() }
            }
        })
    }

    /// One sample, by draws from `rng` alone. What lies above `max_ms` is `max_ms`.
    pub fn sample(&self, rng: &mut impl Rng) -> Duration {
        let ms = match &self.0 {
            Shape::Fixed { ms } => *ms,
            Shape::Uniform { min, max } => min + (max - min) * unit_of(rng.next_u64()),
            Shape::LogNormal { median, sigma, max } => {
                let normal: f64 = rng.sample(StandardNormal);
                (median * (sigma * normal).exp()).min(*max)
            }
            Shape::Exponential { mean, max } => {
                let exponential: f64 = rng.sample(Exp1);
                (mean * exponential).min(*max)
            }
            Shape::Trace { samples } => {
                let index = unit_of(rng.next_u64()) * samples.len() as f64;
                samples[(index as usize).min(samples.len() - 1)]
            }
        };
        millis(ms)
    }

    /// What no sample is longer than.
    pub(crate) fn longest(&self) -> Duration {
        millis(match &self.0 {
            Shape::Fixed { ms } => *ms,
            Shape::Uniform { max, .. }
            | Shape::LogNormal { max, .. }
            | Shape::Exponential { max, .. } => *max,
            Shape::Trace { samples } => samples.iter().copied().fold(0.0, f64::max),
        })
    }

    /// The mean of all samples, the bound taken into account.
    pub fn mean(&self) -> Duration {
        millis(match &self.0 {
            Shape::Fixed { ms } => *ms,
            Shape::Uniform { min, max } => f64::midpoint(*min, *max),
            Shape::LogNormal { median, sigma, max } => bounded_log_normal(*median, *sigma, *max),
            // E[min(X, c)] of an exponential X with mean m is m (1 - exp(-c / m)).
            Shape::Exponential { mean: 0.0, .. } => 0.0,
            Shape::Exponential { mean, max } => mean * -(-max / mean).exp_m1(),
            Shape::Trace { samples } => samples.iter().sum::<f64>() / samples.len() as f64,
        })
    }
}

/// Milliseconds as a duration.
pub(super) fn millis(ms: f64) -> Duration {
    Duration::from_secs_f64(ms / 1e3)
}

/// E[min(X, c)] of a log-normal X: its partial mean below c, plus c for what lies above.
fn bounded_log_normal(median: f64, sigma: f64, max: f64) -> f64 {
    if sigma == 0.0 || median == 0.0 {
        return median;
    }
    let bound = (max / median).ln() / sigma;
    let below = median * (sigma * sigma / 2.0).exp() * upper_tail(sigma - bound);
    below + max * upper_tail(bound)
}

/// The part of a standard normal distribution above `x`, to 1.2e-7 of its value (the Chebyshev
/// fit of erfc in Numerical Recipes, section 6.2): a mean needs no more, and std has no erfc.
fn upper_tail(x: f64) -> f64 {
    const FIT: [f64; 10] = [
        -1.265_512_23,
        1.000_023_68,
        0.374_091_96,
        0.096_784_18,
        -0.186_288_06,
        0.278_868_07,
        -1.135_203_98,
        1.488_515_87,
        -0.822_152_23,
        0.170_872_77,
    ];
    let z = x.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.5 * z);
    let fit = FIT.iter().rev().fold(0.0, |sum, factor| sum * t + factor);
    let tail = 0.5 * t * (fit - z * z).exp();
    if x >= 0.0 { tail } else { 1.0 - tail }
}
