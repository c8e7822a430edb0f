//! How full hosts are.

use std::cmp::Reverse;

use guichet_cloud::Cloud;
use guichet_cloud::hosts::HostStatus;
use guichet_core::limits;
use serde::Serialize;
use utoipa::ToSchema;

/// A host, and how full it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HostFigures {
    /// Its name.
    pub name: String,
    /// `up`, `maintenance` (it takes no more servers), `down` or `unknown` (nothing is heard of it).
    pub state: &'static str,
    /// Virtual processors of its servers.
    pub vcpus_used: u32,
    /// Virtual processors that it has.
    pub vcpus: u32,
    /// Memory of its servers, MiB.
    pub ram_used_mib: u32,
    /// Memory that it has, MiB.
    pub ram_mib: u32,
}

/// Hosts, and how full they are.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HostsFigures {
    /// How many there are.
    pub count: usize,
    /// Virtual processors of all servers on hosts.
    pub vcpus_used: u64,
    /// Virtual processors that all hosts have.
    pub vcpus: u64,
    /// Memory of all servers on hosts, MiB.
    pub ram_used_mib: u64,
    /// Memory that all hosts have, MiB.
    pub ram_mib: u64,
    /// The fullest, at most 200, those first whose memory or processors are taken most.
    pub fullest: Vec<HostFigures>,
}

impl HostsFigures {
    /// Of a cloud; goes through its hosts.
    pub(crate) fn of(cloud: &Cloud) -> Self {
        let hosts = cloud.catalogue().hosts();
        let capacities = cloud.manager().capacities();
        let state = |status| match status {
            HostStatus::Up => "up",
            HostStatus::Maintenance => "maintenance",
            HostStatus::Down => "down",
            HostStatus::Unknown => "unknown",
        };
        let mut rows: Vec<_> = hosts.iter().zip(&capacities).collect();
        let permille = |used: u32, of: u32| 1_000 * u64::from(used) / u64::from(of.max(1));
        let used = |(host, free): &(&guichet_core::project::Host, &_)| {
            let free: &guichet_core::project::FreeCapacity = free;
            let size = host.capacity;
            (
                size.vcpus.saturating_sub(free.free_vcpus),
                size.ram_mib.saturating_sub(free.free_ram_mib),
            )
        };
        let sum = |of: &dyn Fn(&_) -> u32| rows.iter().map(|row| u64::from(of(row))).sum();
        let count = rows.len();
        let (vcpus_used, ram_used_mib) = (sum(&|row| used(row).0), sum(&|row| used(row).1));
        let vcpus = sum(&|(host, _)| host.capacity.vcpus);
        let ram_mib = sum(&|(host, _)| host.capacity.ram_mib);
        rows.sort_by_cached_key(|row| {
            let ((vcpus, ram), size) = (used(row), row.0.capacity);
            Reverse(permille(vcpus, size.vcpus).max(permille(ram, size.ram_mib)))
        });
        rows.truncate(limits::HOSTS_SHOWN);
        let fullest = rows.iter().map(|row| HostFigures {
            name: row.0.name.to_string(),
            state: state(cloud.hosts().status(row.0)),
            vcpus_used: used(row).0,
            vcpus: row.0.capacity.vcpus,
            ram_used_mib: used(row).1,
            ram_mib: row.0.capacity.ram_mib,
        });
        let fullest = fullest.collect();
        Self { count, vcpus_used, vcpus, ram_used_mib, ram_mib, fullest }
    }
}
