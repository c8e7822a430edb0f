//! One hypervisor as it is shown.

use guichet_cloud::hosts::HostState;
use guichet_cloud::servers::HostUsage;
use guichet_cloud::{Cloud, ids};
use guichet_core::project::Host;
use serde_json::{Value, json};

use super::super::services::{self, UUIDS};
use super::super::versions::{Field, from, trim, until};
use crate::http::version::Version;

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
pub(super) fn id(cloud: &Cloud, host: &Host, version: Version) -> Value {
    if version < UUIDS {
        json!(services::number(cloud, host))
    } else {
        json!(ids::derived("hypervisor", &host.name))
    }
}

/// Sums over all hosts.
pub(super) fn sums(cloud: &Cloud, used: &HostUsage) -> Value {
    let hosts = || cloud.catalogue().hosts().iter();
    let sum = |of: &dyn Fn(&Host) -> u64| -> u64 { hosts().map(of).sum() };
    let memory_mb = sum(&|host| u64::from(host.capacity.ram_mib));
    let memory_mb_used = sum(&|host| u64::from(used.taken(host).ram_mib));
    json!({
        "count": hosts().count(),
        "vcpus": sum(&|host| u64::from(host.capacity.vcpus)),
        "vcpus_used": sum(&|host| u64::from(used.taken(host).vcpus)),
        "memory_mb": memory_mb,
        "memory_mb_used": memory_mb_used,
        "free_ram_mb": memory_mb.saturating_sub(memory_mb_used),
        "running_vms": sum(&|host| used.servers(host)),
        "current_workload": 0,
        "local_gb": 0,
        "local_gb_used": 0,
        "free_disk_gb": 0,
        "disk_available_least": 0,
    })
}

/// In the brief list.
pub(super) fn brief(cloud: &Cloud, host: &Host, version: Version) -> Value {
    brief_in(cloud, &cloud.hosts().state(host), host, version)
}

fn brief_in(cloud: &Cloud, state: &HostState, host: &Host, version: Version) -> Value {
    let is_down = cloud.hosts().is_down(host);
    json!({
        "id": id(cloud, host, version),
        "hypervisor_hostname": host.name,
        "state": if is_down { "down" } else { "up" },
        "status": if state.is_disabled { "disabled" } else { "enabled" },
    })
}

/// With details. Disks are not simulated: there are none, and none is used.
pub(super) fn full(cloud: &Cloud, host: &Host, used: &HostUsage, version: Version) -> Value {
    let taken = used.taken(host);
    let cpu_info = if version < CPU_INFO_IS_AN_OBJECT { json!("{}") } else { json!({}) };
    let state = cloud.hosts().state(host);
    let mut row = brief_in(cloud, &state, host, version);
    let details = json!({
        "host_ip": "127.0.0.1",
        "hypervisor_type": "guichet",
        "hypervisor_version": 1,
        "service": {
            "id": services::id(cloud, host, version),
            "host": host.name,
            "disabled_reason": state.reason,
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
        "uptime": uptime(cloud),
    });
    if let (Value::Object(row), Value::Object(details)) = (&mut row, details) {
        row.extend(details);
    }
    trim(&mut row, FIELDS, version);
    row
}

/// What `uptime` says on a host: all of them have run since this service was started.
pub(super) fn uptime(cloud: &Cloud) -> String {
    let up = cloud.now().since(cloud.started()).as_secs();
    let (days, hours, minutes) = (up / 86_400, up / 3_600 % 24, up / 60 % 60);
    format!(" up {days} days, {hours:2}:{minutes:02},  0 users,  load average: 0.00, 0.00, 0.00")
}
