//! What a create asks for, read from its body. (Compute API, "Create Server".)

mod devices;
mod hints;

use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::network::SECURITY_GROUP;
use guichet_cloud::servers::{CreateError, Networks, NewServers};
use guichet_core::details::Details;
use guichet_core::ids::{FlavorId, ImageId};
use guichet_core::limits;
use serde_json::Value;
use uuid::Uuid;

use super::super::personality;
use super::super::problem::of_create;
use super::super::values::{
    address, bootable, certificates, description, device_tag, disk_config, flavor_ref, host_name,
    hostname, image_ref, is_own_group, metadata, name, password, plain_name, tags, user_data, zone,
};
use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::version::Version;

/// A create as its body asks for it: what it makes, and what only its answer is about.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CreateBody {
    /// The servers, checked as far as no server is looked at.
    pub(super) new: NewServers,
    /// The password that the client gave for the administrator.
    pub(super) admin_pass: Option<String>,
    /// Whether the answer is the id of a reservation alone.
    pub(super) wants_reservation: bool,
}

/// Names in a create's body and the first version that has them; the few that went away name
/// their last.
const FIELDS: [(&str, u16, u16); 26] = [
    ("name", 1, 96),
    ("imageRef", 1, 96),
    ("flavorRef", 1, 96),
    ("networks", 1, 96),
    ("min_count", 1, 96),
    ("max_count", 1, 96),
    ("metadata", 1, 96),
    ("key_name", 1, 96),
    ("security_groups", 1, 96),
    ("user_data", 1, 96),
    ("config_drive", 1, 96),
    ("availability_zone", 1, 96),
    ("OS-DCF:diskConfig", 1, 96),
    ("adminPass", 1, 96),
    ("accessIPv4", 1, 96),
    ("accessIPv6", 1, 96),
    ("block_device_mapping", 1, 96),
    ("block_device_mapping_v2", 1, 96),
    ("return_reservation_id", 1, 96),
    ("personality", 1, 56),
    ("description", 19, 96),
    ("tags", 52, 96),
    ("trusted_image_certificates", 63, 96),
    ("host", 74, 96),
    ("hypervisor_hostname", 74, 96),
    ("hostname", 90, 96),
];

impl CreateBody {
    /// Reads a body.
    pub(super) fn read(cloud: &Cloud, caller: &Caller, body: &Value) -> Result<Self, Problem> {
        let version = caller.version();
        let whole = Object::of(body, "body")?;
        whole.known(&["server", hints::NAMES[0], hints::NAMES[1]])?;
        let group = hints::read(&whole)?;
        let server = whole.object("server")?.ok_or_else(|| whole.missing("server"))?;
        let there = |(_, from, to): &&(&str, u16, u16)| (*from..=*to).contains(&version.0);
        let names: Vec<&str> = FIELDS.iter().filter(there).map(|(name, ..)| *name).collect();
        server.known(&names)?;
        let name = name(&server)?.ok_or_else(|| server.missing("name"))?;
        let flavor = flavor(cloud, caller, &server)?;
        let image = image(cloud, caller, &server)?;
        let (min_count, max_count) = counts(&server)?;
        devices::check(&server, version)?;
        certificates(&server)?;
        personality::check(&server)?;
        groups(cloud, caller, &server)?;
        let new = NewServers {
            name,
            flavor,
            image,
            min_count,
            max_count,
            networks: networks(cloud, &server, version)?,
            details: Details { group, ..details(cloud, &server, version)? },
            key: None,
            hosts: hosts(&server)?,
            body_digest: None,
        };
        Ok(Self {
            new,
            admin_pass: password(&server)?.map(str::to_owned),
            wants_reservation: server.flag("return_reservation_id")?.unwrap_or(false),
        })
    }
}

/// What each of the servers is to carry for its owner.
fn details(cloud: &Cloud, server: &Object<'_>, version: Version) -> Result<Details, Problem> {
    Ok(Details {
        metadata: metadata(server, "metadata")?.unwrap_or_default(),
        tags: tags(server, "tags")?.unwrap_or_default(),
        description: description(server, limits::TEXT_MAX)?.flatten(),
        hostname: hostname(server, version)?,
        availability_zone: zone(cloud, server)?,
        key_name: key_name(server)?,
        user_data: user_data(server)?,
        config_drive: server.flag("config_drive")?.unwrap_or(false),
        disk_config_auto: disk_config(server)?.unwrap_or(false),
        access_ipv4: address(server, "accessIPv4")?,
        access_ipv6: address(server, "accessIPv6")?,
        ..Details::default()
    })
}

/// The name of the key pair, if one is to be put into servers. That there is one is decided with
/// the rest.
fn key_name(server: &Object<'_>) -> Result<Option<Arc<str>>, Problem> {
    plain_name(server, "key_name")
}

/// The flavor named by its id, by a number that is its id, or by its address.
fn flavor(cloud: &Cloud, caller: &Caller, server: &Object<'_>) -> Result<FlavorId, Problem> {
    let id = flavor_ref(server)?;
    // One that the caller does not see is none, as everywhere.
    let known = cloud.catalogue().find_flavor(&id, (&caller.who).into());
    known.map(|(id, _)| id).ok_or_else(|| of_create(CreateError::UnknownFlavor))
}

