//! Rates of requests.

use std::fmt;
use std::str::FromStr;

use guichet_core::limits;
use guichet_locale::{Message, text};

use crate::trace::input::{InputError, number, words};

/// A rate, in requests per second: a decimal number above 0, at most [`limits::LOAD_RATE_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct RateArg(pub f64);

impl FromStr for RateArg {
    type Err = InputError;

    fn from_str(given: &str) -> Result<Self, InputError> {
        number::positive(given.trim(), limits::LOAD_RATE_MAX).map(Self).ok_or_else(|| {
            let what = Message::new(|locale| text!(locale, "input-rate"));
            InputError::value(what, given, words::rate(), "250")
        })
    }
}

impl fmt::Display for RateArg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
