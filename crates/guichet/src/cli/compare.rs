//! What is typed behind `compare`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use guichet_core::limits;
use guichet_lab::simulate::options::{Mix, whole};
use guichet_locale::{Message, text};

use super::ModelArg;
use super::values::output_file;

/// What a comparison is printed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareFormatArg {
    /// Tables and sentences for people
    Table,
    /// One JSON object
    Json,
    /// A line for each row, under a header
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// Which models, in this order
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        value_name = "MODEL,…",
        default_value = "sequential,threads,pool,async",
        help_heading = "What is compared"
    )]
    pub(crate) models: Vec<ModelArg>,

    /// Which sizes of the pool (`pool` and `async`)
    #[arg(long, value_delimiter = ',', default_value = "1,2,4,8,16,32,64", value_name = "N,…",
          help_heading = "What is compared", allow_negative_numbers = true,
          value_parser = whole(1, limits::WORKERS_MAX as u64))]
    pub(crate) workers: Vec<u64>,

    /// How much of a request's time is computed, from 0 to 1; the rest is waiting. Without it the
    /// profile is compared as it is and, for some sizes, with all its time computed
    #[arg(long, value_name = "SHARE", help_heading = "What is compared",
          allow_negative_numbers = true, value_parser = cpu_share)]
    pub(crate) cpu_share: Option<f64>,

    /// A semaphore: operations in flight at once, in every model
    #[arg(long, value_name = "N", help_heading = "What is compared",
          allow_negative_numbers = true, value_parser = whole(1, limits::PERMITS_MAX as u64))]
    pub(crate) permits: Option<u64>,

    /// Measured runs of each row; one more comes first and does not count
    #[arg(long, default_value_t = 5, value_name = "N", help_heading = "Load",
          allow_negative_numbers = true, value_parser = whole(1, limits::COMPARE_RUNS_MAX as u64))]
    pub(crate) runs: u64,

    /// Requests of each run. Without it as many as take about 0.4 s, row by row
    #[arg(long, value_name = "N", help_heading = "Load", allow_negative_numbers = true,
          value_parser = whole(limits::COMPARE_REQUESTS_MIN, limits::COMPARE_REQUESTS_MAX))]
    pub(crate) requests: Option<u64>,

    /// Simulated clients, each with one request under way
    #[arg(long, default_value_t = 64, value_name = "N", help_heading = "Load",
          allow_negative_numbers = true, value_parser = whole(1, limits::CLIENTS_MAX as u64))]
    pub(crate) clients: u64,

    /// What clients ask for, by weight: create, reboot, reboot_hard, start, stop, delete
    #[arg(
        long,
        default_value = "create=5,reboot=3,delete=2",
        value_name = "KIND=N,…",
        help_heading = "Load"
    )]
    pub(crate) mix: Mix,

    /// The driver's behaviour: instant, fast, realistic, flaky, or a TOML file of one's own
    #[arg(long, default_value = "fast", value_name = "NAME|FILE", help_heading = "Load")]
    pub(crate) profile: String,

    /// All chance comes from this number; each round of runs has its own
    #[arg(long, default_value_t = 1, value_name = "N", help_heading = "Load",
          allow_negative_numbers = true, value_parser = whole(0, u64::MAX))]
    pub(crate) seed: u64,

    /// What to print on stdout
    #[arg(long, value_enum, default_value = "table", help_heading = "Output")]
    pub(crate) format: CompareFormatArg,

    /// Write a report to this file: a page of HTML with charts, which needs nothing else
    #[arg(long, value_name = "FILE", help_heading = "Output", value_parser = output_file())]
    pub(crate) report: Option<PathBuf>,

    /// No progress bar
    #[arg(long, short, help_heading = "Output")]
    pub(crate) quiet: bool,
}

/// The share of a request's time that is computed.
fn cpu_share(given: &str) -> Result<f64, Message> {
    let share = given.trim().parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| Message::new(|locale| text!(locale, "input-cpu-share")))
}
