//! What a server's answer has, version by version: one table, in the order of the answer, and
//! everything that is written is written by it. (REST API Version History; Compute API, "Show
//! Server Details".)

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use guichet_cloud::Cloud;
use guichet_cloud::hosts::HostStatus;
use guichet_cloud::network::{SECURITY_GROUP, mac_text, ports_in_use};
use guichet_cloud::servers::{self, hostname};
use guichet_core::details::{Details, Port};
use guichet_core::server::Server;
use guichet_core::state::{PowerState, Status};
use guichet_http::dates;
use guichet_http::json::{Object, name};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Value, json};
use smallvec::SmallVec;
use uuid::Uuid;

use super::related::Related;
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

/// Writes the fields of a table: `"name" (from which version, under which condition) => value`, or
/// `: what writes it`.
macro_rules! fields {
    ($version:ident, $object:ident, $(
        $name:literal ($from:literal $(, $when:expr)?) $(: $put:expr)? $(=> $value:expr)?;
    )*) => {
        $( if $version >= Version($from) $(&& $when)? {
            $( $object.written(name!($name), $put)?; )?
            $( $object.field(name!($name), &$value)?; )?
        } )*
    };
}

/// Writes the fields of a server as a client is shown it.
pub(super) fn put(
    object: &mut Object<'_>,
    related: &mut Related<'_>,
    server: &Server,
    place: Place,
) -> serde_json::Result<()> {
    let details = server.details.as_deref();
    let (version, admin) = (related.caller.version(), related.caller.is_admin());
    // REST API Version History, 2.75.
    let is_part = matches!(place, Place::Updated | Place::Rebuilt) && version < Version(75);
    // The part that PUT answers below 2.75.
    fields! { version, object,
        "id"                (1) => server.id.0;
        "name"              (1) => server.name;
        "status"            (1) => server.status();
        "tenant_id"         (1) => related.project(server).map_or("", |project| &*project.id);
        "user_id"           (1) => related.user(server).map_or("", |user| &*user.id);
        "metadata"          (1) => details.map_or(&BTreeMap::new(), |details| &details.metadata);
        "hostId"            (1): |out| related.put_host_id(out, server);
        "image"             (1): |out| related.put_image(out, server);
        "flavor"            (1): |out| related.put_flavor(out, server);
        "created"           (1) => dates::seconds(server.created);
        "updated"           (1) => dates::seconds(server.updated);
        "addresses"         (1) => Addresses { cloud: related.cloud, ports: ports_in_use(server), extended: !is_part };
        "accessIPv4"        (1) => Written(details.and_then(|details| details.access_ipv4));
        "accessIPv6"        (1) => Written(details.and_then(|details| details.access_ipv6));
        "links"             (1): |out| related.put_links(out, server);
        "OS-DCF:diskConfig" (1) => if details.is_some_and(|d| d.disk_config_auto) { "AUTO" } else { "MANUAL" };
        "progress"          (1, shows_progress(server.status())) => 0;
        "fault"             (1, shows_fault(server)) => fault(server, admin);
        "locked"            (9) => server.is_locked();
        "description"       (19) => details.and_then(|details| details.description.as_ref());
        "tags"              (26) => tags(details);
        "trusted_image_certificates" (63) => ();
        "server_groups"     (71, place != Place::Row) => server_groups(related.cloud, server);
        "locked_reason"     (73) => locked_reason(details);
    }
    if is_part {
        let rebuilt = place == Place::Rebuilt;
        fields! { version, object,
            "key_name"  (54, rebuilt) => details.and_then(|details| details.key_name.as_ref());
            "user_data" (57, rebuilt) => details.and_then(|details| details.user_data.as_ref());
        }
        return Ok(());
    }
    fields! { version, object,
        "OS-EXT-AZ:availability_zone" (1): |out| related.put_zone(out, server);
        "config_drive"      (1) => if details.is_some_and(|d| d.config_drive) { "True" } else { "" };
        "key_name"          (1) => details.and_then(|details| details.key_name.as_ref());
        "user_data"         (57, place == Place::Rebuilt) => details.and_then(|details| details.user_data.as_ref());
        "OS-SRV-USG:launched_at"   (1) => server.launched.map(dates::bare);
        "OS-SRV-USG:terminated_at" (1) => server.is_deleted().then(|| dates::bare(server.updated));
        "security_groups"   (1, details.is_some_and(|d| !d.ports.is_empty() && !d.is_without_group)) => [Named { name: SECURITY_GROUP }];
        "OS-EXT-STS:task_state"  (1) => server.task_state;
        "OS-EXT-STS:vm_state"    (1) => server.vm_state;
        "OS-EXT-STS:power_state" (1) => power(server.power_state);
        "os-extended-volumes:volumes_attached" (1) => [(); 0];
        "OS-EXT-SRV-ATTR:host"   (1, admin) => related.host(server).map(|host| &*host.name);
        "OS-EXT-SRV-ATTR:instance_name" (1, admin) => format!("instance-{}", server.id.0.simple());
        "OS-EXT-SRV-ATTR:hypervisor_hostname" (1, admin) => related.host(server).map(|host| &*host.name);
        "OS-EXT-SRV-ATTR:hostname" (3, admin || version >= Version(90)) => hostname(server);
        "OS-EXT-SRV-ATTR:kernel_id"  (3, admin) => "";
        "OS-EXT-SRV-ATTR:ramdisk_id" (3, admin) => "";
        "OS-EXT-SRV-ATTR:launch_index" (3, admin) => 0;
        "OS-EXT-SRV-ATTR:reservation_id" (3, admin) => reservation(server);
        "OS-EXT-SRV-ATTR:root_device_name" (3, admin) => "/dev/vda";
        "OS-EXT-SRV-ATTR:user_data" (3, admin && place != Place::Rebuilt) => details.and_then(|details| details.user_data.as_ref());
        "host_status"       (16, admin) => host_status(related, server);
        "pinned_availability_zone" (96) => details.and_then(|details| details.availability_zone.as_ref());
    }
    Ok(())
}

