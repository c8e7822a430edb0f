//! A flavor as it is shown: in full, in brief, and as a server's.

use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::catalogue::Flavor;
use guichet_http::links::Base;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Value, json};

use super::super::links;
use super::super::versions::{Field, from, trim};
use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::version::Version;

/// What a flavor shows from when on.
const FIELDS: &[Field] = &[from(55, "description"), from(61, "extra_specs")];
/// Before, a flavor without swap says `""`.
const SWAP_IS_A_NUMBER: Version = Version(75);
/// Before, a server refers to its flavor.
const EMBEDDED: Version = Version(47);

/// The flavor of this id, if the caller sees it. A name is no id.
///
/// # Errors
/// 404 in Nova's words.
pub(super) fn found(cloud: &Cloud, caller: &Caller, id: &str) -> Result<Arc<Flavor>, Problem> {
    let viewer = (&caller.who).into();
    let found = cloud.catalogue().find_flavor(id, viewer).map(|(_, flavor)| flavor);
    found.ok_or_else(|| Problem::not_found(format!("Flavor {id} could not be found.")))
}

/// All of a flavor that this version shows.
pub(super) fn full(flavor: &Flavor, base: &Base, version: Version) -> Value {
    let swap = match flavor.swap_mib {
        0 if version < SWAP_IS_A_NUMBER => json!(""),
        mib => json!(mib),
    };
    let mut shown = json!({
        "id": flavor.id,
        "name": flavor.name,
        "ram": flavor.size.ram_mib,
        "vcpus": flavor.size.vcpus,
        "disk": flavor.disk_gib,
        "swap": swap,
        "OS-FLV-EXT-DATA:ephemeral": flavor.ephemeral_gib,
        "OS-FLV-DISABLED:disabled": false,
        "os-flavor-access:is_public": flavor.is_public,
        "rxtx_factor": flavor.rxtx_factor,
        "links": links::both(base, "flavors", &flavor.id),
        "description": flavor.description,
        "extra_specs": flavor.extra_specs,
    });
    trim(&mut shown, FIELDS, version);
    shown
}

/// A flavor in the brief list.
pub(super) fn brief(flavor: &Flavor, base: &Base, version: Version) -> Value {
    let mut shown = json!({
        "id": flavor.id,
        "name": flavor.name,
        "links": links::both(base, "flavors", &flavor.id),
        "description": flavor.description,
    });
    trim(&mut shown, FIELDS, version);
    shown
}

/// A flavor as a server shows it at a version.
#[derive(Debug, Clone, Copy)]
pub struct FlavorOfServer<'a> {
    /// The flavor.
    pub flavor: &'a Flavor,
    /// What links begin with.
    pub base: &'a Base,
    /// The version.
    pub version: Version,
}

impl Serialize for FlavorOfServer<'_> {
    /// Below 2.47 where it is; from then on what it is, and no id, since it may be gone.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let flavor = self.flavor;
        let mut map = serializer.serialize_map(None)?;
        if self.version < EMBEDDED {
            let href = links::bookmark(self.base, "flavors", &flavor.id);
            map.serialize_entry("id", &flavor.id)?;
            map.serialize_entry("links", &[Link { rel: "bookmark", href }])?;
            return map.end();
        }
        map.serialize_entry("original_name", &flavor.name)?;
        map.serialize_entry("vcpus", &flavor.size.vcpus)?;
        map.serialize_entry("ram", &flavor.size.ram_mib)?;
        map.serialize_entry("disk", &flavor.disk_gib)?;
        map.serialize_entry("swap", &flavor.swap_mib)?;
        map.serialize_entry("ephemeral", &flavor.ephemeral_gib)?;
        map.serialize_entry("extra_specs", &flavor.extra_specs)?;
        map.end()
    }
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it is to the thing that has it.
    pub rel: &'static str,
    /// Where it leads.
    pub href: String,
}