/// The image named by its id or its address.
fn image(cloud: &Cloud, caller: &Caller, server: &Object<'_>) -> Result<ImageId, Problem> {
    let is_empty = server.raw("imageRef").is_some_and(|image| image == "");
    if is_empty && !devices::are_there(server) {
        return Err(Problem::bad_request("Invalid imageRef provided."));
    }
    let id = if is_empty { None } else { image_ref(server, "imageRef")? };
    let id = id.ok_or_else(|| {
        Problem::bad_request(
            "Block Device Mapping is Invalid: servers boot from an image here; name one in imageRef.",
        )
    })?;
    bootable(cloud, caller, id)
}

/// How many servers at least and at most: one, if nothing is asked for.
fn counts(server: &Object<'_>) -> Result<(usize, usize), Problem> {
    let min = server.count("min_count")?;
    let max = server.count("max_count")?.or(min).unwrap_or(1);
    // Past what a number can be here there are too many anyway.
    let [min, max] = [min.unwrap_or(1), max].map(|n| usize::try_from(n).unwrap_or(usize::MAX));
    match NewServers::check_counts(min, max) {
        Ok(()) => Ok((min, max)),
        Err(CreateError::TooMany { most }) => {
            Err(server.wrong("max_count", &format!("Expected {most} at most.")))
        }
        Err(error) => Err(of_create(error)),
    }
}

/// Security groups: a project has one. The openstack command looks it up and names it by its id.
fn groups(cloud: &Cloud, caller: &Caller, server: &Object<'_>) -> Result<(), Problem> {
    for group in
        server.list("security_groups", limits::NETWORKS_PER_SERVER_MAX)?.unwrap_or_default()
    {
        let group = Object::of(group, "security_groups")?;
        group.known(&["name"])?;
        let name = plain_name(&group, "name")?.unwrap_or_else(|| Arc::from(SECURITY_GROUP));
        if !is_own_group(cloud, caller, &name) {
            return Err(Problem::bad_request(format!("Security group {name} not found.")));
        }
    }
    Ok(())
}

/// The host that an administrator names: behind the zone, or by itself from 2.74 on. Where both are
/// said they must be the same.
fn hosts(server: &Object<'_>) -> Result<Option<Vec<Arc<str>>>, Problem> {
    let zone = plain_name(server, "availability_zone")?;
    let behind = zone.as_deref().and_then(|zone| zone.split(':').nth(1));
    let host = host_name(server, "host")?;
    let node = host_name(server, "hypervisor_hostname")?;
    let mut named = [behind.filter(|name| !name.is_empty()), host, node].into_iter().flatten();
    let Some(first) = named.next() else {
        return Ok(None);
    };
    if named.any(|other| other != first) {
        let text = "Forced host and hypervisor hostname must be one, as each host has one.";
        return Err(Problem::bad_request(text));
    }
    Ok(Some(vec![Arc::from(first)]))
}

/// The networks that servers are to be plugged into.
fn networks(cloud: &Cloud, server: &Object<'_>, version: Version) -> Result<Networks, Problem> {
    let list = match server.raw("networks") {
        // Below 2.37 it may be left out (REST API Version History, 2.37).
        None if version < Version(37) => return Ok(Networks::Auto),
        None => return Err(server.missing("networks")),
        Some(Value::String(word)) if version >= Version(37) => match word.as_str() {
            "auto" => return Ok(Networks::Auto),
            "none" => return Ok(Networks::These(Vec::new())),
            _ => return Err(server.wrong("networks", "Expected auto, none or a list.")),
        },
        Some(_) => server.list("networks", limits::NETWORKS_PER_SERVER_MAX)?.unwrap_or_default(),
    };
    if list.is_empty() {
        return Ok(Networks::Auto);
    }
    let mut wanted = Vec::new();
    for entry in list {
        let entry = Object::of(entry, "networks")?;
        // Tags came with 2.32, were forgotten in 2.37, and came back with 2.42.
        let has_tags = matches!(version.0, 32..=36 | 42..);
        let names = ["uuid", "port", "fixed_ip", "tag"];
        entry.known(if has_tags { &names } else { &names[..3] })?;
        device_tag(&entry)?;
        if entry.raw("port").is_some_and(|port| !port.is_null()) {
            let port = entry.text("port", 1, limits::TEXT_MAX)?.unwrap_or_default();
            let _: Uuid = port.parse().map_err(|_| entry.wrong("port", "It is no uuid."))?;
            return Err(Problem::bad_request("Ports cannot be made here; name a network's uuid."));
        }
        let id = entry.text("uuid", 0, usize::MAX)?.unwrap_or_default();
        let id: Uuid = id.parse().map_err(|_| match version < Version(37) || id.is_empty() {
            true => Problem::bad_request(format!(
                "Bad networks format: network uuid is not in proper format ({})",
                id.chars().take(limits::TEXT_MAX).collect::<String>()
            )),
            false => entry.wrong("uuid", "It is no uuid."),
        })?;
        let known = cloud.catalogue().find_network(id);
        let (network, _) = known
            .ok_or_else(|| Problem::bad_request(format!("Network {id} could not be found.")))?;
        wanted.push((network, address(&entry, "fixed_ip")?));
    }
    Ok(Networks::These(wanted))
}