/// Something by its name.
#[derive(Serialize)]
pub(super) struct Named<'a> {
    pub(super) name: &'a str,
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

fn tags(details: Option<&Details>) -> impl Serialize {
    details.map(|details| &details.tags).into_iter().flatten().collect::<Vec<_>>()
}

fn locked_reason(details: Option<&Details>) -> Option<&str> {
    details?.lock.as_ref()?.reason.as_deref()
}

/// The group it was made in, if that is still there.
fn server_groups(cloud: &Cloud, server: &Server) -> impl Serialize {
    let group = server.group().filter(|group| cloud.groups().has(*group));
    group.map(|group| group.0).into_iter().collect::<Vec<Uuid>>()
}

/// What becomes of its host; nothing of a server that has none.
fn host_status(related: &Related<'_>, server: &Server) -> &'static str {
    match related.host(server).map(|host| related.cloud.hosts().status(host)) {
        None => "",
        Some(HostStatus::Up) => "UP",
        Some(HostStatus::Maintenance) => "MAINTENANCE",
        Some(HostStatus::Down) => "DOWN",
        Some(HostStatus::Unknown) => "UNKNOWN",
    }
}

/// Whether it is in ERROR, or was deleted, and is known to have failed: an administrator may
/// have said so of one that had not.
fn shows_fault(server: &Server) -> bool {
    let is_over = server.status() == Status::Error || server.is_deleted();
    is_over && server.fault.is_some()
}

fn fault(server: &Server, admin: bool) -> Value {
    let Some(fault) = &server.fault else {
        return Value::Null;
    };
    let mut shown = json!({
        "code": 500, "created": dates::seconds(fault.created), "message": fault.message,
    });
    if admin {
        shown["details"] = json!(fault.kind);
    }
    shown
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
