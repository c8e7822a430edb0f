//! What can be asked about the inside of a server: diagnostics, the password that a guest posts
//! (Compute API reference, "Servers diagnostics", "Servers password").

use axum::response::Response;
use guichet_cloud::network::{mac_text, ports_in_use};
use guichet_core::limits;
use guichet_core::server::Server;
use guichet_core::state::PowerState;
use guichet_http::answer::empty;
use guichet_http::path::Named;
use http::StatusCode;
use serde_json::{Value, json};

use super::find::find;
use crate::http::answer;
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::version::Version;

/// One shape for all drivers from here on.
const ONE_SHAPE: Version = Version(48);

/// `GET /servers/{id}/diagnostics`. Nothing runs in a simulated machine, so it has used nothing.
pub(super) async fn diagnostics(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    caller.must_be_admin("os_compute_api:os-server-diagnostics")?;
    if server.power_state == PowerState::None {
        let text = format!("Instance {id} is not ready");
        return Err(Problem::new(StatusCode::CONFLICT, text));
    }
    if caller.version() < ONE_SHAPE {
        let memory_kib = u64::from(server.size.ram_mib) * 1_024;
        return answer::json(&json!({ "cpu0_time": 0, "memory": memory_kib, "vda_read": 0,
            "vda_read_req": 0, "vda_write": 0, "vda_write_req": 0, "vda_errors": -1 }));
    }
    let uptime = server.launched.map(|at| cloud.now().since(at).as_secs());
    let cpus = (0..server.size.vcpus).take(limits::DIAGNOSTICS_CPUS_MAX);
    let cpus = cpus.map(|id| json!({ "id": id, "time": 0, "utilisation": 0 }));
    let nics = ports_in_use(&server).iter().map(|port| {
        json!({
            "mac_address": mac_text(port.mac), "rx_octets": 0, "rx_errors": 0, "rx_drop": 0,
            "rx_packets": 0, "rx_rate": null, "tx_octets": 0, "tx_errors": 0, "tx_drop": 0,
            "tx_packets": 0, "tx_rate": null,
        })
    });
    let nics: Vec<Value> = nics.collect();
    answer::json(&json!({
        "state": state(&server), "driver": "libvirt", "hypervisor": "guichet",
        "hypervisor_os": "linux", "uptime": uptime,
        "config_drive": server.details.as_ref().is_some_and(|details| details.config_drive),
        "num_cpus": server.size.vcpus, "num_nics": nics.len(), "num_disks": 1,
        "cpu_details": cpus.collect::<Vec<Value>>(),
        "disk_details": [{ "read_bytes": 0, "read_requests": 0, "write_bytes": 0,
            "write_requests": 0, "errors_count": 0 }],
        "nic_details": nics,
        "memory_details": { "maximum": server.size.ram_mib, "used": 0 },
    }))
}

/// `GET /servers/{id}/topology` (2.78): machines that are simulated have no cells of memory.
pub(super) async fn topology(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    find(&cloud, &caller, &id)?;
    answer::json(&json!({ "nodes": [], "pagesize_kb": null }))
}

/// Nova's words for power states here (`nova.objects.fields.DiagnosticsState`).
const fn state(server: &Server) -> &'static str {
    match server.power_state {
        PowerState::None => "pending",
        PowerState::Running => "running",
        PowerState::Paused => "paused",
        PowerState::Shutdown => "shutdown",
    }
}

/// `GET /servers/{id}/os-server-password`: what a guest posted to the metadata service. Nothing
/// runs in one, so there is none.
pub(super) async fn password(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    find(&cloud, &caller, &id)?;
    answer::json(&json!({ "password": "" }))
}

/// `DELETE /servers/{id}/os-server-password`.
pub(super) async fn clear_password(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    find(&cloud, &caller, &id)?;
    caller.must_write("os_compute_api:os-server-password:clear")?;
    Ok(empty(StatusCode::NO_CONTENT))
}
