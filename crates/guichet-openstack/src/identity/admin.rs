//! What administrators look at: who has which role where, regions, services, endpoints.

use axum::Json;
use guichet_cloud::Cloud;
use guichet_cloud::accounts::{Project, Role, User};
use serde_json::{Value, json};

use super::caller::{Known, Named};
use super::document::{self, INTERFACES, endpoint_id, service_id};
use super::problem::missing;
use crate::http::gate::In;
use crate::http::problem::Problem;
use crate::http::service::Service;

type Answer = Result<Json<Value>, Problem>;

/// `GET /v3/role_assignments`, with `effective` also those implied, with `include_names` in words.
pub(super) async fn role_assignments(In(cloud): In, known: Known) -> Answer {
    known.must_be_admin("identity:list_role_assignments")?;
    // Roles are in projects and of users only.
    let elsewhere =
        ["group.id", "scope.domain.id", "scope.system", "scope.OS-INHERIT:inherited_to"];
    let mut list = Vec::new();
    if elsewhere.iter().all(|name| known.asked(name).is_none()) {
        let directory = cloud.accounts().directory();
        for user in directory.users() {
            for (project, role) in &user.grants {
                let Some(project) = directory.project(*project) else {
                    continue;
                };
                let implied = usize::from(known.flag("effective")) * Role::ALL.len();
                for role in role.with_implied().take(1.max(implied)) {
                    let wanted = known.wants("user.id", &user.id)
                        && known.wants("scope.project.id", &project.id)
                        && known.wants("role.id", &role.id());
                    if wanted {
                        list.push(assignment(&known, user, project, role));
                    }
                }
            }
        }
    }
    Ok(Json(known.list("role_assignments", "role_assignments", list)))
}

fn assignment(known: &Known, user: &User, project: &Project, role: Role) -> Value {
    let role_id = role.id();
    let path = format_args!("projects/{}/users/{}/roles/{role_id}", project.id, user.id);
    let links = json!({ "assignment": known.link(path) });
    if known.flag("include_names") {
        return json!({
            "role": document::short_role(role),
            "user": document::short(&user.id, &user.name),
            "scope": { "project": document::short(&project.id, &project.name) },
            "links": links,
        });
    }
    json!({
        "role": { "id": role_id },
        "user": { "id": user.id },
        "scope": { "project": { "id": project.id } },
        "links": links,
    })
}

fn region_body(cloud: &Cloud, known: &Known) -> Value {
    let id = cloud.catalogue().region();
    json!({
        "id": id,
        "description": "",
        "parent_region_id": null,
        "links": { "self": known.link(format_args!("regions/{id}")) },
    })
}

/// `GET /v3/regions`, for everybody: the catalog names it anyway.
pub(super) async fn regions(In(cloud): In, known: Known) -> Json<Value> {
    Json(known.list("regions", "regions", vec![region_body(&cloud, &known)]))
}

/// `GET /v3/regions/{id}`.
pub(super) async fn region(In(cloud): In, known: Known, Named(id): Named<String>) -> Answer {
    if *id != **cloud.catalogue().region() {
        return Err(missing(&id));
    }
    Ok(Json(json!({ "region": region_body(&cloud, &known) })))
}

fn service_bodies(known: &Known) -> impl Iterator<Item = Value> + '_ {
    known.services.iter().map(|service| {
        let Service { kind, name, .. } = service;
        let id = service_id(kind);
        json!({
            "id": id,
            "type": kind,
            "name": name,
            "description": "",
            "enabled": true,
            "links": { "self": known.link(format_args!("services/{id}")) },
        })
    })
}

/// The one of that id, under its name.
fn one(name: &str, id: &str, mut all: impl Iterator<Item = Value>) -> Answer {
    let found = all.find(|body| body["id"] == id).ok_or_else(|| missing(id))?;
    Ok(Json(json!({ name: found })))
}

/// Whether a body's field is what the query wants of it.
fn fits(known: &Known, body: &Value, field: &str) -> bool {
    body[field].as_str().is_some_and(|value| known.wants(field, value))
}

/// `GET /v3/services`.
pub(super) async fn services(known: Known) -> Answer {
    known.must_be_admin("identity:list_services")?;
    let wanted = |body: &Value| fits(&known, body, "name") && fits(&known, body, "type");
    let list = service_bodies(&known).filter(wanted).collect();
    Ok(Json(known.list("services", "services", list)))
}

/// `GET /v3/services/{id}`.
pub(super) async fn service(known: Known, Named(id): Named<String>) -> Answer {
    known.must_be_admin("identity:get_service")?;
    one("service", &id, service_bodies(&known))
}

fn endpoint_bodies<'a>(cloud: &'a Cloud, known: &'a Known) -> impl Iterator<Item = Value> + 'a {
    let region = cloud.catalogue().region();
    known.services.iter().flat_map(move |service| {
        let Service { kind, endpoint, .. } = service;
        INTERFACES.iter().map(move |interface| {
            let id = endpoint_id(kind, interface);
            json!({
                "id": id,
                "interface": interface,
                "service_id": service_id(kind),
                "region": region,
                "region_id": region,
                "url": known.base.link(endpoint),
                "enabled": true,
                "links": { "self": known.link(format_args!("endpoints/{id}")) },
            })
        })
    })
}

/// `GET /v3/endpoints`.
pub(super) async fn endpoints(In(cloud): In, known: Known) -> Answer {
    known.must_be_admin("identity:list_endpoints")?;
    let wanted = |body: &Value| {
        ["interface", "service_id", "region_id"].iter().all(|field| fits(&known, body, field))
    };
    let list = endpoint_bodies(&cloud, &known).filter(wanted).collect();
    Ok(Json(known.list("endpoints", "endpoints", list)))
}

/// `GET /v3/endpoints/{id}`.
pub(super) async fn endpoint(In(cloud): In, known: Known, Named(id): Named<String>) -> Answer {
    known.must_be_admin("identity:get_endpoint")?;
    one("endpoint", &id, endpoint_bodies(&cloud, &known))
}
