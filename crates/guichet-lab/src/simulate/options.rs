//! Values of command-line flags: each is a type that is parsed from its text, and printed as a
//! text that parses back to it. What is wrong with a text is an [`InputError::Value`](crate::trace::input::InputError::Value): which
//! part of it, what was found, what was expected, and an example that is right.

mod arrivals;
mod bursts;
mod duration;
mod fleet;
mod mix;
mod pairs;
mod rate;

#[cfg(test)]
mod tests;

use guichet_locale::{Message, text};

use crate::trace::input::number;

pub use arrivals::Arrivals;
pub use bursts::Bursts;
pub use duration::DurationArg;
pub use fleet::{HostSpec, QuotaSpec};
pub use mix::{Mix, MixItem};
pub use rate::RateArg;

/// A parser of whole numbers from `min` to `max`: digits only. What is wrong is said as what was
/// expected.
pub fn whole(min: u64, max: u64) -> impl Fn(&str) -> Result<u64, Message> + Clone {
    move |text| {
        number::whole(text.trim(), max).filter(|number| *number >= min).ok_or_else(|| {
            Message::new(move |locale| {
                let (min, max) = (locale.grouped(min), locale.grouped(max));
                text!(locale, "expected-whole", min = min, max = max)
            })
        })
    }
}
