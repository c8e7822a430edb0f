//! What is typed behind `host`.

use clap::{Args, Subcommand};
use guichet_lab::simulate::options::DurationArg;

use super::admin::AtArgs;

#[derive(Debug, Args)]
pub(crate) struct HostArgs {
    #[command(subcommand)]
    pub(crate) command: HostCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HostCommand {
    /// List hosts, the fullest first, and those that take no servers
    List(AtArgs),

    /// Show a host, how full it is, and how far it is being emptied
    Show(OneHostArgs),

    /// Empty a host: it takes no more servers, and those that it has are moved to others
    #[command(after_help = DRAIN_EXIT_CODES)]
    Drain(DrainArgs),

    /// Have a host not be emptied any further; it takes servers again with --enable
    Undrain(UndrainArgs),
}

const DRAIN_EXIT_CODES: &str = "\
Exit codes: 0 it is being emptied, or with --wait it is empty; 1 with --wait it is not: what is
left is stuck, the time is over, or somebody ended the drain; 2 bad input.";

#[derive(Debug, Args)]
pub(crate) struct OneHostArgs {
    /// Its name
    #[arg(value_name = "NAME")]
    pub(crate) name: String,

    #[command(flatten)]
    pub(crate) at: AtArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DrainArgs {
    #[command(flatten)]
    pub(crate) of: OneHostArgs,

    /// Why, for whoever looks at the host
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,

    /// Wait until it is empty, and say how far it is. It ends too when nothing moves any more until
    /// somebody does something, and says which servers are stuck and why
    #[arg(long)]
    pub(crate) wait: bool,

    /// With --wait: how long to wait at most. The drain goes on after that
    #[arg(long, value_name = "TIME", requires = "wait", value_parser = DurationArg::positive)]
    pub(crate) timeout: Option<DurationArg>,
}

#[derive(Debug, Args)]
pub(crate) struct UndrainArgs {
    #[command(flatten)]
    pub(crate) of: OneHostArgs,

    /// Have it take servers again too
    #[arg(long)]
    pub(crate) enable: bool,
}
