//! What everybody may look at: servers, operations, usage, figures and events.

use std::sync::Arc;

use guichet_core::charge::{Charge, Period};
use guichet_core::fleet::{ChangePage, ListOrder};
use guichet_core::ids::{HostId, OperationId, ProjectId, ServerId};
use guichet_core::limits;
use guichet_core::project::{FreeCapacity, Quota, Usage};
use guichet_core::server::{Operation, Server};
use guichet_core::state::Status;
use guichet_core::time::Timestamp;
use uuid::Uuid;

use crate::figures::{Detail, Figures};
use crate::hub::Hub;
use crate::reply::Completion;

/// Which servers a list shows.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Shows only servers of this project; those of all if none is named.
    pub project: Option<ProjectId>,
    /// Shows only servers with this status.
    pub status: Option<Status>,
    /// In which order.
    pub order: ListOrder,
    /// Starts behind this server as it was seen, which need not exist any more.
    pub after: Option<Arc<Server>>,
    /// How many servers are shown: at most [`limits::PAGE_MAX`], and [`limits::PAGE_DEFAULT`] if
    /// no number is named.
    pub limit: Option<usize>,
}

impl Query {
    /// How many servers a page of this query has at most.
    pub fn page_size(&self) -> usize {
        self.limit.unwrap_or(limits::PAGE_DEFAULT).min(limits::PAGE_MAX)
    }
}

/// Servers in the order that was asked for.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The servers of this page.
    pub servers: Vec<Arc<Server>>,
    /// The server behind which the next page starts, if there may be one.
    pub next: Option<Arc<Server>>,
}

/// The part of a store that changes nothing. It shows what is published: what would survive.
pub trait Read {
    /// The hub, from which events and refusals can be read.
    fn hub(&self) -> &Hub;

    /// A server that exists.
    fn server(&self, id: ServerId) -> Option<Arc<Server>>;

    /// A server that exists, or was deleted and is still remembered.
    fn remembered(&self, id: ServerId) -> Option<Arc<Server>>;

    /// Servers that exist. A page may be short, or empty, and have a next one: no more than
    /// [`limits::ROWS_PER_PAGE_MAX`] rows are looked at for one, where no index has the status. A list longer than [`limits::ROWS_PER_LOCK_MAX`] is not one instant.
    fn servers(&self, query: &Query) -> Page;

    /// Servers that were deleted and are still remembered, of all projects: at most
    /// [`limits::ROWS_PER_LOCK_MAX`], before the deletion of number `before`.
    fn deleted(&self, before: Option<u64>) -> ChangePage;

    /// Servers that exist and changed from `since` on, at most [`limits::ROWS_PER_LOCK_MAX`], before
    /// the change of number `before`. None if it is not remembered any more which did.
    fn changed(&self, since: Timestamp, before: Option<u64>) -> Option<ChangePage>;

    /// The servers that exist and changed last, at most [`limits::ROWS_PER_LOCK_MAX`], before the change of
    /// number `before`: as far back as changes are remembered.
    fn latest(&self, before: Option<u64>) -> ChangePage;

    /// The oldest stamp of what was shown from `since` on, for whoever saw everything at that moment
    /// and asks what changed: what had been decided then, and was not durable, is stamped earlier.
    fn shown_since(&self, since: Timestamp) -> Timestamp;

    /// A server's operations, oldest first, also of one deleted lately.
    fn operations(&self, server: ServerId) -> Vec<Operation>;

    /// One operation, if it is still remembered.
    fn operation(&self, id: OperationId) -> Option<Operation>;

    /// Answers with the operation as it ends, at once if it is over; `None` if it is not known.
    fn watch(&self, id: OperationId) -> Option<Completion>;

    /// How many jobs are ahead of an operation that is ready to start.
    fn position(&self, id: OperationId) -> Option<usize>;

    /// What a project uses and may use; `None` if there is no such project.
    fn usage(&self, project: ProjectId) -> Option<(Usage, Quota)>;

    /// What is free on the hosts, in the order of their ids: `count` from `first` on, at most
    /// [`limits::ROWS_PER_LOCK_MAX`]; fewer only where the hosts end.
    fn capacities(&self, first: HostId, count: usize) -> Vec<FreeCapacity>;

    /// How many servers are on the hosts, in the order of their ids: `count` from `first` on, at most
    /// [`limits::ROWS_PER_LOCK_MAX`]; fewer only where the hosts end. No list of servers is gone through.
    fn servers_on(&self, first: HostId, count: usize) -> Vec<usize>;

    /// The server that exists and has this port, found by an index.
    fn with_port(&self, port: Uuid) -> Option<Arc<Server>>;

    /// How many ports the servers of a project have. They are not counted for it.
    fn ports_of(&self, project: ProjectId) -> usize;

    /// What a project's servers are charged for in a period, by flavor and size: those that exist, and those
    /// that were deleted and are still remembered, as one instant. What it costs goes by the kinds, and by one in
    /// 256 of the servers that were launched or deleted since the period began, or before it if those are
    /// fewer.
    fn charges(&self, project: ProjectId, period: Period) -> Vec<Charge>;

    /// How the store is doing, in numbers.
    fn figures(&self) -> Figures;

    /// The same in more detail: goes through the projects, and through no list of servers. For one who
    /// looks once a second.
    fn detail(&self) -> Detail;

    /// The operations that are next in fair order, were every permit free: `count`, at most
    /// [`limits::ROWS_PER_LOCK_MAX`].
    fn next_up(&self, count: usize) -> Vec<(OperationId, Operation)>;

    /// The operations that were started and are not over, the one that began first in front: `count`,
    /// at most [`limits::ROWS_PER_LOCK_MAX`]. What it costs goes by `count` alone.
    fn in_flight(&self, count: usize) -> Vec<(OperationId, Operation)>;
}
