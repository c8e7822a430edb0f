//! Values of command-line flags: each is a type that is parsed from its text, and printed as a
//! text that parses back to it. What is wrong with a text is an [`InputError::Value`]: which
//! part of it, what was found, what was expected, and an example that is right.

mod arrivals;
mod bursts;
mod fleet;
mod mix;

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::input::InputError;
use crate::input::number::{self, SECOND_NS};

pub use arrivals::Arrivals;
pub use bursts::Bursts;
pub use fleet::{HostSpec, QuotaSpec};
pub use mix::{Mix, MixItem};

/// The highest rate that may be asked for, in requests per second: one request in 100 ns, a
/// tenth of what the engine itself may take for one, so no higher rate means anything.
pub const RATE_MAX: f64 = 10_000_000.0;

/// What a rate's text should be.
const RATE_EXPECTED: &str = "requests per second as a decimal number above 0, at most 10,000,000";

/// A length of time: a decimal number and a unit (`ns`, `us`, `ms`, `s`, `m`, `h`, `d`), such
/// as `30s`, `500ms`, `1.5s`, `2m`, `1h`. From 0 to 100 years; what is finer than a nanosecond is
/// cut off. Zero is legal here; where it is not, a flag parses by [`positive`](Self::positive).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DurationArg(pub Duration);

/// A rate, in requests per second: a decimal number above 0, at most [`RATE_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct RateArg(pub f64);

/// A parser of whole numbers from `min` to `max`: digits only. What is wrong is said as what was
/// expected.
pub fn whole(min: u64, max: u64) -> impl Fn(&str) -> Result<u64, String> + Clone {
    move |text| {
        number::whole(text.trim(), max)
            .filter(|number| *number >= min)
            .ok_or_else(|| format!("expected {}", number::whole_expected(min, max)))
    }
}

/// The units of a length of time, in nanoseconds.
const UNITS: [(&str, u128); 7] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND_NS),
    ("m", 60 * SECOND_NS),
    ("h", 3_600 * SECOND_NS),
    ("d", 86_400 * SECOND_NS),
];

impl DurationArg {
    const EXAMPLE: &str = "30s";

    /// Parses a length of time that must not be zero.
    ///
    /// # Errors
    /// [`InputError::Value`] if the text is none, or zero.
    pub fn positive(text: &str) -> Result<Self, InputError> {
        let length: Self = text.parse()?;
        if length.0.is_zero() {
            let expected = "a length of time above 0";
            return Err(InputError::value("length of time", text, expected, Self::EXAMPLE));
        }
        Ok(length)
    }

    /// The length of time that the text says, if it says one.
    fn read(text: &str) -> Option<Duration> {
        let text = text.trim();
        let end = text.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let (amount, unit) = text.split_at(end);
        let (_, unit_ns) = UNITS.iter().find(|(name, _)| *name == unit)?;
        number::scaled(amount, *unit_ns)
    }
}

impl FromStr for DurationArg {
    type Err = InputError;

    fn from_str(text: &str) -> Result<Self, InputError> {
        Self::read(text).map(Self).ok_or_else(|| {
            let expected =
                "a decimal number of at most 100 years with its unit: ns, us, ms, s, m, h or d";
            InputError::value("length of time", text, expected, Self::EXAMPLE)
        })
    }
}

impl fmt::Display for DurationArg {
    /// In seconds, exactly.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", number::seconds(self.0))
    }
}

impl FromStr for RateArg {
    type Err = InputError;

    fn from_str(text: &str) -> Result<Self, InputError> {
        number::positive(text.trim(), RATE_MAX)
            .map(Self)
            .ok_or_else(|| InputError::value("rate", text, RATE_EXPECTED, "250"))
    }
}

impl fmt::Display for RateArg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The parts of a list `name=value,…`: each with its number from 1, its name and its value, where
/// spaces do not count. An error says which part is none.
fn pairs<'t>(
    text: &'t str,
    example: &'static str,
) -> impl Iterator<Item = Result<(&'t str, &'t str), InputError>> {
    text.split(',').enumerate().map(move |(before, part)| {
        let (name, value) = part.split_once('=').ok_or_else(|| {
            let part_number = format!("part {}", before + 1);
            InputError::value(part_number, part, "NAME=NUMBER", example)
        })?;
        Ok((name.trim(), value.trim()))
    })
}
