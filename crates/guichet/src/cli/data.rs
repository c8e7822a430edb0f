//! What is typed behind `backup`, `restore`, `verify` and `data`, and what `--data` may be.

use std::path::{Path, PathBuf};

use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// The data directory, or a database, as postgres://USER@HOST/DATABASE; services may be running
    /// on it. Behind it ?cell=NAME stands for another cell than the first
    #[arg(long, value_name = "DIR|URL", env = "GUICHET_DATA")]
    pub(crate) data: PathBuf,

    /// The file to write, which must not be there
    #[arg(value_name = "DEST")]
    pub(crate) dest: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// The data directory, or a database, as postgres://USER@HOST/DATABASE, with ?cell=NAME for another
    /// cell than the first; it must have no data
    #[arg(long, value_name = "DIR|URL", env = "GUICHET_DATA")]
    pub(crate) data: PathBuf,

    /// The file that `guichet backup` wrote, of a directory or of a database
    #[arg(value_name = "BACKUP")]
    pub(crate) backup: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The data directory, on which no service may be running; or a database, as
    /// postgres://USER@HOST/DATABASE, on which some may. Behind it ?cell=NAME stands for another cell
    /// than the first
    #[arg(long, value_name = "DIR|URL", env = "GUICHET_DATA")]
    pub(crate) data: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct DataArgs {
    #[command(subcommand)]
    pub(crate) command: DataCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DataCommand {
    /// Copy all data from a directory into a database or back, and compare both
    #[command(after_help = COPY_EXIT_CODES)]
    Copy(CopyArgs),
}

const COPY_EXIT_CODES: &str = "\
Nothing may be running on either. FROM stays as it is; serve only one of the two afterwards.
PGPASSWORD is the password of a database.
Exit codes: 0 all is well, 1 something does not hold in what was copied, 2 bad input, 130 interrupted.";

#[derive(Debug, Args)]
pub(crate) struct CopyArgs {
    /// A data directory, or a database, as postgres://USER@HOST/DATABASE, with ?cell=NAME for another cell
    /// than the first
    #[arg(value_name = "FROM")]
    pub(crate) from: PathBuf,

    /// A directory or a database without data
    #[arg(value_name = "TO")]
    pub(crate) to: PathBuf,
}

/// Whether `--data` names a database, and not a directory.
pub(crate) fn is_database(data: &Path) -> bool {
    let text = data.to_string_lossy();
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

/// The directory of `--data`, if it names one.
pub(crate) fn directory_of(data: Option<&Path>) -> Option<&Path> {
    data.filter(|data| !is_database(data))
}

/// Reads a directory: a database is none.
pub(super) fn directory() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| {
        if is_database(&path) {
            return Err("a directory is expected here");
        }
        Ok(path)
    })
}
