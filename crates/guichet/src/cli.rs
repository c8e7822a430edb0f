//! What is typed: the flags as they stand. What they mean together is made of them by the
//! command's own module.

pub(crate) mod admin;
mod audit;
mod beside;
pub(crate) mod cell;
mod clock;
mod compare;
mod config;
mod data;
mod effective;
mod errors;
mod fault;
mod french;
pub(crate) mod host;
mod log_level;
pub(crate) mod logs;
mod metrics;
mod node;
mod otlp;
mod parse;
mod race;
mod run;
mod serve;
mod service_table;
mod simulate;
mod snapshot;
mod socket;
mod tls;
pub(crate) mod top;
mod tp;
mod values;
mod wait;
mod world;

use clap::{Parser, Subcommand};

pub(crate) use audit::{AuditArgs, AuditOnFullArg};
pub(crate) use beside::BesideArgs;
pub(crate) use clock::{AdvanceClockArgs, ClockArgs, ClockCommand, TokenTimeArg};
pub(crate) use compare::{CompareArgs, CompareFormatArg};
pub(crate) use config::{CheckConfigArgs, ConfigArgs, ConfigCommand, ReloadArgs};
pub(crate) use data::{
    BackupArgs, CopyArgs, DataArgs, DataCommand, RestoreArgs, VerifyArgs, directory_of, is_database,
};
pub(crate) use effective::Setting;
#[cfg(test)]
pub(crate) use effective::Source;
pub(crate) use fault::{AddFaultArgs, FaultArgs, FaultCommand};
pub(crate) use log_level::LogLevel;
pub(crate) use metrics::MetricsArgs;
pub(crate) use node::NodeArgs;
pub(crate) use otlp::OtlpArgs;
pub(crate) use parse::{check_service_table, parsed, service_table_text};
pub(crate) use race::RaceArgs;
pub(crate) use run::RunArgs;
pub(crate) use serve::{CloudArgs, CloudsYamlArgs, ServeArgs};
pub(crate) use simulate::SimulateArgs;
pub(crate) use snapshot::{
    ForkArgs, ImportArgs, OneSnapshotArgs, SnapshotArgs, SnapshotCommand, TakeArgs,
};
pub(crate) use tls::{TlsArgs, TrustArgs};
pub(crate) use tp::{CheckArgs, TP_POINTS, TpArgs, TpCommand};
pub(crate) use values::{ColorArg, FormatArg, LangArg, LogFormatArg, ModelArg};
pub(crate) use wait::WaitArgs;
pub(crate) use world::{
    CreateWorldArgs, CreatedFormatArg, ListWorldsArgs, OfWorldArgs, OneWorldArgs, OperationsArgs,
    PlaceArgs, RememberArgs, RequestsArgs, ShownFormatArg, WorldArgs, WorldCommand,
};

/// Takes create, reboot and delete requests for servers from many clients at once, queues them,
/// runs them in parallel on a bounded pool, and never loses, doubles or corrupts one.
#[derive(Debug, Parser)]
#[command(version = version(), about, max_term_width = 100)]
pub(crate) struct Cli {
    /// When to colour what is printed and logged; never in files
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true
    )]
    pub(crate) color: ColorArg,

    /// The language of what the lab prints, en or fr. By default the one of the environment
    /// (`LC_ALL`, `LC_MESSAGES`, `LANG`), and English if it is another
    #[arg(long, global = true, value_enum, value_name = "LANG", hide_possible_values = true)]
    pub(crate) lang: Option<LangArg>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The version, and the commit that it was made of where whoever built it said so: a build that
/// asked git itself would be another one after every commit.
fn version() -> String {
    let commit = option_env!("GUICHET_COMMIT").unwrap_or_default();
    named(env!("CARGO_PKG_VERSION"), commit)
}

/// A version with its commit, as short as git shows it.
fn named(version: &str, commit: &str) -> String {
    match commit.get(..COMMIT_SHOWN).unwrap_or(commit) {
        "" => version.to_owned(),
        commit => format!("{version} ({commit})"),
    }
}

/// Characters of a commit that nobody takes for another one.
const COMMIT_SHOWN: usize = 12;

const EXIT_CODES: &str = "\
Exit codes: 0 all is well, 1 an invariant broke, 2 bad input, 130 interrupted.";

const RACE_EXIT_CODES: &str = "\
Exit codes: 0 the lock holds in every schedule and without it something broke (or a replay shows
what it says), 1 otherwise, 2 bad input.";

const SERVE_EXIT_CODES: &str = "\
Exit codes: 0 stopped when it was told to, 2 bad input, 74 the data directory broke, 130 told twice.
A table [service] in the configuration says what a flag does not: listen = \"0.0.0.0:8774\".";

