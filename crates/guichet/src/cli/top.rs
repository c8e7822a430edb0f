//! What is typed behind `top`.

use std::str::FromStr as _;

use clap::Args;
use guichet_core::limits;
use guichet_lab::simulate::options::DurationArg;
use guichet_locale::{Message, text};

use super::world::PlaceArgs;

#[derive(Debug, Args)]
pub(crate) struct TopArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,

    /// How often the service is asked, from 0.5s to 60s
    #[arg(long, value_name = "TIME", default_value_t = DurationArg(limits::TOP_PERIOD),
          value_parser = period)]
    pub(crate) interval: DurationArg,

    /// Print it once as text, and end; so it is too where stdout is no terminal
    #[arg(long)]
    pub(crate) once: bool,
}

fn period(given: &str) -> Result<DurationArg, Message> {
    let bounds = limits::TOP_PERIOD_MIN..=limits::TOP_PERIOD_MAX;
    let read = DurationArg::from_str(given.trim()).ok();
    read.filter(|period| bounds.contains(&period.0)).ok_or_else(|| {
        Message::new(|locale| {
            let (min, max) =
                (DurationArg(limits::TOP_PERIOD_MIN), DurationArg(limits::TOP_PERIOD_MAX));
            text!(locale, "expected-period", min = min.to_string(), max = max.to_string())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::period;

    #[test]
    fn a_period_is_within_its_bounds() {
        for good in ["500ms", "1s", "60s", "1m"] {
            assert!(period(good).is_ok(), "{good}");
        }
        for wrong in ["", "0s", "499ms", "61s", "1"] {
            assert!(period(wrong).is_err(), "{wrong}");
        }
    }
}
