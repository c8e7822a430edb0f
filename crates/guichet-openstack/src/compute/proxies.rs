//! What Compute passed on to Network until 2.35: networks, security groups, floating addresses
//! (Compute API reference, the deprecated parts). Lists and single things; the Network service has
//! them all, and what is written is written there.

use axum::Json;
use guichet_cloud::Cloud;
use guichet_cloud::accounts::Project;
use guichet_http::path::Named;
use guichet_http::query::Params;
use http::Method;
use serde_json::{Value, json};

use super::prefix::PREFIX;
use super::servers::group_of;
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::routes::Routes;

/// The last version that has them.
const LAST: u16 = 35;

const ELSEWHERE: &str = "Networks and what belongs to them are not written through Compute here: \
                         ask the Network service.";

/// Its routes. Of networks Nova itself has no more than lists.
pub fn routes() -> Routes {
    Routes::under(PREFIX)
        .until(LAST)
        .get("/os-networks", networks)
        .get("/os-networks/{id}", network)
        .get("/os-tenant-networks", tenant_networks)
        .get("/os-tenant-networks/{id}", tenant_network)
        .get("/os-security-groups", groups)
        .absent(&[Method::POST], "/os-security-groups", ELSEWHERE)
        .get("/os-security-groups/{id}", group)
        .absent(&[Method::PUT, Method::DELETE], "/os-security-groups/{id}", ELSEWHERE)
        .absent(&[Method::POST], "/os-security-group-rules", ELSEWHERE)
        .absent(&[Method::DELETE], "/os-security-group-rules/{id}", ELSEWHERE)
        .get("/os-floating-ips", floating_ips)
        .absent(&[Method::POST], "/os-floating-ips", ELSEWHERE)
        .get("/os-floating-ips/{id}", floating_ip)
        .absent(&[Method::DELETE], "/os-floating-ips/{id}", ELSEWHERE)
        .get("/os-floating-ip-pools", pools)
}

/// Nova knows of a network of Neutron's no more than its id and name, and writes nulls.
fn shown(network: &guichet_cloud::catalogue::Network) -> Value {
    let mut shown = json!({ "id": network.id, "label": network.name });
    for field in [
        "bridge",
        "bridge_interface",
        "broadcast",
        "cidr",
        "cidr_v6",
        "created_at",
        "deleted",
        "deleted_at",
        "dhcp_server",
        "dhcp_start",
        "dns1",
        "dns2",
        "enable_dhcp",
        "gateway",
        "gateway_v6",
        "host",
        "injected",
        "mtu",
        "multi_host",
        "netmask",
        "netmask_v6",
        "priority",
        "project_id",
        "rxtx_base",
        "share_address",
        "updated_at",
        "vlan",
        "vpn_private_address",
        "vpn_public_address",
        "vpn_public_port",
    ] {
        shown[field] = Value::Null;
    }
    shown
}

async fn networks(In(cloud): In, _: Caller) -> Result<Json<Value>, Problem> {
    let rows: Vec<Value> = cloud.catalogue().networks().iter().map(shown).collect();
    Ok(Json(json!({ "networks": rows })))
}

async fn network(In(cloud): In, _: Caller, Named(id): Named) -> Result<Json<Value>, Problem> {
    Ok(Json(json!({ "network": shown(found(&cloud, &id)?) })))
}

fn found<'a>(cloud: &'a Cloud, id: &str) -> Result<&'a guichet_cloud::catalogue::Network, Problem> {
    let mut networks = cloud.catalogue().networks().iter();
    let found = networks.find(|network| network.id.to_string() == id);
    found.ok_or_else(|| Problem::not_found("Network not found"))
}

/// Of a project's own Nova knows the mask as little, and writes that as a word.
fn shown_to_tenant(network: &guichet_cloud::catalogue::Network) -> Value {
    json!({ "id": network.id, "label": network.name, "cidr": "None" })
}

async fn tenant_networks(In(cloud): In, _: Caller) -> Result<Json<Value>, Problem> {
    let rows: Vec<Value> = cloud.catalogue().networks().iter().map(shown_to_tenant).collect();
    Ok(Json(json!({ "networks": rows })))
}

async fn tenant_network(
    In(cloud): In,
    _: Caller,
    Named(id): Named,
) -> Result<Json<Value>, Problem> {
    Ok(Json(json!({ "network": shown_to_tenant(found(&cloud, &id)?) })))
}

/// The projects whose groups are asked for: one's own, or all.
fn projects(cloud: &Cloud, caller: &Caller, all: bool) -> Vec<Value> {
    let own = cloud.accounts().directory().owner(caller.who.project).map(|own| own.id.clone());
    let directory = cloud.accounts().directory();
    let is_wanted = |project: &&Project| all || Some(&project.id) == own.as_ref();
    directory.projects().iter().filter(is_wanted).map(group_of).collect()
}

async fn groups(In(cloud): In, caller: Caller, params: Params) -> Result<Json<Value>, Problem> {
    let all = params.has("all_tenants") && caller.is_admin();
    Ok(Json(json!({ "security_groups": projects(&cloud, &caller, all) })))
}

async fn group(In(cloud): In, caller: Caller, Named(id): Named) -> Result<Json<Value>, Problem> {
    let rows = projects(&cloud, &caller, caller.is_admin());
    let found = rows.into_iter().find(|row| row["id"] == *id);
    let not_there = || Problem::not_found(format!("Security group {id} not found."));
    Ok(Json(json!({ "security_group": found.ok_or_else(not_there)? })))
}

async fn floating_ips(_: Caller) -> Result<Json<Value>, Problem> {
    Ok(Json(json!({ "floating_ips": [] })))
}

async fn floating_ip(_: Caller, Named(id): Named) -> Result<Json<Value>, Problem> {
    Err(Problem::not_found(format!("Floating IP not found for ID {id}")))
}

async fn pools(_: Caller) -> Result<Json<Value>, Problem> {
    Ok(Json(json!({ "floating_ip_pools": [] })))
}
