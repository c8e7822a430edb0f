//! Server groups: made, listed, shown, deleted (Compute API reference, "Server groups").

mod body;

use axum::Json;
use guichet_cloud::Cloud;
use guichet_cloud::groups::GroupError;
use guichet_core::group::{Policy, ServerGroup};
use guichet_core::ids::{ClientId, GroupId};
use guichet_core::refusal::Refusal;
use guichet_http::body as bodies;
use guichet_http::path::Named;
use guichet_http::query::Params;
use http::StatusCode;
use serde_json::{Value, json};

use super::prefix::PREFIX;
use super::versions::{Field, from, trim, until};
use crate::http::gate::{Caller, In};
use crate::http::paging::Paging;
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;
use crate::http::routes::Routes;

/// Its routes.
pub fn routes() -> Routes {
    Routes::under(PREFIX)
        .get("/os-server-groups", list)
        .post("/os-server-groups", create)
        .get("/os-server-groups/{id}", show)
        .delete("/os-server-groups/{id}", delete)
}

const FIELDS: &[Field] = &[
    from(13, "project_id"),
    from(13, "user_id"),
    until(64, "policies"),
    until(64, "metadata"),
    from(64, "policy"),
    from(64, "rules"),
];

/// Why a request is not carried out, in Nova's words; `rule` is the policy that it needs.
fn problem(error: GroupError, rule: &str, id: &str) -> Problem {
    match error {
        GroupError::Forbidden => Problem::policy(rule),
        GroupError::NotFound => missing(id),
        GroupError::RulesOfOther => {
            Problem::bad_request("Only anti-affinity policy supports rules.")
        }
        GroupError::Refused(Refusal::TooManyRows { .. }) => {
            Problem::new(StatusCode::FORBIDDEN, "Quota exceeded, too many server groups.")
        }
        GroupError::Refused(refusal) => refusal.into(),
    }
}

fn missing(id: &str) -> Problem {
    Problem::not_found(format!("Instance group {id} could not be found."))
}

/// The id that is written so, with its dashes.
fn parse(id: &str) -> Result<GroupId, Problem> {
    let parsed = (id.len() == 36).then(|| id.parse().ok().map(GroupId)).flatten();
    parsed.ok_or_else(|| missing(id))
}

fn shown(cloud: &Cloud, caller: &Caller, group: &ServerGroup) -> Value {
    let directory = cloud.accounts().directory();
    let members: Vec<String> =
        cloud.groups().members(group.id).iter().map(|id| id.0.to_string()).collect();
    let rules = match group.policy {
        Policy::AntiAffinity { max_per_host } if group.has_rules => {
            json!({ "max_server_per_host": max_per_host })
        }
        _ => json!({}),
    };
    let mut shown = json!({
        "id": group.id.0,
        "name": group.name,
        "policies": [group.policy.as_str()],
        "policy": group.policy.as_str(),
        "rules": rules,
        "metadata": {},
        "members": members,
        "project_id": directory.owner(group.project).map_or("", |project| &project.id),
        "user_id": directory.client(ClientId(group.user.0)).map_or("", |user| &user.id),
    });
    trim(&mut shown, FIELDS, caller.version());
    shown
}

/// `POST /os-server-groups`.
async fn create(
    In(cloud): In,
    caller: Caller,
    bodies::Json(sent): bodies::Json,
) -> Result<Json<Value>, Problem> {
    const RULE: &str = "os_compute_api:os-server-groups:create";
    caller.must_write(RULE)?;
    let new = body::read(&sent, caller.version())?;
    let most = cloud.quotas().most_groups(caller.who.project);
    let made = cloud.groups().create(&caller.who, &new, most).await;
    let group = made.map_err(|error| problem(error, RULE, ""))?;
    Ok(Json(json!({ "server_group": shown(&cloud, &caller, &group) })))
}

/// `GET /os-server-groups`.
async fn list(In(cloud): In, caller: Caller, params: Params) -> Result<Json<Value>, Problem> {
    const RULE: &str = "os_compute_api:os-server-groups:index:all_projects";
    params.only(caller.version(), &["all_projects", "limit", "offset"])?;
    let limit = Paging::of(&params)?.limit;
    let offset = params.number::<usize>("offset")?.unwrap_or(0);
    let listed = cloud.groups().list(&caller.who, params.has("all_projects"), offset, limit);
    let groups = listed.map_err(|error| problem(error, RULE, ""))?;
    let rows: Vec<Value> = groups.iter().map(|group| shown(&cloud, &caller, group)).collect();
    Ok(Json(json!({ "server_groups": rows })))
}

/// `GET /os-server-groups/{id}`.
async fn show(In(cloud): In, caller: Caller, Named(id): Named) -> Result<Json<Value>, Problem> {
    const RULE: &str = "os_compute_api:os-server-groups:show";
    let found = cloud.groups().find(&caller.who, parse(&id)?);
    let group = found.map_err(|error| problem(error, RULE, &id))?;
    Ok(Json(json!({ "server_group": shown(&cloud, &caller, &group) })))
}

/// `DELETE /os-server-groups/{id}`.
async fn delete(In(cloud): In, caller: Caller, Named(id): Named) -> Result<StatusCode, Problem> {
    const RULE: &str = "os_compute_api:os-server-groups:delete";
    caller.must_write(RULE)?;
    let deleted = cloud.groups().delete(&caller.who, parse(&id)?).await;
    deleted.map_err(|error| problem(error, RULE, &id))?;
    Ok(StatusCode::NO_CONTENT)
}
