//! What is typed: the flags as they stand. What they mean together is made of them by the
//! command's own module.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use guichet_core::limits;
use guichet_engine::Model;
use guichet_lab::options::{Bursts, DurationArg, HostSpec, Mix, QuotaSpec, RateArg, whole};
use guichet_lab::race::schedule::Schedule;

/// Takes create, reboot and delete requests for servers from many clients at once, queues them,
/// runs them in parallel on a bounded pool, and never loses, doubles or corrupts one.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes: 0 all is well, 1 an invariant broke, 2 bad input, 130 interrupted.";

const RACE_EXIT_CODES: &str = "\
Exit codes: 0 the lock holds in every schedule and without it something broke (or a replay shows
what it says), 1 otherwise, 2 bad input.";

const SERVE_EXIT_CODES: &str = "\
Exit codes: 0 stopped when it was told to, 2 bad input, 130 told twice. GUICHET_LOG=debug logs reads
too.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run simulated clients, or a recorded trace, against the manager and say what came of it
    #[command(after_help = EXIT_CODES)]
    Simulate(Box<SimulateArgs>),

    /// Measure execution models and pool sizes on one workload and comment on the figures
    #[command(after_help = EXIT_CODES)]
    Compare(Box<CompareArgs>),

    /// Serve the OpenStack API: a cloud for unmodified clients
    #[command(after_help = SERVE_EXIT_CODES)]
    Serve(Box<ServeArgs>),

    /// Print a clouds.yaml for clients of `serve`
    CloudsYaml(CloudsYamlArgs),

    /// One run of a comparison, told on stdin as JSON
    #[command(name = ONE_RUN, hide = true)]
    OneRun,

    /// Show what goes wrong without the lock, and that nothing does with it
    #[command(after_help = RACE_EXIT_CODES)]
    Race(Box<RaceArgs>),
}

/// The name of the hidden command that a comparison's runs are made with.
pub(crate) const ONE_RUN: &str = "one-run";

/// Execution models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModelArg {
    /// One operation at a time
    Sequential,
    /// One OS thread for each accepted request
    Threads,
    /// A fixed number of OS threads
    Pool,
    /// A fixed number of tasks on the async runtime
    Async,
}

impl ModelArg {
    /// The engine's own word for it.
    pub(crate) const fn model(self) -> Model {
        match self {
            Self::Sequential => Model::Sequential,
            Self::Threads => Model::Threads,
            Self::Pool => Model::Pool,
            Self::Async => Model::Async,
        }
    }
}

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

/// What is printed on stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatArg {
    /// A summary for people
    Table,
    /// One JSON object
    Json,
}

/// What log lines look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormatArg {
    /// Columns, coloured on a terminal
    Text,
    /// One JSON object a line
    Json,
}

/// The slowest replay: a day of a trace takes three years. Slower is no replay.
const SPEED_MIN: f64 = 0.001;

/// How many times faster than recorded.
fn speed(text: &str) -> Result<f64, String> {
    let sound = text.parse().ok().map(|RateArg(speed)| speed);
    sound.filter(|speed| (SPEED_MIN..=limits::SPEED_MAX).contains(speed)).ok_or_else(|| {
        let (min, max) = (SPEED_MIN, limits::SPEED_MAX);
        format!(
            "expected a decimal number from {min} to {max}; past that use --virtual-time, where \
             waits cost nothing"
        )
    })
}

/// Requests a second of one project.
fn project_rate(text: &str) -> Result<NonZeroU32, String> {
    let rate = whole(1, u64::from(u32::MAX))(text)?;
    Ok(u32::try_from(rate).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MAX))
}

/// The share of a request's time that is computed.
fn cpu_share(text: &str) -> Result<f64, String> {
    let share = text.trim().parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| {
        "expected a decimal number from 0 (requests only wait) to 1 (they only compute)".to_owned()
    })
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
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) report: Option<PathBuf>,

    /// No progress bar
    #[arg(long, short, help_heading = "Output")]
    pub(crate) quiet: bool,
}

