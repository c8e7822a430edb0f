//! The log that batches are written to: one transaction each, and checkpoints between them.

use std::path::PathBuf;

use guichet_core::limits;
use rusqlite::{Connection, ErrorCode};

use super::{connect, files, statements, write};
use crate::journal::log::{Batch, Lengths, Log, LogError};
use crate::journal::rows::names::Maps;

/// Bytes of one frame of the write-ahead log: a page with its header.
pub(super) const FRAME: u64 = 4_096 + 24;

/// The journal in a file of SQLite.
#[derive(Debug)]
pub struct SqliteLog {
    /// `None` once it was closed.
    pub(super) connection: Option<Connection>,
    maps: Maps,
    file: PathBuf,
    /// How long the write-ahead log was when that was last looked at.
    pub(super) wal_bytes: u64,
    /// How long the file was when it last grew: at a checkpoint.
    file_bytes: u64,
    /// After the connection, so that the file is closed before another process may open it.
    _lock: files::Lock,
}

impl SqliteLog {
    /// Writes to `file` through `connection` from now on, as the owner of its directory.
    pub(super) fn new(
        connection: Connection,
        maps: Maps,
        file: PathBuf,
        lock: files::Lock,
    ) -> Self {
        let file_bytes = files::length(&file).unwrap_or(0);
        Self { connection: Some(connection), maps, file, wal_bytes: 0, file_bytes, _lock: lock }
    }

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
                self.file_bytes = files::length(&self.file).unwrap_or(self.file_bytes);
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
        self.maps.add(&batch.names);
        let written = write::write(self.connection()?, &self.maps, batch);
        written.map_err(|error| self.failed(&error))
    }

    fn tidy(&mut self) -> Result<(), LogError> {
        self.checkpoint()
    }

    fn lengths(&self) -> Option<Lengths> {
        Some(Lengths { file_bytes: self.file_bytes, wal_bytes: self.wal_bytes })
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
