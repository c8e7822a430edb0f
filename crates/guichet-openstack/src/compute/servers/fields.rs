//! What a server's answer has, version by version: one table, in the order of the answer, and
//! everything that is written is written by it. (REST API Version History; Compute API, "Show
//! Server Details".)

use std::collections::BTreeMap;

use guichet_core::details::Details;
use guichet_core::ids::ServerId;
use guichet_core::server::Server;
use guichet_core::state::{PowerState, Status, VmState};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Value, json};
use sha2::{Digest, Sha224};

use crate::cloud::Cloud;
use crate::config::DeclaredFlavor;
use crate::http::dates;
use crate::http::links::Base;
use crate::http::version::Version;

/// Where an answer stands: some of its fields are in one place only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The answer to GET.
    Show,
    /// A row of a list with details.
    Row,
    /// The answer to PUT, which below 2.75 is only a part.
    Updated,
}

/// A server as a client is shown it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) server: &'a Server,
    pub(super) cloud: &'a Cloud,
    pub(super) base: &'a Base,
    pub(super) version: Version,
    pub(super) admin: bool,
    pub(super) place: Place,
}

/// Writes the fields of a table: `"name" (from which version, under which condition) => value`.
macro_rules! fields {
    ($shown:ident, $map:ident, $( $name:literal ($from:literal $(, $when:expr)?) => $value:expr; )*) => {
        $( if $shown.version >= Version($from) $(&& $when)? {
            $map.serialize_entry($name, &$value)?;
        } )*
    };
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shown = self;
        let (server, details) = (shown.server, shown.server.details.as_deref());
        let mut map = serializer.serialize_map(None)?;
        // The part that PUT answers below 2.75.
        fields! { shown, map,
            "id"                (1) => server.id.0;
            "name"              (1) => server.name;
            "status"            (1) => server.status();
            "tenant_id"         (1) => shown.tenant_id();
            "user_id"           (1) => shown.user_id();
            "metadata"          (1) => details.map(|details| &details.metadata).unwrap_or(&BTreeMap::new());
            "hostId"            (1) => host_id(shown.cloud, server);
            "image"             (1) => shown.image();
            "flavor"            (1) => shown.flavor();
            "created"           (1) => dates::seconds(server.created);
            "updated"           (1) => dates::seconds(server.updated);
            "addresses"         (1) => shown.addresses();
            "accessIPv4"        (1) => shown.text(details.and_then(|details| details.access_ipv4));
            "accessIPv6"        (1) => shown.text(details.and_then(|details| details.access_ipv6));
            "links"             (1) => links(shown.base, server.id);
            "OS-DCF:diskConfig" (1) => if details.is_some_and(|d| d.disk_config_auto) { "AUTO" } else { "MANUAL" };
            "progress"          (1, matches!(server.status(), Status::Active | Status::Build)) => 0;
            "fault"             (1, server.status() == Status::Error) => shown.fault();
            "locked"            (9) => server.is_locked();
            "description"       (19) => details.and_then(|details| details.description.as_ref());
            "tags"              (26) => shown.tags();
            "trusted_image_certificates" (63) => ();
            "server_groups"     (71, shown.place != Place::Row) => [(); 0];
            "locked_reason"     (73) => shown.locked_reason();
        }
        if shown.place == Place::Updated && shown.version < Version(75) {
            return map.end();
        }
        let active = server.vm_state != VmState::Building;
        fields! { shown, map,
            "OS-EXT-AZ:availability_zone" (1) => if active { &*shown.cloud.declared.zone } else { "" };
            "config_drive"      (1) => if details.is_some_and(|d| d.config_drive) { "True" } else { "" };
            "key_name"          (1) => details.and_then(|details| details.key_name.as_ref());
            "OS-SRV-USG:launched_at"   (1) => server.launched.map(dates::bare);
            "OS-SRV-USG:terminated_at" (1) => ();
            "security_groups"   (1, details.is_some_and(|d| !d.ports.is_empty())) => [Named { name: "default" }];
            "OS-EXT-STS:task_state"  (1) => server.task_state;
            "OS-EXT-STS:vm_state"    (1) => server.vm_state;
            "OS-EXT-STS:power_state" (1) => power(server.power_state);
            "os-extended-volumes:volumes_attached" (1) => [(); 0];
            "OS-EXT-SRV-ATTR:host"   (1, shown.admin) => shown.host();
            "OS-EXT-SRV-ATTR:instance_name" (1, shown.admin) => format!("instance-{}", server.id.0.simple());
            "OS-EXT-SRV-ATTR:hypervisor_hostname" (1, shown.admin) => shown.host();
            "OS-EXT-SRV-ATTR:hostname" (3, shown.admin || shown.version >= Version(90)) => shown.hostname();
            "OS-EXT-SRV-ATTR:kernel_id"  (3, shown.admin) => "";
            "OS-EXT-SRV-ATTR:ramdisk_id" (3, shown.admin) => "";
            "OS-EXT-SRV-ATTR:launch_index" (3, shown.admin) => 0;
            "OS-EXT-SRV-ATTR:reservation_id" (3, shown.admin) => reservation(server);
            "OS-EXT-SRV-ATTR:root_device_name" (3, shown.admin) => "/dev/vda";
            "OS-EXT-SRV-ATTR:user_data" (3, shown.admin) => details.and_then(|details| details.user_data.as_ref());
            "host_status"       (16, shown.admin) => if server.host.is_some() { "UP" } else { "" };
            "pinned_availability_zone" (96) => details.and_then(|details| details.availability_zone.as_ref());
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Link<'a> {
    rel: &'a str,
    href: String,
}

/// The two links of a server: with its version in it, and without.
pub(super) fn links(base: &Base, server: ServerId) -> impl Serialize {
    let id = server.0;
    [
        Link { rel: "self", href: format!("{}/compute/v2.1/servers/{id}", base.0) },
        Link { rel: "bookmark", href: format!("{}/compute/servers/{id}", base.0) },
    ]
}

/// The id of the reservation that a server was made under: the same for all of one create, as
/// they were made at the same instant by the same user.
pub(super) fn reservation(server: &Server) -> String {
    format!("r-{:08x}", (server.created.micros() ^ u64::from(server.created_by.0)) as u32)
}

/// Nova's numbers (Compute API, "OS-EXT-STS:power_state").
const fn power(state: PowerState) -> u8 {
    match state {
        PowerState::None => 0,
        PowerState::Running => 1,
        PowerState::Paused => 3,
        PowerState::Shutdown => 4,
    }
}

impl Shown<'_> {
    fn details(&self) -> Option<&Details> {
        self.server.details.as_deref()
    }

    fn tenant_id(&self) -> &str {
        self.cloud.declared.projects.get(self.server.project.index()).map_or("", |p| &p.id)
    }

    fn user_id(&self) -> &str {
        self.cloud.declared.users.get(self.server.created_by.index()).map_or("", |user| &user.id)
    }

    fn text(&self, address: Option<impl ToString>) -> String {
        address.map_or_else(String::new, |address| address.to_string())
    }

    fn tags(&self) -> impl Serialize {
        self.details().map(|details| &details.tags).into_iter().flatten().collect::<Vec<_>>()
    }

    fn locked_reason(&self) -> Option<&str> {
        self.details()?.lock.as_ref()?.reason.as_deref()
    }

    fn host(&self) -> Option<&str> {
        let host = self.cloud.declared.hosts.get(self.server.host?.index())?;
        Some(&host.name)
    }

    fn hostname(&self) -> String {
        match self.details().and_then(|details| details.hostname.as_deref()) {
            Some(hostname) => hostname.to_owned(),
            None => fit_for_dns(&self.server.name),
        }
    }

    fn image(&self) -> Value {
        let Some(image) = self.cloud.declared.images.get(self.server.image.index()) else {
            return json!("");
        };
        let href = self.base.link(&format!("/compute/images/{}", image.id));
        json!({ "id": image.id, "links": [{ "rel": "bookmark", "href": href }] })
    }

    fn flavor(&self) -> Value {
        match self.cloud.declared.flavors.get(self.server.flavor.index()) {
            Some(flavor) => flavor_of_server(flavor, self.base, self.version),
            None => json!({}),
        }
    }

    /// None while it is being made (Compute API, "addresses").
    fn addresses(&self) -> Value {
        let mut networks = serde_json::Map::new();
        if self.server.vm_state == VmState::Building {
            return Value::Object(networks);
        }
        let extended = self.place != Place::Updated || self.version >= Version(75);
        for port in self.details().into_iter().flat_map(|details| &details.ports) {
            let network = self.cloud.declared.networks.get(port.network as usize);
            let name = network.map_or("", |network| &network.name);
            let mut address = json!({
                "addr": port.address.to_string(),
                "version": if port.address.is_ipv4() { 4 } else { 6 },
            });
            if extended {
                address["OS-EXT-IPS:type"] = json!("fixed");
                address["OS-EXT-IPS-MAC:mac_addr"] = json!(mac(port.mac));
            }
            let list = networks.entry(name).or_insert_with(|| json!([]));
            if let Value::Array(list) = list {
                list.push(address);
            }
        }
        Value::Object(networks)
    }

    fn fault(&self) -> Value {
        let Some(fault) = &self.server.fault else {
            return Value::Null;
        };
        let mut shown = json!({
            "code": 500, "created": dates::seconds(fault.created), "message": fault.message,
        });
        if self.admin {
            shown["details"] = json!(fault.kind);
        }
        shown
    }
}

