//! Traces: requests with the times at which they were made, read from a file to be replayed.
//!
//! Three formats are read, known by how they begin: Alibaba's [openb] pods,
//! [our own](native), which every trace can be [written](write_native) in, and [recordings](recording) of a
//! service. Lists of
//! [hosts] are read here too, since they come with traces.
//!
//! Reading is deterministic: the same bytes give the same [`Trace`].

pub mod hosts;
pub mod input;
mod model;
mod names;
pub mod native;
mod note;
pub mod openb;
mod read;
pub mod recording;

#[cfg(test)]
mod tests;

pub use model::{Trace, TraceBody, TraceRequest};
pub use native::write_native;
pub use note::Note;
