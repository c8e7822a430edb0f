//! What hangs on a server: addresses, ports, volumes, security groups.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use guichet_core::details::Port;
use guichet_core::server::Server;
use guichet_core::state::VmState;
use serde_json::{Map, Value, json};

use super::fields::mac;
use super::find::find;
use crate::cloud::Cloud;
use crate::http::answer;
use crate::http::gate::Caller;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::network::security_group_id;

fn ports(server: &Server) -> &[Port] {
    let building = server.vm_state == VmState::Building;
    server.details.as_ref().filter(|_| !building).map_or(&[], |details| &details.ports)
}

/// Addresses by the names of their networks.
fn by_network(cloud: &Cloud, server: &Server) -> Map<String, Value> {
    let mut networks = Map::new();
    for port in ports(server) {
        let name = cloud.declared.networks.get(port.network as usize).map_or("", |n| &n.name);
        let address = json!({
            "addr": port.address.to_string(),
            "version": if port.address.is_ipv4() { 4 } else { 6 },
        });
        if let Value::Array(list) = networks.entry(name).or_insert_with(|| json!([])) {
            list.push(address);
        }
    }
    networks
}

/// `GET /ips`.
pub(super) async fn addresses(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    answer::json(&json!({ "addresses": by_network(&cloud, &server) }))
}

/// `GET /ips/{network}`.
pub(super) async fn addresses_in(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named((id, network)): Named<(String, String)>,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    let networks = by_network(&cloud, &server);
    let addresses = networks.get(&network);
    let addresses = addresses
        .ok_or_else(|| Problem::not_found("Instance is not a member of specified network"))?;
    answer::json(&json!({ network: addresses }))
}

/// `GET /os-interface`.
pub(super) async fn interfaces(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    let rows: Vec<Value> = ports(&server)
        .iter()
        .map(|port| {
            let network = cloud.declared.networks.get(port.network as usize);
            json!({
                "port_id": port.id, "net_id": network.map(|network| network.id),
                "mac_addr": mac(port.mac), "port_state": "ACTIVE",
                "fixed_ips": [{
                    "ip_address": port.address.to_string(),
                    "subnet_id": network.map(|network| network.subnet_id),
                }],
            })
        })
        .collect();
    answer::json(&json!({ "interfaceAttachments": rows }))
}

/// `GET /os-volume_attachments`: there are no volumes.
pub(super) async fn volumes(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    find(&cloud, &caller, &id)?;
    answer::json(&json!({ "volumeAttachments": [] }))
}

/// `GET /os-security-groups`: the one there is, for a server with a port.
pub(super) async fn security_groups(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    let project = cloud.declared.projects.get(server.project.index());
    let group = project.filter(|_| !ports(&server).is_empty()).map(|project| {
        json!({
            "id": security_group_id(project), "name": "default", "tenant_id": project.id,
            "description": "Default security group", "rules": [],
        })
    });
    let groups: Vec<Value> = group.into_iter().collect();
    answer::json(&json!({ "security_groups": groups }))
}
