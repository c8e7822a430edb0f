//! What a service's clouds are doing, for whoever looks: figures of now, a sample a second, and the
//! log as it happens.
//!
//! ```text
//! hub of each cloud that is watched ─▶ Watch::run, ONE task ─▶ tally ─▶ a sample a second ─▶ ring
//!   (plain subscription: may miss,      every 100 ms              ├─▶ listeners (bounded; lose, and
//!    and says how much)                                           │    are told how much)
//!                                                                 └─▶ the log that is still shown
//! ```
//!
//! Nothing here is on the way of a request. What an event says of itself (when, how long) is
//! measured where it happened, so a busy machine makes figures late and not wrong; a sample says
//! how long its second was.
//!
//! The first cloud is watched from the start. Another world's is from when somebody first asks, for
//! [`WATCH_IDLE`](guichet_core::limits::WATCH_IDLE) after the last one did.

mod depths;
mod followed;
mod hosts;
mod http;
mod line;
mod listener;
mod log;
pub mod metrics;
mod past;
mod readiness;
mod sample;
mod stats;
mod tally;
mod watch;

pub use depths::{OtherDepths, ProjectDepth};
pub use followed::Followed;
pub use hosts::{DrainFigures, HostFigures, HostsFigures};
pub use http::{Asked, HttpCounts};
pub use line::{KINDS, Wanted};
pub use listener::Listening;
pub use metrics::OPENMETRICS;
pub use past::Span;
pub use readiness::Readiness;
pub use sample::{OperationCount, Percentiles, RefusedCount, Sample};
pub use stats::{JournalState, Permits, Queue, Stats, StatusCount, Totals};
pub use watch::{TooManyListeners, Watch};
