//! What is typed behind `race`.

use std::path::PathBuf;

use clap::Args;
use guichet_core::limits;
use guichet_lab::simulate::options::whole;
use guichet_locale::{Message, text};
use guichet_race::schedule::Schedule;

use super::FormatArg;
use super::values::output_file;

#[derive(Debug, Args)]
pub(crate) struct RaceArgs {
    /// Clients that race first, a real thread each
    #[arg(long, default_value_t = 8, value_name = "N", help_heading = "Threads",
          allow_negative_numbers = true, value_parser = whole(2, limits::RACE_CLIENTS_MAX as u64))]
    pub(crate) clients: u64,

    /// The most requests they send; they stop when each anomaly has shown
    #[arg(long, default_value_t = limits::RACE_REQUESTS_DEFAULT, value_name = "N",
          help_heading = "Threads", allow_negative_numbers = true,
          value_parser = whole(1, limits::RACE_REQUESTS_MAX))]
    pub(crate) requests: u64,

    /// What they ask for is drawn from this. How real threads take turns is not: that the system
    /// decides
    #[arg(long, default_value_t = 1, value_name = "N", help_heading = "Threads",
          allow_negative_numbers = true, value_parser = whole(0, u64::MAX))]
    pub(crate) seed: u64,

    /// Explore a manager with a semaphore of N permits in place of the lock too
    #[arg(long, value_name = "semaphore=N", help_heading = "Schedules", value_parser = semaphore)]
    pub(crate) with: Option<u64>,

    /// The most states of one manager to explore; what is left out then is said
    #[arg(long, default_value_t = limits::EXPLORE_STATES_MAX, value_name = "N",
          help_heading = "Schedules", allow_negative_numbers = true,
          value_parser = whole(1, limits::EXPLORE_STATES_MAX))]
    pub(crate) states: u64,

    /// Show one schedule again, such as a line `replay with` names, and nothing else
    #[arg(long, value_name = "SCHEDULE", help_heading = "Schedules",
          conflicts_with_all = ["clients", "requests", "seed", "states"])]
    pub(crate) replay: Option<Schedule>,

    /// What to print on stdout
    #[arg(long, value_enum, default_value_t = FormatArg::Table, help_heading = "Output")]
    pub(crate) format: FormatArg,

    /// Write a report to this file: a page of HTML with the timelines, which needs nothing else
    #[arg(long, value_name = "FILE", help_heading = "Output", conflicts_with = "replay",
          value_parser = output_file())]
    pub(crate) report: Option<PathBuf>,

    /// Do not say what is being done meanwhile
    #[arg(long, short, help_heading = "Output")]
    pub(crate) quiet: bool,
}

/// The permits of `semaphore=N`.
fn semaphore(given: &str) -> Result<u64, Message> {
    let permits = given
        .strip_prefix("semaphore=")
        .ok_or_else(|| Message::new(|locale| text!(locale, "input-semaphore")))?;
    whole(1, limits::PERMITS_MAX as u64)(permits).map_err(|problem| {
        Message::new(move |locale| {
            text!(locale, "input-permits", problem = problem.text_in(locale))
        })
    })
}
