//! Quotas: what a project may hold, as quota sets show it (Compute API reference, "Quota sets")
//! and as limits do ("Limits"), from one table.

use axum::Json;
use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_cloud::quotas::{Limit, OtherLimits, QuotaError, QuotaLimits};
use guichet_core::ids::ProjectId;
use guichet_core::limits;
use guichet_core::project::{Quota, Usage};
use guichet_http::answer::empty;
use guichet_http::body;
use guichet_http::path::Named;
use guichet_http::query::Params;
use http::StatusCode;
use serde_json::{Value, json};

use super::prefix::PREFIX;
use super::versions::{Field, from, trim, until};
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;
use crate::http::read::{Object, whole};
use crate::http::routes::Routes;

const SHOW: &str = "os_compute_api:os-quota-sets:show";
const CHANGE: &str = "os_compute_api:os-quota-sets:update";

/// Its routes.
pub fn routes() -> Routes {
    Routes::under(PREFIX)
        .get("/os-quota-sets/{project}", show)
        .put("/os-quota-sets/{project}", update)
        .delete("/os-quota-sets/{project}", reset)
        .get("/os-quota-sets/{project}/defaults", defaults)
        .get("/os-quota-sets/{project}/detail", detail)
        .get("/os-quota-class-sets/{class}", show_class)
        .put("/os-quota-class-sets/{class}", update_class)
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
fn shown(limit: Option<u64>) -> Value {
    limit.map_or(json!(-1), |limit| json!(limit))
}

/// What a project may hold of each resource: of servers, processors and memory the quota; of the
/// others what is written, or else what this program has. What is the network's is not limited by
/// Compute.
fn table(quota: &Quota, written: &OtherLimits) -> Value {
    let mut table = json!({
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
    });
    for (resource, limit) in written {
        table[resource.as_str()] = shown(limit.most());
    }
    table
}

/// What a project uses, and what it may hold of each resource, of one moment.
pub(super) fn usage_and_table(cloud: &Cloud, id: &str) -> Result<(Usage, Value), Problem> {
    let (usage, quota) = usage_of(cloud, id)?;
    Ok((usage, table(&quota, &cloud.quotas().others_of(id))))
}

/// The table with what is in use.
fn in_use(mut table: Value, usage: &Usage, groups: usize) -> Value {
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
    let directory = cloud.accounts().directory();
    let own = directory.owner(caller.who.project);
    if own.is_some_and(|own| *own.id == *id) { Ok(()) } else { caller.must_be_admin(rule) }
}

/// What a project uses and may use. Nova asks Identity whether there is such a project, and says
/// 400 if there is none.
fn usage_of(cloud: &Cloud, id: &str) -> Result<(Usage, Quota), Problem> {
    let usage = project(cloud, id).and_then(|project| cloud.servers().usage(project));
    usage.ok_or_else(|| Problem::bad_request(format!("Project ID {id} is not a valid project.")))
}

/// How many server groups a project has.
pub(super) fn groups_of(cloud: &Cloud, id: &str) -> usize {
    project(cloud, id).map_or(0, |project| cloud.groups().count(project))
}

/// What a project uses and may hold, if the caller may look at its quota set.
fn allowed(
    cloud: &Cloud,
    caller: &Caller,
    params: &Params,
    id: &str,
) -> Result<(Usage, Value), Problem> {
    params.only(caller.version(), &["user_id"])?;
    must_own(cloud, caller, id, SHOW)?;
    usage_and_table(cloud, id)
}

fn answer(id: &str, mut table: Value, caller: &Caller) -> Json<Value> {
    trim(&mut table, FIELDS, caller.version());
    table["id"] = json!(id);
    Json(json!({ "quota_set": table }))
}

async fn show(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let (_, table) = allowed(&cloud, &caller, &params, &id)?;
    Ok(answer(&id, table, &caller))
}

async fn detail(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let (usage, table) = allowed(&cloud, &caller, &params, &id)?;
    let groups = groups_of(&cloud, &id);
    Ok(answer(&id, in_use(table, &usage, groups), &caller))
}

/// What a project has if nobody gives it anything else: what was declared for it. Anyone may ask.
async fn defaults(In(cloud): In, caller: Caller, Named(id): Named) -> Result<Json<Value>, Problem> {
    usage_of(&cloud, &id)?;
    let quota = project(&cloud, &id).and_then(|project| cloud.quotas().default_of(project));
    let others = cloud.quotas().others_of("");
    Ok(answer(&id, table(&quota.unwrap_or_default(), &others), &caller))
}

/// `PUT /os-quota-sets/{project}`.
async fn update(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    params: Params,
    body::Json(body): body::Json,
) -> Result<Json<Value>, Problem> {
    params.only(caller.version(), &["user_id"])?;
    let asked = Object::only(&body, "quota_set")?;
    let limits = limits_of(&asked, FIELDS, &caller, &["force"])?;
    let is_forced = asked.flag("force")?.unwrap_or(false);
    caller.must_be_admin(CHANGE)?;
    usage_of(&cloud, &id)?;
    if let Some(project) = project(&cloud, &id) {
        let set = cloud.quotas().set(&caller.who, project, limits, is_forced).await;
        set.map_err(|error| problem(error, &id))?;
    }
    let (_, mut table) = usage_and_table(&cloud, &id)?;
    trim(&mut table, FIELDS, caller.version());
    Ok(Json(json!({ "quota_set": table })))
}

/// `DELETE /os-quota-sets/{project}`: what is declared again.
async fn reset(In(cloud): In, caller: Caller, Named(id): Named) -> Result<Response, Problem> {
    caller.must_be_admin("os_compute_api:os-quota-sets:delete")?;
    usage_of(&cloud, &id)?;
    if let Some(project) = project(&cloud, &id) {
        let reset = cloud.quotas().reset(&caller.who, project).await;
        reset.map_err(|error| problem(error, &id))?;
    }
    Ok(empty(StatusCode::ACCEPTED))
}

/// `GET /os-quota-class-sets/{class}`: there is one class, of all projects that have nothing of
/// their own.
async fn show_class(
    In(cloud): In,
    caller: Caller,
    Named(class): Named,
) -> Result<Json<Value>, Problem> {
    caller.must_be_admin("os_compute_api:os-quota-class-sets:show")?;
    Ok(class_set(&cloud, &caller, Some(&class)))
}

async fn update_class(
    In(cloud): In,
    caller: Caller,
    Named(class): Named,
    body::Json(body): body::Json,
) -> Result<Json<Value>, Problem> {
    let asked = Object::only(&body, "quota_class_set")?;
    let limits = limits_of(&asked, WRITTEN_CLASS_FIELDS, &caller, &[])?;
    caller.must_be_admin("os_compute_api:os-quota-class-sets:update")?;
    if class != "default" {
        let text =
            format!("There is no quota class {class}: all projects are of the class default.");
        return Err(Problem::not_found(text));
    }
    let set = cloud.quotas().set_class(&caller.who, limits).await;
    set.map_err(|error| problem(error, ""))?;
    Ok(class_set(&cloud, &caller, None))
}

/// Fields of classes that came late, and those that went.
const CLASS_FIELDS: &[Field] = &[
    from(50, "server_groups"),
    from(50, "server_group_members"),
    until(50, "fixed_ips"),
    until(50, "floating_ips"),
    until(50, "security_groups"),
    until(50, "security_group_rules"),
    until(57, "injected_files"),
    until(57, "injected_file_content_bytes"),
    until(57, "injected_file_path_bytes"),
];

fn class_set(cloud: &Cloud, caller: &Caller, id: Option<&str>) -> Json<Value> {
    let mut table = table(&cloud.quotas().class(), &cloud.quotas().others_of(""));
    trim(&mut table, CLASS_FIELDS, caller.version());
    if let Some(id) = id {
        table["id"] = json!(id);
    }
    Json(json!({ "quota_class_set": table }))
}

/// Fields of classes that may be written: those that came late may be from the first version on.
const WRITTEN_CLASS_FIELDS: &[Field] = CLASS_FIELDS.split_at(2).1;

/// The limits that a body writes. -1 is none.
fn limits_of(
    asked: &Object<'_>,
    fields: &[Field],
    caller: &Caller,
    beside: &[&str],
) -> Result<QuotaLimits, Problem> {
    let mut known = table(&Quota::default(), &OtherLimits::new());
    trim(&mut known, fields, caller.version());
    let mut limits = QuotaLimits::default();
    for (name, value) in asked.iter().filter(|(name, _)| !beside.contains(&name.as_str())) {
        if known.get(name).is_none() {
            return Err(asked.wrong(name, "It is no limit of a quota."));
        }
        let limit =
            limit(value).ok_or_else(|| asked.wrong(name, "It is no whole number from -1."))?;
        match name.as_str() {
            "instances" => limits.instances = Some(limit),
            "cores" => limits.cores = Some(limit),
            "ram" => limits.ram_mib = Some(limit),
            other => drop(limits.others.insert(other.to_owned(), limit)),
        }
    }
    Ok(limits)
}

/// A limit: a whole number from -1 on, which is none, also as a text.
fn limit(value: &Value) -> Option<Limit> {
    let number = match value {
        Value::String(text) if text.starts_with('+') => None,
        Value::String(text) => text.parse().ok(),
        other => whole(other),
    };
    let number = number.filter(|number| (-1..=i64::from(i32::MAX)).contains(number))?;
    Some(u64::try_from(number).map_or(Limit::Unlimited, Limit::Most))
}

fn problem(error: QuotaError, id: &str) -> Problem {
    match error {
        QuotaError::Forbidden => Problem::policy(CHANGE),
        QuotaError::NoProject => {
            Problem::bad_request(format!("Project ID {id} is not a valid project."))
        }
        QuotaError::InUse { resource, used, limit } => Problem::bad_request(format!(
            "Quota limit {limit} for {resource} must be greater than or equal to already used and \
             reserved {used}."
        )),
        QuotaError::Refused(refusal) => refusal.into(),
    }
}
