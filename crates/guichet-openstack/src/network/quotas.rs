//! Quotas of Network (Networking API reference, "Quotas"): nothing is limited here, since nothing
//! but a server's ports can be made, and Compute limits those.

use axum::Json;
use guichet_cloud::Cloud;
use guichet_cloud::servers::NotVisible;
use guichet_core::ids::ProjectId;
use guichet_http::path::Named;
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;

const RESOURCES: &[&str] = &[
    "floatingip",
    "network",
    "port",
    "rbac_policy",
    "router",
    "security_group",
    "security_group_rule",
    "subnet",
    "subnetpool",
];

/// The project of this id, which is the caller's own or one that an administrator asks for.
fn project(cloud: &Cloud, caller: &Caller, id: &str) -> Result<ProjectId, Problem> {
    match cloud.accounts().directory().project_id(id) {
        Some(project) if project == caller.who.project => Ok(project),
        project => {
            caller.must_be_admin("get_quota")?;
            project.ok_or_else(|| Problem::not_found(format!("Project {id} could not be found.")))
        }
    }
}

/// No project's quota differs from the default.
pub(super) async fn all(caller: Caller) -> Result<Json<Value>, Problem> {
    caller.must_be_admin("get_quota")?;
    Ok(Json(json!({ "quotas": [] })))
}

/// `DELETE`: nothing differs from the default, so there is nothing to take away.
pub(super) async fn reset(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<StatusCode, Problem> {
    caller.must_be_admin("delete_quota")?;
    project(&cloud, &caller, &id)?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /v2.0/quotas/{project}`, and `…/default`, which is the same.
pub(super) async fn show(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Json<Value>, Problem> {
    project(&cloud, &caller, &id)?;
    let rows = RESOURCES.iter().map(|name| ((*name).to_owned(), json!(-1)));
    Ok(Json(json!({ "quota": rows.collect::<Map<_, _>>() })))
}

/// `GET /v2.0/quotas/{project}/details`: with what is used.
pub(super) async fn details(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Json<Value>, Problem> {
    let project = project(&cloud, &caller, &id)?;
    let ports = cloud.servers().ports_of(&caller.who, project);
    let ports = ports.map_err(|NotVisible| Problem::policy("get_port"))?;
    let rows = RESOURCES.iter().map(|name| {
        let used = match *name {
            "port" => ports,
            "security_group" => 1,
            _ => 0,
        };
        ((*name).to_owned(), json!({ "limit": -1, "used": used, "reserved": 0 }))
    });
    Ok(Json(json!({ "quota": rows.collect::<Map<_, _>>() })))
}
