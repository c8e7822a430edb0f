//! Rust values as a database holds them, and which row is whose.

use guichet_core::fleet::Slot;
use guichet_core::limits;
use guichet_core::time::Timestamp;
use uuid::Uuid;

/// Operations that are remembered of each server, as row ids count them. A part of the format of
/// the data: to change it takes a step of the schema that numbers the rows anew.
pub(crate) const OPERATIONS: i64 = 32;

const _: () = assert!(OPERATIONS == limits::OPERATIONS_PER_SERVER_MAX as i64);

/// What is put into one cell.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    /// Nothing.
    Nothing,
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// An id.
    Id(Uuid),
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Number(value)
    }
}

impl From<u32> for Value<'_> {
    fn from(value: u32) -> Self {
        Self::Number(i64::from(value))
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<Timestamp> for Value<'_> {
    /// In microseconds since 1970.
    fn from(value: Timestamp) -> Self {
        Self::Number(integer(value.micros()))
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Bytes(value)
    }
}

impl From<Uuid> for Value<'_> {
    fn from(value: Uuid) -> Self {
        Self::Id(value)
    }
}

impl<'a, T: Into<Self>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Into::into)
    }
}

/// The cells of one row, put one after another in the order of the table's columns.
pub(crate) trait Values {
    /// Why a value was not taken.
    type Error;

    /// Puts the next cell.
    fn put_value(&mut self, value: Value<'_>) -> Result<(), Self::Error>;

    /// The error of a value that has no JSON.
    fn no_json(error: serde_json::Error) -> Self::Error;

    /// Puts the next cell.
    fn put<'a>(&mut self, value: impl Into<Value<'a>>) -> Result<(), Self::Error> {
        self.put_value(value.into())
    }

    /// Leaves so many cells empty.
    fn put_nothing(&mut self, cells: usize) -> Result<(), Self::Error> {
        (0..cells).try_for_each(|_| self.put_value(Value::Nothing))
    }

    /// Puts times, each of which may be missing.
    fn put_times<const N: usize>(
        &mut self,
        times: [Option<Timestamp>; N],
    ) -> Result<(), Self::Error> {
        times.into_iter().try_for_each(|time| self.put(time))
    }

    /// Puts a value as JSON, which is made in `text`.
    fn put_json(
        &mut self,
        value: &impl serde::Serialize,
        text: &mut Vec<u8>,
    ) -> Result<(), Self::Error> {
        text.clear();
        serde_json::to_writer(&mut *text, value).map_err(Self::no_json)?;
        let text = std::str::from_utf8(text);
        let text = text.map_err(|error| Self::no_json(serde::ser::Error::custom(error)))?;
        self.put(text)
    }
}

/// A number as databases hold it; what is too large is the largest.
pub(crate) fn integer(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The row id of a server.
pub(crate) fn server_row(slot: Slot) -> i64 {
    i64::from(slot) + 1
}

/// The first row of a server's operations, and the last.
pub(crate) fn operation_rows(slot: Slot) -> (i64, i64) {
    let first = i64::from(slot) * OPERATIONS;
    (first, first + OPERATIONS - 1)
}

/// The row id of one operation.
pub(crate) fn operation_row(slot: Slot, number: u32) -> i64 {
    operation_rows(slot).0 + i64::from(number) % OPERATIONS
}
