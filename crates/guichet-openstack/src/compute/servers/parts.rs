//! What hangs on a server: addresses, ports, volumes, security groups.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use guichet_core::details::Port;
use guichet_http::path::Named;
use serde_json::{Value, json};

use super::fields::{Addresses, plugged};
use super::find::find;
use crate::cloud::Cloud;
use crate::http::answer;
use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::network::{mac, security_group_id};

/// `GET /ips`.
pub(super) async fn addresses(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    let addresses = Addresses { cloud: &cloud, ports: plugged(&server), extended: false };
    answer::json(&BTreeMap::from([("addresses", addresses)]))
}

/// `GET /ips/{network}`.
pub(super) async fn addresses_in(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named((id, network)): Named<(String, String)>,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    let is_in = |port: &&Port| {
        let declared = cloud.declared.networks.get(port.network as usize);
        declared.is_some_and(|declared| *declared.name == *network)
    };
    let ports: Vec<Port> = plugged(&server).iter().filter(is_in).cloned().collect();
    if ports.is_empty() {
        return Err(Problem::not_found("Instance is not a member of specified network"));
    }
    answer::json(&Addresses { cloud: &cloud, ports: &ports, extended: false })
}

/// `GET /os-interface`.
pub(super) async fn interfaces(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    let rows: Vec<Value> = plugged(&server)
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
    let group = project.filter(|_| !plugged(&server).is_empty()).map(|project| {
        json!({
            "id": security_group_id(project), "name": "default", "tenant_id": project.id,
            "description": "Default security group", "rules": [],
        })
    });
    let groups: Vec<Value> = group.into_iter().collect();
    answer::json(&json!({ "security_groups": groups }))
}
