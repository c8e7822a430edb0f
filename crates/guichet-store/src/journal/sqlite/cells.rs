//! The cells of one row, read one after another. Whatever a file says, the answer is a value or
//! an [`OpenError::Corrupt`] that names table, row and column.

use guichet_core::time::Timestamp;
use rusqlite::Row;
use rusqlite::types::ValueRef;
use std::str::FromStr;
use uuid::Uuid;

use super::error::OpenError;

/// The cells of a row of a table.
pub(super) struct Cells<'r> {
    row: &'r Row<'r>,
    table: &'static str,
    columns: &'static [&'static str],
    /// The row's id, which is its first cell.
    pub(super) id: i64,
    next: usize,
}

impl<'r> Cells<'r> {
    /// The cells after the id.
    pub(super) fn of(
        row: &'r Row<'r>,
        table: &'static str,
        columns: &'static [&'static str],
    ) -> Result<Self, OpenError> {
        let mut cells = Self { row, table, columns, id: 0, next: 0 };
        cells.id = match cells.next()? {
            ValueRef::Integer(id) => id,
            other => return Err(cells.unfit("a number", other)),
        };
        Ok(cells)
    }

    /// Leaves cells out.
    pub(super) const fn skip(&mut self, count: usize) {
        self.next += count;
    }

    fn next(&mut self) -> Result<ValueRef<'r>, OpenError> {
        self.next += 1;
        let value = self.row.get_ref(self.next - 1);
        value.map_err(|error| self.wrong(error.to_string()))
    }

    /// The error that blames the cell that was read last.
    pub(super) fn wrong(&self, problem: impl Into<String>) -> OpenError {
        let column = self.columns.get(self.next.saturating_sub(1)).copied().unwrap_or("?");
        self.blame(column, problem)
    }

    /// The error that blames a column.
    pub(super) fn blame(&self, column: &'static str, problem: impl Into<String>) -> OpenError {
        OpenError::Corrupt { table: self.table, row: self.id, column, problem: problem.into() }
    }

    fn unfit(&self, wanted: &str, found: ValueRef<'_>) -> OpenError {
        let found = match found {
            ValueRef::Null => "nothing".to_owned(),
            ValueRef::Integer(value) => value.to_string(),
            ValueRef::Real(value) => value.to_string(),
            ValueRef::Text(text) => {
                let text = String::from_utf8_lossy(text);
                format!("{:?}", text.chars().take(40).collect::<String>())
            }
            ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
        };
        self.wrong(format!("{wanted} is expected, there is {found}"))
    }

    /// Reads a text, if there is one.
    pub(super) fn maybe_text(&mut self) -> Result<Option<&'r str>, OpenError> {
        match self.next()? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(bytes) => {
                let text = std::str::from_utf8(bytes);
                text.map(Some).map_err(|_| self.wrong("it is not UTF-8"))
            }
            other => Err(self.unfit("a text", other)),
        }
    }

    /// Reads a text.
    pub(super) fn text(&mut self) -> Result<&'r str, OpenError> {
        self.maybe_text()?.ok_or_else(|| self.unfit("a text", ValueRef::Null))
    }

    /// Reads bytes.
    pub(super) fn bytes(&mut self) -> Result<&'r [u8], OpenError> {
        match self.next()? {
            ValueRef::Blob(bytes) => Ok(bytes),
            other => Err(self.unfit("bytes", other)),
        }
    }

    /// Reads a number that is not negative, if there is one.
    pub(super) fn maybe_u64(&mut self) -> Result<Option<u64>, OpenError> {
        match self.next()? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(value) => match u64::try_from(value) {
                Ok(value) => Ok(Some(value)),
                Err(_) => Err(self.unfit("0 or more", ValueRef::Integer(value))),
            },
            other => Err(self.unfit("a number", other)),
        }
    }

    /// Reads a number that is not negative.
    pub(super) fn u64(&mut self) -> Result<u64, OpenError> {
        self.maybe_u64()?.ok_or_else(|| self.unfit("a number", ValueRef::Null))
    }

    /// Reads a number of 32 bits, if there is one.
    pub(super) fn maybe_u32(&mut self) -> Result<Option<u32>, OpenError> {
        let Some(value) = self.maybe_u64()? else {
            return Ok(None);
        };
        u32::try_from(value).map(Some).map_err(|_| self.wrong(format!("{value} is too large")))
    }

    /// Reads a number of 32 bits.
    pub(super) fn u32(&mut self) -> Result<u32, OpenError> {
        self.maybe_u32()?.ok_or_else(|| self.unfit("a number", ValueRef::Null))
    }

    /// Reads a yes or no: 1 or 0.
    pub(super) fn flag(&mut self) -> Result<bool, OpenError> {
        match self.u64()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(self.wrong(format!("0 or 1 is expected, there is {other}"))),
        }
    }

    /// Reads a time, if there is one.
    pub(super) fn maybe_time(&mut self) -> Result<Option<Timestamp>, OpenError> {
        match self.maybe_u64()? {
            Some(0) => Err(self.wrong("0 is no time")),
            other => Ok(other.map(Timestamp::from_micros)),
        }
    }

    /// Reads a time.
    pub(super) fn time(&mut self) -> Result<Timestamp, OpenError> {
        self.maybe_time()?.ok_or_else(|| self.unfit("a time", ValueRef::Null))
    }

    /// Reads an id, which is a UUID as text.
    pub(super) fn uuid(&mut self) -> Result<Uuid, OpenError> {
        let text = self.text()?;
        Uuid::try_parse(text).map_err(|_| self.wrong(format!("{text:?} is no id")))
    }

    /// Reads a value from its text, if there is one.
    pub(super) fn maybe_parsed<T: FromStr>(&mut self) -> Result<Option<T>, OpenError> {
        let Some(text) = self.maybe_text()? else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| self.wrong(format!("{text:?} is no word for it")))
    }

    /// Reads a value from its text.
    pub(super) fn parsed<T: FromStr>(&mut self) -> Result<T, OpenError> {
        self.maybe_parsed()?.ok_or_else(|| self.unfit("a word", ValueRef::Null))
    }

    /// Parses a value from its JSON.
    pub(super) fn json<T: serde::de::DeserializeOwned>(&self, text: &str) -> Result<T, OpenError> {
        serde_json::from_str(text).map_err(|error| self.wrong(format!("bad JSON: {error}")))
    }
}
