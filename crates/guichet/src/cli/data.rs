//! What is typed behind `backup`, `restore` and `verify`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// The data directory; a service may be running on it
    #[arg(long, value_name = "DIR", env = "GUICHET_DATA")]
    pub(crate) data: PathBuf,

    /// The file to write, which must not be there
    #[arg(value_name = "DEST")]
    pub(crate) dest: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// The data directory, which must have no data
    #[arg(long, value_name = "DIR", env = "GUICHET_DATA")]
    pub(crate) data: PathBuf,

    /// The file that `guichet backup` wrote
    #[arg(value_name = "BACKUP")]
    pub(crate) backup: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The data directory; no service may be running on it
    #[arg(long, value_name = "DIR", env = "GUICHET_DATA")]
    pub(crate) data: PathBuf,
}
