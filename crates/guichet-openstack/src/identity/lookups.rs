//! Projects, users, domains and roles. Members see their own, administrators all.

use axum::Json;
use guichet_cloud::Cloud;
use guichet_cloud::accounts::{Role, Which};
use serde_json::{Value, json};

use super::caller::{Known, Named};
use super::problem::missing;
use crate::domain::{DOMAIN_ID, DOMAIN_NAME};
use crate::http::gate::In;
use crate::http::problem::Problem;

type Answer = Result<Json<Value>, Problem>;

fn project_body(cloud: &Cloud, known: &Known, position: usize) -> Option<Value> {
    let directory = cloud.accounts().directory();
    let project = directory.project(position)?;
    Some(json!({
        "id": project.id,
        "name": project.name,
        "description": project.description,
        "domain_id": DOMAIN_ID,
        "parent_id": DOMAIN_ID,
        "enabled": true,
        "is_domain": false,
        "tags": [],
        "options": {},
        "links": { "self": known.link(format_args!("projects/{}", project.id)) },
    }))
}

fn user_body(cloud: &Cloud, known: &Known, position: usize) -> Option<Value> {
    let directory = cloud.accounts().directory();
    let user = directory.user(position)?;
    let mut body = json!({
        "id": user.id,
        "name": user.name,
        "domain_id": DOMAIN_ID,
        "enabled": true,
        "password_expires_at": null,
        "options": {},
        "links": { "self": known.link(format_args!("users/{}", user.id)) },
    });
    let default = user.default_project.and_then(|number| directory.project(number));
    if let Some(project) = default {
        body["default_project_id"] = json!(project.id);
    }
    Some(body)
}

fn domain_body(known: &Known) -> Value {
    json!({
        "id": DOMAIN_ID,
        "name": DOMAIN_NAME,
        "description": "The default domain",
        "enabled": true,
        "tags": [],
        "options": {},
        "links": { "self": known.link(format_args!("domains/{DOMAIN_ID}")) },
    })
}

fn role_body(known: &Known, role: Role) -> Value {
    json!({
        "id": role.id(),
        "name": role.as_str(),
        "domain_id": null,
        "description": null,
        "options": {},
        "links": { "self": known.link(format_args!("roles/{}", role.id())) },
    })
}

/// The projects a user has a role in.
fn granted(cloud: &Cloud, user: usize) -> Vec<usize> {
    cloud.accounts().directory().projects_of(user).collect()
}

/// Those of the projects that the query wants.
fn project_list(
    cloud: &Cloud,
    known: &Known,
    path: &str,
    positions: impl IntoIterator<Item = usize>,
) -> Json<Value> {
    let wanted = positions.into_iter().filter(|position| {
        cloud.accounts().directory().project(*position).is_some_and(|project| {
            known.wants("name", &project.name)
                && is_in_domain(known)
                && known.wants("parent_id", DOMAIN_ID)
                && !known.asked("is_domain").is_some_and(|_| known.flag("is_domain"))
                && is_enabled(known)
        })
    });
    let list = wanted.filter_map(|position| project_body(cloud, known, position)).collect();
    Json(known.list("projects", path, list))
}

fn is_in_domain(known: &Known) -> bool {
    known.wants("domain_id", DOMAIN_ID)
}

/// All are; who asks for those that are not gets none.
fn is_enabled(known: &Known) -> bool {
    known.asked("enabled").is_none() || known.flag("enabled")
}

/// `GET /v3/auth/projects`: those one may ask a token for.
pub(super) async fn my_projects(In(cloud): In, known: Known) -> Json<Value> {
    let positions = granted(&cloud, known.session.user);
    project_list(&cloud, &known, "auth/projects", positions)
}

/// `GET /v3/auth/domains`: nobody has a role in the domain itself.
pub(super) async fn my_domains(known: Known) -> Json<Value> {
    Json(known.list("domains", "auth/domains", Vec::new()))
}

