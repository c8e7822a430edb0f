//! Quotas: what a project may hold, as quota sets show it (Compute API reference, "Quota sets")
//! and as limits do ("Limits"), from one table.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use guichet_cloud::Cloud;
use guichet_core::ids::ProjectId;
use guichet_core::limits;
use guichet_core::project::{Quota, Usage};
use guichet_http::path::Named;
use guichet_http::query::Params;
use serde_json::{Value, json};

use super::refused;
use super::versions::{Field, trim, until};
use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;

const SHOW: &str = "os_compute_api:os-quota-sets:show";
const CHANGE: &str = "os_compute_api:os-quota-sets:update";

/// Its routes.
pub fn routes() -> Router<Arc<Cloud>> {
    let change = |caller: Caller| refused::for_admins(caller, CHANGE, "Quotas");
    Router::new()
        .route("/compute/v2.1/os-quota-sets/{project}", get(show).put(change).delete(change))
        .route("/compute/v2.1/os-quota-sets/{project}/defaults", get(defaults))
        .route("/compute/v2.1/os-quota-sets/{project}/detail", get(detail))
}

/// What networks had in Compute's quotas is gone from 2.36 on, files put into servers from 2.57.
const FIELDS: &[Field] = &[
    until(36, "fixed_ips"),
    until(36, "floating_ips"),
    until(36, "security_groups"),
    until(36, "security_group_rules"),
    until(57, "injected_files"),
    until(57, "injected_file_content_bytes"),
    until(57, "injected_file_path_bytes"),
];

/// A limit as clients read it: -1 is none.
pub(super) fn shown(limit: Option<u64>) -> Value {
    limit.map_or(json!(-1), |limit| json!(limit))
}

/// What a project may hold of each resource. What cannot be made here may not be held; what is
/// the network's is not limited by Compute.
fn table(quota: &Quota) -> Value {
    json!({
        "instances": shown(quota.instances),
        "cores": shown(quota.cores),
        "ram": shown(quota.ram_mib),
        "metadata_items": limits::METADATA_MAX,
        "key_pairs": limits::KEY_PAIRS_MAX,
        "server_groups": limits::SERVER_GROUPS_MAX,
        "server_group_members": limits::SERVER_GROUP_MEMBERS_MAX,
        "fixed_ips": -1,
        "floating_ips": -1,
        "security_groups": -1,
        "security_group_rules": -1,
        "injected_files": limits::PERSONALITY_MAX,
        "injected_file_content_bytes": limits::PERSONALITY_BYTES_MAX,
        "injected_file_path_bytes": limits::PERSONALITY_PATH_MAX,
    })
}

/// The table with what is in use.
fn table_in_use(quota: &Quota, usage: &Usage, groups: usize) -> Value {
    let mut table = table(quota);
    if let Value::Object(rows) = &mut table {
        for (name, row) in rows {
            let in_use = match name.as_str() {
                "instances" => usage.instances,
                "cores" => usage.cores,
                "ram" => usage.ram_mib,
                "server_groups" => groups as u64,
                _ => 0,
            };
            *row = json!({ "limit": row, "in_use": in_use, "reserved": 0 });
        }
    }
    table
}

/// The project of this id.
pub(super) fn project(cloud: &Cloud, id: &str) -> Option<ProjectId> {
    cloud.accounts().directory().project_id(id)
}

/// Lets on whoever asks about its own project, and administrators.
pub(super) fn must_own(
    cloud: &Cloud,
    caller: &Caller,
    id: &str,
    rule: &str,
) -> Result<(), Problem> {
    let own = cloud.accounts().directory().owner(caller.who.project);
    if own.is_some_and(|own| *own.id == *id) { Ok(()) } else { caller.must_be_admin(rule) }
}

/// What a project uses and may use. Nova asks Identity whether there is such a project, and says
/// 400 if there is none.
pub(super) fn usage_of(cloud: &Cloud, id: &str) -> Result<(Usage, Quota), Problem> {
    let usage = project(cloud, id).and_then(|project| cloud.servers().usage(project));
    usage.ok_or_else(|| Problem::bad_request(format!("Project ID {id} is not a valid project.")))
}

/// How many server groups a project has.
pub(super) fn groups_of(cloud: &Cloud, id: &str) -> usize {
    project(cloud, id).map_or(0, |project| cloud.groups().count(project))
}

/// The quota set of a project that the caller may look at.
fn allowed(
    cloud: &Cloud,
    caller: &Caller,
    params: &Params,
    id: &str,
) -> Result<(Usage, Quota), Problem> {
    params.only(caller.version(), &["user_id"])?;
    must_own(cloud, caller, id, SHOW)?;
    usage_of(cloud, id)
}

fn answer(id: &str, mut table: Value, caller: &Caller) -> Json<Value> {
    trim(&mut table, FIELDS, caller.version());
    table["id"] = json!(id);
    Json(json!({ "quota_set": table }))
}

async fn show(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named(id): Named,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let (_, quota) = allowed(&cloud, &caller, &params, &id)?;
    Ok(answer(&id, table(&quota), &caller))
}

async fn detail(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named(id): Named,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let (usage, quota) = allowed(&cloud, &caller, &params, &id)?;
    let groups = groups_of(&cloud, &id);
    Ok(answer(&id, table_in_use(&quota, &usage, groups), &caller))
}

/// What a project has if nobody gives it anything else: what was declared for it. Anyone may ask.
async fn defaults(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named(id): Named,
) -> Result<Json<Value>, Problem> {
    let (_, quota) = usage_of(&cloud, &id)?;
    Ok(answer(&id, table(&quota), &caller))
}
