//! `GET` and `PUT /servers/{id}`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use guichet_core::edit::{Changes, Edit, EditRequest};
use guichet_core::server::Server;
use guichet_http::body::Json;
use guichet_http::path::Named;
use serde::Serialize;

use super::ask;
use super::field;
use super::fields::{Place, Shown};
use super::find::find;
use crate::cloud::Cloud;
use crate::http::answer::json;
use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::version::Version;

#[derive(Serialize)]
struct Body<'a> {
    server: Shown<'a>,
}

fn shown(
    cloud: &Cloud,
    caller: &Caller,
    server: &Server,
    place: Place,
) -> Result<Response, Problem> {
    json(&Body {
        server: Shown {
            server,
            cloud,
            base: &caller.context.base,
            version: caller.version(),
            admin: caller.is_admin(),
            place,
        },
    })
}

/// `GET /servers/{id}`.
pub(super) async fn show(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    shown(&cloud, &caller, &server, Place::Show)
}

/// `PUT /servers/{id}`: what its owner may set of it.
pub(super) async fn update(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named(id): Named,
    Json(body): Json,
) -> Result<Response, Problem> {
    let asked = Object::only(&body, "server")?;
    let changes = changes(&asked, caller.version())?;
    let server = find(&cloud, &caller, &id)?;
    let edited = edit(&cloud, &caller, &server, Edit::Update(Box::new(changes))).await?;
    shown(&cloud, &caller, &edited, Place::Updated)
}

/// Has the manager change something about a server.
pub(super) async fn edit(
    cloud: &Cloud,
    caller: &Caller,
    server: &Server,
    edit: Edit,
) -> Result<Arc<Server>, Problem> {
    caller.must_write("os_compute_api:servers:update")?;
    let request = EditRequest {
        id: caller.context.request,
        client: caller.user(),
        project: server.project,
        server: server.id,
        privileged: caller.is_admin(),
        edit,
    };
    Ok(cloud.manager.edit(&request).await?)
}

/// Fields that can be set, and the first version that has each.
const FIELDS: [(&str, u16); 6] = [
    ("name", 1),
    ("accessIPv4", 1),
    ("accessIPv6", 1),
    ("OS-DCF:diskConfig", 1),
    ("description", 19),
    ("hostname", 90),
];

fn changes(asked: &Object<'_>, version: Version) -> Result<Changes, Problem> {
    let there = |(_, from): &&(&str, u16)| version >= Version(*from);
    let names: Vec<&str> = FIELDS.iter().filter(there).map(|(name, _)| *name).collect();
    asked.known(&names)?;
    Ok(Changes {
        name: ask::name(asked)?,
        description: asked.nullable("description", 255)?,
        hostname: field::hostname(asked, version)?,
        access_ipv4: field::address(asked, "accessIPv4")?,
        access_ipv6: field::address(asked, "accessIPv6")?,
        disk_config_auto: field::disk_config(asked)?,
    })
}
