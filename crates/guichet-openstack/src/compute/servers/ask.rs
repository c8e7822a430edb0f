//! What a create asks for, read from its body. (Compute API, "Create Server".)

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use guichet_core::limits;
use serde_json::Value;
use uuid::Uuid;

use super::field::{TEXT_MAX, address, disk_config, hostname, metadata, tags, user_data, zone};
use crate::cloud::Cloud;
use crate::compute::flavors::is_visible;
use crate::config::DeclaredFlavor;
use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::version::Version;
use crate::network::security_group_id;

/// Where servers are to be plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Networks {
    /// The first network there is, if there is one.
    Auto,
    /// These: each a network's place, with an address if one was asked for.
    These(Vec<(usize, Option<IpAddr>)>),
}

/// What a create asks for, checked as far as no server is looked at.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Asked {
    pub(super) name: Arc<str>,
    pub(super) flavor: usize,
    pub(super) image: usize,
    pub(super) min_count: usize,
    pub(super) max_count: usize,
    pub(super) networks: Networks,
    pub(super) metadata: BTreeMap<Arc<str>, Arc<str>>,
    pub(super) tags: BTreeSet<Arc<str>>,
    pub(super) description: Option<Arc<str>>,
    pub(super) hostname: Option<Arc<str>>,
    pub(super) availability_zone: Option<Arc<str>>,
    pub(super) user_data: Option<Arc<str>>,
    pub(super) config_drive: bool,
    pub(super) disk_config_auto: bool,
    pub(super) access_ipv4: Option<Ipv4Addr>,
    pub(super) access_ipv6: Option<Ipv6Addr>,
    pub(super) admin_pass: Option<String>,
    pub(super) reservation: bool,
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

/// Where hints for the scheduler are: the name of today, and the older one.
const HINTS: [&str; 2] = ["os:scheduler_hints", "OS-SCH-HNT:scheduler_hints"];
/// Networks of one server.
const NETWORKS_MAX: usize = 16;

impl Asked {
    /// Reads a body.
    pub(super) fn read(cloud: &Cloud, caller: &Caller, body: &Value) -> Result<Self, Problem> {
        let version = caller.version();
        let whole = Object::of(body, "body")?;
        // Hints for a scheduler: but for a group they promise nothing.
        whole.known(&["server", HINTS[0], HINTS[1]])?;
        hints(&whole)?;
        let server = whole.object("server")?.ok_or_else(|| whole.missing("server"))?;
        let there = |(_, from, to): &&(&str, u16, u16)| (*from..=*to).contains(&version.0);
        let names: Vec<&str> = FIELDS.iter().filter(there).map(|(name, ..)| *name).collect();
        server.known(&names)?;
        let name = name(&server)?.ok_or_else(|| server.missing("name"))?;
        let flavor = flavor(cloud, caller, &server)?;
        let image = image(cloud, &server)?;
        let (min_count, max_count) = counts(&server)?;
        refuse_what_is_not_offered(&server)?;
        groups(cloud, caller, &server)?;
        Ok(Self {
            name,
            flavor,
            image,
            min_count,
            max_count,
            networks: networks(cloud, &server, version)?,
            metadata: metadata(&server, "metadata")?.unwrap_or_default(),
            tags: tags(&server, "tags")?.unwrap_or_default(),
            description: server.nullable("description", TEXT_MAX)?.flatten(),
            hostname: hostname(&server, version)?,
            availability_zone: zone(cloud, &server)?,
            user_data: user_data(&server)?,
            config_drive: server.flag("config_drive")?.unwrap_or(false),
            disk_config_auto: disk_config(&server)?.unwrap_or(false),
            access_ipv4: address(&server, "accessIPv4")?.flatten(),
            access_ipv6: address(&server, "accessIPv6")?.flatten(),
            admin_pass: server.text("adminPass", 0, TEXT_MAX)?.map(str::to_owned),
            reservation: server.flag("return_reservation_id")?.unwrap_or(false),
        })
    }
}

/// Hints for the scheduler: of groups there are none, so whoever names one means another cloud.
fn hints(whole: &Object<'_>) -> Result<(), Problem> {
    for name in HINTS {
        let group = whole.object(name)?.and_then(|hints| hints.raw("group"));
        if let Some(group) = group.filter(|group| !group.is_null()) {
            return Err(Problem::bad_request(format!(
                "Invalid input for field/attribute group: there is no server group {group}."
            )));
        }
    }
    Ok(())
}

/// A server's name.
pub(super) fn name(server: &Object<'_>) -> Result<Option<Arc<str>>, Problem> {
    let name = server.text("name", 1, limits::NAME_MAX)?;
    if name.is_some_and(|name| name.trim().is_empty()) {
        return Err(server.wrong("name", "It is blank."));
    }
    Ok(name.map(|name| Arc::from(name.trim())))
}

