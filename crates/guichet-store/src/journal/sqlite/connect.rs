//! Connections to the file, each with its settings set and read back.

use std::fs;
use std::path::{Path, PathBuf};

use guichet_core::limits;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::files;
use crate::journal::rows::error::OpenError;

/// The first SQLite without a known way to damage a database in WAL mode (its "WAL reset" fault).
const SQLITE_MIN: (i32, &str) = (3_051_003, "3.51.3");

/// Statements that stay prepared: all that batches use, and some to spare.
const STATEMENTS: usize = 32;

/// Settings of the connection that writes: (name, value, as it is read back).
///
/// Foreign keys are not declared, and pages are not mapped: an I/O error would be a signal then.
/// Nothing is checkpointed behind the writer's back, which does it between batches.
const WRITER: &[(&str, &str, &str)] = &[
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    ("mmap_size", "0", "0"),
    ("cell_size_check", "ON", "1"),
    ("foreign_keys", "OFF", "0"),
    ("locking_mode", "NORMAL", "normal"),
    ("wal_autocheckpoint", "0", "0"),
    ("trusted_schema", "OFF", "0"),
];

/// Refuses a library that is too old.
pub(super) fn check_library() -> Result<(), OpenError> {
    if rusqlite::version_number() < SQLITE_MIN.0 {
        return Err(OpenError::TooOld { found: rusqlite::version(), wanted: SQLITE_MIN.1 });
    }
    Ok(())
}

/// The one connection that writes; nothing was written by it yet.
pub(super) fn writer(file: &Path) -> Result<Connection, OpenError> {
    check_library()?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags);
    let connection = connection.map_err(|error| OpenError::sqlite(file, &error))?;
    let timeout = connection.busy_timeout(limits::JOURNAL_BUSY);
    timeout.map_err(|error| OpenError::sqlite(file, &error))?;
    Ok(connection)
}

/// Makes a connection the writer's. The first of these settings writes to the file.
pub(super) fn settle(connection: &Connection, file: &Path) -> Result<(), OpenError> {
    for (setting, value, wanted) in WRITER {
        apply(connection, file, setting, value, wanted)?;
    }
    let kib = i64::from(limits::JOURNAL_CACHE_KIB);
    let cache = connection.pragma_update(None, "cache_size", -kib);
    cache.map_err(|error| OpenError::sqlite(file, &error))?;
    checkpoint_on_close(connection, false).map_err(|error| OpenError::sqlite(file, &error))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

/// The one connection to a file that is a draft: it is synced as a whole, or thrown away.
pub(super) fn draft(file: &Path) -> Result<Connection, OpenError> {
    let connection = writer(file)?;
    for (setting, value, wanted) in [("journal_mode", "OFF", "off"), ("synchronous", "OFF", "0")] {
        apply(&connection, file, setting, value, wanted)?;
    }
    Ok(connection)
}

/// Whether closing the last connection puts the log into the file and removes it. Not after a
/// failure: what the log says is looked at by the next start.
pub(super) fn checkpoint_on_close(connection: &Connection, does: bool) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !does).map(|_| ())
}

fn apply(
    connection: &Connection,
    file: &Path,
    setting: &'static str,
    value: &str,
    wanted: &'static str,
) -> Result<(), OpenError> {
    let failed = |error: rusqlite::Error| OpenError::sqlite(file, &error);
    connection.execute_batch(&format!("PRAGMA {setting} = {value}")).map_err(failed)?;
    let found = read(connection, setting).map_err(failed)?;
    if found != wanted {
        return Err(OpenError::Setting { file: file.to_owned(), setting, wanted, found });
    }
    Ok(())
}

/// A setting as text. One that has no value at all, as `mmap_size` where mapping is compiled out,
/// is off.
fn read(connection: &Connection, setting: &str) -> rusqlite::Result<String> {
    let mut statement = connection.prepare(&format!("PRAGMA {setting}"))?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else {
        return Ok("0".to_owned());
    };
    Ok(match row.get_ref(0)? {
        rusqlite::types::ValueRef::Integer(value) => value.to_string(),
        other => other.as_str().unwrap_or("?").to_owned(),
    })
}

/// Takes the file out of WAL mode, so that it needs no other file beside it.
pub(super) fn leave_wal(connection: &Connection, file: &Path) -> Result<(), OpenError> {
    apply(connection, file, "journal_mode", "DELETE", "delete")
}

/// A connection that only reads, beside a process that writes. It never checkpoints; the log's
/// index (`-shm`) it may have to make or lock.
pub(super) fn reader(file: &Path) -> Result<Connection, OpenError> {
    open_to_read(file, file.to_owned(), OpenFlags::empty())
}

/// A connection to a file that nobody writes to. It reads the file alone, and touches nothing
/// beside it.
pub(super) fn cold(file: &Path) -> Result<Connection, OpenError> {
    let whole = fs::canonicalize(file).map_err(|error| OpenError::io(file, error))?;
    let mut uri = String::from("file:");
    for byte in whole.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' => {
                uri.push(char::from(*byte));
            }
            other => uri.push_str(&format!("%{other:02x}")),
        }
    }
    uri.push_str("?immutable=1");
    open_to_read(file, PathBuf::from(uri), OpenFlags::SQLITE_OPEN_URI)
}

/// A connection to a file that this process has locked: it changes nothing in the file. If there
/// is a log beside it, that is read too, for which SQLite needs its index.
pub(super) fn locked(file: &Path) -> Result<Connection, OpenError> {
    if files::length(&files::beside(file, "-wal"))? == 0 {
        return cold(file);
    }
    reader(file)
}

fn open_to_read(file: &Path, name: PathBuf, more: OpenFlags) -> Result<Connection, OpenError> {
    check_library()?;
    if !files::exists(file)? {
        return Err(OpenError::Missing { file: file.to_owned() });
    }
    let failed = |error: rusqlite::Error| OpenError::sqlite(file, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let connection = Connection::open_with_flags(name, flags).map_err(failed)?;
    connection.busy_timeout(limits::JOURNAL_BUSY).map_err(failed)?;
    checkpoint_on_close(&connection, false).map_err(failed)?;
    for (setting, value, wanted) in
        [("mmap_size", "0", "0"), ("cell_size_check", "ON", "1"), ("trusted_schema", "OFF", "0")]
    {
        apply(&connection, file, setting, value, wanted)?;
    }
    Ok(connection)
}
