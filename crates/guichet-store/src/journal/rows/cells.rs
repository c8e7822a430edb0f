//! The cells of one row, read one after another. Whatever a database says, the answer is a value or
//! an [`OpenError::Corrupt`] that names table, row and column.

use guichet_core::time::Timestamp;
use std::borrow::Cow;
use std::str::FromStr;
use uuid::Uuid;

use super::error::OpenError;
use super::escape;
use super::row::{Cell, Row};
use super::tables::Table;

/// The cells of a row of a table.
pub(crate) struct Cells<'r> {
    row: &'r dyn Row,
    table: &'static Table,
    /// The row's id, which is its first cell.
    pub(crate) id: i64,
    next: usize,
}

impl<'r> Cells<'r> {
    /// The cells after the id.
    pub(crate) fn of(row: &'r dyn Row, table: &'static Table) -> Result<Self, OpenError> {
        let mut cells = Self { row, table, id: 0, next: 0 };
        cells.id = cells.number()?;
        Ok(cells)
    }

    /// Leaves cells out.
    pub(crate) const fn skip(&mut self, count: usize) {
        self.next += count;
    }

    /// Passes over the next cell if it is empty; whether it was.
    pub(crate) fn pass_empty(&mut self) -> Result<bool, OpenError> {
        let is_empty = matches!(self.next()?, Cell::Nothing);
        if !is_empty {
            self.next -= 1;
        }
        Ok(is_empty)
    }

