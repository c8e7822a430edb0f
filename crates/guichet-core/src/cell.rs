//! Cells: parts of a cloud, each with its own projects and hosts and a leader of its own.

use crate::limits;

/// Whether a cell may be called that: its name is part of the name of a schema, which has no quotes around it.
pub fn is_name(name: &str) -> bool {
    name.len() <= limits::CELL_NAME_MAX
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|it| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}
