//! Networks, subnets and security groups as they are shown (Networking API reference).

use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::catalogue::Network;
use guichet_cloud::network::{SECURITY_GROUP, security_group_id};
use guichet_core::ids::ProjectId;
use guichet_http::dates;
use serde_json::{Value, json};

use crate::http::gate::Caller;

/// Who owns what is everybody's: the project declared first.
fn owner(cloud: &Cloud) -> Arc<str> {
    let directory = cloud.accounts().directory();
    directory.projects().first().map(|project| Arc::clone(&project.id)).unwrap_or_default()
}

/// All networks: everybody's.
pub(super) fn networks(cloud: &Cloud, _: &Caller) -> Vec<Value> {
    let (owner, created) = (owner(cloud), dates::seconds(cloud.started()));
    let shown = |network: &Network| {
        json!({
            "id": network.id,
            "name": network.name,
            "description": "",
            "tenant_id": owner,
            "project_id": owner,
            "status": "ACTIVE",
            "admin_state_up": true,
            "shared": true,
            "router:external": false,
            "port_security_enabled": true,
            "mtu": 1500,
            "subnets": [network.subnet_id],
            "availability_zones": [cloud.catalogue().zone()],
            "availability_zone_hints": [],
            "ipv4_address_scope": null,
            "ipv6_address_scope": null,
            "tags": [],
            "revision_number": 1,
            "created_at": created,
            "updated_at": created,
        })
    };
    cloud.catalogue().networks().iter().map(shown).collect()
}

/// One subnet of each network.
pub(super) fn subnets(cloud: &Cloud, _: &Caller) -> Vec<Value> {
    let (owner, created) = (owner(cloud), dates::seconds(cloud.started()));
    let shown = |network: &Network| {
        let range = network.range();
        let (start, end) = range.pool();
        json!({
            "id": network.subnet_id,
            "name": format!("{}-subnet", network.name),
            "description": "",
            "tenant_id": owner,
            "project_id": owner,
            "network_id": network.id,
            "ip_version": 4,
            "cidr": range.cidr(),
            "gateway_ip": range.gateway(),
            "allocation_pools": [{ "start": start, "end": end }],
            "enable_dhcp": true,
            "dns_nameservers": [],
            "host_routes": [],
            "ipv6_address_mode": null,
            "ipv6_ra_mode": null,
            "subnetpool_id": null,
            "segment_id": null,
            "service_types": [],
            "tags": [],
            "revision_number": 1,
            "created_at": created,
            "updated_at": created,
        })
    };
    cloud.catalogue().networks().iter().map(shown).collect()
}

/// The caller's group `default`; an administrator sees every project's. Nothing filters, so that
/// there are no rules.
pub(super) fn security_groups(cloud: &Cloud, caller: &Caller) -> Vec<Value> {
    let created = dates::seconds(cloud.started());
    let directory = cloud.accounts().directory();
    let projects = directory.projects().iter().enumerate();
    let seen = projects.filter(|(number, _)| caller.who.sees(ProjectId(*number as u32)));
    let seen = seen.map(|(_, project)| project);
    seen.map(|project| {
        json!({
            "id": security_group_id(project),
            "name": SECURITY_GROUP,
            "description": "Default security group",
            "tenant_id": project.id,
            "project_id": project.id,
            "security_group_rules": [],
            "stateful": true,
            "shared": false,
            "tags": [],
            "revision_number": 1,
            "created_at": created,
            "updated_at": created,
        })
    })
    .collect()
}

/// The one zone.
pub(super) fn zones(cloud: &Cloud, _: &Caller) -> Vec<Value> {
    vec![json!({ "name": cloud.catalogue().zone(), "resource": "network", "state": "available" })]
}
