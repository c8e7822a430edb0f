//! Why a text is no snapshot, and a snapshot no text.

use super::document::{FORMAT, VERSION};
use crate::plain::shown;

/// Why a text is no snapshot. It says where, and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// It is no document of this kind.
    #[error("format: expected {FORMAT:?}, as `guichet snapshot export` writes it")]
    Format,
    /// It is of a later version of the program.
    #[error(
        "version: found {found}, made by a newer version: this program reads up to {VERSION}; use the guichet that wrote it, or a newer one"
    )]
    Newer {
        /// Its version, as it stands there.
        found: String,
    },
    /// It is no JSON, or has a field that it cannot have; the text says where.
    #[error("{0}")]
    Json(String),
    /// A row cannot be as it says.
    #[error("{place}: {problem}")]
    Row {
        /// Which, such as `servers[3] (web)`.
        place: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Each row can be, and all of them together cannot.
    #[error("together they cannot be: {0}")]
    Whole(String),
}

/// A snapshot would be a longer document than it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("of {of} servers the first {servers} fit")]
pub struct TooLong {
    /// Servers that fit.
    pub servers: usize,
    /// Servers that it has, with those that were deleted and are remembered.
    pub of: usize,
}

impl DocumentError {
    pub(super) fn row(list: &str, number: usize, name: &str, problem: String) -> Self {
        let name = if name.is_empty() { String::new() } else { format!(" ({})", shown(name)) };
        Self::Row { place: format!("{list}[{number}]{name}"), problem }
    }
}
