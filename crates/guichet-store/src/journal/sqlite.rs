//! The journal in SQLite: one file with a row for each server, operation, key, project and row
//! beside servers, that an operator can look into with any SQLite tool.
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
mod connect;
pub(crate) mod copy;
mod error;
mod files;
mod load;
mod log;
mod names;
mod open;
mod schema;
mod statements;
mod values;
mod verify;
mod write;

#[cfg(test)]
mod tests;

pub use backup::{BackupReport, backup, restore};
pub use log::SqliteLog;
pub use open::{Opened, open};
pub use verify::verify;

pub use super::rows::check::Verified;
pub use super::rows::error::OpenError;
pub use super::rows::kind::Kind;
pub use super::rows::names::Names;
