//! Traces of a service, sent to a collector by OTLP over HTTP.
//!
//! ```text
//! POST /compute/v2.1/servers           a request: from when it came until its answer began
//! └─ create                            its operation: accepted until final
//!    ├─ create: wait                   in the queue
//!    └─ create: driver                 first started until final, pauses between attempts included
//! ```
//!
//! Nothing of an operation is on its way: its spans are made from the log of what happened, when it is over,
//! by one task that reads it ten times a second. A request's span is made as its answer begins, and handed on
//! without a wait. What the collector is too slow for is left out; nobody waits for it.
//!
//! A request whose client sent a `traceparent` is in the client's trace (W3C Trace Context). One without it is
//! in a trace whose id is the request's own, so that whoever has a request's id has its trace.

mod client;
mod contexts;
mod exporter;
mod ids;
mod span;

pub use exporter::{Exporter, OtlpError, Settings};
