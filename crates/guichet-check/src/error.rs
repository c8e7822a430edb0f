//! Why there is no verdict.

use std::io;
use std::path::PathBuf;

/// What stands in the way of a check, apart from what the file says.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The file cannot be read.
    #[error("{}: {error}", path.display())]
    NoFile {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It is no file that Python could run.
    #[error("{}: {what}", path.display())]
    NotChecked {
        /// The file.
        path: PathBuf,
        /// Why, and what to do.
        what: String,
    },
    /// There is no Python.
    #[error(
        "{}: {error}. Python 3.9 or newer runs the class: install it (Debian and Ubuntu: apt \
         install python3), or name it with --python",
        python.display()
    )]
    NoPython {
        /// What was looked for.
        python: PathBuf,
        /// Why it did not start.
        error: io::Error,
    },
    /// The system does not give a directory or a pipe.
    #[error("the check could not be run: {0}")]
    Io(#[from] io::Error),
}
