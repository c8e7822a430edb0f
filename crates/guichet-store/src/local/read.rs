//! What readers see: the published image, a bounded number of rows in each hold of the lock.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use guichet_core::charge::{Charge, Period};
use guichet_core::fleet::{Bound, ChangePage, List};
use guichet_core::ids::{HostId, OperationId, ProjectId, ServerId};
use guichet_core::limits;
use guichet_core::project::{FreeCapacity, Quota, Usage};
use guichet_core::rows::Rows;
use guichet_core::server::{Operation, Server};
use guichet_core::time::Timestamp;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::state::Deferred;
use super::store::LocalStore;
use crate::figures::{Detail, Figures, JournalFigures};
use crate::hub::Hub;
use crate::read::{Page, Query, Read};
use crate::reply::{Completion, Watcher};

impl Read for LocalStore {
    fn hub(&self) -> &Hub {
        &self.inner.hub
    }

    fn server(&self, id: ServerId) -> Option<Arc<Server>> {
        self.inner.state.with(|state| state.fleet.shown(id).cloned())
    }

    fn remembered(&self, id: ServerId) -> Option<Arc<Server>> {
        self.inner.state.with(|state| state.fleet.remembered(id).cloned())
    }

    fn servers(&self, query: &Query) -> Page {
        let size = query.page_size();
        let mut page = Page { servers: Vec::with_capacity(size), next: query.after.clone() };
        let mut looked_at = 0;
        while page.servers.len() < size && looked_at < limits::ROWS_PER_PAGE_MAX {
            let bound =
                Bound { found: size - page.servers.len(), looked_at: limits::ROWS_PER_LOCK_MAX };
            let list = List {
                project: query.project,
                status: query.status,
                order: &query.order,
                after: page.next.as_deref(),
            };
            let reached =
                self.inner.state.with(|state| state.fleet.page(&list, bound, &mut page.servers));
            looked_at += reached.looked_at;
            page.next = reached.last;
            if page.next.is_none() {
                break;
            }
        }
        page.next = page.next.filter(|_| size > 0);
        page
    }

    fn deleted(&self, before: Option<u64>) -> ChangePage {
        let count = limits::ROWS_PER_LOCK_MAX;
        let mut servers = Vec::with_capacity(count);
        let next = self.inner.state.with(|state| state.fleet.deleted(before, count, &mut servers));
        // Servers are deleted in the order of their last changes.
        let until = servers.last().map(|last| last.updated);
        ChangePage { servers, next, until }
    }

    fn changed(&self, since: Timestamp, before: Option<u64>) -> Option<ChangePage> {
        let count = limits::ROWS_PER_LOCK_MAX;
        self.inner.state.with(|state| state.fleet.changed(since, before, count))
    }

    fn latest(&self, before: Option<u64>) -> ChangePage {
        let (all, count) = (Timestamp::from_micros(0), limits::ROWS_PER_LOCK_MAX);
        self.inner.state.with(|state| state.fleet.latest(all, before, count))
    }

    fn shown_since(&self, since: Timestamp) -> Timestamp {
        self.inner.state.with(|state| {
            let pending = state.pending.as_ref();
            pending.map_or(since, |pending| pending.publications.shown_since(since))
        })
    }

    fn operations(&self, server: ServerId) -> Vec<Operation> {
        self.inner.state.with(|state| state.fleet.operations(server))
    }

    fn operation(&self, id: OperationId) -> Option<Operation> {
        self.inner.state.with(|state| state.fleet.operation(id))
    }

    fn watch(&self, id: OperationId) -> Option<Completion> {
        let (sender, completion) = oneshot::channel();
        let (is_known, deferred) = self.inner.state.with(|state| {
            let mut deferred = Deferred::default();
            (state.watch(id, || Watcher::Task(sender), &mut deferred), deferred)
        });
        self.inner.run_deferred(deferred);
        is_known.then_some(completion)
    }

    fn position(&self, id: OperationId) -> Option<usize> {
        self.inner.state.with(|state| state.fleet.scheduler().position(id))
    }

    fn usage(&self, project: ProjectId) -> Option<(Usage, Quota)> {
        self.inner.state.with(|state| {
            let quota = state.fleet.project(project)?.quota;
            Some((state.fleet.shown_usage(project), quota))
        })
    }

    fn capacities(&self, first: HostId, count: usize) -> Vec<FreeCapacity> {
        let count = count.min(limits::ROWS_PER_LOCK_MAX);
        self.inner.state.with(|state| state.fleet.shown_capacities(first, count))
    }

    fn servers_on(&self, first: HostId, count: usize) -> Vec<usize> {
        let count = count.min(limits::ROWS_PER_LOCK_MAX);
        self.inner.state.with(|state| state.fleet.servers_on(first, count))
    }

    fn with_port(&self, port: Uuid) -> Option<Arc<Server>> {
        self.inner.state.with(|state| state.fleet.with_port(port).cloned())
    }

    fn ports_of(&self, project: ProjectId) -> usize {
        self.inner.state.with(|state| state.fleet.ports_of(project))
    }

    fn charges(&self, project: ProjectId, period: Period) -> Vec<Charge> {
        self.inner.state.with(|state| state.fleet.charges(project, period))
    }

    fn figures(&self) -> Figures {
        let longest_lock_ns = self.inner.state.longest_ns();
        let written = &self.inner.written;
        self.inner.state.with(|state| Figures {
            counts: *state.fleet.counts(),
            load: state.fleet.scheduler().load(),
            servers: state.fleet.len(),
            jobs: state.fleet.scheduler().jobs(),
            has_work: state.fleet.scheduler().has_work(),
            longest_lock_ns,
            journal: state.pending.as_ref().map(|pending| JournalFigures {
                batches: written.batches.load(Ordering::Relaxed),
                rows: written.rows.load(Ordering::Relaxed),
                answers: written.answers.load(Ordering::Relaxed),
                file_bytes: written.file_bytes.load(Ordering::Relaxed),
                wal_bytes: written.wal_bytes.load(Ordering::Relaxed),
                backlog: pending.backlog(state.fleet.unwritten()),
                backlog_max: pending.backlog_max,
                is_stalled: pending.trouble.is_some(),
            }),
        })
    }

    fn detail(&self) -> Detail {
        self.inner.state.with(|state| Detail {
            bounds: state.fleet.scheduler().bounds(),
            depths: state.fleet.depths(),
            statuses: state.fleet.shown_statuses(),
            commits: state.pending.as_ref().map(|_| self.inner.written.commits.read()),
        })
    }

    fn next_up(&self, count: usize) -> Vec<(OperationId, Operation)> {
        let count = count.min(limits::ROWS_PER_LOCK_MAX);
        self.inner.state.with(|state| state.fleet.next_up(count))
    }

    fn in_flight(&self, count: usize) -> Vec<(OperationId, Operation)> {
        let count = count.min(limits::ROWS_PER_LOCK_MAX);
        self.inner.state.with(|state| state.fleet.in_flight(count))
    }
}
