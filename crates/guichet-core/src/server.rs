//! A server and its operations: the row images that every store keeps.

mod name;

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use self::name::ServerName;
use crate::action::{Action, ActionArgs};
use crate::details::{Details, Port};
use crate::ids::{
    ClientId, FlavorId, GroupId, HostId, ImageId, OperationId, ProjectId, RequestId, ServerId,
    WorkerId,
};
pub use crate::size::Size;
use crate::state::{PowerState, State, Status, TaskState, VmState, text_enum};
use crate::time::Timestamp;

/// What a server holds: a place in its project's quota, and one on a host. A server that is being
/// resized holds two until the new one is confirmed or given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Allocation {
    /// The catalogue entry it is by.
    pub flavor: FlavorId,
    /// What it takes of quota and host.
    pub size: Size,
    /// On which host; none if no host had capacity.
    pub host: Option<HostId>,
}

/// A named size that servers are made in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flavor {
    /// Its name, unique in the catalogue.
    pub name: Arc<str>,
    /// What one server of it takes.
    pub size: Size,
}

/// Why an operation failed for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What kind of failure.
    pub kind: Failure,
    /// What a client is shown.
    pub message: Arc<str>,
    /// When.
    pub created: Timestamp,
}

text_enum!(
    /// The kinds of failure.
    Failure {
        /// No host had room.
        NoValidHost = "no_valid_host",
        /// The driver said so.
        Driver = "driver",
        /// The driver did not answer in time.
        Deadline = "deadline",
        /// The service stopped while it ran, and its attempts were spent.
        Interrupted = "interrupted",
    }
);

text_enum!(
    /// The life of an operation. The last three are final.
    OperationState {
        /// Accepted, not started (or waiting for its next attempt).
        Queued = "queued",
        /// A worker has it.
        Running = "running",
        /// Done.
        Succeeded = "succeeded",
        /// Failed for good.
        Failed = "failed",
        /// Given up for a delete or a hard reboot.
        Cancelled = "cancelled",
    }
);

impl OperationState {
    /// Whether nothing more will happen to it.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

/// One server's part of an accepted request: the durable unit of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Operation {
    /// Which of its server's operations, from 1.
    pub number: u32,
    /// The request it came from.
    pub request: RequestId,
    /// Who sent that.
    pub client: ClientId,
    /// What is done.
    pub action: Action,
    /// What that needs beside the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub args: Option<Arc<ActionArgs>>,
    /// How far it is.
    pub state: OperationState,
    /// Starts so far.
    pub attempt: u32,
    /// Who ran it last.
    pub worker: WorkerId,
    /// When it was accepted.
    pub accepted: Timestamp,
    /// When it was first started.
    pub started: Option<Timestamp>,
    /// When it became final.
    pub finished: Option<Timestamp>,
    /// Not to be started before this (a retry's pause).
    pub not_before: Option<Timestamp>,
    /// Why it failed.
    pub failure: Option<Failure>,
}

impl Operation {
    /// Wait: accepted → first started; to the end if it never started; nothing while it waits.
    pub fn wait(&self) -> Option<Duration> {
        self.started.or(self.finished).map(|until| until.since(self.accepted))
    }

    /// Service time: first started → finished, pauses between attempts included.
    pub fn service(&self) -> Option<Duration> {
        Some(self.finished?.since(self.started?))
    }
}

/// A server: everything the rules need to know of it, and what clients are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Server {
    /// Its id.
    pub id: ServerId,
    /// Who owns it.
    pub project: ProjectId,
    /// What it takes from its host and its project's quota.
    pub size: Size,
    /// The catalogue entry it was made from.
    pub flavor: FlavorId,
    /// The image it was made from.
    pub image: ImageId,
    /// Where it is; none if no host had room.
    pub host: Option<HostId>,
    /// What it holds beside that: what it becomes, or what it was and may go back to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second: Option<Box<Allocation>>,
    /// Its stable state.
    pub vm_state: VmState,
    /// What is being done to it.
    pub task_state: Option<TaskState>,
    /// Whether it runs.
    pub power_state: PowerState,
    /// Whether a driver was ever called for it: if not, a delete has nothing to undo.
    pub ever_started: bool,
    /// The number of the last driver call; a driver refuses an older one.
    pub fence: u32,
    /// Operations so far, the live one included.
    pub operations: u32,
    /// When its create was accepted.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
    /// When its create succeeded.
    pub launched: Option<Timestamp>,
    /// When time ends its stable state, if it does: see [`EXPIRIES`](crate::action::EXPIRIES).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// Who asked for it.
    pub created_by: ClientId,
    /// What it carries for its owner.
    pub details: Option<Arc<Details>>,
    /// Its name; names are not unique.
    pub name: ServerName,
    /// Why it is in ERROR, or why its last start or stop failed.
    pub fault: Option<Arc<Fault>>,
    /// The operation that is queued or running, if any: at most one.
    /// Apart: most servers have none, and are kept and copied without it. Shared: images of the server
    /// that follow each other have the same.
    pub active: Option<Arc<Operation>>,
}

impl Server {
    /// Its state as an event shows it.
    pub const fn state(&self) -> State {
        State { vm_state: self.vm_state, task_state: self.task_state }
    }

    /// What clients poll for.
    pub const fn status(&self) -> Status {
        self.state().status()
    }

    /// What it is by at present.
    pub const fn allocation(&self) -> Allocation {
        Allocation { flavor: self.flavor, size: self.size, host: self.host }
    }

    /// All that it holds, the present one first.
    pub fn allocations(&self) -> impl Iterator<Item = Allocation> {
        std::iter::once(self.allocation()).chain(self.second.as_deref().copied())
    }

    /// Whether its owner or an administrator locked it.
    pub fn is_locked(&self) -> bool {
        self.details.as_ref().is_some_and(|details| details.lock.is_some())
    }

    /// The server group it was made in, which may have been deleted since.
    pub fn group(&self) -> Option<GroupId> {
        self.details.as_ref()?.group
    }

    /// Where it is plugged in, or will be once it is made.
    pub fn ports(&self) -> &[Port] {
        self.details.as_ref().map_or(&[], |details| &details.ports)
    }

    /// Whether it is gone.
    pub fn is_deleted(&self) -> bool {
        self.vm_state == VmState::Deleted
    }

    /// The id of its operation `number`.
    pub const fn operation_id(&self, number: u32) -> OperationId {
        OperationId { server: self.id, number }
    }
}
