//! What the rules read ([`Rows`]) and what they write ([`Effects`]). A store supplies exclusion
//! and durability: it hands rows to a rule, applies the effects as one step, and nothing else.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use smallvec::SmallVec;

use crate::action::{Action, ActionArgs};
use crate::credential::ApplicationCredential;
use crate::event::{Change, Event};
use crate::group::{MemberHosts, ServerGroup};
use crate::ids::{GroupId, HostId, NetworkId, OperationId, ProjectId, ServerId, UserId, WorkerId};
use crate::key_pair::KeyPair;
use crate::network::AddressChange;
use crate::project::{FreeCapacity, Project, Usage};
use crate::refusal::Refusal;
use crate::request::{Answer, Fingerprint, IdempotencyKey};
use crate::server::{Failure, Operation, Server, Size};
use crate::state::VmState;
use crate::table::RowChange;
use crate::time::Timestamp;

/// The rows as they are now. Every method reads; none changes anything.
pub trait Rows {
    /// The server, deleted ones left out.
    fn server(&self, id: ServerId) -> Option<&Server>;

    /// How many times an operation was started, if it is still known; also of one that is over.
    fn attempts(&self, operation: OperationId) -> Option<u32> {
        let active = self.server(operation.server)?.active.as_ref()?;
        (active.number == operation.number).then_some(active.attempt)
    }

    /// The project.
    fn project(&self, id: ProjectId) -> Option<&Project>;

    /// What the project's servers take.
    fn usage(&self, id: ProjectId) -> Usage;

    /// The room on one host.
    fn host(&self, id: HostId) -> Option<FreeCapacity>;

    /// Candidates for a server of this size, in the order they are to be tried. It ends only
    /// after every host was offered; those without room may be left out.
    fn hosts(&self, need: Size) -> impl Iterator<Item = FreeCapacity>;

    /// Whether servers are placed on a host at present.
    fn takes_servers(&self, _host: HostId) -> bool {
        true
    }

    /// Addresses of a network that no server has, in the order they are to be tried. It ends only
    /// after every one was offered.
    fn free_addresses(&self, _network: NetworkId) -> impl Iterator<Item = Ipv4Addr> {
        std::iter::empty()
    }

    /// Whether this is an address of the network that no server has.
    fn is_free(&self, _network: NetworkId, _address: Ipv4Addr) -> bool {
        false
    }

    /// The number of the next port: its MAC is made of that.
    fn next_port(&self) -> u64 {
        0
    }

    /// Whether a user has a key pair of this name.
    fn has_key_pair(&self, _user: UserId, _name: &str) -> bool {
        false
    }

    /// The server group.
    fn group(&self, _id: GroupId) -> Option<&ServerGroup> {
        None
    }

    /// The servers that exist in a server group, also in one that was deleted, each with the hosts
    /// that it holds a place on.
    fn members(&self, _group: GroupId) -> impl Iterator<Item = (ServerId, &MemberHosts)> {
        std::iter::empty()
    }

    /// The answer remembered under a key, if it has not expired.
    fn key(&self, project: ProjectId, key: &IdempotencyKey, at: Timestamp) -> Option<&KeyRow>;

    /// How many more keys the project may use, and when the oldest expires.
    fn key_capacity(&self, project: ProjectId, at: Timestamp) -> KeyCapacity;

    /// Whether `count` more operations of this project may wait.
    ///
    /// # Errors
    /// How many are waiting and when to come back (without the random part).
    fn check_queue(&self, project: ProjectId, count: usize, at: Timestamp)
    -> Result<(), QueueFull>;

    /// How many more servers can be held.
    fn server_capacity(&self) -> ServerCapacity;

    /// How long a server may be in a stable state before time ends it; see
    /// [`EXPIRIES`](crate::action::EXPIRIES). None: for ever.
    fn time_in(&self, _state: VmState) -> Option<Duration> {
        None
    }

    /// The random part of Retry-After for this request, as a share of 1 in [0, 1).
    fn retry_spread(&self, request: crate::ids::RequestId) -> f64;
}

/// Room for keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyCapacity {
    /// How many more.
    pub free: usize,
    /// When the oldest expires, if any is kept.
    pub next_expiry: Option<Timestamp>,
}

/// Room for servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerCapacity {
    /// How many more.
    pub free: usize,
    /// How many in all.
    pub limit: usize,
}

/// No place in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueFull {
    /// How many are waiting.
    pub waiting: usize,
    /// When to come back, before the random part.
    pub retry_after: Duration,
}