const RUN_EXIT_CODES: &str = "\
Exit codes: the command's own; 128 and the signal's number if one ended it; 2 bad input.";

const WAIT_EXIT_CODES: &str = "\
Exit codes: 0 it answers, 1 it did not in time, 2 bad input.";

const BACKUP_EXIT_CODES: &str = "\
Exit codes: 0 all is well, 2 bad input, 130 interrupted.";

const RESTORE_EXIT_CODES: &str = "\
Exit codes: 0 all is well, 1 something does not hold in the backup, 2 bad input, 130 interrupted.";

const VERIFY_EXIT_CODES: &str = "\
Exit codes: 0 all is well, 1 something does not hold, 2 bad input.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run simulated clients, or a recorded trace, against the manager and say what came of it
    #[command(after_help = EXIT_CODES)]
    Simulate(Box<SimulateArgs>),

    /// Measure execution models and pool sizes on one workload and comment on the figures
    #[command(after_help = EXIT_CODES)]
    Compare(Box<CompareArgs>),

    /// Lay the results of earlier runs, or of earlier comparisons, side by side
    Report(BesideArgs),

    /// Serve the OpenStack API: a cloud for unmodified clients
    #[command(after_help = SERVE_EXIT_CODES)]
    Serve(Box<ServeArgs>),

    /// Check, show and reload the configuration of a service
    Config(ConfigArgs),

    /// Run a command with a cloud of its own, which it finds in its environment (OS_*)
    #[command(after_help = RUN_EXIT_CODES)]
    Run(RunArgs),

    /// Wait until a service answers
    #[command(after_help = WAIT_EXIT_CODES)]
    Wait(WaitArgs),

    /// Print a clouds.yaml for clients of `serve`
    CloudsYaml(CloudsYamlArgs),

    /// Make, list, reset and end worlds of a service that runs: clouds of their own, for tests
    World(WorldArgs),

    /// Take snapshots of a world, go back to them, and make worlds of them
    Snapshot(SnapshotArgs),

    /// Stop the time of a world, make it faster, or move it on
    Clock(ClockArgs),

    /// Have requests and operations of a world go wrong: which, when and how
    Fault(FaultArgs),

    /// Look at the projects of a service that runs
    Project(admin::ProjectArgs),

    /// Look at the users of a service that runs
    User(admin::UserArgs),

    /// Look at the roles that users may have
    Role(admin::RoleArgs),

    /// Look at what a project may hold, and change it
    Quota(admin::QuotaArgs),

    /// Count tokens, and end them
    Token(admin::TokenArgs),

    /// Look at operations: what was asked, how it went, how long it took
    Operation(admin::OperationArgs),

    /// Look at what waits
    Queue(admin::QueueArgs),

    /// Look at hosts, how full they are, and empty them
    Host(host::HostArgs),

    /// Show the nodes of a service that is several over one database, and have another one lead
    Cell(cell::CellArgs),

    /// Look at servers of all projects, put their state right, delete them
    Server(admin::ServerArgs),

    /// Print what happens in a service, as it does, and what was
    Logs(Box<logs::LogsArgs>),

    /// Look at a running service as it works: its queue, rates, waits, hosts, and what is slow
    Top(top::TopArgs),

    /// Print what a shell needs to complete commands and flags
    Completions(admin::CompletionsArgs),

    /// Write manual pages, one for each command
    Man(admin::ManArgs),

    /// Copy all data into one file, also while services run on them
    #[command(after_help = BACKUP_EXIT_CODES)]
    Backup(BackupArgs),

    /// Put a backup into an empty data directory, or an empty database
    #[command(after_help = RESTORE_EXIT_CODES)]
    Restore(RestoreArgs),

    /// Check everything that must hold in a data directory, or in a database
    #[command(after_help = VERIFY_EXIT_CODES)]
    Verify(VerifyArgs),

    /// Move data between a directory and a database
    Data(DataArgs),

    /// One run of a comparison, told on stdin as JSON
    #[command(name = ONE_RUN, hide = true)]
    OneRun,

    /// Show what goes wrong without the lock, and that nothing does with it
    #[command(after_help = RACE_EXIT_CODES)]
    Race(Box<RaceArgs>),

    /// The lab sheet: walk through it point by point, or check a class that solves it
    Tp(Box<TpArgs>),
}

/// The name of the hidden command that a comparison's runs are made with.
pub(crate) const ONE_RUN: &str = "one-run";

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_version_has_its_commit_if_it_is_known() {
        assert_eq!(named("1.2.3", ""), "1.2.3");
        assert_eq!(named("1.2.3", "0123456789abcdef"), "1.2.3 (0123456789ab)");
        assert_eq!(named("1.2.3", "0123"), "1.2.3 (0123)");
    }
}
