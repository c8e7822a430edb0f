//! A list of servers as plain typed rows: what a program would hold that has nothing to look up
//! and nothing to put into words, and only encodes. The yardstick of the list.

use std::collections::BTreeMap;

use anyhow::ensure;
use serde::{Deserialize, Serialize};

/// The answer to `GET /servers/detail` at microversion 2.96.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Rows {
    servers: Vec<Row>,
    servers_links: Vec<Link>,
}

impl Rows {
    /// The rows of an answer, which they must be all of: what was left out would cost nothing.
    pub(super) fn of(answer: &[u8]) -> anyhow::Result<Self> {
        let rows: Self = serde_json::from_slice(answer)?;
        let whole: serde_json::Value = serde_json::from_slice(answer)?;
        ensure!(serde_json::to_value(&rows)? == whole, "the rows are not the whole answer");
        Ok(rows)
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Link {
    rel: String,
    href: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Image {
    id: String,
    links: Vec<Link>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Flavor {
    original_name: String,
    vcpus: u32,
    ram: u64,
    disk: u64,
    swap: u64,
    ephemeral: u64,
    extra_specs: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Address {
    version: u8,
    addr: String,
    #[serde(rename = "OS-EXT-IPS:type")]
    kind: String,
    #[serde(rename = "OS-EXT-IPS-MAC:mac_addr")]
    mac: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Row {
    id: String,
    name: String,
    status: String,
    tenant_id: String,
    user_id: String,
    metadata: BTreeMap<String, String>,
    #[serde(rename = "hostId")]
    host_id: String,
    image: Image,
    flavor: Flavor,
    created: String,
    updated: String,
    addresses: BTreeMap<String, Vec<Address>>,
    #[serde(rename = "accessIPv4")]
    access_ipv4: String,
    #[serde(rename = "accessIPv6")]
    access_ipv6: String,
    links: Vec<Link>,
    #[serde(rename = "OS-DCF:diskConfig")]
    disk_config: String,
    progress: u8,
    locked: bool,
    description: Option<String>,
    tags: Vec<String>,
    trusted_image_certificates: Option<Vec<String>>,
    locked_reason: Option<String>,
    #[serde(rename = "OS-EXT-AZ:availability_zone")]
    zone: String,
    config_drive: String,
    key_name: Option<String>,
    #[serde(rename = "OS-SRV-USG:launched_at")]
    launched_at: Option<String>,
    #[serde(rename = "OS-SRV-USG:terminated_at")]
    terminated_at: Option<String>,
    #[serde(rename = "OS-EXT-STS:task_state")]
    task_state: Option<String>,
    #[serde(rename = "OS-EXT-STS:vm_state")]
    vm_state: String,
    #[serde(rename = "OS-EXT-STS:power_state")]
    power_state: u8,
    #[serde(rename = "os-extended-volumes:volumes_attached")]
    volumes: Vec<String>,
    #[serde(rename = "OS-EXT-SRV-ATTR:hostname")]
    hostname: String,
    pinned_availability_zone: Option<String>,
}
