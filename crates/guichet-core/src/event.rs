//! Events: each transition of an operation yields exactly one. Log lines, metrics, the live
//! stream and histories are all made from them.

use std::time::Duration;

use serde::Serialize;

use crate::action::Action;
use crate::ids::{ClientId, OperationId, ProjectId, RequestId, ServerId, WorkerId};
use crate::server::Failure;
use crate::state::{State, text_enum};
use crate::time::Timestamp;

text_enum!(
    /// What happened to an operation.
    EventKind {
        /// Taken in.
        Accepted = "accepted",
        /// A worker has it.
        Started = "started",
        /// Failed in passing; will be tried again.
        Requeued = "requeued",
        /// Done.
        Succeeded = "succeeded",
        /// Failed for good.
        Failed = "failed",
        /// Given up for a delete or a hard reboot.
        Cancelled = "cancelled",
    }
);

impl EventKind {
    /// Whether the operation is over.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

/// One transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Event {
    /// Its number in the order of decisions; the store gives it.
    pub sequence: u64,
    /// When, on the world's clock.
    pub at: Timestamp,
    /// What happened.
    pub kind: EventKind,
    /// The request behind it.
    pub request: RequestId,
    /// Who sent that.
    pub client: ClientId,
    /// For which project.
    pub project: ProjectId,
    /// Which operation.
    pub operation: OperationId,
    /// What it does.
    pub action: Action,
    /// How many times it has been started.
    pub attempt: u32,
    /// The server's state before; nothing for a new server.
    pub from: Option<State>,
    /// The server's state after.
    pub to: State,
    /// Accepted → first started.
    pub wait: Option<Duration>,
    /// First started → finished.
    pub service: Option<Duration>,
    /// Who ran it, if anybody did.
    pub worker: Option<WorkerId>,
    /// Why it failed.
    pub failure: Option<Failure>,
}

text_enum!(
    /// What changed a server when no operation did.
    Cause {
        /// Its owner or an administrator changed what it carries.
        Edited = "edited",
        /// Its machine was found shut down.
        PoweredOff = "powered_off",
        /// Its machine was found to be gone.
        Gone = "gone",
    }
);

/// A change of a server that no operation made. It is numbered in the same order as [`Event`]s, so
/// that whoever follows both sees every server as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its number in the order of decisions; the store gives it.
    pub sequence: u64,
    /// When it was decided, on the world's clock.
    pub at: Timestamp,
    /// What caused it.
    pub cause: Cause,
    /// The request behind it, if a client asked for it.
    pub request: Option<RequestId>,
    /// The client that sent that.
    pub client: Option<ClientId>,
    /// The project whose server it is.
    pub project: ProjectId,
    /// The server that changed.
    pub server: ServerId,
    /// The server's state before.
    pub from: State,
    /// The server's state after; the same after an edit.
    pub to: State,
}
