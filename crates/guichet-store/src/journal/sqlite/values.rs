//! Values as SQLite takes them: bound to a statement one after another.

use rusqlite::types::{Null, ValueRef};
use rusqlite::{CachedStatement, Row};
use uuid::fmt::Hyphenated;

use crate::journal::rows::error::OpenError;
use crate::journal::rows::row::{self, Cell, Stream};
use crate::journal::rows::values::{Value, Values};

/// Values of a statement, bound one after another.
pub(super) struct Bound<'s, 'c> {
    statement: &'s mut CachedStatement<'c>,
    next: usize,
}

impl<'s, 'c> Bound<'s, 'c> {
    /// From the first on; all of them must be put.
    pub(super) fn of(statement: &'s mut CachedStatement<'c>) -> Self {
        Self { statement, next: 1 }
    }

    /// Runs the statement with the values that were put.
    pub(super) fn run(self) -> rusqlite::Result<()> {
        self.statement.raw_execute().map(|_| ())
    }
}

impl Values for Bound<'_, '_> {
    type Error = rusqlite::Error;

    fn put_value(&mut self, value: Value<'_>) -> rusqlite::Result<()> {
        let next = self.next;
        self.next += 1;
        match value {
            Value::Nothing => self.statement.raw_bind_parameter(next, Null),
            Value::Number(number) => self.statement.raw_bind_parameter(next, number),
            Value::Flag(flag) => self.statement.raw_bind_parameter(next, flag),
            Value::Text(text) => self.statement.raw_bind_parameter(next, text),
            Value::Bytes(bytes) => self.statement.raw_bind_parameter(next, bytes),
            Value::Id(id) => {
                let mut text = [0; Hyphenated::LENGTH];
                let text = &*id.hyphenated().encode_lower(&mut text);
                self.statement.raw_bind_parameter(next, text)
            }
        }
    }

    fn no_json(error: serde_json::Error) -> rusqlite::Error {
        rusqlite::Error::ToSqlConversionFailure(Box::new(error))
    }
}

impl row::Row for Row<'_> {
    fn cell(&self, index: usize) -> Result<Cell<'_>, String> {
        let value = self.get_ref(index).map_err(|error| error.to_string())?;
        Ok(match value {
            ValueRef::Null => Cell::Nothing,
            ValueRef::Integer(number) => Cell::Number(number),
            ValueRef::Real(_) => Cell::Other("a fraction"),
            ValueRef::Text(text) => Cell::Text(text),
            ValueRef::Blob(bytes) => Cell::Bytes(bytes),
        })
    }
}

/// The rows that a query finds.
pub(super) struct Found<'a> {
    /// Those that were not read yet.
    pub(super) rows: rusqlite::Rows<'a>,
    /// The error for what SQLite says.
    pub(super) failed: &'a dyn Fn(rusqlite::Error) -> OpenError,
}

impl Stream for Found<'_> {
    fn next(&mut self) -> Result<Option<&dyn row::Row>, OpenError> {
        let next = self.rows.next().map_err(self.failed)?;
        Ok(next.map(|row| row as &dyn row::Row))
    }
}
