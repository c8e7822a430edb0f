//! `GET /servers/{id}`, and the answer that `PUT` has in common with it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_core::server::Server;
use guichet_http::path::Named;
use serde::Serialize;

use super::fields::{Place, Shown};
use super::find::find;
use crate::http::answer::json;
use crate::http::gate::Caller;
use crate::http::problem::Problem;

#[derive(Serialize)]
struct Body<'a> {
    server: Shown<'a>,
}

/// The answer that shows a server.
pub(super) fn shown(
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
