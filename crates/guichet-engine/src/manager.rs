//! The façade: everything one can ask of the service.
//!
//! | file | subject |
//! | --- | --- |
//! | `handle` | the handle itself, and what dropping the last one does |
//! | `builder` | how a manager is put together and started |
//! | `adopt` | what the driver learns of the servers that are there already |
//! | `submit` | requests and edits |
//! | `ack` | what an accepted request is answered with, and waiting for its end |
//! | `beside` | rows beside servers, which are the store's |
//! | `read` | servers, operations, usage, figures |
//! | `scan` | all servers, page by page |
//! | `events` | what happens, as a stream |
//! | `stop` | the graceful stop |

mod ack;
mod adopt;
mod beside;
mod builder;
mod events;
mod handle;
mod read;
mod scan;
mod stop;
mod submit;

pub use ack::{Ack, OperationUnknown};
pub use builder::{ManagerBuilder, StartError};
pub use events::{Events, Received};
pub use handle::ServerManager;
pub use scan::Scan;
pub use stop::Drained;
