//! Lengths of time with their unit.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use guichet_locale::{Message, text};

use crate::trace::input::InputError;
use crate::trace::input::number::{self, SECOND_NS};

/// A length of time: a decimal number and a unit (`ns`, `us`, `ms`, `s`, `m`, `h`, `d`), such
/// as `30s`, `500ms`, `1.5s`, `2m`, `1h`. From 0 to 100 years; what is finer than a nanosecond is
/// cut off. Zero is legal here; where it is not, a flag parses by [`positive`](Self::positive).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DurationArg(pub Duration);

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
    pub fn positive(given: &str) -> Result<Self, InputError> {
        let length: Self = given.parse()?;
        if length.0.is_zero() {
            let expected = Message::new(|locale| text!(locale, "input-duration-above"));
            return Err(InputError::value(what(), given, expected, Self::EXAMPLE));
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

/// What is given.
fn what() -> Message {
    Message::new(|locale| text!(locale, "input-duration"))
}

impl FromStr for DurationArg {
    type Err = InputError;

    fn from_str(given: &str) -> Result<Self, InputError> {
        Self::read(given).map(Self).ok_or_else(|| {
            let expected = Message::new(|locale| text!(locale, "input-duration-form"));
            InputError::value(what(), given, expected, Self::EXAMPLE)
        })
    }
}

impl fmt::Display for DurationArg {
    /// In seconds, exactly.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", number::seconds(self.0))
    }
}
