//! What makes the fleet in memory durable: every change is written to a log before anybody is
//! answered.
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
//! * [`Log`]: where batches go: a file of SQLite, or a database of PostgreSQL (feature `postgres`).
//! * The writer, the one thread that writes, belongs to [`crate::local`].

pub mod copy;
pub(crate) mod log;
#[cfg(feature = "contract")]
pub mod model;
#[cfg(feature = "postgres")]
pub mod postgres;
pub(crate) mod rows;
pub mod sqlite;
mod term;

pub use crate::records::{NewName, RecordChange, StoredRecord};
pub use log::{Batch, Lengths, Log, LogError, OnTrouble};
pub use term::Term;
