//! The journal in SQLite: one file with a row for each server, operation, key and project, that
//! an operator can look into with any SQLite tool.
//!
//! ```text
//! DIR/guichet.lock   held locked while a process owns the directory; says which
//! DIR/guichet.db     the rows as they were at the last checkpoint
//! DIR/guichet.db-wal what was written since; each commit is synced (synchronous = FULL)
//! DIR/guichet.db-shm an index of that, made anew whenever it is missing
//! ```
//!
//! [`open`] brings the file to this version, reads all of it and hands it over ([`Opened`]);
//! [`SqliteLog`] writes batches, each as one transaction, and puts the log back into the file
//! between them. [`backup`], [`restore`] and [`verify`] are what `guichet` offers operators.
//!
//! Only the owner's connection ever checkpoints, so nobody else stalls it; any number of others
//! may read. One that reads without end keeps the log from being begun anew, and the log grows:
//! see [`SqliteLog::wal_bytes`].

mod backup;
mod cells;
mod connect;
mod decode;
mod error;
mod files;
mod finished;
mod load;
mod names;
mod schema;
mod statements;
mod values;
mod verify;
mod write;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use guichet_core::fleet::Saved;
use guichet_core::limits;
use guichet_core::time::Timestamp;
use rusqlite::{Connection, ErrorCode};

pub use backup::{BackupReport, backup, restore};
pub use error::OpenError;
pub use names::{Kind, Names};
pub use verify::{Verified, verify};

use crate::journal::{Batch, Log, LogError, StoredRecord};
use load::Loaded;
use names::Maps;

/// Operations that are kept for each server, as row ids count them. A part of the file's format:
/// to change it takes a step of the schema that numbers the rows anew.
const OPERATIONS: i64 = 32;

const _: () = assert!(OPERATIONS == limits::OPERATIONS_PER_SERVER_MAX as i64);

/// Bytes of one frame of the write-ahead log: a page with its header.
const FRAME: u64 = 4_096 + 24;

/// A data directory, opened.
#[derive(Debug)]
pub struct Opened {
    /// Where batches go.
    pub log: SqliteLog,
    /// The fleet that was kept.
    pub saved: Saved,
    /// What was kept beside it.
    pub found: Vec<StoredRecord>,
    /// The newest stamp of any row: the world's clock must not be behind it.
    pub newest: Option<Timestamp>,
    /// How often this directory was opened, this time included. No two openings have the same.
    pub starts: u64,
}

/// Opens a data directory, which this process owns from then on; makes it if it is not there.
///
/// # Errors
/// See [`OpenError`]. What was in the directory is still there.
pub fn open(dir: &Path, names: &Names<'_>) -> Result<Opened, OpenError> {
    connect::check_library()?;
    files::make(dir)?;
    let lock = files::Lock::take(dir)?;
    let file = files::database(dir);
    files::make_file(&file)?;
    let connection = connect::writer(&file)?;
    let failed = |error: rusqlite::Error| OpenError::sqlite(&file, &error);
    let version = schema::version(&connection, &file)?;
    connect::settle(&connection, &file)?;
    schema::migrate(&connection, version, schema::VERSION).map_err(failed)?;
    let maps = Maps::read(&connection, names, &|error| OpenError::sqlite(&file, error))?;
    let loaded = load::load(&connection, &file, schema::VERSION, &maps, &mut Err)?;
    let starts = begin(&connection, &maps, names, &loaded).map_err(failed)?;
    let Loaded { saved, found, newest, .. } = loaded;
    let log = SqliteLog { connection: Some(connection), maps, file, wal_bytes: 0, _lock: lock };
    Ok(Opened { log, saved, found, newest, starts })
}

/// Writes down that the file is in use again, what is declared now, and what is dropped.
fn begin(
    connection: &Connection,
    maps: &Maps,
    names: &Names<'_>,
    loaded: &Loaded,
) -> rusqlite::Result<u64> {
    let transaction = connection.unchecked_transaction()?;
    let starts = write::count_start(&transaction)?;
    maps.write(&transaction, names)?;
    for slot in &loaded.dropped {
        write::forget_slot(&transaction, *slot, true)?;
    }
    if let Some(newest) = loaded.newest {
        write::drop_expired(&transaction, newest, i64::MAX)?;
    }
    transaction.commit()?;
    Ok(starts)
}

/// The journal in a file of SQLite.
#[derive(Debug)]
pub struct SqliteLog {
    /// `None` once it was closed.
    connection: Option<Connection>,
    maps: Maps,
    file: PathBuf,
    /// How long the write-ahead log was when that was last looked at.
    wal_bytes: u64,
    /// After the connection, so that the file is closed before another process may open it.
    _lock: files::Lock,
}

