//! What is typed behind `fault`.

use clap::{Args, Subcommand};

use super::world::OfWorldArgs;

#[derive(Debug, Args)]
pub(crate) struct FaultArgs {
    #[command(subcommand)]
    pub(crate) command: FaultCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum FaultCommand {
    /// Have requests or operations of a world go wrong from now on
    Add(AddFaultArgs),

    /// List the rules of a world, and what they struck
    List(OfWorldArgs),

    /// Take rules of a world out: the one of a number, or all of them
    Clear(ClearFaultsArgs),
}

#[derive(Debug, Args)]
pub(crate) struct AddFaultArgs {
    /// What the rule says, such as on=request method=POST path=/compute/v2.1/servers nth=3 do=answer
    /// status=503; or scenario=outage, brown-out, api-throttled, flapping, creates-fail or host-dies
    #[arg(value_name = "FIELD=VALUE", required = true, num_args = 1..)]
    pub(crate) fields: Vec<String>,

    #[command(flatten)]
    pub(crate) of: OfWorldArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ClearFaultsArgs {
    /// The rule's number; without it all of them
    #[arg(value_name = "RULE")]
    pub(crate) rule: Option<u64>,

    #[command(flatten)]
    pub(crate) of: OfWorldArgs,
}
