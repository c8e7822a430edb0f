//! What is typed behind `config`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ServeArgs;

#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Say whether a configuration is sound, and what is wrong where if it is not
    Check(CheckConfigArgs),

    /// Print what holds: the file's, the environment's and these flags together, without passwords
    Show(Box<ServeArgs>),

    /// Print a configuration that says all there is as it is without one
    Default,

    /// Have a service that runs read its configuration again, as `kill -HUP` does
    Reload(ReloadArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CheckConfigArgs {
    /// The configuration
    #[arg(value_name = "FILE", env = "GUICHET_CONFIG")]
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ReloadArgs {
    #[command(flatten)]
    pub(crate) place: super::PlaceArgs,
}
