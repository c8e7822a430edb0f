//! A log, as the store sees one: batches go in, and are durable when they are in.

use std::fmt;

use guichet_core::fleet::Changes;
use guichet_core::time::Timestamp;

use crate::records::{NewName, RecordChange};

/// What is written in one step: all of it or nothing.
#[derive(Debug, Clone)]
pub struct Batch {
    /// What changed in the fleet.
    pub changes: Changes,
    /// What is to be written or deleted beside it, in order.
    pub records: Vec<RecordChange>,
    /// What rows name from now on. A batch that is written again does not add it twice.
    pub names: Vec<NewName>,
    /// The world's time when the batch was closed.
    pub at: Timestamp,
}

/// Why a batch was not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// There is no space, or somebody is in the way: the text says which. Nothing was written; the
    /// same batch may be written later.
    #[error("{0}")]
    Full(String),
    /// Another node leads, and has gone on from what was written before: this batch was not.
    #[error("another node leads: {0}")]
    Replaced(String),
    /// Nobody knows what was written. The process must end, and look at the file anew.
    #[error("the journal is lost: {0}")]
    Lost(String),
}

/// Called when the log cannot be written, once however often it is tried, and with `Ok` when it
/// can be again. When it is lost: to end the process, if it is not a test. When another node leads:
/// to begin anew as one that follows.
pub type OnTrouble = Box<dyn Fn(Result<(), &LogError>) + Send>;

/// How long the files of a log are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lengths {
    /// The file, bytes.
    pub file_bytes: u64,
    /// What was written since, and is not in it, bytes.
    pub wal_bytes: u64,
}

/// Where batches go: what makes the store durable.
pub trait Log: Send + fmt::Debug {
    /// Writes a batch. When it returns, the batch survives the end of the process and of the
    /// machine.
    ///
    /// # Errors
    /// See [`LogError`].
    fn write(&mut self, batch: &Batch) -> Result<(), LogError>;

    /// Puts in order what batches left behind; called when their answers are out.
    ///
    /// # Errors
    /// See [`LogError`].
    fn tidy(&mut self) -> Result<(), LogError> {
        Ok(())
    }

    /// How long its files are, as they were last looked at; none if it has none.
    fn lengths(&self) -> Option<Lengths> {
        None
    }

    /// The end: everything is put in order.
    ///
    /// # Errors
    /// See [`LogError`].
    fn close(&mut self) -> Result<(), LogError> {
        self.tidy()
    }
}
