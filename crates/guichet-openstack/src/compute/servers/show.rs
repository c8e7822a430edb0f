//! `GET /servers/{id}`, and the answer that `PUT` has in common with it.

use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_core::server::Server;
use guichet_http::json::name;
use guichet_http::path::Named;
use http::StatusCode;

use super::fields::{self, Place};
use super::find::find;
use super::related::Related;
use crate::http::answer;
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;

/// The answer that shows a server.
pub(super) fn shown(
    cloud: &Cloud,
    caller: &Caller,
    server: &Server,
    place: Place,
) -> Result<Response, Problem> {
    let mut related = Related::new(cloud, caller);
    answer::object(StatusCode::OK, |body| {
        body.object(name!("server"), |object| fields::put(object, &mut related, server, place))
    })
}

/// The answer that shows a server which is made anew, with its administrator's password.
pub(super) fn rebuilt(
    cloud: &Cloud,
    caller: &Caller,
    server: &Server,
    password: &str,
) -> Result<Response, Problem> {
    let mut related = Related::new(cloud, caller);
    answer::object(StatusCode::OK, |body| {
        body.object(name!("server"), |object| {
            fields::put(object, &mut related, server, Place::Rebuilt)?;
            object.field(name!("adminPass"), &password)
        })
    })
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
