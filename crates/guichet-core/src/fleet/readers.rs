//! What readers see: everything that is durable, and without a journal everything.

use std::net::IpAddr;
use std::ops::Bound;
use std::sync::Arc;

use super::published::Marker;
use super::unwritten::Journal;
use super::{Fleet, Row};
use crate::ids::{HostId, NetworkId, OperationId, ProjectId, ServerId};
use crate::network::Network;
use crate::project::{FreeCapacity, Usage};
use crate::rows::Rows;
use crate::server::{Operation, Server};
use crate::time::Timestamp;

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
        over(server, row).chain(server.active.as_ref()).cloned().collect()
    }

    /// One operation.
    pub fn operation(&self, id: OperationId) -> Option<Operation> {
        let (server, row) = self.remembered(id.server).zip(self.row(id.server))?;
        let mut known = server.active.iter().chain(over(server, row));
        known.find(|operation| operation.number == id.number).cloned()
    }

    /// One operation as it is at present, durable or not.
    pub fn present_operation(&self, id: OperationId) -> Option<&Operation> {
        let row = self.row(id.server)?;
        let mut known = row.server.active.iter().chain(row.finished.iter().rev());
        known.find(|operation| operation.number == id.number)
    }

    /// What a project's servers take.
    pub fn shown_usage(&self, project: ProjectId) -> Usage {
        let shown = self.journal.as_ref().and_then(|journal| journal.published.usage(project));
        shown.unwrap_or_else(|| self.usage(project))
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

    /// Up to `count` servers of a project (of all, project by project, if none is named), newest
    /// first, after `after`. Copies pointers only. Fewer only where the list ends.
    pub fn page(
        &self,
        project: Option<ProjectId>,
        after: Option<Marker>,
        count: usize,
        into: &mut Vec<Arc<Server>>,
    ) {
        let Some(range) = range(project, after) else {
            return;
        };
        match &self.journal {
            Some(journal) => self.shown_page(journal, range, count, into),
            None => {
                let slots = self.by_age.range(range).rev().take(count);
                let rows = slots.filter_map(|(_, slot)| self.rows[*slot as usize].as_ref());
                into.extend(rows.map(|row| Arc::clone(&row.server)));
            }
        }
    }

    /// Goes down two lists at once: servers that exist, of which some are not shown yet, and
    /// servers that are still shown.
    fn shown_page(
        &self,
        journal: &Journal,
        range: (Bound<Marker>, Bound<Marker>),
        count: usize,
        into: &mut Vec<Arc<Server>>,
    ) {
        let mut present = self.by_age.range(range).rev().filter_map(|(marker, slot)| {
            let server = &self.rows[*slot as usize].as_ref()?.server;
            let shown = journal.published.server(server.id).unwrap_or(Some(server))?;
            Some((marker, shown))
        });
        let mut leaving = journal.published.leaving().range(range).rev().peekable();
        let mut next = present.next();
        for _ in 0..count {
            let is_leaving = match (leaving.peek(), &next) {
                (Some(leaving), Some((present, _))) => leaving > present,
                (Some(_), None) => true,
                (None, _) => false,
            };
            if is_leaving {
                let shown = leaving.next().and_then(|(.., id)| self.remembered(*id));
                into.extend(shown.cloned());
            } else if let Some((_, server)) = next {
                into.push(Arc::clone(server));
                next = present.next();
            } else {
                return;
            }
        }
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

/// Operations that were over when a server had this image, oldest first.
fn over<'a>(server: &'a Server, row: &'a Row) -> impl Iterator<Item = &'a Operation> {
    let active = server.active.as_ref().map(|active| active.number);
    let was_over = move |number: u32| number <= server.operations && Some(number) != active;
    row.finished.iter().filter(move |operation| was_over(operation.number))
}

/// The places a list walks, from the last to the first; `None` if there are none.
fn range(
    project: Option<ProjectId>,
    after: Option<Marker>,
) -> Option<(Bound<Marker>, Bound<Marker>)> {
    let (low, high) = match project {
        Some(project) => (project, project),
        None => (ProjectId(0), ProjectId(u32::MAX)),
    };
    let first = (low, Timestamp::from_micros(0), ServerId(uuid::Uuid::nil()));
    let last = (high, Timestamp::from_micros(u64::MAX), ServerId(uuid::Uuid::max()));
    match after {
        Some(marker) if marker <= first => None,
        Some(marker) => Some((Bound::Included(first), Bound::Excluded(marker.min(last)))),
        None => Some((Bound::Included(first), Bound::Included(last))),
    }
}
