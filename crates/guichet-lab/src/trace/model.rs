//! A trace as data: requests with their times, and the names that they speak of.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::ids::{ClientId, ProjectId};
use guichet_core::server::Size;

use super::note::Note;

/// Requests in the order in which they are made, and the names that they speak of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace {
    /// The requests, by time; at the same time in the order of the file (for openb see
    /// there: deletes come first, so that capacity is given back before it is asked for).
    pub requests: Vec<TraceRequest>,
    /// The projects' names: [`TraceRequest::project`] is an index into this list, which is in the
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
    /// What a reader of results should know of the file.
    pub notes: Vec<Note>,
}

/// One request of a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceRequest {
    /// When it is made, from the trace's time 0, to the nanosecond; 100 years at most. Time 0 is
    /// the first request's if that is later than [`TRACE_LEAD_MAX`](guichet_core::limits::TRACE_LEAD_MAX) in the file.
    pub at: Duration,
    /// The client that makes it.
    pub client: ClientId,
    /// The project that it is for.
    pub project: ProjectId,
    /// What it asks for.
    pub body: TraceBody,
}

/// What a request of a trace asks for. Servers are indexes into [`Trace::servers`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TraceBody {
    /// A new server.
    Create {
        /// The server that the trace knows it as.
        server: u32,
        /// What it takes; zeros are legal.
        size: Size,
    },
    /// An action on a server, which need not exist then.
    Act {
        /// The action; never a create.
        action: Action,
        /// The server that it is for.
        server: u32,
    },
    /// A list of the project's servers.
    List,
}
