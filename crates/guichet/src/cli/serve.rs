//! What is typed behind `serve` and `clouds-yaml`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use guichet_core::limits;
use guichet_lab::simulate::options::{DurationArg, QuotaSpec, whole};

use super::socket::SocketArgs;
use super::tls::{TlsArgs, TrustArgs};
use super::values::{LogFormatArg, address, url, yes_or_no};
use super::{AuditArgs, LogLevel, MetricsArgs, NodeArgs, OtlpArgs, Setting};

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
        help_heading = "Service",
        value_parser = address
    )]
    pub(crate) listen: SocketAddr,

    /// Keep everything in this directory, made if it is not there, and go on with what is in it; or in a
    /// database of PostgreSQL, as postgres://USER@HOST/DATABASE, that several nodes share; without it
    /// everything is in memory and gone at the end
    #[arg(long, value_name = "DIR|URL", env = "GUICHET_DATA", help_heading = "Service")]
    pub(crate) data: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) socket: SocketArgs,

    #[command(flatten)]
    pub(crate) metrics: MetricsArgs,

    #[command(flatten)]
    pub(crate) otlp: OtlpArgs,

    /// How long a stop waits for what is queued and running; what is not over by then is left to
    /// the next start, if there is --data
    #[arg(long, default_value_t = DurationArg(limits::DRAIN_DEADLINE), value_name = "TIME",
          help_heading = "Service", value_parser = DurationArg::positive)]
    pub(crate) drain: DurationArg,

    /// What links and the catalog begin with, such as `https://cloud.example.org`; without it what
    /// each client called this service
    #[arg(long, value_name = "URL", help_heading = "Service", value_parser = url)]
    pub(crate) public_url: Option<String>,

    /// Listen with --dev where other machines can reach it
    #[arg(long, help_heading = "Service", requires = "dev")]
    pub(crate) dev_insecure: bool,

    #[command(flatten)]
    pub(crate) tls: TlsArgs,

    #[command(flatten)]
    pub(crate) node: NodeArgs,

    /// Serve the console, pages under /console/ for the cloud's own users: yes or no. Without it yes
    /// with --dev or where no other machine reaches the service
    #[arg(
        long,
        value_name = "yes|no",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "yes",
        hide_possible_values = true,
        env = "GUICHET_CONSOLE",
        help_heading = "Service",
        ignore_case = true,
        value_parser = yes_or_no()
    )]
    pub(crate) console: Option<bool>,

    /// Stop when standard input ends: then whoever started the service is gone
    #[arg(long, help_heading = "Service")]
    pub(crate) until_input_ends: bool,

    /// Write a line here for each request that ended, in JSON, for `simulate --trace` to replay: who asked
    /// for what, and how it went; no body, token or password
    #[arg(long, value_name = "FILE", help_heading = "Service")]
    pub(crate) record: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) audit: AuditArgs,

    /// Write a clouds.yaml for clients here, passwords included, once it listens
    #[arg(long, value_name = "FILE", help_heading = "Service")]
    pub(crate) write_clouds_yaml: Option<PathBuf>,

    /// How many worlds may be made beside the service's own cloud, 0 to 1,000: 1,000 with --dev, and
    /// none without
    #[arg(long, value_name = "N", env = "GUICHET_WORLDS", help_heading = "Worlds",
          value_parser = whole(0, limits::WORLDS_MAX as u64))]
    pub(crate) worlds: Option<u64>,

    /// What lets one make, reset and end worlds. Without it one is drawn and shown at the start if
    /// there may be worlds; with --dev on an address of this machine none is needed
    #[arg(
        long,
        value_name = "TOKEN",
        env = "GUICHET_CONTROL_TOKEN",
        hide_env_values = true,
        help_heading = "Worlds"
    )]
    pub(crate) control_token: Option<String>,

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

    /// What is logged: off, error, warn, info, debug (reads too), trace; or such a level for a part of the
    /// program, as in info,guichet_http=debug
    #[arg(long, default_value = "info", value_name = "LEVEL", env = "GUICHET_LOG",
          help_heading = "Output", value_parser = LogLevel::read)]
    pub(crate) log: LogLevel,

    /// What holds of each flag, and who says so.
    #[arg(skip)]
    pub(crate) effective: Vec<Setting>,
}

#[derive(Debug, Args)]
pub(crate) struct CloudsYamlArgs {
    #[command(flatten)]
    pub(crate) cloud: CloudArgs,

    /// Where the service is
    #[arg(long, default_value = "http://127.0.0.1:8774", value_name = "URL", value_parser = url)]
    pub(crate) url: String,

    #[command(flatten)]
    pub(crate) trust: TrustArgs,
}
