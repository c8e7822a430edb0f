//! What all input has in common: the error that every parser of this crate gives, the reading
//! of a file, and the table that CSV files are read through.
//!
//! Whatever comes from outside (a file, a flag's value) ends either as a sound value or as one
//! [`InputError`], whose text is one line: where, what was found, what was expected. Nothing
//! here panics, and no file makes a message longer than a few lines of a terminal.

mod error;
pub(crate) mod kind;
pub(crate) mod number;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod words;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use guichet_core::limits;
use guichet_view::text::on_one_line;

pub use error::InputError;

/// What names the standard input in place of a file.
pub const STANDARD_INPUT: &str = "-";

/// The content of a file, or of the standard input, of at most [`limits::TRACE_FILE_MAX`] bytes.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, InputError> {
    if path == Path::new(STANDARD_INPUT) {
        return read_standard_input(limits::TRACE_FILE_MAX);
    }
    read_at_most(path, limits::TRACE_FILE_MAX)
}

fn read_standard_input(limit: u64) -> Result<Vec<u8>, InputError> {
    let file = || STANDARD_INPUT.to_owned();
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(limit.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|reason| InputError::Unreadable { file: file(), reason })?;
    if bytes.len() as u64 > limit {
        return Err(InputError::TooLarge { file: file(), limit });
    }
    Ok(bytes)
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
