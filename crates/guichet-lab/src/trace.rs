//! Traces: requests with the times at which they were made, read from a file to be replayed.
//!
//! Two formats are read, told apart by their header: Alibaba's [openb] pods and
//! [our own](native), which every trace can be [written](write_native) in. Lists of
//! [hosts] are read here too, since they come with traces.
//!
//! Reading is deterministic: the same bytes give the same [`Trace`].

pub mod hosts;
mod names;
pub mod native;
pub mod openb;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::ids::{ClientId, ProjectId};
use guichet_core::server::Size;

use crate::input::table::{Format, Table};
use crate::input::{self, InputError};

pub use native::write_native;

/// The formats of a trace.
const FORMATS: &[&Format] = &[&native::FORMAT, &openb::FORMAT];

/// Requests in the order in which they are made, and the names that they speak of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace {
    /// The requests, by time; at the same time in the order of the file (for openb see
    /// there: deletes come first, so that room is given back before it is asked for).
    pub requests: Vec<TraceRequest>,
    /// The projects' names: [`TraceRequest::project`] is a place in this list, which is in the
    /// order of first appearance in the file.
    pub projects: Vec<Arc<str>>,
    /// The clients' names, likewise.
    pub clients: Vec<Arc<str>>,
    /// The trace's own names of servers, likewise. Each is created once at most.
    pub servers: Vec<Arc<str>>,
    /// From time 0 to the last request.
    pub span: Duration,
    /// How many of the requests are creates.
    pub creates: u64,
    /// What a reader of results should know of the file: sentences.
    pub notes: Vec<String>,
}

/// One request of a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceRequest {
    /// When it is made, from the trace's time 0, to the nanosecond; 100 years at most.
    pub at: Duration,
    /// By whom.
    pub client: ClientId,
    /// For which project.
    pub project: ProjectId,
    /// What it asks.
    pub body: TraceBody,
}

/// What a request of a trace asks. Servers are places in [`Trace::servers`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TraceBody {
    /// A new server.
    Create {
        /// Which.
        server: u32,
        /// What it takes; zeros are legal.
        size: Size,
    },
    /// Something done to a server, which need not exist then.
    Change {
        /// What; never a create.
        action: Action,
        /// To which.
        server: u32,
    },
    /// A list of the project's servers.
    List,
}

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
