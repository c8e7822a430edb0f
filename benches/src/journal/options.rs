//! What `bench-journal` can be asked for.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct JournalArgs {
    /// A directory on the disk to measure [default: where this program is]
    #[arg(long)]
    pub(super) dir: Option<PathBuf>,
    /// Good rounds of each figure; the median is shown
    #[arg(long, default_value_t = 9)]
    pub(super) runs: usize,
    /// How long each measurement takes, s: short, so that the machine is alike all the while
    #[arg(long, default_value_t = 0.15)]
    pub(super) seconds: f64,
    /// Threads that serve clients and workers
    #[arg(long, default_value_t = 1)]
    pub(super) threads: usize,
    /// Lives in flight
    #[arg(long, value_delimiter = ',', default_values_t = [1, 8, FLIGHT, 512])]
    pub(super) flights: Vec<u32>,
    /// Sizes of fleets that stay, to compare with the first
    #[arg(long, value_delimiter = ',', default_value = "1000,100000,1000000")]
    pub(super) servers: Vec<usize>,
    /// A ceiling that is higher still: its file does not grow, but is written before and gone
    /// round in, so that a sync writes nothing about the file
    #[arg(long)]
    pub(super) in_place: bool,
    /// A few seconds in all: shows that it works, and measures nothing
    #[arg(long)]
    pub(super) quick: bool,
    #[arg(long, hide = true)]
    pub(super) fill: Option<usize>,
    #[arg(long, hide = true)]
    pub(super) load: Option<usize>,
}

impl JournalArgs {
    /// How long each look at the disk takes: long enough that one slow write does not say all.
    pub(super) fn disk_time(&self) -> Duration {
        Duration::from_secs_f64(self.seconds / 2.5)
    }
}

/// So many where one figure stands for all.
pub(super) const FLIGHT: u32 = 64;
