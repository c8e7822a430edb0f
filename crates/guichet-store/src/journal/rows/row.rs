//! A row of a table, whichever database it is in.

use uuid::Uuid;

use super::error::OpenError;

/// What is in one cell.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(
    not(feature = "postgres"),
    expect(
        dead_code,
        reason = "SQLite has no types of its own for yes, no and ids, and takes any text"
    )
)]
pub(crate) enum Cell<'r> {
    /// There is nothing in it.
    Nothing,
    /// A whole number.
    Number(i64),
    /// Yes or no, where the database has a type for it.
    Flag(bool),
    /// A text, as bytes that should be UTF-8.
    Text(&'r [u8]),
    /// A text in which characters are [escaped](super::escape).
    Escaped(&'r [u8]),
    /// Bytes.
    Bytes(&'r [u8]),
    /// An id, where the database has a type for it.
    Id(Uuid),
    /// Something else: what, in words.
    Other(&'static str),
}

/// A row that was read.
pub(crate) trait Row {
    /// What is in the cell at this place, from 0; the database's message if it cannot be read.
    fn cell(&self, index: usize) -> Result<Cell<'_>, String>;
}

/// Rows that are read one after another, in the order of their ids.
pub(crate) trait Stream {
    /// The next row, if there is one more.
    fn next(&mut self) -> Result<Option<&dyn Row>, OpenError>;
}
