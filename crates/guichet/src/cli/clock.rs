//! What is typed behind `clock`.

use clap::{Args, Subcommand, ValueEnum};
use guichet_lab::simulate::options::DurationArg;

use super::world::OfWorldArgs;

#[derive(Debug, Args)]
pub(crate) struct ClockArgs {
    #[command(subcommand)]
    pub(crate) command: ClockCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ClockCommand {
    /// Show the time of a world
    Show(OfWorldArgs),

    /// Stop the time of a world
    Freeze(OfWorldArgs),

    /// Have the time of a world go on, as usual or faster
    Run(RunClockArgs),

    /// Have the time of a world jump, before each request, to where nothing is under way
    Jump(OfWorldArgs),

    /// Move the time of a world on, from one thing that is to happen to the next
    Advance(AdvanceClockArgs),

    /// Have tokens and rates of a world go by its time, or by the real one again
    Tokens(TokensClockArgs),
}

#[derive(Debug, Args)]
pub(crate) struct TokensClockArgs {
    /// By which time tokens expire and rates are counted
    #[arg(value_name = "TIME", value_enum)]
    pub(crate) time: TokenTimeArg,

    #[command(flatten)]
    pub(crate) of: OfWorldArgs,
}

/// By which time tokens expire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TokenTimeArg {
    /// The process's, whatever the world's is
    Real,
    /// The world's: moving it on by a day has tokens expire
    World,
}

#[derive(Debug, Args)]
pub(crate) struct RunClockArgs {
    /// Seconds of the world in a second, such as 60
    #[arg(long, value_name = "N", default_value_t = 1.0, allow_negative_numbers = true)]
    pub(crate) speed: f64,

    #[command(flatten)]
    pub(crate) of: OfWorldArgs,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("how").args(["by", "to", "until_idle"]))]
pub(crate) struct AdvanceClockArgs {
    /// By so long, such as 90s or 2h
    #[arg(long, value_name = "TIME", value_parser = DurationArg::positive)]
    pub(crate) by: Option<DurationArg>,

    /// To this instant, such as 2026-12-01T00:00:00Z
    #[arg(long, value_name = "INSTANT")]
    pub(crate) to: Option<String>,

    /// Until no operation waits or runs
    #[arg(long)]
    pub(crate) until_idle: bool,

    #[command(flatten)]
    pub(crate) of: OfWorldArgs,
}
