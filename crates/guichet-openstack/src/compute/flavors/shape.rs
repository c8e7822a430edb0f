//! A flavor as it is shown: in full, in brief, and as a server's.

use std::collections::BTreeMap;

use guichet_cloud::Cloud;
use guichet_cloud::catalogue::Flavor;
use guichet_http::links::Base;
use serde::Serialize;
use serde_json::{Value, json};

use super::super::links;
use super::super::versions::{Field, from, trim};
use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::version::Version;

/// What is declared, as refusals to change it call it.
pub(super) const WHAT: &str = "Flavors";
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
pub(super) fn found<'a>(
    cloud: &'a Cloud,
    caller: &Caller,
    id: &str,
) -> Result<&'a Flavor, Problem> {
    let found = cloud.catalogue().find_flavor(id, caller.is_admin()).map(|(_, flavor)| flavor);
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
        "rxtx_factor": 1.0,
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

/// A flavor as a server shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum FlavorOfServer<'a> {
    /// Below 2.47: where it is.
    Reference {
        /// Its id.
        id: &'a str,
        /// Its bookmark.
        links: [Link; 1],
    },
    /// From 2.47 on: what it is, and no id, since it may be gone.
    Embedded {
        /// Its name.
        original_name: &'a str,
        /// Virtual processors.
        vcpus: u32,
        /// MiB.
        ram: u32,
        /// GiB.
        disk: u32,
        /// MiB.
        swap: u32,
        /// GiB.
        ephemeral: u32,
        /// Names and values.
        extra_specs: &'a BTreeMap<String, String>,
    },
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it is to the thing that has it.
    pub rel: &'static str,
    /// Where it leads.
    pub href: String,
}

/// A flavor as a server shows it at this version.
pub fn flavor_for_server<'a>(
    flavor: &'a Flavor,
    base: &Base,
    version: Version,
) -> FlavorOfServer<'a> {
    if version < EMBEDDED {
        let href = links::bookmark(base, "flavors", &flavor.id);
        return FlavorOfServer::Reference {
            id: &flavor.id,
            links: [Link { rel: "bookmark", href }],
        };
    }
    FlavorOfServer::Embedded {
        original_name: &flavor.name,
        vcpus: flavor.size.vcpus,
        ram: flavor.size.ram_mib,
        disk: flavor.disk_gib,
        swap: flavor.swap_mib,
        ephemeral: flavor.ephemeral_gib,
        extra_specs: &flavor.extra_specs,
    }
}
