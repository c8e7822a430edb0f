//! What all input has in common: the error that every parser of this crate gives, the reading
//! of a file, and the table that CSV files are read through.
//!
//! Whatever comes from outside (a file, a flag's value) ends either as a sound value or as one
//! [`InputError`], whose text is one line: where, what was found, what was expected. Nothing
//! here panics, and no file makes a message longer than a few lines of a terminal.

pub(crate) mod number;
pub(crate) mod table;
mod text;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use guichet_core::limits;
use guichet_view::number::grouped;
use guichet_view::text::{on_one_line, quoted};

/// Why an input was not taken. The text is complete and one line: it names the file and the
/// line, or the option, then what was found and what was expected.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The file cannot be opened or read: another path or other permissions are needed.
    #[error("{file}: cannot be read: {reason}")]
    Unreadable {
        /// The file, as it was named.
        file: String,
        /// What the system says.
        reason: io::Error,
    },
    /// The path is a directory: the file in it must be named.
    #[error("{file}: is a directory, expected a CSV file")]
    Directory {
        /// The path, as it was named.
        file: String,
    },
    /// The file is larger than [`limits::TRACE_FILE_MAX`]: it must be cut.
    #[error("{file}: larger than {} bytes, the most that is read", grouped(*.limit))]
    TooLarge {
        /// The file, as it was named.
        file: String,
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// The file is no text: it must be decompressed, converted, or was the wrong one.
    #[error(
        "{file}:{line}: found the byte 0x{byte:02X} at place {column} of the line, expected UTF-8 text{hint}"
    )]
    NotText {
        /// The file, as it was named.
        file: String,
        /// Line of the first byte that is no text, from 1.
        line: u64,
        /// Which byte of its line it is, from 1.
        column: u64,
        /// The byte that is no text.
        byte: u8,
        /// What the file looks like, if that is known; else empty.
        hint: &'static str,
    },
    /// A line is longer than any row can be: the file is none, or its line ends were lost.
    #[error("{file}:{line}: found a line of {} bytes, expected at most {}", grouped(*.length), grouped(*.limit))]
    LongLine {
        /// The file, as it was named.
        file: String,
        /// The line, from 1.
        line: u64,
        /// Its length, in bytes.
        length: u64,
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// There is no header, or nothing after it.
    #[error("{file}: found {found}, expected {expected}")]
    Empty {
        /// The file, as it was named.
        file: String,
        /// What there is instead.
        found: &'static str,
        /// What is missing.
        expected: String,
    },
    /// The file has more rows than are held: it must be cut.
    #[error("{file}:{line}: found more than {} rows, the most that are read", grouped(*.limit))]
    TooManyRows {
        /// The file, as it was named.
        file: String,
        /// Line of the first row too many, from 1.
        line: u64,
        /// The most that are read.
        limit: u64,
    },
    /// The header is of no known format, or not quite of one: a column is unknown, missing or
    /// there twice.
    #[error("{file}:{line}: header: found {found}, expected {expected}")]
    Header {
        /// The file, as it was named.
        file: String,
        /// Line of the header, from 1.
        line: u64,
        /// What is wrong.
        found: String,
        /// The columns that would be right.
        expected: String,
    },
    /// A row has too many or too few fields.
    #[error("{file}:{line}: found {}, expected {expected}: {columns}{hint}", fields(*.found))]
    FieldCount {
        /// The file, as it was named.
        file: String,
        /// Line of the row, from 1.
        line: u64,
        /// Fields it has.
        found: usize,
        /// Fields it should have.
        expected: usize,
        /// What these are, in the order of the file's header.
        columns: String,
        /// What may have happened, if that shows; else empty.
        hint: &'static str,
    },
    /// One field is wrong.
    #[error("{file}:{line}: column {name} ({column}): found {found}, expected {expected}")]
    Field {
        /// The file, as it was named.
        file: String,
        /// Line of the row, from 1.
        line: u64,
        /// Number of the column in the file, from 1.
        column: usize,
        /// Name of the column.
        name: &'static str,
        /// What stands there, quoted and shortened.
        found: String,
        /// What should.
        expected: String,
    },
    /// The value of an option (a command-line flag or a setting) is wrong.
    #[error("{what}: found {found}, expected {expected}, for example {example}")]
    Value {
        /// Which option or part of it.
        what: String,
        /// What was given, quoted and shortened.
        found: String,
        /// What should have been.
        expected: String,
        /// A value that is right.
        example: &'static str,
    },
}

impl InputError {
    /// The value of an option is wrong: `what` of it, the text `given`, and what was expected.
    pub fn value(
        what: impl Into<String>,
        given: &str,
        expected: impl Into<String>,
        example: &'static str,
    ) -> Self {
        Self::Value { what: what.into(), found: quoted(given), expected: expected.into(), example }
    }
}

fn fields(count: usize) -> String {
    let word = if count == 1 { "field" } else { "fields" };
    format!("{} {word}", grouped(count as u64))
}

/// The content of a file of at most [`limits::TRACE_FILE_MAX`] bytes.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, InputError> {
    read_at_most(path, limits::TRACE_FILE_MAX)
}

/// The content of a file of at most `limit` bytes. What is no plain file (a pipe) is read too,
/// but never past the limit.
fn read_at_most(path: &Path, limit: u64) -> Result<Vec<u8>, InputError> {
    let name = || on_one_line(&path.to_string_lossy());
    let unreadable = |reason| InputError::Unreadable { file: name(), reason };
    let file = File::open(path).map_err(unreadable)?;
    let facts = file.metadata().map_err(unreadable)?;
    if facts.is_dir() {
        return Err(InputError::Directory { file: name() });
    }
    let mut bytes = Vec::new();
    if facts.len() <= limit {
        bytes.reserve(usize::try_from(facts.len()).unwrap_or(0));
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    }
    if facts.len() > limit || bytes.len() as u64 > limit {
        return Err(InputError::TooLarge { file: name(), limit });
    }
    Ok(bytes)
}
