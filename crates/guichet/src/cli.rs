//! What is typed: the flags as they stand. What they mean together is made of them by the
//! command's own module.

mod beside;
mod clock;
mod compare;
mod config;
mod data;
mod effective;
mod errors;
mod fault;
mod french;
mod log_level;
mod parse;
mod race;
mod run;
mod serve;
mod service_table;
mod simulate;
mod snapshot;
mod tp;
mod values;
mod wait;
mod world;

use clap::{Parser, Subcommand};

pub(crate) use beside::BesideArgs;
pub(crate) use clock::{AdvanceClockArgs, ClockArgs, ClockCommand, TokenTimeArg};
pub(crate) use compare::{CompareArgs, CompareFormatArg};
pub(crate) use config::{CheckConfigArgs, ConfigArgs, ConfigCommand, ReloadArgs};
pub(crate) use data::{BackupArgs, RestoreArgs, VerifyArgs};
pub(crate) use effective::Setting;
#[cfg(test)]
pub(crate) use effective::Source;
pub(crate) use fault::{AddFaultArgs, FaultArgs, FaultCommand};
pub(crate) use log_level::LogLevel;
pub(crate) use parse::{check_service_table, parsed, service_table_text};
pub(crate) use race::RaceArgs;
pub(crate) use run::RunArgs;
pub(crate) use serve::{CloudArgs, CloudsYamlArgs, ServeArgs};
pub(crate) use simulate::SimulateArgs;
pub(crate) use snapshot::{
    ForkArgs, ImportArgs, OneSnapshotArgs, SnapshotArgs, SnapshotCommand, TakeArgs,
};
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
#[command(version, about, max_term_width = 100)]
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

    /// Copy a data directory's data into one file, also while a service runs on it
    Backup(BackupArgs),

    /// Put a backup into an empty data directory
    Restore(RestoreArgs),

    /// Check everything that must hold in a data directory
    #[command(after_help = VERIFY_EXIT_CODES)]
    Verify(VerifyArgs),

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
