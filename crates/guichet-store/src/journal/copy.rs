//! All data from one place to another: from a data directory into a database and back, into a backup
//! and out of it. Rows are the same on both sides, and compared before the copy counts.
//!
//! A copy is a new life of the data. Rows keep their numbers, so servers, operations, idempotency keys
//! with their answers, tokens and passwords go on as they are; it is opened for the next time, and its
//! ids are drawn as nobody drew them before. What begins anew is the order of leaders: see
//! `postgres/copy/statements.rs`.
//!
//! | | read as | written as |
//! | --- | --- | --- |
//! | directory | it is, under its lock | a file that gets its name last |
//! | database | one moment, under the cell's lock if it is to move | one transaction, under that lock |
//! | backup | it is | a file that gets its name last |

#[cfg(feature = "postgres")]
use std::path::Path;
use std::path::PathBuf;

#[cfg(feature = "postgres")]
use super::postgres::{self, Place};
use super::rows::check::Verified;
use super::rows::copied::{self, Origin, Target};
use super::rows::error::OpenError;
use super::sqlite;

pub use super::rows::copied::{CopiedTable, Doing, OnProgress, Progress};

/// Where data are.
#[derive(Debug, Clone)]
pub enum Side {
    /// In a data directory.
    Directory(PathBuf),
    /// In a database.
    #[cfg(feature = "postgres")]
    Database(Box<Place>),
}

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Every table, in the order in which they were copied.
    pub tables: Vec<CopiedTable>,
    /// What holds of the copy, and what does not: as much as of what it was made from.
    pub verified: Verified,
}

/// Moves all data from one place to another, which must be empty, and compares them. Nobody may serve
/// either meanwhile; nor `from` afterwards, if `to` is served.
///
/// # Errors
/// See [`OpenError`]. `to` is empty then, but for [`OpenError::Undecided`].
pub fn copy(from: &Side, to: &Side, on_progress: OnProgress<'_>) -> Result<Copied, OpenError> {
    let from: Box<dyn Origin> = match from {
        Side::Directory(dir) => Box::new(sqlite::copy::Source::directory(dir)?),
        #[cfg(feature = "postgres")]
        Side::Database(place) => Box::new(postgres::copy::Source::locked(place)?),
    };
    let to: Box<dyn Target> = match to {
        Side::Directory(dir) => Box::new(sqlite::copy::Sink::directory(dir)?),
        #[cfg(feature = "postgres")]
        Side::Database(place) => Box::new(postgres::copy::Sink::empty(place)?),
    };
    finished(&*from, to, on_progress)
}

fn finished(
    from: &dyn Origin,
    mut to: Box<dyn Target>,
    on_progress: OnProgress<'_>,
) -> Result<Copied, OpenError> {
    let tables = copied::copy(from, &mut *to, on_progress)?;
    let verified = to.verified()?;
    to.finish()?;
    Ok(Copied { tables, verified })
}

/// Copies a database as it is at one moment, also while nodes serve it, into one file: a backup as
/// [`sqlite::backup`] makes it of a directory. `dest` must not exist.
///
/// # Errors
/// See [`OpenError`]. There is no `dest` then.
#[cfg(feature = "postgres")]
pub fn backup(
    place: &Place,
    dest: &Path,
    on_progress: OnProgress<'_>,
) -> Result<sqlite::BackupReport, OpenError> {
    let from = postgres::copy::Source::moment(place)?;
    let mut to = Box::new(sqlite::copy::Sink::file(dest)?);
    let tables = copied::copy(&from, &mut *to, on_progress)?;
    let bytes = to.bytes()?;
    to.finish()?;
    let servers = tables.iter().find(|table| table.table == "server");
    let servers = servers.map_or(0, |table| table.rows);
    Ok(sqlite::BackupReport { file: dest.to_owned(), bytes, servers })
}

/// Puts a backup, of whichever kind of data, into a database that is empty, and compares them.
///
/// # Errors
/// See [`OpenError`]. The database is empty then, but for [`OpenError::Undecided`].
#[cfg(feature = "postgres")]
pub fn restore(
    backup: &Path,
    place: &Place,
    on_progress: OnProgress<'_>,
) -> Result<Copied, OpenError> {
    let from = sqlite::copy::Source::backup(backup)?;
    finished(&from, Box::new(postgres::copy::Sink::empty(place)?), on_progress)
}
