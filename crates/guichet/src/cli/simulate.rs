//! What is typed behind `simulate`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Args;
use guichet_core::limits;
use guichet_lab::simulate::options::{
    Bursts, DurationArg, HostSpec, Mix, QuotaSpec, RateArg, whole,
};

use guichet_locale::{Message, text};

use super::data::directory;
use super::values::output_file;
use super::{FormatArg, LogFormatArg, ModelArg};

#[derive(Debug, Args)]
pub(crate) struct SimulateArgs {
    /// Simulated clients
    #[arg(long, default_value_t = 64, value_name = "N", help_heading = "Load",
          allow_negative_numbers = true, value_parser = whole(1, limits::CLIENTS_MAX as u64))]
    pub(crate) clients: u64,

    /// Each client is a thread of its own, as in a program with threads; otherwise a task. At most
    /// 1,024 of them, in a closed loop and in real time
    #[arg(long, help_heading = "Load", conflicts_with_all = ["rate", "trace", "virtual_time"])]
    pub(crate) client_threads: bool,

    /// Requests in all, reads included
    #[arg(long, default_value_t = 10_000, value_name = "N", help_heading = "Load",
          allow_negative_numbers = true, value_parser = whole(1, limits::REQUESTS_MAX))]
    pub(crate) requests: u64,

    /// What clients ask for, by weight: create, reboot, reboot_hard, start, stop, delete, list
    #[arg(
        long,
        default_value = "create=5,reboot=3,delete=2,list=1",
        value_name = "KIND=N,…",
        help_heading = "Load"
    )]
    pub(crate) mix: Mix,

    /// Open loop: requests arrive at this rate (a second), whether or not earlier ones are over.
    /// Without it each client sends its next request when the last one is over
    #[arg(long, value_name = "PER_S", help_heading = "Load", allow_negative_numbers = true)]
    pub(crate) rate: Option<RateArg>,

    /// Peaks of an open loop, such as 3x2s@5000: 3 peaks of 2 s at 5,000 requests a second
    #[arg(long, value_name = "NxTIME@PER_S", help_heading = "Load")]
    pub(crate) bursts: Option<Bursts>,

    /// Stop sending after this long (of virtual time under --virtual-time), such as 30s or 2h
    #[arg(long, value_name = "TIME", help_heading = "Load", value_parser = DurationArg::positive)]
    pub(crate) duration: Option<DurationArg>,

    /// Replay a recorded trace (- for the standard input): Alibaba's openb pods, a CSV file with
    /// the header time_s,client,project,action,server,vcpus,ram_mib, or what `serve --record` wrote
    #[arg(long, value_name = "FILE", help_heading = "Load",
          conflicts_with_all = ["clients", "requests", "mix", "rate", "bursts", "projects"])]
    pub(crate) trace: Option<PathBuf>,

    /// How many times faster than recorded to replay, up to 1,000; for more use --virtual-time
    /// instead [default: 1]
    #[arg(long, value_name = "TIMES", help_heading = "Load", value_parser = speed,
          allow_negative_numbers = true, conflicts_with = "virtual_time")]
    pub(crate) speed: Option<f64>,

    /// How operations are executed
    #[arg(long, value_enum, default_value = "async", help_heading = "Execution")]
    pub(crate) model: ModelArg,

    /// Size of the pool (`pool` and `async`)
    #[arg(long, default_value_t = limits::WORKERS_DEFAULT as u64, value_name = "N",
          help_heading = "Execution", allow_negative_numbers = true,
          value_parser = whole(1, limits::WORKERS_MAX as u64))]
    pub(crate) workers: u64,

    /// A semaphore: operations in flight at once, in every model
    #[arg(long, value_name = "N", help_heading = "Execution",
          allow_negative_numbers = true, value_parser = whole(1, limits::PERMITS_MAX as u64))]
    pub(crate) permits: Option<u64>,

    /// Operations in flight at once on one host
    #[arg(long, value_name = "N", help_heading = "Execution",
          allow_negative_numbers = true, value_parser = whole(1, limits::PERMITS_MAX as u64))]
    pub(crate) host_permits: Option<u64>,

    /// Operations in flight at once of one project
    #[arg(long, value_name = "N", help_heading = "Execution",
          allow_negative_numbers = true, value_parser = whole(1, limits::PERMITS_MAX as u64))]
    pub(crate) project_permits: Option<u64>,

    /// Operations that may wait; past that a request is refused with queue_full
    #[arg(long, default_value_t = limits::QUEUE_DEFAULT as u64, value_name = "N",
          help_heading = "Execution", allow_negative_numbers = true,
          value_parser = whole(1, limits::QUEUE_MAX as u64))]
    pub(crate) queue: u64,

    /// Requests a second that one project may send; past that it is refused with rate_limited
    #[arg(long, value_name = "PER_S", help_heading = "Execution",
          allow_negative_numbers = true, value_parser = project_rate)]
    pub(crate) project_rate: Option<NonZeroU32>,

    /// Virtual time: waits cost nothing, the same seed gives the same run (`async`, `sequential`)
    #[arg(long, help_heading = "Execution")]
    pub(crate) virtual_time: bool,

    /// Keep the fleet in this directory, made if it is not there, and go on with what is in it
    #[arg(long, value_name = "DIR", help_heading = "Cloud", conflicts_with = "virtual_time",
          value_parser = directory())]
    pub(crate) data: Option<PathBuf>,

    /// Projects; client c belongs to project c mod N
    #[arg(long, default_value_t = 4, value_name = "N", help_heading = "Cloud",
          allow_negative_numbers = true, value_parser = whole(1, limits::PROJECTS_MAX as u64))]
    pub(crate) projects: u64,

    /// Hosts, such as 16 or 16:64x262144. By default so many that they never run out
    #[arg(
        long,
        value_name = "COUNT[:VCPUSxRAM_MIB]",
        help_heading = "Cloud",
        conflicts_with = "hosts_file"
    )]
    pub(crate) hosts: Option<HostSpec>,

    /// Hosts from a file: Alibaba's openb nodes, or name,vcpus,ram_mib
    #[arg(long, value_name = "FILE", help_heading = "Cloud")]
    pub(crate) hosts_file: Option<PathBuf>,

    /// What each project may hold, such as instances=10,cores=20,ram_mib=51200
    #[arg(long, default_value = "unlimited", value_name = "KIND=N,…", help_heading = "Cloud")]
    pub(crate) quota: QuotaSpec,

    /// The driver's behaviour: instant, fast, realistic, flaky, or a TOML file of one's own
    /// [default: fast, with --trace realistic]
    #[arg(long, value_name = "NAME|FILE", help_heading = "Cloud")]
    pub(crate) profile: Option<String>,

    /// All chance comes from this number
    #[arg(long, default_value_t = 1, value_name = "N", help_heading = "Cloud",
          allow_negative_numbers = true, value_parser = whole(0, u64::MAX))]
    pub(crate) seed: u64,

    /// What to print on stdout
    #[arg(long, value_enum, default_value = "table", help_heading = "Output")]
    pub(crate) format: FormatArg,

    /// What log lines on stderr look like
    #[arg(
        long,
        value_enum,
        default_value = "text",
        value_name = "FORMAT",
        help_heading = "Output"
    )]
    pub(crate) log_format: LogFormatArg,

    /// Every transition and every refusal as a line on stderr, also on a terminal, which shows
    /// figures and the latest of them otherwise. A pipe or a file always gets the lines
    #[arg(long, help_heading = "Output", conflicts_with = "quiet")]
    pub(crate) log: bool,

    /// No log lines and no live view
    #[arg(long, short, help_heading = "Output")]
    pub(crate) quiet: bool,

    /// Whole ids on a terminal, not their first 8 characters
    #[arg(long, help_heading = "Output")]
    pub(crate) full_ids: bool,

    /// List all active servers at the end, not the first 10
    #[arg(long, help_heading = "Output")]
    pub(crate) all: bool,

    /// Write everything that happens to this file, one JSON object a line
    #[arg(long, value_name = "FILE", help_heading = "Output", value_parser = output_file())]
    pub(crate) history: Option<PathBuf>,

    /// Write a report to this file: a page of HTML with charts, which needs nothing else
    #[arg(long, value_name = "FILE", help_heading = "Output", value_parser = output_file())]
    pub(crate) report: Option<PathBuf>,
}

/// The slowest replay: a day of a trace takes three years. Slower is no replay.
const SPEED_MIN: f64 = 0.001;

/// How many times faster than recorded.
fn speed(text: &str) -> Result<f64, Message> {
    let sound = text.parse().ok().map(|RateArg(speed)| speed);
    sound.filter(|speed| (SPEED_MIN..=limits::SPEED_MAX).contains(speed)).ok_or_else(|| {
        Message::new(|locale| {
            let (min, max) = (locale.fixed(SPEED_MIN, 3), locale.fixed(limits::SPEED_MAX, 0));
            text!(locale, "expected-speed", min = min, max = max)
        })
    })
}

/// Requests a second of one project.
fn project_rate(text: &str) -> Result<NonZeroU32, Message> {
    let rate = whole(1, u64::from(u32::MAX))(text)?;
    Ok(u32::try_from(rate).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MAX))
}
