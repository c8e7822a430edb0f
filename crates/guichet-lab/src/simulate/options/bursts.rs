//! Peaks of load.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use guichet_core::limits;

use super::duration::DurationArg;
use super::rate::RATE_EXPECTED;
use crate::trace::input::InputError;
use crate::trace::input::number::{positive, whole, whole_expected};

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

    fn from_str(text: &str) -> Result<Self, InputError> {
        let wrong = |what: &str, given: &str, expected: String| {
            InputError::value(what, given, expected, EXAMPLE)
        };
        let parts = text.split_once('x').and_then(|(count, rest)| {
            let (length, rate) = rest.split_once('@')?;
            Some((count.trim(), length.trim(), rate.trim()))
        });
        let Some((count, length, rate)) = parts else {
            return Err(wrong("bursts", text, "COUNTxLENGTH@RATE".to_owned()));
        };
        let number = whole(count, limits::LOAD_BURSTS_MAX)
            .and_then(|number| u32::try_from(number).ok())
            .filter(|number| *number > 0)
            .ok_or_else(|| {
                wrong("number of bursts", count, whole_expected(1, limits::LOAD_BURSTS_MAX))
            })?;
        let length = DurationArg::positive(length).map_err(|_| {
            let expected = "a length of time above 0, such as 500ms, 2s or 1m";
            wrong("length of a burst", length, expected.to_owned())
        })?;
        let rate = positive(rate, limits::LOAD_RATE_MAX)
            .ok_or_else(|| wrong("rate of a burst", rate, RATE_EXPECTED.to_owned()))?;
        Ok(Self { count: number, length: length.0, rate })
    }
}

impl fmt::Display for Bursts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}@{}", self.count, DurationArg(self.length), self.rate)
    }
}
