//! Copies of a data directory: one file that needs no other, of one instant.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::{connect, files, schema};
use crate::journal::rows::error::OpenError;

/// What a backup or a restore has copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// The file that was made.
    pub file: PathBuf,
    /// Its length in bytes.
    pub bytes: u64,
    /// Servers in it, remembered ones too.
    pub servers: u64,
}

/// A file under its last name only once it is whole; gone if that is never reached.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) file: PathBuf,
}

impl Draft {
    /// An empty file beside `dest`, which must not exist, for its owner only.
    pub(super) fn beside(dest: &Path) -> Result<Self, OpenError> {
        if dest.exists() {
            return Err(OpenError::Exists { file: dest.to_owned() });
        }
        let file = files::beside(dest, &format!(".{}.part", std::process::id()));
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file);
        match made {
            Ok(_) => Ok(Self { file }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(OpenError::Exists { file })
            }
            Err(error) => Err(OpenError::directory(dest.parent().unwrap_or(dest), error)),
        }
    }

    /// Removes drafts of a directory's data that were left behind by processes that were killed: whoever
    /// has the directory's lock is the only one who makes any.
    fn sweep(dir: &Path) -> Result<(), OpenError> {
        let failed = |error| OpenError::directory(dir, error);
        let file = files::database(dir);
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for entry in fs::read_dir(dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let found = entry.file_name().to_string_lossy().into_owned();
            let number = found.strip_prefix(&*name).and_then(|rest| rest.strip_prefix('.'));
            let number = number.and_then(|rest| rest.strip_suffix(".part"));
            if number.is_some_and(|number| number.parse::<u32>().is_ok()) {
                fs::remove_file(entry.path()).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Makes it durable, then gives it its name.
    pub(super) fn finish(self, dest: &Path) -> Result<(), OpenError> {
        files::sync_file(&self.file)?;
        if dest.exists() {
            return Err(OpenError::Exists { file: dest.to_owned() });
        }
        fs::rename(&self.file, dest).map_err(|error| OpenError::io(dest, error))?;
        dest.parent().map_or(Ok(()), files::sync_directory)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After `finish` there is nothing under this name; before it, nobody wants what there is.
        let _ = fs::remove_file(&self.file);
    }
}

/// Copies a directory's data as it is at one instant, also while another process serves it: that
/// one is not held up. The copy is one file, `dest`, which must not exist.
///
/// # Errors
/// See [`OpenError`]. There is no `dest` then.
pub fn backup(dir: &Path, dest: &Path) -> Result<BackupReport, OpenError> {
    let file = files::database(dir);
    let source = connect::reader(&file)?;
    schema::version(&source, &file).and_then(|version| known(&file, version))?;
    let draft = Draft::beside(dest)?;
    {
        let failed = |error: rusqlite::Error| OpenError::sqlite(&draft.file, &error);
        let mut copy = connect::writer(&draft.file)?;
        let step = Backup::new(&source, &mut copy).and_then(|backup| backup.step(-1));
        match step.map_err(failed)? {
            StepResult::Done => {}
            _ => return Err(OpenError::Busy { file }),
        }
        connect::leave_wal(&copy, &draft.file)?;
        copy.close().map_err(|(_, error)| failed(error))?;
    }
    // What is wrong with the copy is wrong with what it was made from.
    let servers = check(&draft.file, "quick_check").map_err(|error| match error {
        OpenError::Damaged { what, .. } => OpenError::Damaged { file, what },
        other => other,
    })?;
    let bytes = files::length(&draft.file)?;
    draft.finish(dest)?;
    Ok(BackupReport { file: dest.to_owned(), bytes, servers })
}

/// Makes a data directory of a backup. The directory must have no data, and not be in use.
///
/// # Errors
/// See [`OpenError`]. The directory has no data then.
pub fn restore(backup: &Path, dir: &Path) -> Result<BackupReport, OpenError> {
    check_alone(backup)?;
    if !files::exists(dir)? {
        // Before it is made: what is no backup at all leaves no trace.
        connect::cold(backup)
            .and_then(|of| schema::version(&of, backup).and_then(|version| known(backup, version)))
            .map_err(|error| no_backup(backup, error))?;
    }
    let (_lock, draft) = empty(dir)?;
    let file = files::database(dir);
    // `fs::copy` would give the copy the permissions of the backup.
    let mut from = fs::File::open(backup).map_err(|error| OpenError::io(backup, error))?;
    let into = OpenOptions::new().write(true).open(&draft.file);
    let copied = into.and_then(|mut into| io::copy(&mut from, &mut into));
    copied.map_err(|error| OpenError::io(&draft.file, error))?;
    let servers =
        check(&draft.file, "integrity_check").map_err(|error| no_backup(backup, error))?;
    let bytes = files::length(&draft.file)?;
    draft.finish(&file)?;
    Ok(BackupReport { file, bytes, servers })
}

/// Refuses a backup that is not there, or not whole: one with a log beside it.
pub(super) fn check_alone(backup: &Path) -> Result<(), OpenError> {
    if !files::exists(backup)? {
        return Err(OpenError::BackupMissing { file: backup.to_owned() });
    }
    absent([files::beside(backup, "-wal"), files::beside(backup, "-journal")])
}

/// The error for what is wrong with a copy of a backup.
pub(super) fn no_backup(backup: &Path, error: OpenError) -> OpenError {
    let file = backup.to_owned();
    match error {
        OpenError::Damaged { what, .. } | OpenError::Foreign { what, .. } => {
            OpenError::NoBackup { file, what }
        }
        OpenError::Newer { found, known, .. } => OpenError::Newer { file, found, known },
        other => other,
    }
}

/// A directory without data, which this process owns from then on, and an empty file for its data.
pub(super) fn empty(dir: &Path) -> Result<(files::Lock, Draft), OpenError> {
    files::make(dir)?;
    let lock = files::Lock::take(dir)?;
    let file = files::database(dir);
    // A log left behind would be taken for the new file's own.
    absent([file.clone(), files::beside(&file, "-wal"), files::beside(&file, "-journal")])?;
    Draft::sweep(dir)?;
    Ok((lock, Draft::beside(&file)?))
}

fn absent(files: impl IntoIterator<Item = PathBuf>) -> Result<(), OpenError> {
    match files.into_iter().find(|file| file.exists()) {
        Some(file) => Err(OpenError::Exists { file }),
        None => Ok(()),
    }
}

/// Refuses what was never filled.
pub(super) fn known(file: &Path, version: i64) -> Result<(), OpenError> {
    if version == 0 {
        let what = "it is empty".to_owned();
        return Err(OpenError::Foreign { file: file.to_owned(), what });
    }
    Ok(())
}

/// Checks a file that nobody else has, and counts its servers.
pub(super) fn check(file: &Path, how: &str) -> Result<u64, OpenError> {
    let connection = connect::cold(file)?;
    schema::version(&connection, file).and_then(|version| known(file, version))?;
    let damages = damages(&connection, how).map_err(|error| OpenError::sqlite(file, &error))?;
    if let Some(what) = damages.into_iter().next() {
        return Err(OpenError::Damaged { file: file.to_owned(), what });
    }
    let servers = connection.query_row("SELECT count(*) FROM server", [], |row| row.get(0));
    let servers: i64 = servers.map_err(|error| OpenError::sqlite(file, &error))?;
    Ok(servers.unsigned_abs())
}

/// What SQLite finds wrong with a file.
pub(super) fn damages(connection: &Connection, how: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(&format!("PRAGMA {how}"))?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut damages = Vec::new();
    for row in rows {
        let line = row?;
        if line != "ok" {
            damages.push(line);
        }
    }
    Ok(damages)
}
