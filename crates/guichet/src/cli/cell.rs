//! What is typed behind `cell`.

use clap::{Args, Subcommand};

use super::admin::AtArgs;

#[derive(Debug, Args)]
pub(crate) struct CellArgs {
    #[command(subcommand)]
    pub(crate) command: CellCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CellCommand {
    /// List cells: which node leads each, since when, and which follow
    List(AtArgs),

    /// Have another node lead a cell, and wait until one does; what clients ask meanwhile waits
    #[command(after_help = MOVE_EXIT_CODES)]
    Move(MoveArgs),
}

const MOVE_EXIT_CODES: &str = "\
Exit codes: 0 another node leads; 1 the same one leads again, for no other took over; 2 bad
input, or no other node follows.";

#[derive(Debug, Args)]
pub(crate) struct MoveArgs {
    /// Its name or number; needed if there are several
    #[arg(long, value_name = "NAME")]
    pub(crate) cell: Option<String>,

    #[command(flatten)]
    pub(crate) at: AtArgs,
}
