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
struct Draft {
    file: PathBuf,
}

impl Draft {
    /// An empty file beside `dest`, which must not exist, for its owner only.
    fn beside(dest: &Path) -> Result<Self, OpenError> {
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

    /// Makes it durable, then gives it its name.
    fn finish(self, dest: &Path) -> Result<(), OpenError> {
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
    if !backup.exists() {
        return Err(OpenError::BackupMissing { file: backup.to_owned() });
    }
    files::make(dir)?;
    let _lock = files::Lock::take(dir)?;
    let file = files::database(dir);
    // A log left behind would be taken for the restored file's own; and a log beside the backup
    // means that it is no backup, and not whole without it.
    for there in [
        file.clone(),
        files::beside(&file, "-wal"),
        files::beside(&file, "-journal"),
        files::beside(backup, "-wal"),
        files::beside(backup, "-journal"),
    ] {
        if there.exists() {
            return Err(OpenError::Exists { file: there });
        }
    }
    let draft = Draft::beside(&file)?;
    // `fs::copy` would give the copy the permissions of the backup.
    let mut from = fs::File::open(backup).map_err(|error| OpenError::io(backup, error))?;
    let into = OpenOptions::new().write(true).open(&draft.file);
    let copied = into.and_then(|mut into| io::copy(&mut from, &mut into));
    copied.map_err(|error| OpenError::io(&draft.file, error))?;
    let servers = check(&draft.file, "integrity_check").map_err(|error| {
        let file = backup.to_owned();
        match error {
            OpenError::Damaged { what, .. } | OpenError::Foreign { what, .. } => {
                OpenError::NoBackup { file, what }
            }
            OpenError::Newer { found, known, .. } => OpenError::Newer { file, found, known },
            other => other,
        }
    })?;
    let bytes = files::length(&draft.file)?;
    draft.finish(&file)?;
    Ok(BackupReport { file, bytes, servers })
}

/// Refuses what was never filled.
fn known(file: &Path, version: i64) -> Result<(), OpenError> {
    if version == 0 {
        let what = "it is empty".to_owned();
        return Err(OpenError::Foreign { file: file.to_owned(), what });
    }
    Ok(())
}

/// Checks a file that nobody else has, and counts its servers.
fn check(file: &Path, how: &str) -> Result<u64, OpenError> {
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
