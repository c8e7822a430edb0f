//! What servers take of the hosts they run on.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use guichet_core::ids::HostId;
use guichet_core::limits;
use guichet_core::project::{FreeCapacity, Host};
use guichet_core::server::{Server, Size};
use guichet_store::Query;

use super::service::Servers;

/// Servers by the host they run on.
pub type ByHost = HashMap<HostId, Vec<Arc<Server>>>;

/// What is used of each host at an instant.
#[derive(Debug, Clone, Default)]
pub struct HostUsage {
    free: Vec<FreeCapacity>,
    /// Servers on each host.
    servers: Vec<usize>,
}

impl HostUsage {
    /// What servers take on a host.
    pub fn taken(&self, host: &Host) -> Size {
        let free = self.free.get(host.id.index());
        let [free_vcpus, free_ram_mib] = match free {
            Some(capacity) => [capacity.free_vcpus, capacity.free_ram_mib],
            None => [host.capacity.vcpus, host.capacity.ram_mib],
        };
        Size {
            vcpus: host.capacity.vcpus.saturating_sub(free_vcpus),
            ram_mib: host.capacity.ram_mib.saturating_sub(free_ram_mib),
        }
    }

    /// How many servers are on a host.
    pub fn servers(&self, host: &Host) -> u64 {
        self.servers.get(host.id.index()).map_or(0, |count| *count as u64)
    }
}

impl Servers {
    /// What is used of each host now, and how many servers are on it: as sums, which go through no list
    /// of servers.
    pub fn host_usage(&self) -> HostUsage {
        HostUsage { free: self.manager.capacities(), servers: self.manager.servers_on_hosts() }
    }

    /// The servers that are on these hosts, by their host. No index has them: unless there are none, all
    /// servers are looked at, [`limits::ROWS_PER_LOCK_MAX`] before others have their turn.
    pub async fn by_host(&self, hosts: &HashSet<HostId>) -> ByHost {
        let mut found = ByHost::new();
        let counts = self.manager.servers_on_hosts();
        let is_empty = |host: &HostId| counts.get(host.index()).is_none_or(|count| *count == 0);
        if hosts.iter().all(is_empty) {
            return found;
        }
        let limit = Some(limits::ROWS_PER_LOCK_MAX);
        let mut scan = self.manager.scan(&Query { limit, ..Query::default() });
        while let Some(page) = scan.next_page().await {
            for server in page {
                if let Some(host) = server.host.filter(|host| hosts.contains(host)) {
                    found.entry(host).or_default().push(server);
                }
            }
        }
        found
    }
}