/// Which cloud.
#[derive(Debug, Args)]
pub(crate) struct CloudArgs {
    /// What the cloud is made of: projects, users, flavors, images, networks, hosts. Without it a
    /// small one of its own
    #[arg(
        long,
        value_name = "FILE",
        env = "GUICHET_CONFIG",
        help_heading = "Cloud",
        conflicts_with = "dev"
    )]
    pub(crate) config: Option<PathBuf>,

    /// A fixed cloud for tests: projects and users demo, alt and admin, password secret, flavor
    /// m1.tiny, image cirros, network private, 10 servers a project
    #[arg(long, help_heading = "Cloud")]
    pub(crate) dev: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) cloud: CloudArgs,

    /// Where to listen; port 0 takes a free one and prints it
    #[arg(
        long,
        default_value = "127.0.0.1:8774",
        value_name = "ADDRESS:PORT",
        env = "GUICHET_LISTEN",
        help_heading = "Service"
    )]
    pub(crate) listen: SocketAddr,

    /// What links and the catalog begin with, such as `https://cloud.example.org`; without it what
    /// each client called this service
    #[arg(long, value_name = "URL", help_heading = "Service", value_parser = url)]
    pub(crate) public_url: Option<String>,

    /// Listen with --dev where other machines can reach it
    #[arg(long, help_heading = "Service", requires = "dev")]
    pub(crate) dev_insecure: bool,

    /// Write a clouds.yaml for clients here, passwords included, once it listens
    #[arg(long, value_name = "FILE", help_heading = "Service")]
    pub(crate) write_clouds_yaml: Option<PathBuf>,

    /// How many requests are taken: unlimited, or ovhcloud (20 a second of a project to Compute,
    /// 60 a minute of a user to Identity)
    #[arg(long, value_name = "NAME", help_heading = "Cloud")]
    pub(crate) limits: Option<String>,

    /// What each project may hold, such as instances=10,cores=20,ram_mib=51200, or unlimited
    #[arg(long, value_name = "KIND=N,…", help_heading = "Cloud")]
    pub(crate) quota: Option<QuotaSpec>,

    /// The driver's behaviour: instant, fast, realistic, flaky, or a TOML file of one's own
    #[arg(long, value_name = "NAME|FILE", help_heading = "Cloud")]
    pub(crate) profile: Option<String>,

    /// All chance of the driver comes from this number; without it each start has its own
    #[arg(long, value_name = "N", help_heading = "Cloud",
          allow_negative_numbers = true, value_parser = whole(0, u64::MAX))]
    pub(crate) seed: Option<u64>,

    /// What log lines on stderr look like
    #[arg(
        long,
        value_enum,
        default_value = "text",
        value_name = "FORMAT",
        help_heading = "Output"
    )]
    pub(crate) log_format: LogFormatArg,
}

#[derive(Debug, Args)]
pub(crate) struct CloudsYamlArgs {
    #[command(flatten)]
    pub(crate) cloud: CloudArgs,

    /// Where the service is
    #[arg(long, default_value = "http://127.0.0.1:8774", value_name = "URL", value_parser = url)]
    pub(crate) url: String,
}

/// What links can begin with: a scheme and a host, and perhaps a path.
fn url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let sound = |rest: &str| {
        !rest.is_empty()
            && !rest.starts_with('/')
            && rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>?#".contains(&byte))
    };
    match rest {
        Some(rest) if sound(rest) => Ok(text.to_owned()),
        _ => Err("expected an address such as https://cloud.example.org".to_owned()),
    }
}

#[derive(Debug, Args)]
pub(crate) struct SimulateArgs {
    /// Simulated clients
    #[arg(long, default_value_t = 64, value_name = "N", help_heading = "Load",
          allow_negative_numbers = true, value_parser = whole(1, limits::CLIENTS_MAX as u64))]
    pub(crate) clients: u64,

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

    /// Replay a recorded trace: Alibaba's openb pods, or a CSV file with the header
    /// time_s,client,project,action,server,vcpus,ram_mib
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

    /// No log lines and no progress bar
    #[arg(long, short, help_heading = "Output")]
    pub(crate) quiet: bool,

    /// List all active servers at the end, not the first 10
    #[arg(long, help_heading = "Output")]
    pub(crate) all: bool,

    /// Write everything that happens to this file, one JSON object a line
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) history: Option<PathBuf>,

    /// Write a report to this file: a page of HTML with charts, which needs nothing else
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) report: Option<PathBuf>,
}

/// The permits of `semaphore=N`.
fn semaphore(text: &str) -> Result<u64, String> {
    let expected = "semaphore=N, for example semaphore=2";
    let permits = text.strip_prefix("semaphore=").ok_or_else(|| format!("expected {expected}"))?;
    whole(1, limits::PERMITS_MAX as u64)(permits).map_err(|problem| format!("permits: {problem}"))
}

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
    #[arg(long, value_name = "FILE", help_heading = "Output", conflicts_with = "replay")]
    pub(crate) report: Option<PathBuf>,

    /// Do not say what is being done meanwhile
    #[arg(long, short, help_heading = "Output")]
    pub(crate) quiet: bool,
}
