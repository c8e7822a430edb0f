//! `GET /servers/{id}`, and the answer that `PUT` has in common with it.

use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_core::server::Server;
use guichet_http::path::Named;
use serde::Serialize;

use super::fields::{Place, Shown};
use super::find::find;
use crate::http::answer::json;
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;

#[derive(Serialize)]
struct Body<'a> {
    server: Shown<'a>,
}

#[derive(Serialize)]
struct Rebuilt<'a> {
    server: WithPassword<'a>,
}

#[derive(Serialize)]
struct WithPassword<'a> {
    #[serde(flatten)]
    server: Shown<'a>,
    #[serde(rename = "adminPass")]
    password: &'a str,
}

/// The answer that shows a server.
pub(super) fn shown(
    cloud: &Cloud,
    caller: &Caller,
    server: &Server,
    place: Place,
) -> Result<Response, Problem> {
    json(&Body { server: whole(cloud, caller, server, place) })
}

/// The answer that shows a server which is made anew, with its administrator's password.
pub(super) fn rebuilt(
    cloud: &Cloud,
    caller: &Caller,
    server: &Server,
    password: &str,
) -> Result<Response, Problem> {
    let server = whole(cloud, caller, server, Place::Rebuilt);
    json(&Rebuilt { server: WithPassword { server, password } })
}

fn whole<'a>(cloud: &'a Cloud, caller: &'a Caller, server: &'a Server, place: Place) -> Shown<'a> {
    Shown {
        server,
        cloud,
        base: &caller.context.base,
        version: caller.version(),
        admin: caller.is_admin(),
        place,
    }
}

/// `GET /servers/{id}`.
pub(super) async fn show(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    shown(&cloud, &caller, &server, Place::Show)
}
