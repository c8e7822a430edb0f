//! Rates of requests.

use std::fmt;
use std::str::FromStr;

use guichet_core::limits;

use crate::trace::input::InputError;
use crate::trace::input::number;

/// What a rate's text should be.
pub(super) const RATE_EXPECTED: &str =
    "requests per second as a decimal number above 0, at most 10,000,000";

/// A rate, in requests per second: a decimal number above 0, at most [`limits::LOAD_RATE_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct RateArg(pub f64);

impl FromStr for RateArg {
    type Err = InputError;

    fn from_str(text: &str) -> Result<Self, InputError> {
        number::positive(text.trim(), limits::LOAD_RATE_MAX)
            .map(Self)
            .ok_or_else(|| InputError::value("rate", text, RATE_EXPECTED, "250"))
    }
}

impl fmt::Display for RateArg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
