//! What is attached to a server: addresses, ports, volumes, security groups.

use std::collections::BTreeMap;

use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_cloud::accounts::Project;
use guichet_cloud::network::{SECURITY_GROUP, mac_text, ports_in_use, security_group_id};
use guichet_core::details::Port;
use guichet_http::path::Named;
use guichet_http::query::Params;
use serde_json::{Value, json};

use super::fields::Addresses;
use super::find::find;
use crate::http::answer;
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;

/// `GET /ips`.
pub(super) async fn addresses(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    let addresses = Addresses { cloud: &cloud, ports: ports_in_use(&server), extended: false };
    answer::json(&BTreeMap::from([("addresses", addresses)]))
}

/// `GET /ips/{network}`.
pub(super) async fn addresses_in(
    In(cloud): In,
    caller: Caller,
    Named((id, network)): Named<(String, String)>,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    let is_in = |port: &&Port| {
        let declared = cloud.catalogue().network(port.network);
        declared.is_some_and(|declared| *declared.name == *network)
    };
    let ports: Vec<Port> = ports_in_use(&server).iter().filter(is_in).cloned().collect();
    if ports.is_empty() {
        return Err(Problem::not_found("Instance is not a member of specified network"));
    }
    answer::json(&Addresses { cloud: &cloud, ports: &ports, extended: false })
}

/// A port as Compute shows it.
fn shown(cloud: &Cloud, port: &Port) -> Value {
    let network = cloud.catalogue().network(port.network);
    json!({
        "port_id": port.id, "net_id": network.map(|network| network.id),
        "mac_addr": mac_text(port.mac), "port_state": "ACTIVE",
        "fixed_ips": [{
            "ip_address": port.address.to_string(),
            "subnet_id": network.map(|network| network.subnet_id),
        }],
    })
}

/// `GET /os-interface`.
pub(super) async fn interfaces(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    let ports = ports_in_use(&server).iter().map(|port| shown(&cloud, port));
    answer::json(&json!({ "interfaceAttachments": ports.collect::<Vec<_>>() }))
}

/// `GET /os-interface/{port}`.
pub(super) async fn interface(
    In(cloud): In,
    caller: Caller,
    Named((id, port)): Named<(String, String)>,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    let found = ports_in_use(&server).iter().find(|known| known.id.to_string() == port);
    let not_there =
        || Problem::not_found(format!("Instance {id} does not have a port with id {port}"));
    let found = found.ok_or_else(not_there)?;
    answer::json(&json!({ "interfaceAttachment": shown(&cloud, found) }))
}

/// `GET /os-volume_attachments`: there are no volumes.
pub(super) async fn volumes(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    params: Params,
) -> Result<Response, Problem> {
    params.only(caller.version(), &["limit", "offset"])?;
    params.counts("limit")?;
    params.counts("offset")?;
    find(&cloud, &caller, &id)?;
    answer::json(&json!({ "volumeAttachments": [] }))
}

/// `GET /os-volume_attachments/{volume}`: it is not attached.
pub(super) async fn volume(
    In(cloud): In,
    caller: Caller,
    Named((id, volume)): Named<(String, String)>,
) -> Result<Response, Problem> {
    find(&cloud, &caller, &id)?;
    let text = format!("Instance {id} is not attached to volume {volume}.");
    Err(Problem::not_found(text))
}

/// `GET /os-security-groups`: the one there is, for a server with a port.
pub(super) async fn security_groups(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    let directory = cloud.accounts().directory();
    let project = directory.owner(server.project);
    let group = project.filter(|_| !ports_in_use(&server).is_empty()).map(group_of);
    let groups: Vec<Value> = group.into_iter().collect();
    answer::json(&json!({ "security_groups": groups }))
}

/// The security group of a project, as Compute shows it.
pub(in crate::compute) fn group_of(project: &Project) -> Value {
    json!({
        "id": security_group_id(project), "name": SECURITY_GROUP, "tenant_id": project.id,
        "description": "Default security group", "rules": [],
    })
}
