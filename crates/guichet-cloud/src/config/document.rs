//! A configuration as its file spells it: `guichet.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;

use super::number::{Most, Whole};
use crate::accounts::Role;

pub(super) type Text = Spanned<String>;
pub(super) type Number = Spanned<Whole>;

/// The whole file. What it leaves out, the embedded one says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    /// How the service runs, of which a cloud knows nothing: whoever serves it reads that table.
    #[serde(rename = "service")]
    pub(super) _service: Option<IgnoredAny>,
    pub(super) region: Option<Text>,
    pub(super) zone: Option<Text>,
    pub(super) driver: Option<Text>,
    pub(super) profile: Option<Text>,
    pub(super) workers: Option<Number>,
    pub(super) queue: Option<Number>,
    pub(super) servers_max: Option<Number>,
    pub(super) quota: Option<QuotaTable>,
    pub(super) limits: Option<LimitsTable>,
    pub(super) times: Option<TimesTable>,
    pub(super) hosts: Option<Spanned<HostsTable>>,
    #[serde(rename = "host")]
    pub(super) each_host: Option<Vec<HostTable>>,
    #[serde(rename = "project")]
    pub(super) projects: Option<Vec<ProjectTable>>,
    #[serde(rename = "user")]
    pub(super) users: Option<Vec<UserTable>>,
    #[serde(rename = "flavor")]
    pub(super) flavors: Option<Vec<FlavorTable>>,
    #[serde(rename = "image")]
    pub(super) images: Option<Vec<ImageTable>>,
    #[serde(rename = "network")]
    pub(super) networks: Option<Vec<NetworkTable>>,
    pub(super) cells: Option<Vec<CellTable>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `name`, `projects` and `hosts`")]
pub(super) struct CellTable {
    pub(super) name: Text,
    #[serde(default)]
    pub(super) projects: Vec<Text>,
    #[serde(default)]
    pub(super) hosts: Vec<Text>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table with `instances`, `cores`, `ram_mib` or some of them"
)]
pub(super) struct QuotaTable {
    pub(super) instances: Option<Most<0>>,
    pub(super) cores: Option<Most<0>>,
    pub(super) ram_mib: Option<Most<0>>,
}

#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table with `compute_per_s`, `identity_per_min` or both"
)]
pub(super) struct LimitsTable {
    pub(super) compute_per_s: Option<Most<1>>,
    pub(super) identity_per_min: Option<Most<1>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table with `verify_resize_s`, `shelved_s`, `soft_deleted_s` or some of them"
)]
pub(super) struct TimesTable {
    pub(super) verify_resize_s: Option<Most<0>>,
    pub(super) shelved_s: Option<Most<0>>,
    pub(super) soft_deleted_s: Option<Most<0>>,
}

#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table with `count`, `vcpus`, `ram_mib` or some of them"
)]
pub(super) struct HostsTable {
    pub(super) count: Option<Number>,
    pub(super) vcpus: Option<Number>,
    pub(super) ram_mib: Option<Number>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `name`, `vcpus` and `ram_mib`")]
pub(super) struct HostTable {
    pub(super) name: Text,
    pub(super) vcpus: Number,
    pub(super) ram_mib: Number,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `name`")]
pub(super) struct ProjectTable {
    pub(super) name: Text,
    pub(super) description: Option<Text>,
    pub(super) quota: Option<QuotaTable>,
    pub(super) weight: Option<Number>,
}

/// Has no `Debug`: a password may be in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `name` and `roles`")]
pub(super) struct UserTable {
    pub(super) name: Text,
    pub(super) password: Option<Text>,
    pub(super) default_project: Option<Text>,
    #[serde(default)]
    pub(super) roles: Vec<GrantTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `project` and `role`")]
pub(super) struct GrantTable {
    pub(super) project: Text,
    pub(super) role: Role,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `name`, `vcpus`, `ram_mib` and `disk_gib`")]
pub(super) struct FlavorTable {
    pub(super) name: Text,
    pub(super) id: Option<Text>,
    pub(super) vcpus: Number,
    pub(super) ram_mib: Number,
    pub(super) disk_gib: Number,
    pub(super) ephemeral_gib: Option<Number>,
    pub(super) swap_mib: Option<Number>,
    pub(super) public: Option<bool>,
    pub(super) description: Option<Text>,
    #[serde(default)]
    pub(super) extra_specs: BTreeMap<Text, Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `name`")]
pub(super) struct ImageTable {
    pub(super) name: Text,
    pub(super) id: Option<Text>,
    pub(super) min_disk_gib: Option<Number>,
    pub(super) min_ram_mib: Option<Number>,
    pub(super) size: Option<Number>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `name` and `cidr`")]
pub(super) struct NetworkTable {
    pub(super) name: Text,
    pub(super) id: Option<Text>,
    pub(super) cidr: Text,
}
