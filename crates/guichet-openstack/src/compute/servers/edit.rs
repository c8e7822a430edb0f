//! `PUT /servers/{id}`, and every other edit of what a server carries for its owner.

use std::sync::Arc;

use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_core::details::Changes;
use guichet_core::edit::Edit;
use guichet_core::limits;
use guichet_core::server::Server;
use guichet_http::body::Json;
use guichet_http::path::Named;

use super::fields::Place;
use super::find::find;
use super::show::shown;
use super::{problem, values};
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::version::Version;

/// `PUT /servers/{id}`: what its owner may set of it.
pub(super) async fn update(
    In(cloud): In,
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

/// Changes what a server carries for its owner.
pub(super) async fn edit(
    cloud: &Cloud,
    caller: &Caller,
    server: &Server,
    edit: Edit,
) -> Result<Arc<Server>, Problem> {
    let edited = cloud.servers().edit(&caller.who, server, edit).await;
    edited.map_err(|error| problem::of_server(error, "os_compute_api:servers:update"))
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
        name: values::name(asked)?,
        description: values::description(asked, limits::TEXT_MAX)?,
        hostname: values::hostname(asked, version)?,
        access_ipv4: values::address(asked, "accessIPv4")?.map(Some),
        access_ipv6: values::address(asked, "accessIPv6")?.map(Some),
        disk_config_auto: values::disk_config(asked)?,
        ..Changes::default()
    })
}
