//! Networks, subnets and security groups as they are shown (Networking API reference).

use std::net::Ipv4Addr;

use guichet_http::dates;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::cloud::Cloud;
use crate::config::{DeclaredNetwork, DeclaredProject};
use crate::http::derived;
use crate::http::gate::Caller;

/// The id of a project's one security group, named `default`.
pub fn security_group_id(project: &DeclaredProject) -> Uuid {
    derived::id("security group", &project.id)
}

/// A card's address as it is written.
pub fn mac(mac: [u8; 6]) -> String {
    mac.map(|byte| format!("{byte:02x}")).join(":")
}

/// A network's range of addresses: the first and the last, which nobody has, are its own and all
/// hosts'; the first behind its own is the gateway's.
pub fn subnet_cidr(network: &DeclaredNetwork) -> Range {
    let bits = u32::from(network.prefix.min(32));
    let hosts = u32::MAX.checked_shr(bits).unwrap_or(0);
    let first = u32::from(network.base) & !hosts;
    Range { first, last: first | hosts, prefix: network.prefix }
}

/// A range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    first: u32,
    last: u32,
    prefix: u8,
}

impl Range {
    /// As it is written, such as `10.0.0.0/24`.
    pub fn cidr(&self) -> String {
        format!("{}/{}", Ipv4Addr::from_bits(self.first), self.prefix)
    }

    /// The gateway's address.
    pub fn gateway(&self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.first.saturating_add(1))
    }

    /// The first and the last address that a port may have.
    pub fn pool(&self) -> (Ipv4Addr, Ipv4Addr) {
        let [first, last] = [self.first.saturating_add(2), self.last.saturating_sub(1)];
        (Ipv4Addr::from_bits(first), Ipv4Addr::from_bits(last))
    }
}

/// Who owns what is everybody's: the project declared first.
fn owner(cloud: &Cloud) -> &str {
    cloud.declared.projects.first().map_or("", |project| &project.id)
}

/// All networks: everybody's.
pub(super) fn networks(cloud: &Cloud, _: &Caller) -> Vec<Value> {
    let (owner, created) = (owner(cloud), dates::seconds(cloud.manager.clock().start()));
    let shown = |network: &DeclaredNetwork| {
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
            "availability_zones": [cloud.declared.zone],
            "availability_zone_hints": [],
            "ipv4_address_scope": null,
            "ipv6_address_scope": null,
            "tags": [],
            "revision_number": 1,
            "created_at": created,
            "updated_at": created,
        })
    };
    cloud.declared.networks.iter().map(shown).collect()
}

/// One subnet of each network.
pub(super) fn subnets(cloud: &Cloud, _: &Caller) -> Vec<Value> {
    let (owner, created) = (owner(cloud), dates::seconds(cloud.manager.clock().start()));
    let shown = |network: &DeclaredNetwork| {
        let range = subnet_cidr(network);
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
    cloud.declared.networks.iter().map(shown).collect()
}

/// The caller's group `default`; an administrator sees every project's. Nothing filters, so that
/// there are no rules.
pub(super) fn security_groups(cloud: &Cloud, caller: &Caller) -> Vec<Value> {
    let created = dates::seconds(cloud.manager.clock().start());
    let is_seen = |place: usize| caller.is_admin() || place == caller.project.index();
    let projects = cloud.declared.projects.iter().enumerate();
    let seen = projects.filter(|(place, _)| is_seen(*place)).map(|(_, project)| project);
    seen.map(|project| {
        json!({
            "id": security_group_id(project),
            "name": "default",
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
    vec![json!({ "name": cloud.declared.zone, "resource": "network", "state": "available" })]
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_subnet_has_a_gateway_and_room_for_ports() {
        let range = |base: [u8; 4], prefix| {
            let range = subnet_cidr(&DeclaredNetwork {
                id: Uuid::nil(),
                name: Arc::from("net"),
                subnet_id: Uuid::nil(),
                base: Ipv4Addr::from(base),
                prefix,
            });
            let (first, last) = range.pool();
            format!("{} {} {first}-{last}", range.cidr(), range.gateway())
        };
        assert_eq!(range([10, 0, 0, 0], 24), "10.0.0.0/24 10.0.0.1 10.0.0.2-10.0.0.254");
        assert_eq!(range([10, 0, 0, 7], 24), "10.0.0.0/24 10.0.0.1 10.0.0.2-10.0.0.254");
        assert_eq!(range([10, 0, 0, 16], 28), "10.0.0.16/28 10.0.0.17 10.0.0.18-10.0.0.30");
        assert_eq!(range([10, 9, 8, 7], 8), "10.0.0.0/8 10.0.0.1 10.0.0.2-10.255.255.254");
    }
}
