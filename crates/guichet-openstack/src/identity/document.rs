//! Bodies: the token, the catalog, and what a look-up shows.

use std::sync::Arc;

use guichet_http::dates;
use guichet_http::links::Base;
use serde_json::{Value, json};

use crate::domain::{DOMAIN_ID, DOMAIN_NAME};
use guichet_cloud::accounts::{Role, Session};
use guichet_cloud::{Cloud, ids};

/// A service of the catalog: type, name, path. Clients append `v2/` and `v2.0/` to image and
/// network themselves; Compute must have its version (surface document, section 1).
pub(super) const SERVICES: [(&str, &str, &str); 4] = [
    ("compute", "nova", "/compute/v2.1"),
    ("identity", "keystone", "/identity"),
    ("image", "glance", "/image"),
    ("network", "neutron", "/network"),
];

/// All three have one address, but clients ask for theirs.
pub(super) const INTERFACES: [&str; 3] = ["public", "internal", "admin"];

pub(super) fn service_id(kind: &str) -> Arc<str> {
    ids::hex("service", kind)
}

pub(super) fn endpoint_id(kind: &str, interface: &str) -> Arc<str> {
    ids::hex("endpoint", &format!("{kind} {interface}"))
}

/// The catalog: `region` for some clients, `region_id` for the others.
pub(super) fn catalog(cloud: &Cloud, base: &Base) -> Value {
    let region = cloud.catalogue().region();
    let services = SERVICES.iter().map(|(kind, name, path)| {
        let url = base.link(path);
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

/// A token's body. Without a project it has no roles and no catalog.
pub(super) fn token(cloud: &Cloud, base: &Base, session: &Session, with_catalog: bool) -> Value {
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
        if with_catalog {
            token["catalog"] = catalog(cloud, base);
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
