//! Where the fleet is kept.
//!
//! A [`Store`] supplies exclusion and durability to the rules of `guichet-core`; it has none of
//! its own. It takes a request in one step ([`Store::submit`]), hands operations to workers in
//! fair order ([`Store::try_claim`]) and takes their outcomes ([`Store::finish`]). Readers see
//! only what is published: what would survive.
//!
//! * [`local::LocalStore`]: the fleet in memory behind one lock.
//! * [`contract`]: the suite every store must pass.

pub mod contract;
pub mod hub;
pub mod journal;
pub mod local;
mod sync;
pub mod wake;

use std::fmt;
use std::sync::Arc;

use guichet_core::audit::Audit;
use guichet_core::edit::EditRequest;
use guichet_core::fleet::Counts;
use guichet_core::ids::{HostId, OperationId, ProjectId, ServerId, WorkerId};
use guichet_core::limits;
use guichet_core::project::{FreeCapacity, Quota, Usage};
use guichet_core::refusal::Refusal;
use guichet_core::request::{Answer, Request};
use guichet_core::rows::{Claim, Outcome};
use guichet_core::scheduler::Load;
use guichet_core::server::{Operation, Server};
use guichet_core::state::Status;
use guichet_core::time::Timestamp;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::hub::Hub;
use crate::journal::{LogError, RecordChange};
use crate::wake::Wake;

/// An answer that is there at once (memory) or after a commit (a journal, a database).
#[derive(Debug)]
pub enum Reply<T> {
    /// There it is.
    Ready(T),
    /// It comes when what it saw is durable.
    Pending(oneshot::Receiver<T>),
}

impl<T> Reply<T> {
    /// The answer; `None` if the store was lost before it was durable, so that nothing is known.
    pub async fn wait(self) -> Option<T> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Pending(receiver) => receiver.await.ok(),
        }
    }
}

/// What came of a request.
#[derive(Debug)]
pub enum Decided {
    /// Taken in; it will be done.
    Accepted(Answer),
    /// Taken in before: the first answer again.
    Repeated(Answer),
    /// Not taken: nothing changed.
    Refused(Refusal),
}

/// Tells, once, how an operation ended.
pub type Completion = oneshot::Receiver<Operation>;

/// What a worker that looks for work finds.
#[derive(Debug)]
pub enum Work {
    /// This to do; the permits are taken.
    Claim(Claim),
    /// Nothing that can start. Look again when woken, and at this time if one is given.
    Nothing {
        /// When a job that waits for a time may start.
        until: Option<Timestamp>,
    },
}

/// What became of an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// The operation is over.
    Final,
    /// It went back to the queue for another attempt.
    Requeued,
    /// It was not waited for any more: it had been cancelled, or settled before.
    Fenced,
}

/// Which servers a list shows.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Only this project's; of all, project by project, if none is named.
    pub project: Option<ProjectId>,
    /// Only with this status.
    pub status: Option<Status>,
    /// After this server, which need not exist any more.
    pub after: Option<Marker>,
    /// How many; at most [`limits::PAGE_MAX`], [`limits::PAGE_DEFAULT`] if none is named.
    pub limit: Option<usize>,
}

/// A place in the order of a list.
pub type Marker = (ProjectId, Timestamp, ServerId);

/// Servers, newest first inside a project.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The servers.
    pub servers: Vec<Arc<Server>>,
    /// Where the next page starts, if there may be one.
    pub next: Option<Marker>,
}

/// Servers that were deleted and are still remembered, the last deleted first.
#[derive(Debug, Clone, Default)]
pub struct DeletedPage {
    /// The servers.
    pub servers: Vec<Arc<Server>>,
    /// The number of the deletion before which the next page starts, if there may be one.
    pub next: Option<u64>,
}

/// How the store is doing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    /// Operations so far.
    pub counts: Counts,
    /// What waits and runs.
    pub load: Load,
    /// Servers that exist.
    pub servers: usize,
    /// Operations waiting or running.
    pub jobs: usize,
    /// The longest that the lock was held, ns.
    pub longest_lock_ns: u64,
    /// Of the journal, if there is one.
    pub journal: Option<JournalFigures>,
}

