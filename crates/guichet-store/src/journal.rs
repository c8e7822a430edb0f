//! What makes the fleet in memory durable: every change is written to a log before anybody hears
//! of it.
//!
//! ```text
//! step under the lock ─▶ changes, waiting answers ─▶ writer: one batch of all that waits
//!                                                        │ Log::write returns: it is durable
//!              answers ◀─ wake workers ◀─ publish, under the lock ◀─┘
//! ```
//!
//! While one batch is written the next one gathers, so the slower the disk the larger the
//! batches, and each row is written once however often it changed. Batches are written in the
//! order of decisions: what is durable is always a state that the fleet was in.
//!
//! * [`Log`]: where batches go. SQLite is the one that is used.
//! * The writer: the one thread that writes.

pub mod model;
pub mod sqlite;
pub(crate) mod writer;

use std::fmt;
use std::sync::Arc;

pub use writer::OnTrouble;

use guichet_core::fleet::Changes;
use guichet_core::time::Timestamp;

/// A row that somebody else wants kept beside the fleet: users, tokens, credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordChange {
    /// What kind of row, in lower case: `token`.
    pub kind: &'static str,
    /// Its id, unique in its kind.
    pub id: Arc<str>,
    /// What it says, as a JSON object; `None`: it is forgotten.
    pub body: Option<Arc<str>>,
    /// Dropped after this, if it is not for ever.
    pub expires: Option<Timestamp>,
}

/// A kept row as it is found at the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// What kind of row.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// What it says, as a JSON object.
    pub body: String,
    /// Dropped after this, if it is not for ever.
    pub expires: Option<Timestamp>,
}

/// What is written in one step: all of it or nothing.
#[derive(Debug, Clone)]
pub struct Batch {
    /// What changed in the fleet.
    pub changes: Changes,
    /// What is to be kept beside it, in order.
    pub kept: Vec<RecordChange>,
    /// The world's time.
    pub at: Timestamp,
}

/// Why a batch was not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// There is no room, or somebody is in the way: the text says which. Nothing was written; the
    /// same batch may be written later.
    #[error("{0}")]
    Full(String),
    /// Nobody knows what was written. The process must end, and look at the file anew.
    #[error("the journal is lost: {0}")]
    Lost(String),
}

/// Where batches go.
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

    /// The end: everything is put in order.
    ///
    /// # Errors
    /// See [`LogError`].
    fn close(&mut self) -> Result<(), LogError> {
        self.tidy()
    }
}
