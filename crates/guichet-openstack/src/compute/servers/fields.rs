//! What a server's answer has, version by version: one table, in the order of the answer, and
//! everything that is written is written by it. (REST API Version History; Compute API, "Show
//! Server Details".)

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::hosts::HostStatus;
use guichet_cloud::network::{SECURITY_GROUP, mac_text, ports_in_use};
use guichet_cloud::servers::{self, hostname};
use guichet_core::details::{Details, Port};
use guichet_core::hex::Hex;
use guichet_core::ids::ServerId;
use guichet_core::server::Server;
use guichet_core::state::{PowerState, Status, VmState};
use guichet_http::dates;
use guichet_http::links::Base;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Value, json};
use sha2::{Digest, Sha224};
use smallvec::SmallVec;
use uuid::Uuid;

use crate::compute::flavors::FlavorOfServer;
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
    /// The answer to a rebuild, which below 2.75 is that part and a little more.
    Rebuilt,
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
            "metadata"          (1) => details.map_or(&BTreeMap::new(), |details| &details.metadata);
            "hostId"            (1) => host_id(shown.cloud, server);
            "image"             (1) => shown.image();
            "flavor"            (1) => shown.flavor();
            "created"           (1) => dates::seconds(server.created);
            "updated"           (1) => dates::seconds(server.updated);
            "addresses"         (1) => shown.addresses();
            "accessIPv4"        (1) => Written(details.and_then(|details| details.access_ipv4));
            "accessIPv6"        (1) => Written(details.and_then(|details| details.access_ipv6));
            "links"             (1) => links(shown.base, server.id);
            "OS-DCF:diskConfig" (1) => if details.is_some_and(|d| d.disk_config_auto) { "AUTO" } else { "MANUAL" };
            "progress"          (1, shows_progress(server.status())) => 0;
            "fault"             (1, shown.shows_fault()) => shown.fault();
            "locked"            (9) => server.is_locked();
            "description"       (19) => details.and_then(|details| details.description.as_ref());
            "tags"              (26) => shown.tags();
            "trusted_image_certificates" (63) => ();
            "server_groups"     (71, shown.place != Place::Row) => shown.server_groups();
            "locked_reason"     (73) => shown.locked_reason();
        }
        if shown.is_part() {
            let rebuilt = shown.place == Place::Rebuilt;
            fields! { shown, map,
                "key_name"  (54, rebuilt) => details.and_then(|details| details.key_name.as_ref());
                "user_data" (57, rebuilt) => details.and_then(|details| details.user_data.as_ref());
            }
            return map.end();
        }
        let active = server.vm_state != VmState::Building;
        fields! { shown, map,
            "OS-EXT-AZ:availability_zone" (1) => if active { shown.zone() } else { Arc::from("") };
            "config_drive"      (1) => if details.is_some_and(|d| d.config_drive) { "True" } else { "" };
            "key_name"          (1) => details.and_then(|details| details.key_name.as_ref());
            "user_data"         (57, shown.place == Place::Rebuilt) => details.and_then(|details| details.user_data.as_ref());
            "OS-SRV-USG:launched_at"   (1) => server.launched.map(dates::bare);
            "OS-SRV-USG:terminated_at" (1) => server.is_deleted().then(|| dates::bare(server.updated));
            "security_groups"   (1, details.is_some_and(|d| !d.ports.is_empty() && !d.is_without_group)) => [Named { name: SECURITY_GROUP }];
            "OS-EXT-STS:task_state"  (1) => server.task_state;
            "OS-EXT-STS:vm_state"    (1) => server.vm_state;
            "OS-EXT-STS:power_state" (1) => power(server.power_state);
            "os-extended-volumes:volumes_attached" (1) => [(); 0];
            "OS-EXT-SRV-ATTR:host"   (1, shown.admin) => shown.host();
            "OS-EXT-SRV-ATTR:instance_name" (1, shown.admin) => format!("instance-{}", server.id.0.simple());
            "OS-EXT-SRV-ATTR:hypervisor_hostname" (1, shown.admin) => shown.host();
            "OS-EXT-SRV-ATTR:hostname" (3, shown.admin || shown.version >= Version(90)) => hostname(server);
            "OS-EXT-SRV-ATTR:kernel_id"  (3, shown.admin) => "";
            "OS-EXT-SRV-ATTR:ramdisk_id" (3, shown.admin) => "";
            "OS-EXT-SRV-ATTR:launch_index" (3, shown.admin) => 0;
            "OS-EXT-SRV-ATTR:reservation_id" (3, shown.admin) => reservation(server);
            "OS-EXT-SRV-ATTR:root_device_name" (3, shown.admin) => "/dev/vda";
            "OS-EXT-SRV-ATTR:user_data" (3, shown.admin && shown.place != Place::Rebuilt) => details.and_then(|details| details.user_data.as_ref());
            "host_status"       (16, shown.admin) => shown.host_status();
            "pinned_availability_zone" (96) => details.and_then(|details| details.availability_zone.as_ref());
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
}

