//! Reading a trace, in whichever format its header says.

use std::path::Path;
use std::time::Duration;

use guichet_core::limits;

use super::input::table::{Format, Table};
use super::input::{self, InputError};
use super::model::Trace;
use super::note::Note;
use super::{hosts, native, openb, recording};

/// The formats of a trace.
const FORMATS: &[&Format] = &[&native::FORMAT, &openb::FORMAT];

impl Trace {
    /// Reads a trace from a file (`-`: from the standard input) of at most [`TRACE_FILE_MAX`] bytes and [`TRACE_ROWS_MAX`] rows.
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
        if recording::is_one(bytes) {
            let mut trace = recording::read(bytes, shown_name)?;
            trace.begin_soon();
            return Ok(trace);
        }
        let mut table = Table::open(bytes, shown_name, FORMATS, hosts::FORMATS)?;
        let mut trace = if *table.format() == openb::FORMAT {
            openb::read(&mut table)?
        } else {
            native::read(&mut table)?
        };
        trace.begin_soon();
        Ok(trace)
    }

    /// A trace whose times count from somewhere else, such as from 1970, begins at its first
    /// request: nobody waits for decades until something is asked.
    fn begin_soon(&mut self) {
        let lead = self.requests.first().map_or(Duration::ZERO, |first| first.at);
        if lead <= limits::TRACE_LEAD_MAX {
            return;
        }
        for request in &mut self.requests {
            request.at -= lead;
        }
        self.span -= lead;
        self.notes.insert(0, Note::BeginsLate { lead });
    }
}