/// The flavor named by its id, by a number that is its id, or by its address.
fn flavor(cloud: &Cloud, caller: &Caller, server: &Object<'_>) -> Result<usize, Problem> {
    let value = server.raw("flavorRef").ok_or_else(|| server.missing("flavorRef"))?;
    let reference = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return Err(server.wrong("flavorRef", "It is not of type 'string', 'integer'.")),
    };
    let id = reference.rsplit('/').next().unwrap_or("");
    // One that the caller does not see is none, as everywhere.
    let is_it = |flavor: &DeclaredFlavor| &*flavor.id == id && is_visible(flavor, caller);
    let known = cloud.declared.flavors.iter().position(is_it);
    known.ok_or_else(|| Problem::bad_request("Invalid flavorRef provided."))
}

/// The image named by its id or its address.
fn image(cloud: &Cloud, server: &Object<'_>) -> Result<usize, Problem> {
    let reference = server.text("imageRef", 0, TEXT_MAX)?.unwrap_or("");
    if reference.is_empty() {
        return Err(Problem::bad_request(
            "Block Device Mapping is Invalid: servers boot from an image here; name one in imageRef.",
        ));
    }
    let id: Uuid = reference
        .rsplit('/')
        .next()
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| server.wrong("imageRef", "It is no image's id."))?;
    let known = cloud.declared.images.iter().position(|image| image.id == id);
    known.ok_or_else(|| Problem::bad_request("Can not find requested image"))
}

fn counts(server: &Object<'_>) -> Result<(usize, usize), Problem> {
    let min = server.count("min_count")?;
    let max = server.count("max_count")?.or(min).unwrap_or(1);
    let min = min.unwrap_or(1);
    if min > max {
        return Err(Problem::bad_request("min_count must be <= max_count"));
    }
    let most = limits::SERVERS_PER_REQUEST_MAX as u64;
    if max > most {
        return Err(server.wrong("max_count", &format!("Expected {most} at most.")));
    }
    // Both are that limit at most.
    Ok((min as usize, max as usize))
}

/// Security groups: a project has one. The openstack command looks it up and names it by its id.
fn groups(cloud: &Cloud, caller: &Caller, server: &Object<'_>) -> Result<(), Problem> {
    let project = cloud.declared.projects.get(caller.project.index());
    let own = project.map(|project| security_group_id(project).to_string());
    for group in server.list("security_groups", NETWORKS_MAX)?.unwrap_or_default() {
        let group = Object::of(group, "security_groups")?;
        let name = group.text("name", 1, TEXT_MAX)?.unwrap_or("default");
        if name != "default" && own.as_deref() != Some(name) {
            return Err(Problem::bad_request(format!("Security group {name} not found.")));
        }
    }
    Ok(())
}

/// What there is none of here: keys, volumes, hosts to name. An image that is copied to a local
/// disk is what a server boots from anyway, and some clients say so.
fn refuse_what_is_not_offered(server: &Object<'_>) -> Result<(), Problem> {
    for place in ["host", "hypervisor_hostname"] {
        if server.raw(place).is_some() {
            return Err(server.wrong(place, "Servers are placed by this service alone."));
        }
    }
    if server.raw("key_name").is_some_and(|key| !key.is_null()) {
        server.text("key_name", 1, TEXT_MAX)?;
        return Err(Problem::bad_request("Invalid key_name provided."));
    }
    let volumes = server.list("block_device_mapping", NETWORKS_MAX)?.unwrap_or_default();
    let devices = server.list("block_device_mapping_v2", NETWORKS_MAX)?.unwrap_or_default();
    let is_image = |device: &Value| {
        let is = |name: &str, word: &str| device.get(name).is_some_and(|value| value == word);
        is("source_type", "image") && is("destination_type", "local")
    };
    if !volumes.is_empty() || devices.len() > 1 || !devices.iter().all(is_image) {
        return Err(Problem::bad_request(
            "Block Device Mapping is Invalid: there are no volumes here; boot from an image.",
        ));
    }
    Ok(())
}

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
        Some(_) => server.list("networks", NETWORKS_MAX)?.unwrap_or_default(),
    };
    if list.is_empty() {
        return Ok(Networks::Auto);
    }
    let mut wanted = Vec::new();
    for entry in list {
        let entry = Object::of(entry, "networks")?;
        entry.known(&["uuid", "port", "fixed_ip", "tag"])?;
        if entry.raw("port").is_some_and(|port| !port.is_null()) {
            return Err(Problem::bad_request("Ports cannot be made here; name a network's uuid."));
        }
        let id = entry.text("uuid", 1, TEXT_MAX)?.ok_or_else(|| entry.missing("uuid"))?;
        let id: Uuid = id.parse().map_err(|_| entry.wrong("uuid", "It is no uuid."))?;
        let known = cloud.declared.networks.iter().position(|network| network.id == id);
        let known = known
            .ok_or_else(|| Problem::bad_request(format!("Network {id} could not be found.")))?;
        wanted.push((known, address(&entry, "fixed_ip")?.flatten()));
    }
    Ok(Networks::These(wanted))
}
