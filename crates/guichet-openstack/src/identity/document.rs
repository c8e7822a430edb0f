//! Bodies: the token, the catalog, and what a look-up shows.

use std::sync::Arc;

use guichet_cloud::accounts::{Role, Session};
use guichet_cloud::{Cloud, ids};
use guichet_http::dates;
use guichet_http::links::Base;
use serde_json::{Value, json};

use crate::domain::{DOMAIN_ID, DOMAIN_NAME};
use crate::http::service::{Service, Services};

/// All three have one address, but clients ask for theirs.
pub(super) const INTERFACES: [&str; 3] = ["public", "internal", "admin"];

pub(super) fn service_id(kind: &str) -> Arc<str> {
    ids::hex("service", kind)
}

pub(super) fn endpoint_id(kind: &str, interface: &str) -> Arc<str> {
    ids::hex("endpoint", &format!("{kind} {interface}"))
}

/// The catalog of these services: `region` for some clients, `region_id` for the others.
pub(super) fn catalog(cloud: &Cloud, base: &Base, services: Services) -> Value {
    let region = cloud.catalogue().region();
    let services = services.iter().map(|service| {
        let Service { kind, name, endpoint, .. } = service;
        let url = base.link(endpoint);
        let endpoints = INTERFACES.iter().map(|interface| {
            json!({
                "id": endpoint_id(kind, interface),
                "interface": interface,
                "region": region,
                "region_id": region,
                "url": url,
            })
        });
        json!({
            "id": service_id(kind),
            "type": kind,
            "name": name,
            "endpoints": endpoints.collect::<Vec<_>>(),
        })
    });
    services.collect()
}

/// A role by id and name, with those it implies.
pub(super) fn roles(role: Role) -> Vec<Value> {
    role.with_implied().map(short_role).collect()
}

pub(super) fn short_role(role: Role) -> Value {
    json!({ "id": role.id(), "name": role.as_str() })
}

fn short_domain() -> Value {
    json!({ "id": DOMAIN_ID, "name": DOMAIN_NAME })
}

/// A project or user with its domain, as tokens and assignments show it.
pub(super) fn short(id: &str, name: &str) -> Value {
    json!({ "id": id, "name": name, "domain": short_domain() })
}

/// A token's body, with a catalog of these services. Without a project it has neither that nor
/// roles.
pub(super) fn token(
    cloud: &Cloud,
    base: &Base,
    session: &Session,
    services: Option<Services>,
) -> Value {
    let mut token = json!({
        "methods": session.methods,
        "audit_ids": session.audit_ids().collect::<Vec<_>>(),
        "issued_at": dates::micros(session.issued_at),
        "expires_at": dates::micros(session.expires_at),
    });
    if let Some(user) = cloud.accounts().directory().user(session.user) {
        token["user"] = short(&user.id, &user.name);
        token["user"]["password_expires_at"] = Value::Null;
    }
    if let Some((project, role)) = session.project
        && let Some(project) = cloud.accounts().directory().project(project)
    {
        token["project"] = short(&project.id, &project.name);
        token["is_domain"] = json!(false);
        token["roles"] = json!(roles(role));
        if let Some(services) = services {
            token["catalog"] = catalog(cloud, base, services);
        }
    }
    if let Some(credential) = &session.credential {
        token["application_credential"] = json!({
            "id": credential.id,
            "name": credential.name,
            "restricted": !credential.is_unrestricted,
        });
    }
    json!({ "token": token })
}
