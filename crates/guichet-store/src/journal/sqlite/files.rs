//! The files of a data directory, and the lock that makes one process their owner.
//!
//! What others may write to is refused before anything in it is read: who can put a link or a file
//! of their own there decides what this process overwrites, or believes.
//!
//! Nothing here opens `guichet.db` itself while SQLite may have it open in this process: closing
//! any descriptor of a file gives up all POSIX locks that the process has on it.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;
use nix::unistd::geteuid;

use crate::journal::rows::error::OpenError;

/// The name of the database.
const DATABASE: &str = "guichet.db";
/// The name of the file that its owner holds locked.
const LOCK: &str = "guichet.lock";

/// Where the database of a directory is.
pub(super) fn database(dir: &Path) -> PathBuf {
    dir.join(DATABASE)
}

/// The file beside a database whose name ends in `suffix`: `-wal`, `-shm`.
pub(super) fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// How long a file is; 0 if it is not there.
pub(super) fn length(file: &Path) -> Result<u64, OpenError> {
    match fs::metadata(file) {
        Ok(found) => Ok(found.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(OpenError::io(file, error)),
    }
}

/// Whether there is such a file; an error if this user may not know.
pub(super) fn exists(file: &Path) -> Result<bool, OpenError> {
    match file.try_exists() {
        // Below a file there is nothing.
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
        found => found.map_err(|error| OpenError::io(file, error)),
    }
}

/// Write permission of the group and of everybody.
const OTHERS_WRITE: u32 = 0o022;

/// Refuses what is not this user's alone to write.
fn check_owner(path: &Path, found: &Metadata) -> Result<(), OpenError> {
    let why = if found.uid() != geteuid().as_raw() && found.uid() != 0 {
        "it is another user's"
    } else if found.mode() & OTHERS_WRITE != 0 {
        "others may write to it"
    } else {
        return Ok(());
    };
    Err(OpenError::unsafe_path(path, why))
}

/// Refuses a link, and a file that is not this user's alone to write; one that is not there is none.
fn check_file(file: &Path) -> Result<(), OpenError> {
    match fs::symlink_metadata(file) {
        Ok(found) if found.is_file() => check_owner(file, &found),
        Ok(_) => Err(OpenError::unsafe_path(file, "it is a link, or no file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(OpenError::io(file, error)),
    }
}

/// Refuses a directory that others may write to, and files of a database in it that are not this
/// user's alone to write, or links.
pub(super) fn check(dir: &Path) -> Result<(), OpenError> {
    // The directory that was named may be a link; what is in it may not.
    let found = fs::metadata(dir).map_err(|error| OpenError::directory(dir, error))?;
    if !found.is_dir() {
        return Err(OpenError::directory(dir, io::ErrorKind::NotADirectory.into()));
    }
    check_owner(dir, &found)?;
    let file = database(dir);
    for suffix in ["-wal", "-shm", "-journal"] {
        check_file(&beside(&file, suffix))?;
    }
    check_file(&file)?;
    check_file(&dir.join(LOCK))
}

/// Makes the directory, for its owner only, if it is missing.
pub(super) fn make(dir: &Path) -> Result<(), OpenError> {
    let failed = |error| OpenError::directory(dir, error);
    if !dir.exists() {
        DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed)?;
        if let Some(parent) = dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            sync_directory(parent)?;
        }
    }
    check(dir)
}

/// Makes an empty file that only its owner may read, if it is missing.
pub(super) fn make_file(file: &Path) -> Result<(), OpenError> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    match made {
        Ok(made) => made.sync_all().map_err(|error| OpenError::io(file, error))?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        Err(error) => return Err(OpenError::directory(file.parent().unwrap_or(file), error)),
    }
    file.parent().map_or(Ok(()), sync_directory)
}

/// Makes the names in a directory durable.
pub(super) fn sync_directory(dir: &Path) -> Result<(), OpenError> {
    let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(|error| OpenError::io(dir, error))
}

/// Makes what is in a file durable.
pub(super) fn sync_file(file: &Path) -> Result<(), OpenError> {
    let opened = OpenOptions::new().write(true).open(file);
    opened.and_then(|file| file.sync_all()).map_err(|error| OpenError::io(file, error))
}

/// The right to write to a directory's files; given back when it is dropped, and by the system
/// when the process ends.
#[derive(Debug)]
pub(super) struct Lock {
    /// Locked until this is dropped.
    file: File,
}

impl Lock {
    /// Takes the lock of a directory, and writes down who has it.
    pub(super) fn take(dir: &Path) -> Result<Self, OpenError> {
        let failed = |error| OpenError::directory(dir, error);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        options.custom_flags(OFlag::O_NOFOLLOW.bits());
        let mut file = options.open(dir.join(LOCK)).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                // Who has it is named if it can be; that it is taken is certain.
                let _ = Read::take(&file, 64).read_to_string(&mut text);
                return Err(OpenError::InUse {
                    dir: dir.to_owned(),
                    pid: text.trim().parse().ok(),
                });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        file.set_len(0).map_err(failed)?;
        writeln!(file, "{}", std::process::id()).map_err(failed)?;
        Ok(Self { file })
    }
}

impl Drop for Lock {
    /// Given back at once, and not only once all copies of the file are closed: a process that is being
    /// started from this one has a copy for a moment.
    fn drop(&mut self) {
        // Closing gives it back too.
        let _ = self.file.unlock();
    }
}
