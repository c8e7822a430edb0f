//! Takes create, reboot and delete requests for servers from many clients at once, queues them,
//! runs them in parallel on a bounded pool, and tells what happened.
//!
//! ```text
//! client ─▶ admission ─▶ decide + quota + place + record, one step under ONE lock ─▶ answer + id
//!              │ refused: a reason, what to do, nothing changed
//!              ▼
//!        Refusal                Scheduler (fair order, all permits at once) ─▶ worker ─▶ driver
//!                                                                                 │
//!              event (log line, history, live stream) ◀── settle, under the lock ◀── outcome
//! ```
//!
//! What always holds:
//! * an accepted request ends in exactly one final state, however often clients, workers or
//!   drivers repeat themselves;
//! * no server is lost, doubled or resurrected: outcomes are fenced by (operation, attempt);
//! * in flight and waiting stay within their bounds, quota and host sums equal the servers that
//!   exist;
//! * a refusal changes nothing and says what to do;
//! * no lock is held across a wait, a write or a driver call.
//!
//! The whole of it:
//!
//! ```text
//! ServerManager::builder() .config(..) .driver(..) .clock(..) .store(..) .start() -> ServerManager
//!     .create(caller, NewServer)    -> Result<Ack, Refusal>      .server(project, id)
//!     .reboot(caller, server, kind) -> Result<Ack, Refusal>      .servers(query) -> Page
//!     .start_server / .stop_server  -> Result<Ack, Refusal>      .scan(query) -> Scan
//!     .delete(caller, server)       -> Result<Ack, Refusal>      .operation(id)
//!     .finished(operation)          -> Option<Operation>         .subscribe() -> Events
//!     .drain(deadline)              -> Drained                   .audit() -> Audit
//! Ack: await it for the operations as they ended          Events: a Stream
//! ```
//!
//! [`manager`] is that façade, [`admission`] what needs no state, [`worker`] the one handler
//! under all [`models`] of execution.

pub mod admission;
mod calls;
pub mod config;
mod contained;
pub mod ids;
pub mod manager;
pub mod models;
mod observe;
pub mod rate_limit;
mod shared;
pub mod worker;

pub use admission::{Caller, NewServer, RebootKind};
pub use config::{Catalogue, ConfigError, EngineConfig, Model};
pub use manager::{
    Ack, Drained, Events, ManagerBuilder, OperationUnknown, Received, Scan, ServerManager,
    StartError,
};