/// An idempotency key with what was asked and answered under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// Whose key.
    pub project: ProjectId,
    /// The key.
    pub key: IdempotencyKey,
    /// What was asked.
    pub fingerprint: Fingerprint,
    /// What was answered.
    pub answer: Answer,
    /// Forgotten from then on.
    pub expires: Timestamp,
}

/// What came of a request.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "made once and moved at once; boxing costs more")]
pub enum Decision {
    /// Taken in: these rows change, as one step.
    Accepted(Effects),
    /// Seen before (or already being done): the first answer again, nothing changes.
    Repeated(Answer),
    /// Refused: nothing changes.
    Refused(Refusal),
}

/// What a job in the queue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Job {
    /// The operation to run.
    pub operation: OperationId,
    /// Whose it is: fair order goes by project.
    pub project: ProjectId,
    /// Where its server is: a host runs only so many at once.
    pub host: Option<HostId>,
}

/// A change to the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobChange {
    /// A new job at the end.
    Push(Job),
    /// A new job that may not start before the call of `behind` has returned, or `until`.
    PushBehind {
        /// The new job.
        job: Job,
        /// The running operation whose driver call was told to stop.
        behind: OperationId,
        /// When waiting for it ends.
        until: Timestamp,
    },
    /// `job` takes the place of a queued operation, with whatever that waited for.
    Replace {
        /// The operation that was queued.
        old: OperationId,
        /// The new job.
        job: Job,
    },
    /// A queued operation leaves.
    Remove(OperationId),
    /// The driver call of a running operation is told to stop, and nothing waits for it.
    Stop(OperationId),
    /// A running operation goes back to wait, until `not_before`.
    Requeue {
        /// The operation.
        operation: OperationId,
        /// When it may start again.
        not_before: Timestamp,
    },
    /// A running operation's permits are free.
    Done(OperationId),
}

/// A change as row images: what the rows are afterwards, not how they change, so that a store
/// without the lock shows what the lock is for.
#[derive(Debug, Default)]
pub struct Effects {
    /// Servers as they are now. A deleted one is kept only for its history.
    pub servers: SmallVec<[Arc<Server>; 1]>,
    /// Operations that became final.
    pub finished: SmallVec<[(ServerId, Operation); 1]>,
    /// Projects' usage.
    pub usage: Option<(ProjectId, Usage)>,
    /// Rooms of hosts.
    pub hosts: SmallVec<[FreeCapacity; 1]>,
    /// Addresses that are taken or given back.
    pub addresses: Vec<AddressChange>,
    /// An application credential that is made or deleted. Boxed: most steps have none.
    pub credential: Option<Box<RowChange<ApplicationCredential>>>,
    /// A key pair that is made or deleted. Boxed: most steps have none.
    pub key_pair: Option<Box<RowChange<KeyPair>>>,
    /// A server group that is made or deleted. Boxed: most steps have none.
    pub group: Option<Box<RowChange<ServerGroup>>>,
    /// A key to remember. Boxed: most requests have none.
    pub key: Option<Box<KeyRow>>,
    /// Changes to the queue, in order.
    pub jobs: SmallVec<[JobChange; 1]>,
    /// What happened, in order; the store numbers them.
    pub events: SmallVec<[Event; 1]>,
    /// A change of a server that is no operation's. Boxed: most steps have none.
    pub change: Option<Box<Change>>,
    /// The answer, if a request caused this.
    pub answer: Option<Answer>,
}

impl Effects {
    /// The running operation whose driver call must be told to stop, if there is one.
    pub fn stops(&self) -> Option<OperationId> {
        self.jobs.iter().find_map(|job| match job {
            JobChange::PushBehind { behind: running, .. } | JobChange::Stop(running) => {
                Some(*running)
            }
            _ => None,
        })
    }
}

/// A worker's hold on an operation: one start of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Which operation.
    pub operation: OperationId,
    /// What to do.
    pub action: Action,
    /// What that needs beside the server.
    pub args: Option<Arc<ActionArgs>>,
    /// Which start this is, from 1.
    pub attempt: u32,
    /// The server as it is while this runs.
    pub server: Arc<Server>,
    /// Who holds it.
    pub worker: WorkerId,
    /// When it was started.
    pub started: Timestamp,
    /// When the driver call must be over.
    pub deadline: Timestamp,
}

/// What came of a driver call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Succeeded,
    /// Not done.
    Failed {
        /// Whose fault.
        kind: Failure,
        /// Whether trying again may help.
        transient: bool,
        /// What a client is shown.
        message: Arc<str>,
    },
}
