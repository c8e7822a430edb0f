//! What one can look at: servers, operations, usage, figures.

use std::sync::Arc;

use guichet_clock::WorldClock;
use guichet_core::action::Action;
use guichet_core::audit::Audit;
use guichet_core::charge::{Charge, Period};
use guichet_core::ids::{HostId, OperationId, ProjectId, ServerId};
use guichet_core::limits;
use guichet_core::project::{FreeCapacity, Quota, Usage};
use guichet_core::server::{Operation, Server};
use guichet_core::state::Status;
use guichet_core::time::Timestamp;
use guichet_core::times::Times;
use guichet_store::{ChangePage, Detail, Figures, Page, Query};
use uuid::Uuid;

use super::handle::ServerManager;
use crate::config::Catalogue;

impl ServerManager {
    /// A project's server; another project's is not there.
    pub fn server(&self, project: ProjectId, id: ServerId) -> Option<Arc<Server>> {
        self.shared.store.server(id).filter(|server| server.project == project)
    }

    /// A server of any project.
    pub fn any_server(&self, id: ServerId) -> Option<Arc<Server>> {
        self.shared.store.server(id)
    }

    /// A server of any project, also one that was deleted and is still remembered.
    pub fn remembered(&self, id: ServerId) -> Option<Arc<Server>> {
        self.shared.store.remembered(id)
    }

    /// A page of servers.
    pub fn servers(&self, query: &Query) -> Page {
        self.shared.store.servers(query)
    }

    /// A page of servers of all projects that were deleted and are still remembered, the last
    /// deleted first, before the deletion of number `before`.
    pub fn deleted_servers(&self, before: Option<u64>) -> ChangePage {
        self.shared.store.deleted(before)
    }

    /// A page of the servers of all projects that exist and changed from `since` on, the last changed
    /// first, before the change of number `before`. None if it is not remembered any more which did.
    pub fn changed_servers(&self, since: Timestamp, before: Option<u64>) -> Option<ChangePage> {
        self.shared.store.changed(since, before)
    }

    /// A page of the servers of all projects that exist and changed last, before the change of number
    /// `before`: as far back as changes are remembered.
    pub fn latest_servers(&self, before: Option<u64>) -> ChangePage {
        self.shared.store.latest(before)
    }

    /// The oldest stamp of what was shown from `since` on: what whoever saw everything at that
    /// moment, and asks what changed, must be given changes from.
    pub fn shown_since(&self, since: Timestamp) -> Timestamp {
        self.shared.store.shown_since(since)
    }

    /// A page of the servers that are ACTIVE.
    pub fn active_servers(&self, query: &Query) -> Page {
        self.servers(&Query { status: Some(Status::Active), ..query.clone() })
    }

    /// An operation, if it is still remembered.
    pub fn operation(&self, id: OperationId) -> Option<Operation> {
        self.shared.store.operation(id)
    }

    /// A server's operations, oldest first.
    pub fn operations(&self, server: ServerId) -> Vec<Operation> {
        self.shared.store.operations(server)
    }

    /// How many jobs are ahead of an operation that is ready to start.
    pub fn position(&self, id: OperationId) -> Option<usize> {
        self.shared.store.position(id)
    }

    /// Waits for the end of an operation; `None` if it is not (or not any more) known.
    pub async fn finished(&self, id: OperationId) -> Option<Operation> {
        self.shared.store.watch(id)?.await.ok()
    }

    /// What a project uses and may use.
    pub fn usage(&self, project: ProjectId) -> Option<(Usage, Quota)> {
        self.shared.store.usage(project)
    }

    /// What is free on each host, in the order of their ids. Not one instant if there are more
    /// than [`limits::ROWS_PER_LOCK_MAX`].
    pub fn capacities(&self) -> Vec<FreeCapacity> {
        let store = &self.shared.store;
        all_hosts(|first| store.capacities(first, limits::ROWS_PER_LOCK_MAX))
    }

    /// How many servers are on each host, in the order of their ids. Not one instant if there are more
    /// than [`limits::ROWS_PER_LOCK_MAX`].
    pub fn servers_on_hosts(&self) -> Vec<usize> {
        let store = &self.shared.store;
        all_hosts(|first| store.servers_on(first, limits::ROWS_PER_LOCK_MAX))
    }

    /// The server that exists and has this port.
    pub fn with_port(&self, port: Uuid) -> Option<Arc<Server>> {
        self.shared.store.with_port(port)
    }

    /// How many ports the servers of a project have.
    pub fn ports_of(&self, project: ProjectId) -> usize {
        self.shared.store.ports_of(project)
    }

    /// What a project's servers are charged for in a period, by flavor and size: those that exist, and those
    /// that were deleted and are still remembered.
    pub fn charges(&self, project: ProjectId, period: Period) -> Vec<Charge> {
        self.shared.store.charges(project, period)
    }

    /// How the service is doing, in numbers.
    pub fn figures(&self) -> Figures {
        self.shared.store.figures()
    }

    /// The same in more detail, for one who looks once a second.
    pub fn detail(&self) -> Detail {
        self.shared.store.detail()
    }

    /// The operations that are next in fair order, were every permit free.
    pub fn next_up(&self, count: usize) -> Vec<(OperationId, Operation)> {
        self.shared.store.next_up(count)
    }

    /// The operations that were started and are not over, the one that began first in front: at most
    /// [`limits::ROWS_PER_LOCK_MAX`]. What it costs goes by `count` alone.
    pub fn in_flight(&self, count: usize) -> Vec<(OperationId, Operation)> {
        self.shared.store.in_flight(count)
    }

    /// How many workers there are.
    pub fn workers(&self) -> usize {
        self.shared.workers
    }

    /// How long calls of the driver took, by the world's time, of each action that there were any for.
    pub fn driver_calls(&self) -> Vec<(Action, Times)> {
        self.shared.calls.read()
    }

    /// How often in a row the driver panicked where it should have said what it saw. Nothing that
    /// happens to a machine by itself is learned until it answers again: 0 is good, anything else
    /// is for somebody to look at.
    pub fn observer_panics(&self) -> u32 {
        self.shared.observer_panics.in_a_row()
    }

    /// The flavors and images there are.
    pub fn catalogue(&self) -> &Catalogue {
        &self.shared.admission.catalogue
    }

    /// The clock that stamps, deadlines and delays go by.
    pub fn clock(&self) -> WorldClock {
        self.shared.clock.clone()
    }

    /// Whether nothing happens until time goes on or somebody asks for something: no worker is at work,
    /// and none that is free has anything to begin.
    pub fn is_at_rest(&self) -> bool {
        let figures = self.figures();
        let can_begin = figures.has_work && figures.load.in_flight < self.shared.workers;
        !can_begin && !self.shared.store.wake().is_anybody_awake()
    }

    /// Checks every invariant; stops everything else while it looks.
    pub fn audit(&self) -> Audit {
        self.shared.store.audit()
    }
}

/// What there is of all hosts: of so many from one on, until there are fewer than
/// [`limits::ROWS_PER_LOCK_MAX`].
fn all_hosts<T>(some: impl Fn(HostId) -> Vec<T>) -> Vec<T> {
    let mut all = Vec::new();
    loop {
        let mut more = some(HostId(all.len() as u32));
        let is_last = more.len() < limits::ROWS_PER_LOCK_MAX;
        all.append(&mut more);
        if is_last {
            return all;
        }
    }
}
