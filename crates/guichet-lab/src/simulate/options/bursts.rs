//! Peaks of load.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use guichet_core::limits;
use guichet_locale::{Message, text};

use super::duration::DurationArg;
use crate::trace::input::number::{positive, whole};
use crate::trace::input::{InputError, words};

const EXAMPLE: &str = "3x2s@5000";

/// Peaks of load, `COUNTxLENGTH@RATE`: `3x2s@5000` is three bursts of 2 s each at 5,000 requests
/// per second. Where they lie in a run, [`Arrivals`](super::arrivals::Arrivals) says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bursts {
    /// How many, 1 to 1,000.
    pub count: u32,
    /// How long each is; not zero.
    pub length: Duration,
    /// Requests per second inside a burst, above 0 and at most [`limits::LOAD_RATE_MAX`].
    pub rate: f64,
}

impl FromStr for Bursts {
    type Err = InputError;

    fn from_str(given: &str) -> Result<Self, InputError> {
        let wrong = |what: Message, given: &str, expected: Message| {
            InputError::value(what, given, expected, EXAMPLE)
        };
        let parts = given.split_once('x').and_then(|(count, rest)| {
            let (length, rate) = rest.split_once('@')?;
            Some((count.trim(), length.trim(), rate.trim()))
        });
        let Some((count, length, rate)) = parts else {
            let what = Message::new(|locale| text!(locale, "input-bursts"));
            let expected = Message::new(|locale| text!(locale, "input-bursts-form"));
            return Err(wrong(what, given, expected));
        };
        let number = whole(count, limits::LOAD_BURSTS_MAX)
            .and_then(|number| u32::try_from(number).ok())
            .filter(|number| *number > 0)
            .ok_or_else(|| {
                let what = Message::new(|locale| text!(locale, "input-bursts-count"));
                wrong(what, count, words::whole(1, limits::LOAD_BURSTS_MAX))
            })?;
        let length = DurationArg::positive(length).map_err(|_| {
            let what = Message::new(|locale| text!(locale, "input-bursts-length"));
            let expected = Message::new(|locale| text!(locale, "input-bursts-length-form"));
            wrong(what, length, expected)
        })?;
        let rate = positive(rate, limits::LOAD_RATE_MAX).ok_or_else(|| {
            let what = Message::new(|locale| text!(locale, "input-bursts-rate"));
            wrong(what, rate, words::rate())
        })?;
        Ok(Self { count: number, length: length.0, rate })
    }
}

impl fmt::Display for Bursts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}@{}", self.count, DurationArg(self.length), self.rate)
    }
}
