//! One hypervisor as it is shown.

use std::ops::ControlFlow;

use guichet_core::project::{FreeCapacity, Host};
use guichet_core::server::Size;
use serde_json::{Value, json};

use super::super::services::{self, UUIDS};
use super::super::versions::{Field, from, trim, until};
use crate::cloud::Cloud;
use crate::http::derived;
use crate::http::version::Version;
use crate::walk::each_server;

/// What details show from when on and until when.
const FIELDS: &[Field] = &[
    until(88, "cpu_info"),
    until(88, "current_workload"),
    until(88, "disk_available_least"),
    until(88, "free_disk_gb"),
    until(88, "free_ram_mb"),
    until(88, "local_gb"),
    until(88, "local_gb_used"),
    until(88, "memory_mb"),
    until(88, "memory_mb_used"),
    until(88, "running_vms"),
    until(88, "vcpus"),
    until(88, "vcpus_used"),
    from(88, "uptime"),
];
/// Before, an object is written as a string.
const CPU_INFO_IS_AN_OBJECT: Version = Version(28);

/// Its id: a UUID from 2.53 on, before a number from 1.
pub(super) fn id(host: &Host, version: Version) -> Value {
    if version < UUIDS {
        json!(host.id.0 + 1)
    } else {
        json!(derived::id("hypervisor", &host.name))
    }
}

/// What is used, host by host.
pub(super) struct Used {
    capacities: Vec<FreeCapacity>,
    /// Servers; empty if nobody asked.
    servers: Vec<u64>,
}

impl Used {
    /// What is used now. Nobody keeps how many servers a host has, so they are counted where it
    /// is `wanted`.
    pub(super) async fn of(cloud: &Cloud, wanted: bool) -> Self {
        let mut servers = vec![0; cloud.declared.hosts.len()];
        if wanted {
            each_server(cloud, None, |server| {
                let count = server.host.and_then(|host| servers.get_mut(host.index()));
                if let Some(count) = count {
                    *count += 1;
                }
                ControlFlow::Continue(())
            })
            .await;
        }
        Self { capacities: cloud.manager.capacities(), servers }
    }

    /// What servers take on a host.
    fn on(&self, host: &Host) -> Size {
        let free = self.capacities.get(host.id.index());
        let [free_vcpus, free_ram_mib] = match free {
            Some(capacity) => [capacity.free_vcpus, capacity.free_ram_mib],
            None => [host.capacity.vcpus, host.capacity.ram_mib],
        };
        Size {
            vcpus: host.capacity.vcpus.saturating_sub(free_vcpus),
            ram_mib: host.capacity.ram_mib.saturating_sub(free_ram_mib),
        }
    }

    fn servers(&self, host: &Host) -> u64 {
        self.servers.get(host.id.index()).copied().unwrap_or(0)
    }

    /// Sums over all hosts.
    pub(super) fn sums(&self, cloud: &Cloud) -> Value {
        let hosts = || cloud.declared.hosts.iter();
        let sum = |of: &dyn Fn(&Host) -> u64| -> u64 { hosts().map(of).sum() };
        let memory_mb = sum(&|host| u64::from(host.capacity.ram_mib));
        let memory_mb_used = sum(&|host| u64::from(self.on(host).ram_mib));
        json!({
            "count": hosts().count(),
            "vcpus": sum(&|host| u64::from(host.capacity.vcpus)),
            "vcpus_used": sum(&|host| u64::from(self.on(host).vcpus)),
            "memory_mb": memory_mb,
            "memory_mb_used": memory_mb_used,
            "free_ram_mb": memory_mb.saturating_sub(memory_mb_used),
            "running_vms": sum(&|host| self.servers(host)),
            "current_workload": 0,
            "local_gb": 0,
            "local_gb_used": 0,
            "free_disk_gb": 0,
            "disk_available_least": 0,
        })
    }
}

/// In the brief list.
pub(super) fn brief(host: &Host, version: Version) -> Value {
    json!({
        "id": id(host, version),
        "hypervisor_hostname": host.name,
        "state": "up",
        "status": "enabled",
    })
}

/// With details. Disks are not simulated: there are none, and none is used.
pub(super) fn full(host: &Host, used: &Used, version: Version) -> Value {
    let taken = used.on(host);
    let cpu_info = if version < CPU_INFO_IS_AN_OBJECT { json!("{}") } else { json!({}) };
    let mut row = brief(host, version);
    let details = json!({
        "host_ip": "127.0.0.1",
        "hypervisor_type": "guichet",
        "hypervisor_version": 1,
        "service": {
            "id": services::id(host, version),
            "host": host.name,
            "disabled_reason": null,
        },
        "vcpus": host.capacity.vcpus,
        "vcpus_used": taken.vcpus,
        "memory_mb": host.capacity.ram_mib,
        "memory_mb_used": taken.ram_mib,
        "free_ram_mb": host.capacity.ram_mib.saturating_sub(taken.ram_mib),
        "running_vms": used.servers(host),
        "cpu_info": cpu_info,
        "current_workload": 0,
        "local_gb": 0,
        "local_gb_used": 0,
        "free_disk_gb": 0,
        "disk_available_least": 0,
        "uptime": null,
    });
    if let (Value::Object(row), Value::Object(details)) = (&mut row, details) {
        row.extend(details);
    }
    trim(&mut row, FIELDS, version);
    row
}