impl SqliteLog {
    /// How long the write-ahead log is, as [`Log::tidy`] saw it last. Much more than
    /// [`limits::JOURNAL_WAL_MAX`]: something reads the file and does not end.
    pub fn wal_bytes(&self) -> u64 {
        self.wal_bytes
    }

    fn connection(&self) -> Result<&Connection, LogError> {
        self.connection.as_ref().ok_or_else(|| LogError::Lost("it is closed".to_owned()))
    }

    /// What became of a batch that was not written.
    fn failed(&self, error: &rusqlite::Error) -> LogError {
        let lost = |why: String| LogError::Lost(format!("{}: {why}", self.file.display()));
        let Some(connection) = &self.connection else {
            return lost(error.to_string());
        };
        let text = match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => "the disk is full".to_owned(),
            Some(ErrorCode::DatabaseBusy) => {
                "another program holds the database, such as a sqlite3 \
                shell with an open transaction: end it"
                    .to_owned()
            }
            _ => return lost(error.to_string()),
        };
        if !connection.is_autocommit()
            && let Err(error) = connection.execute_batch(statements::ROLLBACK)
        {
            return lost(format!("{text}, and taking back what was begun failed: {error}"));
        }
        if !connection.is_autocommit() {
            return lost(format!("{text}, and what was begun could not be taken back"));
        }
        LogError::Full(text)
    }

    /// Puts the log's pages into the file if it has grown long; how long it is then.
    fn checkpoint(&mut self) -> Result<(), LogError> {
        let wal = files::beside(&self.file, "-wal");
        self.wal_bytes = files::length(&wal).map_err(|error| LogError::Lost(error.to_string()))?;
        if self.wal_bytes < limits::JOURNAL_WAL_MAX {
            return Ok(());
        }
        // The file keeps its length when the log in it begins anew; what counts are its frames.
        let checkpointed = self.run_checkpoint("NOOP").and_then(|frames| {
            self.wal_bytes = frames.left * FRAME;
            if frames.left * FRAME >= limits::JOURNAL_WAL_MAX {
                self.wal_bytes = self.run_checkpoint("PASSIVE")?.left * FRAME;
            }
            Ok(())
        });
        match checkpointed {
            Err(error) if is_passing(&error) => Ok(()),
            Err(error) => Err(LogError::Lost(format!("{}: {error}", self.file.display()))),
            Ok(()) => Ok(()),
        }
    }

    fn run_checkpoint(&self, mode: &str) -> rusqlite::Result<Frames> {
        let Some(connection) = &self.connection else {
            return Ok(Frames { left: 0 });
        };
        let mut statement = connection.prepare_cached(&format!("PRAGMA wal_checkpoint({mode})"))?;
        statement.query_row([], |row| {
            let (all, done): (i64, i64) = (row.get(1)?, row.get(2)?);
            // Once all are in the file the next batch begins the log anew.
            let left = if all > done { all } else { 0 };
            Ok(Frames { left: left.unsigned_abs() })
        })
    }
}

/// What a checkpoint left in the log.
#[derive(Debug, Clone, Copy)]
struct Frames {
    left: u64,
}

/// Whether a checkpoint that failed may be tried again.
fn is_passing(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DiskFull | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

impl Log for SqliteLog {
    fn write(&mut self, batch: &Batch) -> Result<(), LogError> {
        if self.wal_bytes > limits::JOURNAL_WAL_STOP {
            self.checkpoint()?;
            if self.wal_bytes > limits::JOURNAL_WAL_STOP {
                return Err(LogError::Full(format!(
                    "the write-ahead log has {} bytes, for another program reads the database \
                     and does not end: end it",
                    self.wal_bytes
                )));
            }
        }
        let written = write::write(self.connection()?, &self.maps, batch);
        written.map_err(|error| self.failed(&error))
    }

    fn tidy(&mut self) -> Result<(), LogError> {
        self.checkpoint()
    }

    /// Puts all of the log into the file, and closes it. Whoever still reads holds up neither:
    /// the next start goes on from the log.
    fn close(&mut self) -> Result<(), LogError> {
        let checkpointed = self.run_checkpoint("TRUNCATE");
        let lost = |why: String| LogError::Lost(format!("{}: {why}", self.file.display()));
        if let Some(connection) = self.connection.take() {
            if checkpointed.is_ok() {
                let set = connect::checkpoint_on_close(&connection, true);
                set.map_err(|error| lost(error.to_string()))?;
            }
            connection.close().map_err(|(_, error)| lost(error.to_string()))?;
        }
        match checkpointed {
            Err(error) if !is_passing(&error) => Err(lost(error.to_string())),
            _ => Ok(()),
        }
    }
}
