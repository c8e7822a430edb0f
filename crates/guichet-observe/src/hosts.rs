//! How full hosts are.

use std::cmp::Reverse;

use guichet_cloud::Cloud;
use guichet_core::limits;
use guichet_core::project::{FreeCapacity, Host};
use serde::Serialize;
use utoipa::ToSchema;

/// A host, and how full it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HostFigures {
    /// Its name.
    pub name: String,
    /// `up`, or `down`: an administrator said that it is, or nothing is heard of it.
    pub state: &'static str,
    /// Virtual processors of its servers.
    pub vcpus_used: u32,
    /// Virtual processors that it has.
    pub vcpus: u32,
    /// Memory of its servers, MiB.
    pub ram_used_mib: u32,
    /// Memory that it has, MiB.
    pub ram_mib: u32,
    /// `enabled`, `disabled`, `draining` or `drained`: whether it takes servers, and whether those that
    /// it has are moved away.
    pub status: &'static str,
    /// How far its emptying is, while it is being emptied.
    pub drain: Option<DrainFigures>,
}

/// How far the emptying of a host is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DrainFigures {
    /// Servers that hold something of it; fewer at the very beginning, before they are counted.
    pub left: usize,
    /// Of them how many are being moved.
    pub moving: usize,
    /// How many have left since this process began to move them.
    pub moved: u64,
    /// How many of those that are left cannot be moved at present.
    pub stuck: usize,
}

/// Hosts, and how full they are.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
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
    /// How many take no servers: disabled, being emptied, or down.
    pub closed_count: usize,
    /// Those of them that are shown, in the order of their declaration, at most 200.
    pub closed: Vec<HostFigures>,
}

impl HostsFigures {
    /// Of a cloud; goes through its hosts.
    pub(crate) fn of(cloud: &Cloud) -> Self {
        let hosts = cloud.catalogue().hosts();
        let capacities = cloud.manager().capacities();
        let mut rows: Vec<_> = hosts.iter().zip(&capacities).collect();
        let permille = |used: u32, of: u32| 1_000 * u64::from(used) / u64::from(of.max(1));
        let used = |(host, free): &(&Host, &_)| {
            let free: &FreeCapacity = free;
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
        let figures = |row: &(&Host, &FreeCapacity)| figures(cloud, row.0, used(row));
        let service = cloud.hosts();
        let closed = service.closed();
        let closed_count = closed.len();
        let places = closed.iter().filter_map(|host| rows.get(host.id.index()));
        let closed = places.take(limits::HOSTS_SHOWN).map(figures).collect();
        rows.sort_by_cached_key(|row| {
            let ((vcpus, ram), size) = (used(row), row.0.capacity);
            Reverse(permille(vcpus, size.vcpus).max(permille(ram, size.ram_mib)))
        });
        rows.truncate(limits::HOSTS_SHOWN);
        let fullest = rows.iter().map(figures).collect();
        let sums = Self { count, vcpus_used, vcpus, ram_used_mib, ram_mib, ..Self::default() };
        Self { fullest, closed_count, closed, ..sums }
    }
}

/// A host of which so many virtual processors and so much memory are used.
fn figures(cloud: &Cloud, host: &Host, (vcpus_used, ram_used_mib): (u32, u32)) -> HostFigures {
    let hosts = cloud.hosts();
    HostFigures {
        name: host.name.to_string(),
        state: if hosts.is_down(host) { "down" } else { "up" },
        vcpus_used,
        vcpus: host.capacity.vcpus,
        ram_used_mib,
        ram_mib: host.capacity.ram_mib,
        status: hosts.state(host).intake().as_str(),
        drain: hosts.progress(host).map(|progress| DrainFigures {
            left: progress.left,
            moving: progress.moving,
            moved: progress.moved,
            stuck: progress.stuck,
        }),
    }
}
