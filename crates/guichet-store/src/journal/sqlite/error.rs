//! The errors for what SQLite and the system say of files.

use std::io;
use std::path::Path;

use rusqlite::ErrorCode;

use crate::journal::rows::error::OpenError;

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

impl OpenError {
    /// The variant for what SQLite says of a file.
    pub(super) fn sqlite(file: &Path, error: &rusqlite::Error) -> Self {
        let file = file.to_owned();
        let what = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { file, what }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { file },
            Some(ErrorCode::DiskFull) => Self::Full { file },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                let dir = file.parent().unwrap_or(&file).to_owned();
                Self::Directory { dir, why: io::Error::other(error.to_string()) }
            }
            // A table or a column is missing, or a value is not of the kind it must be.
            Some(ErrorCode::Unknown) | None => Self::Damaged { file, what },
            Some(_) => Self::Sqlite { file, what },
        }
    }

    /// What makes a directory, or a file in it, unsafe to use.
    pub(super) fn unsafe_path(path: &Path, why: &'static str) -> Self {
        Self::Unsafe { path: path.to_owned(), why }
    }

    /// What the system says of a file or a directory.
    pub(super) fn io(path: &Path, why: io::Error) -> Self {
        if is_full(&why) {
            return Self::Full { file: path.to_owned() };
        }
        if why.kind() == io::ErrorKind::PermissionDenied {
            return Self::NotOurs { path: path.to_owned(), why };
        }
        Self::Io { path: path.to_owned(), why }
    }

    /// What the system says when something is to be made in a directory.
    pub(super) fn directory(dir: &Path, why: io::Error) -> Self {
        if is_full(&why) {
            return Self::Full { file: dir.to_owned() };
        }
        Self::Directory { dir: dir.to_owned(), why }
    }
}
