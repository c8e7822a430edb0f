//! Peaks of load.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::{DurationArg, RATE_EXPECTED, RATE_MAX};
use crate::input::InputError;
use crate::input::number::{positive, whole, whole_expected};

/// The most bursts of one run: more of them are no peaks but the load itself.
const BURSTS_MAX: u64 = 1_000;

const EXAMPLE: &str = "3x2s@5000";

/// Peaks of load, `COUNTxLENGTH@RATE`: `3x2s@5000` is three bursts of 2 s each at 5,000 requests
/// per second. Where they lie in a run, [`Arrivals`](super::Arrivals) says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bursts {
    /// How many, 1 to 1,000.
    pub count: u32,
    /// How long each is; not zero.
    pub length: Duration,
    /// Requests per second inside a burst, above 0 and at most [`RATE_MAX`].
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
        let number = whole(count, BURSTS_MAX)
            .and_then(|number| u32::try_from(number).ok())
            .filter(|number| *number > 0)
            .ok_or_else(|| wrong("number of bursts", count, whole_expected(1, BURSTS_MAX)))?;
        let length = DurationArg::positive(length).map_err(|_| {
            let expected = "a length of time above 0, such as 500ms, 2s or 1m";
            wrong("length of a burst", length, expected.to_owned())
        })?;
        let rate = positive(rate, RATE_MAX)
            .ok_or_else(|| wrong("rate of a burst", rate, RATE_EXPECTED.to_owned()))?;
        Ok(Self { count: number, length: length.0, rate })
    }
}

impl fmt::Display for Bursts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}@{}", self.count, DurationArg(self.length), self.rate)
    }
}
