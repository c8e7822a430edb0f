//! What is typed behind `snapshot`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use guichet_core::limits;
use guichet_lab::simulate::options::DurationArg;

use super::world::{CreatedFormatArg, OfWorldArgs, PlaceArgs};

#[derive(Debug, Args)]
pub(crate) struct SnapshotArgs {
    #[command(subcommand)]
    pub(crate) command: SnapshotCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SnapshotCommand {
    /// Take a snapshot of a world: all of it at one moment, with what is under way
    Take(TakeArgs),

    /// List the snapshots of a world
    List(OfWorldArgs),

    /// Show a snapshot
    Show(OneSnapshotArgs),

    /// Have the world be again as the snapshot has it; its tokens stay good
    Restore(OneSnapshotArgs),

    /// Make a world that begins as another is now, or as a snapshot of it
    Fork(ForkArgs),

    /// Print a snapshot as one JSON document
    Export(OneSnapshotArgs),

    /// Make a snapshot of a JSON document, in place of one of that name
    Import(ImportArgs),

    /// Delete a snapshot; worlds that began from it go on
    Delete(OneSnapshotArgs),
}

#[derive(Debug, Args)]
pub(crate) struct TakeArgs {
    #[command(flatten)]
    pub(crate) one: OneSnapshotArgs,

    /// In place of a snapshot of that name, if there is one
    #[arg(long)]
    pub(crate) replace: bool,
}

#[derive(Debug, Args)]
pub(crate) struct OneSnapshotArgs {
    /// The snapshot's name: letters of a to z, digits and . _ -
    #[arg(value_name = "NAME")]
    pub(crate) name: String,

    #[command(flatten)]
    pub(crate) of: OfWorldArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    pub(crate) one: OneSnapshotArgs,

    /// The document; - is stdin
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ForkArgs {
    /// The snapshot that it begins as; without it as the world is now
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// The id of the world whose snapshot it is; root is the service's own
    #[arg(long, value_name = "ID", default_value = "root", env = "GUICHET_WORLD")]
    pub(crate) world: String,

    #[command(flatten)]
    pub(crate) place: PlaceArgs,

    /// The machines' behaviour: instant, fast, realistic, flaky; without it as in the other world
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,

    /// It ends when nobody has used it for so long
    #[arg(long, value_name = "TIME", default_value_t = DurationArg(limits::WORLD_IDLE_DEFAULT),
          value_parser = DurationArg::positive)]
    pub(crate) idle: DurationArg,

    /// What goes to stdout
    #[arg(long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub(crate) format: CreatedFormatArg,
}
