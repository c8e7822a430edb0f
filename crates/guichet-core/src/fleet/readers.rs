//! What readers see: everything that is durable, and without a journal everything.

use std::net::IpAddr;
use std::sync::Arc;

use super::{Fleet, Row, Slot};
use crate::charge::{Charge, Period};
use crate::ids::{HostId, NetworkId, OperationId, ProjectId, ServerId};
use crate::network::Network;
use crate::project::{FreeCapacity, Usage};
use crate::rows::Rows;
use crate::scheduler::Depth;
use crate::server::{Operation, Server};
use crate::state::Status;

impl Fleet {
    /// A server that exists.
    pub fn shown(&self, id: ServerId) -> Option<&Arc<Server>> {
        self.remembered(id).filter(|server| !server.is_deleted())
    }

    /// A server that exists, or was deleted and is still remembered.
    pub fn remembered(&self, id: ServerId) -> Option<&Arc<Server>> {
        match self.journal.as_ref().and_then(|journal| journal.published.server(id)) {
            Some(image) => image,
            None => self.row(id).map(|row| &row.server),
        }
    }

    /// A server's operations, oldest first, the live one last; also of a deleted server that is
    /// still remembered.
    pub fn operations(&self, id: ServerId) -> Vec<Operation> {
        let Some((server, row)) = self.remembered(id).zip(self.row(id)) else {
            return Vec::new();
        };
        self.over(server, row).chain(server.active.as_deref().cloned()).collect()
    }

    /// One operation.
    pub fn operation(&self, id: OperationId) -> Option<Operation> {
        let (server, row) = self.remembered(id.server).zip(self.row(id.server))?;
        numbered(id.number, server, self.over(server, row))
    }

    /// Operations that were over when a server had this image, oldest first.
    fn over(&self, server: &Server, row: &Row) -> impl Iterator<Item = Operation> + '_ {
        let (newest, active) = (server.operations, server.active.as_ref());
        let active = active.map(|active| active.number);
        let was_over = move |number: u32| number <= newest && Some(number) != active;
        self.finished.of(row.finished).filter(move |operation| was_over(operation.number))
    }

    /// One operation as it is at present, durable or not.
    pub fn present_operation(&self, id: OperationId) -> Option<Operation> {
        let row = self.row(id.server)?;
        numbered(id.number, &row.server, self.finished.of(row.finished))
    }

    /// What a project's servers take.
    pub fn shown_usage(&self, project: ProjectId) -> Usage {
        let shown = self.journal.as_ref().and_then(|journal| journal.published.usage(project));
        shown.unwrap_or_else(|| self.usage(project))
    }

    /// The operations that are next in fair order, were every permit free.
    pub fn next_up(&self, count: usize) -> Vec<(OperationId, Operation)> {
        let next = self.scheduler.next_up(count).into_iter();
        next.filter_map(|id| Some((id, self.present_operation(id)?))).collect()
    }

    /// The operations that were started and are not over, the one that began first in front. One that
    /// a delete gave up is among them until its call returns.
    pub fn in_flight(&self, count: usize) -> Vec<(OperationId, Operation)> {
        let begun = self.scheduler.begun(count);
        begun.filter_map(|id| Some((id, self.present_operation(id)?))).collect()
    }

    /// How many servers are shown with each status.
    pub fn shown_statuses(&self) -> Vec<(Status, usize)> {
        self.lists.statuses().filter(|(_, count)| *count > 0).collect()
    }

    /// What waits and runs of each project that has anything, in the order of their ids.
    pub fn depths(&self) -> Vec<Depth> {
        let accepted = |operation| self.present_operation(operation).map(|found| found.accepted);
        self.scheduler.depths(accepted)
    }

    /// What is left on up to `count` hosts from `first` on, in the order of their ids.
    pub fn shown_capacities(&self, first: HostId, count: usize) -> Vec<FreeCapacity> {
        let capacities =
            self.capacities.get(first.index()..).unwrap_or_default().iter().take(count);
        let shown = |capacity: &FreeCapacity| {
            let journal = self.journal.as_ref();
            journal.and_then(|journal| journal.published.capacity(capacity.id)).unwrap_or(*capacity)
        };
        capacities.map(shown).collect()
    }

    /// The server of this place, as it is shown, if it exists.
    pub(super) fn shown_at(&self, slot: Slot) -> Option<&Arc<Server>> {
        self.remembered_at(slot).filter(|server| !server.is_deleted())
    }

    /// The server of this place, as it is shown, also one that was deleted.
    pub(super) fn remembered_at(&self, slot: Slot) -> Option<&Arc<Server>> {
        let present = &self.rows.get(slot as usize)?.as_ref()?.server;
        let journal = self.journal.as_ref();
        let shown = journal.and_then(|journal| journal.published.server(present.id));
        shown.unwrap_or(Some(present))
    }

    /// How many servers are on each of up to `count` hosts from `first` on, in the order of their ids.
    pub fn servers_on(&self, first: HostId, count: usize) -> Vec<usize> {
        let hosts = self.hosts.get(first.index()..).unwrap_or_default().iter().take(count);
        hosts.map(|host| self.lists.on_host(host.id)).collect()
    }

    /// The server that exists and has this port.
    pub fn with_port(&self, port: uuid::Uuid) -> Option<&Arc<Server>> {
        let has_it = |server: &Arc<Server>| server.ports().iter().any(|own| own.id == port);
        let mut servers = self.lists.plugs().near(port).filter_map(|slot| self.shown_at(slot));
        servers.find(|server| has_it(server))
    }

    /// How many ports the servers of a project have.
    pub fn ports_of(&self, project: ProjectId) -> usize {
        self.lists.projects().get(project.index()).map_or(0, |lists| lists.ports)
    }

    /// What a project's servers are charged for in a period, kind by kind: as sums over the servers that
    /// exist and those that are remembered. What it costs goes by the kinds, and by one in 256 of the
    /// servers that were launched or deleted since the period's start, or before it if those are fewer.
    pub fn charges(&self, project: ProjectId, period: Period) -> Vec<Charge> {
        let lists = self.lists.projects().get(project.index());
        lists.map_or_else(Vec::new, |lists| lists.charges.over(period).collect())
    }

    /// See [`Addresses::held`](super::addresses::Addresses::held); for the audit.
    pub(crate) fn addresses_held(&self) -> Vec<(&Network, usize, usize)> {
        self.addresses.held()
    }

    /// Whether a server has this address of a network; for the audit.
    pub(crate) fn holds_address(&self, network: NetworkId, address: IpAddr) -> bool {
        self.addresses.holds(network, address)
    }
}

/// The operation of this number: a server's live one, or one of those that are over.
fn numbered(
    number: u32,
    server: &Server,
    mut over: impl Iterator<Item = Operation>,
) -> Option<Operation> {
    let active = server.active.as_deref().filter(|active| active.number == number);
    active.cloned().or_else(|| over.find(|operation| operation.number == number))
}
