//! Projects with their quota and usage, and hosts with their room.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::ids::{HostId, ProjectId};
use crate::server::{Server, Size};

/// What a project may hold; `None` is unlimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Quota {
    /// Servers.
    pub instances: Option<u64>,
    /// Virtual processors.
    pub cores: Option<u64>,
    /// Memory, MiB.
    pub ram_mib: Option<u64>,
}

/// What a project, or all servers of a host, take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize)]
pub struct Usage {
    /// Servers.
    pub instances: u64,
    /// Virtual processors.
    pub cores: u64,
    /// Memory, MiB.
    pub ram_mib: u64,
}

impl Usage {
    /// With `count` servers of `size` more.
    #[must_use]
    pub fn plus(self, size: Size, count: u64) -> Self {
        Self {
            instances: self.instances + count,
            cores: self.cores + u64::from(size.vcpus) * count,
            ram_mib: self.ram_mib + u64::from(size.ram_mib) * count,
        }
    }

    /// With everything that a server holds more.
    #[must_use]
    pub fn plus_server(self, server: &Server) -> Self {
        server
            .allocations()
            .skip(1)
            .fold(self.plus(server.size, 1), |usage, second| usage.plus_size(second.size))
    }

    /// With a second allocation of a server more.
    #[must_use]
    pub fn plus_size(self, size: Size) -> Self {
        Self { instances: self.instances, ..self.plus(size, 1) }
    }

    /// With a second allocation of a server less.
    #[must_use]
    pub fn minus_size(self, size: Size) -> Self {
        Self { instances: self.instances, ..self.minus(size) }
    }

    /// With one server of `size` less. Never below zero: a sum that is wrong must show in the
    /// audit, not bring the service down.
    #[must_use]
    pub fn minus(self, size: Size) -> Self {
        Self {
            instances: self.instances.saturating_sub(1),
            cores: self.cores.saturating_sub(u64::from(size.vcpus)),
            ram_mib: self.ram_mib.saturating_sub(u64::from(size.ram_mib)),
        }
    }
}

/// What stands in the way of a create: the quota, in the words of Nova's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OverQuota {
    /// `instances`, `cores` or `ram`.
    pub resource: &'static str,
    /// What was asked for.
    pub requested: u64,
    /// What is in use.
    pub used: u64,
    /// What is allowed.
    pub limit: u64,
}

impl fmt::Display for OverQuota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { resource, requested, used, limit } = self;
        write!(
            f,
            "Quota exceeded for {resource}: Requested {requested}, but already used {used} of {limit} {resource}"
        )
    }
}

impl Quota {
    /// Whether `count` more servers of `size` fit beside `usage`.
    ///
    /// # Errors
    /// The first resource that would pass its limit.
    pub fn check(&self, usage: Usage, size: Size, count: u64) -> Result<(), OverQuota> {
        self.check_sum(usage, usage.plus(size, count))
    }

    /// Whether a server may take a second allocation of `size` beside `usage`.
    ///
    /// # Errors
    /// The first resource that would pass its limit.
    pub fn check_second(&self, usage: Usage, size: Size) -> Result<(), OverQuota> {
        self.check_sum(usage, usage.plus_size(size))
    }

    fn check_sum(&self, usage: Usage, after: Usage) -> Result<(), OverQuota> {
        let rows = [
            ("instances", self.instances, usage.instances, after.instances),
            ("cores", self.cores, usage.cores, after.cores),
            ("ram", self.ram_mib, usage.ram_mib, after.ram_mib),
        ];
        for (resource, limit, used, wanted) in rows {
            if let Some(limit) = limit.filter(|limit| wanted > *limit) {
                return Err(OverQuota { resource, requested: wanted - used, used, limit });
            }
        }
        Ok(())
    }
}

/// A project: the tenant that owns servers and quota.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Its name.
    pub name: Arc<str>,
    /// What it may hold.
    pub quota: Quota,
    /// Its share of the workers when others wait too, 1 to [`crate::limits::WEIGHT_MAX`].
    pub weight: u32,
}

/// A host and what it can hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Host {
    /// Its id.
    pub id: HostId,
    /// Its name.
    pub name: Arc<str>,
    /// What it can hold.
    pub capacity: Size,
}

/// What is left on a host: what placement looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct FreeCapacity {
    /// The host.
    pub id: HostId,
    /// Free virtual processors.
    pub free_vcpus: u32,
    /// Free memory, MiB.
    pub free_ram_mib: u32,
}

impl FreeCapacity {
    /// Whether a server of `size` fits.
    pub const fn fits(&self, size: Size) -> bool {
        self.free_vcpus >= size.vcpus && self.free_ram_mib >= size.ram_mib
    }

    /// After a server of `size` was put there, which [fits](Self::fits).
    #[must_use]
    pub const fn take(self, size: Size) -> Self {
        Self {
            id: self.id,
            free_vcpus: self.free_vcpus.saturating_sub(size.vcpus),
            free_ram_mib: self.free_ram_mib.saturating_sub(size.ram_mib),
        }
    }

    /// After a server of `size` has left.
    #[must_use]
    pub const fn give_back(self, size: Size) -> Self {
        Self {
            id: self.id,
            free_vcpus: self.free_vcpus.saturating_add(size.vcpus),
            free_ram_mib: self.free_ram_mib.saturating_add(size.ram_mib),
        }
    }
}
