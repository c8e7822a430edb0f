//! What is typed behind `backup`, `restore` and `verify`, and what `--data` may be.

use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PathBufValueParser, TypedValueParser};

#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// The data directory; a service may be running on it
    #[arg(long, value_name = "DIR", env = "GUICHET_DATA", value_parser = directory())]
    pub(crate) data: PathBuf,

    /// The file to write, which must not be there
    #[arg(value_name = "DEST")]
    pub(crate) dest: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// The data directory, which must have no data
    #[arg(long, value_name = "DIR", env = "GUICHET_DATA", value_parser = directory())]
    pub(crate) data: PathBuf,

    /// The file that `guichet backup` wrote
    #[arg(value_name = "BACKUP")]
    pub(crate) backup: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The data directory, on which no service may be running; or a database, as
    /// postgres://USER@HOST/DATABASE, on which some may
    #[arg(long, value_name = "DIR|URL", env = "GUICHET_DATA")]
    pub(crate) data: PathBuf,
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
            return Err("a directory is expected here; a database is cared for by PostgreSQL's own programs, such as pg_dump");
        }
        Ok(path)
    })
}