/// How a journal is doing.
#[derive(Debug, Clone, Copy, Default)]
pub struct JournalFigures {
    /// Batches written.
    pub batches: u64,
    /// Rows in them.
    pub rows: u64,
    /// Answers that waited for them.
    pub answers: u64,
    /// Rows and answers that wait for the disk now.
    pub backlog: usize,
    /// The most that ever waited for it.
    pub backlog_max: usize,
    /// Whether nothing can be written at present: requests are refused.
    pub is_stalled: bool,
}

/// Keeps the fleet. All methods but [`audit`](Store::audit) take a bounded, short time and never
/// wait; a durable store answers through [`Reply::Pending`].
pub trait Store: Send + Sync + fmt::Debug {
    /// Decides a request and makes the decision true, as one step. With `watch`, the ends of its
    /// operations are told through the completions, in the order of the answer.
    fn submit(&self, request: &Request, watch: Option<&mut Vec<Completion>>) -> Reply<Decided>;

    /// Decides an edit and makes it true, as one step: the server as it is afterwards.
    fn edit(&self, request: &EditRequest) -> Reply<Result<Arc<Server>, Refusal>>;

    /// Hands the next operation in fair order to a worker, with all its permits. `cancel` is
    /// what will be told if the operation is cancelled while it runs.
    fn try_claim(&self, worker: WorkerId, cancel: &CancellationToken) -> Work;

    /// Takes the outcome of a claim and gives its permits back.
    fn finish(&self, claim: &Claim, outcome: &Outcome) -> Reply<Settled>;

    /// What wakes idle workers.
    fn wake(&self) -> &Wake;

    /// Where events go.
    fn hub(&self) -> &Hub;

    /// A server that exists.
    fn server(&self, id: ServerId) -> Option<Arc<Server>>;

    /// A server that exists, or was deleted and is still remembered.
    fn remembered(&self, id: ServerId) -> Option<Arc<Server>>;

    /// Servers that exist. A list longer than [`limits::ROWS_PER_LOCK_MAX`] is not one instant.
    fn servers(&self, query: &Query) -> Page;

    /// Servers that were deleted and are still remembered, of all projects: at most
    /// [`limits::ROWS_PER_LOCK_MAX`], before the deletion of number `before`.
    fn deleted(&self, before: Option<u64>) -> DeletedPage;

    /// A server's operations, oldest first, also of one deleted lately.
    fn operations(&self, server: ServerId) -> Vec<Operation>;

    /// One operation, if it is still remembered.
    fn operation(&self, id: OperationId) -> Option<Operation>;

    /// Tells how an operation ends, at once if it is over; `None` if it is not known.
    fn watch(&self, id: OperationId) -> Option<Completion>;

    /// How many jobs are ahead of an operation that is ready to start.
    fn position(&self, id: OperationId) -> Option<usize>;

    /// What a project uses and may use; `None` if there is no such project.
    fn usage(&self, project: ProjectId) -> Option<(Usage, Quota)>;

    /// What is free on the hosts, in the order of their ids: `count` from `first` on, at most
    /// [`limits::ROWS_PER_LOCK_MAX`]; fewer only where the hosts end.
    fn capacities(&self, first: HostId, count: usize) -> Vec<FreeCapacity>;

    /// How it is doing.
    fn figures(&self) -> Figures;

    /// Keeps a row beside the fleet, or forgets one. The reply comes when that is durable; a
    /// store in memory keeps nothing.
    fn keep(&self, row: RecordChange) -> Reply<Result<(), Refusal>>;

    /// Comes when all that was decided so far is durable, and shown to readers.
    fn durable(&self) -> Reply<()>;

    /// The end: what was decided is made durable, and nothing is decided any more. Comes when
    /// that is so.
    fn close(&self) -> Reply<Result<(), LogError>>;

    /// Checks every invariant. It stops everything else while it looks (about 1 µs a server):
    /// for the end of a run, and for tests.
    fn audit(&self) -> Audit;
}

impl Figures {
    /// Whether there is a journal that cannot be written at present.
    pub fn is_stalled(&self) -> bool {
        self.journal.is_some_and(|journal| journal.is_stalled)
    }
}

impl Query {
    /// How many servers a page of this query has at most.
    pub fn page_size(&self) -> usize {
        self.limit.unwrap_or(limits::PAGE_DEFAULT).min(limits::PAGE_MAX)
    }

    /// Whether a server is shown; for what the index does not decide.
    pub fn shows(&self, server: &Server) -> bool {
        self.status.is_none_or(|status| server.status() == status)
    }
}
