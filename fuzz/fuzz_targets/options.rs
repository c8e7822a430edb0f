//! Values of command-line flags: read or refused in one line; what was read prints as a text that
//! parses to it again.
#![no_main]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use guichet_lab::trace::input::InputError;
use guichet_lab::simulate::options::{Bursts, DurationArg, HostSpec, Mix, QuotaSpec, RateArg};
use libfuzzer_sys::fuzz_target;

fn check<T: FromStr<Err = InputError> + Display + PartialEq + Debug>(text: &str) -> Option<T> {
    match text.parse::<T>() {
        Ok(value) => {
            let again = value.to_string().parse::<T>();
            assert_eq!(again.expect("its own text is sound"), value);
            Some(value)
        }
        Err(error) => {
            let text = error.to_string();
            assert!(!text.contains(char::is_control), "{text:?}");
            None
        }
    }
}

fuzz_target!(|text: &str| {
    if let Some(mix) = check::<Mix>(text) {
        for unit in [0.0, 0.3, 0.999_999_999, 1.0, f64::NAN] {
            assert!(mix.weight(mix.pick(unit)) > 0);
        }
    }
    check::<Bursts>(text);
    check::<HostSpec>(text);
    check::<QuotaSpec>(text);
    check::<DurationArg>(text);
    check::<RateArg>(text);
});
