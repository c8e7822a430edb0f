//! Limits: a project's quota and usage in one answer (Compute API reference, "Limits").

use axum::Json;
use guichet_http::query::Params;
use serde_json::{Value, json};

use super::prefix::PREFIX;
use super::quotas::{groups_of, usage_and_table};
use super::versions::{Field, trim, until};
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;
use crate::http::routes::Routes;

/// Its routes.
pub fn routes() -> Routes {
    Routes::under(PREFIX).get("/limits", show)
}

const FIELDS: &[Field] = &[
    until(36, "maxTotalFloatingIps"),
    until(36, "maxSecurityGroups"),
    until(36, "maxSecurityGroupRules"),
    until(36, "totalFloatingIpsUsed"),
    until(36, "totalSecurityGroupsUsed"),
    until(39, "maxImageMeta"),
    until(57, "maxPersonality"),
    until(57, "maxPersonalitySize"),
];

/// `?reserved=` comes from clients that sum up themselves; nothing is ever reserved here. Only
/// administrators name a project, even their own.
async fn show(In(cloud): In, caller: Caller, params: Params) -> Result<Json<Value>, Problem> {
    params.only(caller.version(), &["tenant_id", "reserved"])?;
    let directory = cloud.accounts().directory();
    let own = directory.owner(caller.who.project).map_or("", |own| &own.id);
    let id = match params.get("tenant_id") {
        Some(id) => {
            caller.must_be_admin("os_compute_api:limits:other_project")?;
            id
        }
        None => own,
    };
    let (usage, table) = usage_and_table(&cloud, id)?;
    let mut absolute = json!({
        "maxTotalInstances": table["instances"],
        "maxTotalCores": table["cores"],
        "maxTotalRAMSize": table["ram"],
        "maxTotalKeypairs": table["key_pairs"],
        "maxServerMeta": table["metadata_items"],
        "maxImageMeta": table["metadata_items"],
        "maxServerGroups": table["server_groups"],
        "maxServerGroupMembers": table["server_group_members"],
        "maxPersonality": table["injected_files"],
        "maxPersonalitySize": table["injected_file_content_bytes"],
        "maxTotalFloatingIps": table["floating_ips"],
        "maxSecurityGroups": table["security_groups"],
        "maxSecurityGroupRules": table["security_group_rules"],
        "totalInstancesUsed": usage.instances,
        "totalCoresUsed": usage.cores,
        "totalRAMUsed": usage.ram_mib,
        "totalServerGroupsUsed": groups_of(&cloud, id),
        "totalFloatingIpsUsed": 0,
        "totalSecurityGroupsUsed": 0,
    });
    trim(&mut absolute, FIELDS, caller.version());
    Ok(Json(json!({ "limits": { "rate": [], "absolute": absolute } })))
}
