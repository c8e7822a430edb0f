//! What is kept as sums and indexes says what looking at every server would.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use guichet_core::charge::{Charge, Period};
use guichet_core::fleet::{Bound, List, ListOrder};
use guichet_core::ids::{HostId, ServerId};
use guichet_core::server::Server;
use guichet_core::time::VIRTUAL_START;

use super::runner::Runner;

/// What servers of one project are charged for, kind by kind, each looked at.
fn charged(servers: &[&Arc<Server>], period: Period) -> Vec<Charge> {
    let mut kinds = BTreeMap::new();
    for charged in servers.iter().filter_map(|server| period.charged(server)) {
        let (flavor, size) = (charged.server.flavor, charged.server.size);
        let none = Charge { flavor, size, servers: 0, time_us: 0 };
        let kind = kinds.entry((flavor, size)).or_insert(none);
        kind.servers += 1;
        kind.time_us += u128::from(charged.time_us);
    }
    kinds.into_values().collect()
}

impl Runner {
    pub(super) fn check_lists(&self) {
        let order = ListOrder::default();
        let list = List { project: None, status: None, order: &order, after: None };
        let (all, mut existing) = (Bound { found: usize::MAX, looked_at: usize::MAX }, Vec::new());
        self.fleet.page(&list, all, &mut existing);
        let mut deleted = Vec::new();
        assert_eq!(self.fleet.deleted(None, usize::MAX, &mut deleted), None);
        // Also where a fleet goes on from a copy: what was there before it changed once at least.
        let latest = self.fleet.latest(VIRTUAL_START, None, usize::MAX).servers;
        let ids = |servers: &[Arc<Server>]| -> BTreeSet<ServerId> {
            servers.iter().map(|server| server.id).collect()
        };
        assert_eq!(ids(&latest), ids(&existing));
        for (host, count) in self.fleet.servers_on(HostId(0), usize::MAX).into_iter().enumerate() {
            let on_it = existing.iter().filter(|server| server.host == Some(HostId(host as u32)));
            assert_eq!(count, on_it.count());
        }
        for project in self.fleet.projects() {
            let own = |server: &&Arc<Server>| server.project == project.id;
            let ports: usize = existing.iter().filter(own).map(|server| server.ports().len()).sum();
            assert_eq!(self.fleet.ports_of(project.id), ports);
            let servers: Vec<_> = existing.iter().chain(&deleted).filter(own).collect();
            let passed = self.now.since(VIRTUAL_START);
            for (from, to) in [(0, 4), (4, 4), (1, 3), (2, 2), (3, 4)] {
                let at = |quarters| VIRTUAL_START.after(passed * quarters / 4);
                let period = Period { start: at(from), stop: at(to) };
                let (sums, looked) =
                    (self.fleet.charges(project.id, period), charged(&servers, period));
                assert_eq!(sums, looked, "{period:?}");
            }
            // An instant at which something happened is on the border.
            if let Some(server) = servers.last() {
                let period = Period { start: server.updated, stop: self.now };
                assert_eq!(self.fleet.charges(project.id, period), charged(&servers, period));
                let stop = server.launched.unwrap_or(self.now);
                let period = Period { start: stop.before(Duration::from_secs(1)), stop };
                assert_eq!(self.fleet.charges(project.id, period), charged(&servers, period));
            }
        }
        for port in existing.iter().flat_map(|server| server.ports()) {
            let found = self.fleet.with_port(port.id).expect("it has one");
            assert!(found.ports().iter().any(|own| own.id == port.id));
        }
        for port in deleted.iter().flat_map(|server| server.ports()) {
            let found = self.fleet.with_port(port.id);
            assert!(found.is_none_or(|server| !server.is_deleted()));
        }
    }
}
