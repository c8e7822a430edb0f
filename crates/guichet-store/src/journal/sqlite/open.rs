//! Opening a data directory: the file is brought to this version and read, and its use is
//! written down.

use std::path::Path;

use guichet_core::fleet::Saved;
use guichet_core::time::Timestamp;
use rusqlite::Connection;

use super::load::load;
use super::log::SqliteLog;
use super::{connect, files, names as name_rows, schema, write};
use crate::journal::rows::error::OpenError;
use crate::journal::rows::load::Loaded;
use crate::journal::rows::names::{Maps, Names};
use crate::records::StoredRecord;

/// A data directory, opened.
#[derive(Debug)]
pub struct Opened {
    /// Where batches go from now on.
    pub log: SqliteLog,
    /// The fleet as it was found.
    pub saved: Saved,
    /// The records that were found beside it.
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
    let maps = Maps::read(names, |kind| name_rows::known(&connection, kind).map_err(failed))?;
    let loaded = load(&connection, &file, schema::VERSION, &maps, &mut Err)?;
    let starts = begin(&connection, &maps, names, &loaded).map_err(failed)?;
    let Loaded { saved, found, newest, .. } = loaded;
    let log = SqliteLog::new(connection, maps, file, lock);
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
    name_rows::write(maps, &transaction, names)?;
    for slot in &loaded.dropped {
        write::forget_slot(&transaction, *slot, true)?;
    }
    if let Some(newest) = loaded.newest {
        write::drop_expired(&transaction, newest, i64::MAX)?;
    }
    transaction.commit()?;
    Ok(starts)
}