/// The same for all servers of a project on a host, and tells neither; nothing while it is made.
pub(super) fn host_id(cloud: &Cloud, server: &Server) -> String {
    let building = server.vm_state == VmState::Building;
    let Some(host) = server.host.filter(|_| !building) else {
        return String::new();
    };
    let project = cloud.declared.projects.get(server.project.index());
    let mut hash = Sha224::new();
    hash.update(project.map_or(&[][..], |project| project.id.as_bytes()));
    hash.update(host.0.to_be_bytes());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A flavor inside a server: a reference, and from 2.47 what it was, without its id.
pub(super) fn flavor_of_server(flavor: &DeclaredFlavor, base: &Base, version: Version) -> Value {
    if version < Version(47) {
        let href = base.link(&format!("/compute/flavors/{}", flavor.id));
        return json!({ "id": flavor.id, "links": [{ "rel": "bookmark", "href": href }] });
    }
    json!({
        "original_name": flavor.name, "vcpus": flavor.size.vcpus, "ram": flavor.size.ram_mib,
        "disk": flavor.disk_gib, "ephemeral": flavor.ephemeral_gib, "swap": flavor.swap_mib,
        "extra_specs": flavor.extra_specs,
    })
}

/// A card's address as it is written.
pub(super) fn mac(mac: [u8; 6]) -> String {
    mac.map(|byte| format!("{byte:02x}")).join(":")
}

/// A name with all that no hostname has left out or replaced, as Nova does it.
fn fit_for_dns(name: &str) -> String {
    let letters = name.chars().filter_map(|letter| match letter {
        ' ' | '_' => Some('-'),
        letter if letter.is_ascii_alphanumeric() || letter == '-' || letter == '.' => {
            Some(letter.to_ascii_lowercase())
        }
        _ => None,
    });
    let name: String = letters.take(63).collect();
    name.trim_matches(['-', '.']).to_owned()
}