    fn next(&mut self) -> Result<Cell<'r>, OpenError> {
        self.next += 1;
        self.row.cell(self.next - 1).map_err(|error| self.wrong(error))
    }

    /// The error that blames the cell that was read last.
    pub(crate) fn wrong(&self, problem: impl Into<String>) -> OpenError {
        let column = self.table.names().nth(self.next.saturating_sub(1)).unwrap_or("?");
        self.blame(column, problem)
    }

    /// The error that blames a column.
    pub(crate) fn blame(&self, column: &'static str, problem: impl Into<String>) -> OpenError {
        OpenError::Corrupt { table: self.table.name, row: self.id, column, problem: problem.into() }
    }

    fn unfit(&self, wanted: &str, found: Cell<'_>) -> OpenError {
        let found = match found {
            Cell::Nothing => "nothing".to_owned(),
            Cell::Number(value) => value.to_string(),
            Cell::Flag(value) => value.to_string(),
            Cell::Id(id) => id.to_string(),
            Cell::Other(what) => what.to_owned(),
            Cell::Text(text) | Cell::Escaped(text) => {
                let text = String::from_utf8_lossy(text);
                format!("{:?}", text.chars().take(40).collect::<String>())
            }
            Cell::Bytes(bytes) => format!("{} bytes", bytes.len()),
        };
        self.wrong(format!("{wanted} is expected, there is {found}"))
    }

    /// Reads a text, if there is one.
    pub(crate) fn maybe_text(&mut self) -> Result<Option<Cow<'r, str>>, OpenError> {
        let (bytes, is_escaped) = match self.next()? {
            Cell::Nothing => return Ok(None),
            Cell::Text(bytes) => (bytes, false),
            Cell::Escaped(bytes) => (bytes, true),
            other => return Err(self.unfit("a text", other)),
        };
        let text = std::str::from_utf8(bytes).map_err(|_| self.wrong("it is not UTF-8"))?;
        Ok(Some(if is_escaped { Cow::Owned(escape::unescaped(text)) } else { Cow::Borrowed(text) }))
    }

    /// Reads a text.
    pub(crate) fn text(&mut self) -> Result<Cow<'r, str>, OpenError> {
        self.maybe_text()?.ok_or_else(|| self.unfit("a text", Cell::Nothing))
    }

    /// Reads bytes.
    pub(crate) fn bytes(&mut self) -> Result<&'r [u8], OpenError> {
        match self.next()? {
            Cell::Bytes(bytes) => Ok(bytes),
            other => Err(self.unfit("bytes", other)),
        }
    }

    /// Reads any number.
    pub(crate) fn number(&mut self) -> Result<i64, OpenError> {
        match self.next()? {
            Cell::Number(value) => Ok(value),
            other => Err(self.unfit("a number", other)),
        }
    }

    /// Reads a number that is not negative, if there is one.
    pub(crate) fn maybe_u64(&mut self) -> Result<Option<u64>, OpenError> {
        match self.next()? {
            Cell::Nothing => Ok(None),
            Cell::Number(value) => match u64::try_from(value) {
                Ok(value) => Ok(Some(value)),
                Err(_) => Err(self.unfit("0 or more", Cell::Number(value))),
            },
            other => Err(self.unfit("a number", other)),
        }
    }

    /// Reads a number of 32 bits, if there is one.
    pub(crate) fn maybe_u32(&mut self) -> Result<Option<u32>, OpenError> {
        let Some(value) = self.maybe_u64()? else {
            return Ok(None);
        };
        u32::try_from(value).map(Some).map_err(|_| self.wrong(format!("{value} is too large")))
    }

    /// Reads a number of 32 bits.
    pub(crate) fn u32(&mut self) -> Result<u32, OpenError> {
        self.maybe_u32()?.ok_or_else(|| self.unfit("a number", Cell::Nothing))
    }

    /// Reads a yes or no: 1 or 0.
    pub(crate) fn flag(&mut self) -> Result<bool, OpenError> {
        match self.next()? {
            Cell::Flag(flag) => Ok(flag),
            Cell::Number(0) => Ok(false),
            Cell::Number(1) => Ok(true),
            other => Err(self.unfit("0 or 1", other)),
        }
    }

    /// Reads a time, if there is one.
    pub(crate) fn maybe_time(&mut self) -> Result<Option<Timestamp>, OpenError> {
        match self.maybe_u64()? {
            Some(0) => Err(self.wrong("0 is no time")),
            other => Ok(other.map(Timestamp::from_micros)),
        }
    }

    /// Reads a time.
    pub(crate) fn time(&mut self) -> Result<Timestamp, OpenError> {
        self.maybe_time()?.ok_or_else(|| self.unfit("a time", Cell::Nothing))
    }

    /// Reads an id, which may be there as text.
    pub(crate) fn uuid(&mut self) -> Result<Uuid, OpenError> {
        let text = match self.next()? {
            Cell::Id(id) => return Ok(id),
            Cell::Text(text) => {
                std::str::from_utf8(text).map_err(|_| self.wrong("it is not UTF-8"))?
            }
            other => return Err(self.unfit("an id", other)),
        };
        Uuid::try_parse(text).map_err(|_| self.wrong(format!("{text:?} is no id")))
    }

    /// Reads a value from its text, if there is one.
    pub(crate) fn maybe_parsed<T: FromStr>(&mut self) -> Result<Option<T>, OpenError> {
        let Some(text) = self.maybe_text()? else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| self.wrong(format!("{text:?} is no word for it")))
    }

    /// Reads a value from its text.
    pub(crate) fn parsed<T: FromStr>(&mut self) -> Result<T, OpenError> {
        self.maybe_parsed()?.ok_or_else(|| self.unfit("a word", Cell::Nothing))
    }

    /// Reads a value from its JSON, if there is one.
    pub(crate) fn maybe_json<T: serde::de::DeserializeOwned>(
        &mut self,
    ) -> Result<Option<T>, OpenError> {
        let Some(text) = self.maybe_text()? else {
            return Ok(None);
        };
        self.json(&text).map(Some)
    }

    /// Parses a value from its JSON.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self, text: &str) -> Result<T, OpenError> {
        serde_json::from_str(text).map_err(|error| self.wrong(format!("bad JSON: {error}")))
    }
}
