//! What servers take of the hosts they run on.

use std::collections::HashMap;
use std::sync::Arc;

use guichet_core::ids::HostId;
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
    /// Servers on each host; empty if nobody asked for them.
    servers: Vec<u64>,
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

    /// How many servers are on a host, if they were counted.
    pub fn servers(&self, host: &Host) -> u64 {
        self.servers.get(host.id.index()).copied().unwrap_or(0)
    }
}

impl Servers {
    /// What is used of each host now. Nobody keeps how many servers a host has, so they are
    /// counted only where it is wanted.
    pub async fn host_usage(&self, counts_servers: bool) -> HostUsage {
        let mut servers = vec![0; self.catalogue.hosts().len()];
        if counts_servers {
            let mut scan = self.manager.scan(&Query::default());
            while let Some(server) = scan.next_server().await {
                let count = server.host.and_then(|host| servers.get_mut(host.index()));
                if let Some(count) = count {
                    *count += 1;
                }
            }
        }
        HostUsage { free: self.manager.capacities(), servers }
    }

    /// All servers that have a host, by that.
    pub async fn by_host(&self) -> ByHost {
        let mut hosts = ByHost::new();
        let mut scan = self.manager.scan(&Query::default());
        while let Some(server) = scan.next_server().await {
            if let Some(host) = server.host {
                hosts.entry(host).or_default().push(server);
            }
        }
        hosts
    }
}
