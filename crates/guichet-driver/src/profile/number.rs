//! Numbers that are in range from the moment they are read, so that an error points at the value.

use std::fmt;

use guichet_core::limits;
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

macro_rules! ranged {
    ($( $(#[$doc:meta])* $name:ident, $what:literal, $max:expr; )*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub(super) struct $name(pub(super) f64);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_f64(Range { what: $what, max: $max }).map(Self)
            }
        }
    )* };
}

ranged!(
    /// A number of milliseconds that a call waits.
    Millis, "a number of milliseconds", limits::PROFILE_DELAY_MAX_MS;
    /// A number of milliseconds that a call computes.
    CpuMillis, "a number of milliseconds of CPU", limits::PROFILE_CPU_MAX_MS;
    /// The spread of a log-normal distribution.
    Sigma, "the standard deviation of the logarithm, a number", limits::PROFILE_SIGMA_MAX;
    /// How often a fault rule applies to the calls that fit it.
    Probability, "a probability", 1.0;
);

impl Millis {
    /// The longest delay: the bound of a distribution that names none.
    pub(super) fn most() -> Self {
        Self(limits::PROFILE_DELAY_MAX_MS)
    }
}

/// Takes an integer or a float from 0 to `max`; NaN is in no range.
struct Range {
    what: &'static str,
    max: f64,
}

impl Range {
    fn check<E: Error>(&self, value: f64, shown: Unexpected<'_>) -> Result<f64, E> {
        if (0.0..=self.max).contains(&value) {
            Ok(value)
        } else {
            Err(E::invalid_value(shown, self))
        }
    }
}

impl Visitor<'_> for Range {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} from 0 to {}", self.what, self.max)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<f64, E> {
        self.check(value, Unexpected::Float(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<f64, E> {
        self.check(value as f64, Unexpected::Signed(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<f64, E> {
        self.check(value as f64, Unexpected::Unsigned(value))
    }
}