/// A link, written without a copy of its address.
#[derive(Serialize)]
struct Link<'a, I: fmt::Display> {
    rel: &'static str,
    #[serde(serialize_with = "written")]
    href: Href<'a, I>,
}

struct Href<'a, I> {
    base: &'a Base,
    path: &'static str,
    id: I,
}

impl<I: fmt::Display> fmt::Display for Href<'_, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base.0)?;
        f.write_str(self.path)?;
        self.id.fmt(f)
    }
}

/// Whatever can be shown, as a text.
fn written<T: fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// The two links of a server: with its version in it, and without.
pub(super) fn links(base: &Base, server: ServerId) -> impl Serialize {
    let link = |rel, path| Link { rel, href: Href { base, path, id: server.0 } };
    [link("self", "/compute/v2.1/servers/"), link("bookmark", "/compute/servers/")]
}

/// The id of the reservation that a server was made under: the same for all of one create.
pub(super) fn reservation(server: &Server) -> String {
    reservation_text(servers::reservation(server))
}

/// A reservation's number as its id is written.
pub(super) fn reservation_text(number: u32) -> String {
    format!("r-{number:08x}")
}

/// Whether Nova says how far it is (`nova.api.openstack.compute.views.servers`).
const fn shows_progress(status: Status) -> bool {
    matches!(
        status,
        Status::Active
            | Status::Build
            | Status::Rebuild
            | Status::Resize
            | Status::VerifyResize
            | Status::Migrating
    )
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

    fn tenant_id(&self) -> Arc<str> {
        let directory = self.cloud.accounts().directory();
        directory
            .owner(self.server.project)
            .map(|project| Arc::clone(&project.id))
            .unwrap_or_default()
    }

    fn user_id(&self) -> Arc<str> {
        let directory = self.cloud.accounts().directory();
        directory
            .client(self.server.created_by)
            .map(|user| Arc::clone(&user.id))
            .unwrap_or_default()
    }

    fn tags(&self) -> impl Serialize {
        self.details().map(|details| &details.tags).into_iter().flatten().collect::<Vec<_>>()
    }

    fn locked_reason(&self) -> Option<&str> {
        self.details()?.lock.as_ref()?.reason.as_deref()
    }

    /// The group it was made in, if that is still there.
    fn server_groups(&self) -> impl Serialize {
        let group = self.server.group().filter(|group| self.cloud.groups().has(*group));
        group.map(|group| group.0).into_iter().collect::<Vec<Uuid>>()
    }

    fn host(&self) -> Option<&str> {
        let host = self.cloud.catalogue().host(self.server.host?)?;
        Some(&host.name)
    }

    /// What becomes of its host; nothing of a server that has none.
    fn host_status(&self) -> &'static str {
        let host = self.server.host.and_then(|host| self.cloud.catalogue().host(host));
        match host.map(|host| self.cloud.hosts().status(host)) {
            None => "",
            Some(HostStatus::Up) => "UP",
            Some(HostStatus::Maintenance) => "MAINTENANCE",
            Some(HostStatus::Down) => "DOWN",
            Some(HostStatus::Unknown) => "UNKNOWN",
        }
    }

    /// The image it was made from.
    fn image(&self) -> Option<Made<'_>> {
        let image = self.cloud.catalogue().image(self.server.image)?;
        let href = Href { base: self.base, path: "/compute/images/", id: image.id };
        Some(Made { id: image.id, links: [Link { rel: "bookmark", href }] })
    }

    fn flavor(&self) -> Option<FlavorOfServer<'_>> {
        let flavor = self.cloud.catalogue().flavor(self.server.flavor)?;
        Some(FlavorOfServer { flavor, base: self.base, version: self.version })
    }

    fn addresses(&self) -> Addresses<'_> {
        Addresses { cloud: self.cloud, ports: ports_in_use(self.server), extended: !self.is_part() }
    }

    /// The zone of its host; the declared one of a server without a host.
    fn zone(&self) -> Arc<str> {
        let catalogue = self.cloud.catalogue();
        let host = self.server.host.and_then(|host| catalogue.host(host));
        host.map_or_else(|| Arc::clone(catalogue.zone()), |host| catalogue.zone_of(host))
    }

    /// Whether the answer is a part only (REST API Version History, 2.75).
    fn is_part(&self) -> bool {
        matches!(self.place, Place::Updated | Place::Rebuilt) && self.version < Version(75)
    }

    /// Whether it is in ERROR, or was deleted, and is known to have failed: an administrator may
    /// have said so of one that had not.
    fn shows_fault(&self) -> bool {
        let is_over = self.server.status() == Status::Error || self.server.is_deleted();
        is_over && self.server.fault.is_some()
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

#[derive(Serialize)]
struct Made<'a> {
    id: Uuid,
    links: [Link<'a, Uuid>; 1],
}

/// A text of what there is, or an empty one.
pub(super) struct Written<T>(Option<T>);

impl<T: fmt::Display> Serialize for Written<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_str(""),
        }
    }
}

