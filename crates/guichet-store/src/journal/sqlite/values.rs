//! Rust values as SQLite holds them, and which row is whose.

use guichet_core::fleet::Slot;
use guichet_core::limits;
use guichet_core::time::Timestamp;
use rusqlite::{CachedStatement, ToSql};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

/// Operations that are remembered of each server, as row ids count them. A part of the file's
/// format: to change it takes a step of the schema that numbers the rows anew.
pub(super) const OPERATIONS: i64 = 32;

const _: () = assert!(OPERATIONS == limits::OPERATIONS_PER_SERVER_MAX as i64);

/// Values of a statement, bound one after another.
pub(super) struct Values<'s, 'c> {
    statement: &'s mut CachedStatement<'c>,
    next: usize,
}

impl<'s, 'c> Values<'s, 'c> {
    /// From the first on; all of them must be put.
    pub(super) fn of(statement: &'s mut CachedStatement<'c>) -> Self {
        Self { statement, next: 1 }
    }

    /// Binds the next value.
    pub(super) fn put(&mut self, value: impl ToSql) -> rusqlite::Result<()> {
        self.statement.raw_bind_parameter(self.next, value)?;
        self.next += 1;
        Ok(())
    }

    /// Binds an id as text, without an allocation.
    pub(super) fn put_id(&mut self, id: Uuid) -> rusqlite::Result<()> {
        let mut text = [0; Hyphenated::LENGTH];
        self.put(&*id.hyphenated().encode_lower(&mut text))
    }

    /// Binds a time, in microseconds.
    pub(super) fn put_time(&mut self, time: Timestamp) -> rusqlite::Result<()> {
        self.put(integer(time.micros()))
    }

    /// Binds times, each of which may be missing.
    pub(super) fn put_times<const N: usize>(
        &mut self,
        times: [Option<Timestamp>; N],
    ) -> rusqlite::Result<()> {
        times.into_iter().try_for_each(|time| self.put(time.map(|time| integer(time.micros()))))
    }

    /// Runs the statement with the values that were put.
    pub(super) fn run(self) -> rusqlite::Result<()> {
        self.statement.raw_execute().map(|_| ())
    }
}

/// A number as SQLite holds it; what is too large is the largest.
pub(super) fn integer(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The row id of a server.
pub(super) fn server_row(slot: Slot) -> i64 {
    i64::from(slot) + 1
}

/// The first row of a server's operations, and the last.
pub(super) fn operation_rows(slot: Slot) -> (i64, i64) {
    let first = i64::from(slot) * OPERATIONS;
    (first, first + OPERATIONS - 1)
}

/// The row id of one operation.
pub(super) fn operation_row(slot: Slot, number: u32) -> i64 {
    operation_rows(slot).0 + i64::from(number) % OPERATIONS
}

/// A value as JSON, behind what is there.
pub(super) fn to_json(into: &mut Vec<u8>, value: &impl serde::Serialize) -> rusqlite::Result<()> {
    serde_json::to_writer(into, value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// JSON as the text it is.
pub(super) fn as_text(json: &[u8]) -> rusqlite::Result<&str> {
    std::str::from_utf8(json)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}