/// `GET /v3/projects`.
pub(super) async fn projects(In(cloud): In, known: Known) -> Json<Value> {
    let positions = if known.session.is_admin() {
        (0..cloud.accounts().directory().projects().len()).collect()
    } else {
        granted(&cloud, known.session.user)
    };
    project_list(&cloud, &known, "projects", positions)
}

/// `GET /v3/projects/{id}`.
pub(super) async fn project(In(cloud): In, known: Known, Named(id): Named<String>) -> Answer {
    let position = cloud.accounts().directory().find_project(Which::Id(&id));
    let owns =
        position.is_some_and(|position| granted(&cloud, known.session.user).contains(&position));
    known.must_own(owns, "identity:get_project", &id)?;
    let body = position.and_then(|position| project_body(&cloud, &known, position));
    body.map(|body| Json(json!({ "project": body }))).ok_or_else(|| missing(&id))
}

/// `GET /v3/users`.
pub(super) async fn users(In(cloud): In, known: Known) -> Json<Value> {
    let directory = cloud.accounts().directory();
    let users = directory.users().iter().enumerate().filter(|(position, user)| {
        (known.session.is_admin() || known.session.user == *position)
            && known.wants("name", &user.name)
            && is_in_domain(&known)
            && is_enabled(&known)
    });
    let list = users.filter_map(|(position, _)| user_body(&cloud, &known, position)).collect();
    Json(known.list("users", "users", list))
}

/// The user that a path names, which is who asks or an administrator asks.
///
/// # Errors
/// 403 or 404.
pub(super) fn own_user(
    cloud: &Cloud,
    known: &Known,
    id: &str,
    rule: &str,
) -> Result<usize, Problem> {
    let position = cloud.accounts().directory().find_user(Which::Id(id));
    known.must_own(position == Some(known.session.user), rule, id)?;
    position.ok_or_else(|| missing(id))
}

/// `GET /v3/users/{id}`.
pub(super) async fn user(In(cloud): In, known: Known, Named(id): Named<String>) -> Answer {
    let user = own_user(&cloud, &known, &id, "identity:get_user")?;
    let body = user_body(&cloud, &known, user).ok_or_else(|| missing(&id))?;
    Ok(Json(json!({ "user": body })))
}

/// `GET /v3/users/{id}/projects`.
pub(super) async fn projects_of(In(cloud): In, known: Known, Named(id): Named<String>) -> Answer {
    let user = own_user(&cloud, &known, &id, "identity:list_user_projects")?;
    let path = format!("users/{id}/projects");
    Ok(project_list(&cloud, &known, &path, granted(&cloud, user)))
}

/// `GET /v3/domains`.
pub(super) async fn domains(known: Known) -> Json<Value> {
    let is_wanted = known.wants("name", DOMAIN_NAME) && is_enabled(&known);
    let list = if is_wanted { vec![domain_body(&known)] } else { Vec::new() };
    Json(known.list("domains", "domains", list))
}

/// `GET /v3/domains/{id}`.
pub(super) async fn domain(known: Known, Named(id): Named<String>) -> Answer {
    if id != DOMAIN_ID {
        return Err(missing(&id));
    }
    Ok(Json(json!({ "domain": domain_body(&known) })))
}

/// `GET /v3/roles`.
pub(super) async fn roles(known: Known) -> Json<Value> {
    let roles = Role::ALL.into_iter().filter(|role| {
        // All are of no domain.
        known.wants("name", role.as_str()) && known.asked("domain_id").is_none()
    });
    let list = roles.map(|role| role_body(&known, role)).collect();
    Json(known.list("roles", "roles", list))
}

/// `GET /v3/roles/{id}`.
pub(super) async fn role(known: Known, Named(id): Named<String>) -> Answer {
    let role = Role::ALL.into_iter().find(|role| *role.id() == *id);
    let role = role.ok_or_else(|| missing(&id))?;
    Ok(Json(json!({ "role": role_body(&known, role) })))
}