/// Addresses by the names of their networks; none while the server is made.
pub(super) struct Addresses<'a> {
    pub(super) cloud: &'a Cloud,
    pub(super) ports: &'a [Port],
    /// Whether their kind and their card are told too.
    pub(super) extended: bool,
}

impl Addresses<'_> {
    /// Networks that a port is in, each once.
    fn networks(&self) -> impl Iterator<Item = u32> {
        let first = |place: usize| {
            let network = self.ports[place].network;
            !self.ports[..place].iter().any(|port| port.network == network)
        };
        let places = (0..self.ports.len()).filter(move |place| first(*place));
        places.map(|place| self.ports[place].network)
    }
}

impl Serialize for Addresses<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for number in self.networks() {
            let network = self.cloud.catalogue().network(number);
            let ports = self.ports.iter().filter(|port| port.network == number);
            let rows: SmallVec<[Address; 1]> = ports
                .map(|port| Address {
                    version: if port.address.is_ipv4() { 4 } else { 6 },
                    addr: port.address,
                    kind: self.extended.then_some("fixed"),
                    mac: self.extended.then(|| mac_text(port.mac)),
                })
                .collect();
            map.serialize_entry(network.map_or("", |network| &network.name), &*rows)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Address {
    version: u8,
    addr: IpAddr,
    #[serde(rename = "OS-EXT-IPS:type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(rename = "OS-EXT-IPS-MAC:mac_addr", skip_serializing_if = "Option::is_none")]
    mac: Option<String>,
}

/// The same for all servers of a project on a host, and tells neither; nothing while it is made.
pub(super) fn host_id(cloud: &Cloud, server: &Server) -> Written<HostMark> {
    let building = server.vm_state == VmState::Building;
    let host = server.host.filter(|_| !building);
    let directory = cloud.accounts().directory();
    let project = directory.owner(server.project);
    Written(host.map(|host| {
        let mut hash = Sha224::new();
        hash.update(project.map_or(&[][..], |project| project.id.as_bytes()));
        hash.update(host.0.to_be_bytes());
        HostMark(hash.finalize().into())
    }))
}

/// A digest in hexadecimal.
pub(super) struct HostMark([u8; 28]);

impl fmt::Display for HostMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hex(&self.0).fmt(f)
    }
}
