//! Reading a trace, in whichever format its header says.

use std::path::Path;

use super::input::table::{Format, Table};
use super::input::{self, InputError};
use super::model::Trace;
use super::{hosts, native, openb};

/// The formats of a trace.
const FORMATS: &[&Format] = &[&native::FORMAT, &openb::FORMAT];

impl Trace {
    /// Reads a trace from a file of at most [`TRACE_FILE_MAX`] bytes and [`TRACE_ROWS_MAX`] rows.
    ///
    /// # Errors
    /// Any [`InputError`] but [`InputError::Value`].
    ///
    /// [`TRACE_FILE_MAX`]: guichet_core::limits::TRACE_FILE_MAX
    /// [`TRACE_ROWS_MAX`]: guichet_core::limits::TRACE_ROWS_MAX
    pub fn load(path: &Path) -> Result<Self, InputError> {
        Self::parse(&input::read(path)?, &path.to_string_lossy())
    }

    /// Reads a trace from the bytes of a file, which errors call `shown_name`.
    ///
    /// # Errors
    /// As [`load`](Self::load), but for those of the file system.
    pub fn parse(bytes: &[u8], shown_name: &str) -> Result<Self, InputError> {
        let mut table = Table::open(bytes, shown_name, FORMATS, hosts::FORMATS)?;
        if *table.format() == openb::FORMAT {
            openb::read(&mut table)
        } else {
            native::read(&mut table)
        }
    }
}
