//! `POST /servers`.

mod body;

use std::sync::Arc;

use axum::response::Response;
use guichet_cloud::network::SECURITY_GROUP;
use guichet_core::limits;
use guichet_core::request::IdempotencyKey;
use guichet_http::body::Json;
use guichet_http::json::{inside, name};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::json;
use sha2::{Digest, Sha256};

use self::body::CreateBody;
use super::fields::Named;
use super::problem::of_create;
use crate::compute::links::put_of_server;
use crate::http::answer;
use crate::http::gate::{Caller, IDEMPOTENCY_KEY, In};
use crate::http::made::MadeServers;
use crate::http::problem::Problem;
use crate::http::report::Report;

/// `POST /servers`: 202 as soon as it is decided.
pub(super) async fn create(
    In(cloud): In,
    caller: Caller,
    headers: HeaderMap,
    Json(body): Json<{ limits::BODY_MAX }>,
) -> Result<Response, Problem> {
    let CreateBody { mut new, admin_pass, wants_reservation } =
        CreateBody::read(&cloud, &caller, &body)?;
    new.key = key(&headers)?;
    // Only a key makes a repeat of it.
    new.body_digest = new.key.is_some().then(|| Sha256::digest(body.to_string()).into());
    // What it says is in `new`; its memory is not held while others decide.
    drop(body);
    let servers = cloud.servers();
    let made = servers.create_all(&caller.who, &new).await.map_err(of_create)?.operations;
    let id = made[0].server;
    let several = (made.len() > 1 || wants_reservation)
        .then(|| MadeServers::new(made.iter().map(|operation| operation.server)));
    let base = &caller.context.base;
    if wants_reservation {
        let reservation = servers.made(id).map(|server| super::fields::reservation(&server));
        let response =
            answer::with_status(StatusCode::ACCEPTED, &json!({ "reservation_id": reservation }));
        return Ok(saying(response?, several));
    }
    let disk = if new.details.disk_config_auto { "AUTO" } else { "MANUAL" };
    let password = admin_pass.unwrap_or_else(|| servers.admin_password(id));
    let mut response = answer::object(StatusCode::ACCEPTED, |body| {
        body.object(name!("server"), |server| {
            server.field(name!("id"), &id.0)?;
            server.written(name!("links"), |out| {
                put_of_server(out, &inside(&base.0), id);
                Ok(())
            })?;
            server.field(name!("OS-DCF:diskConfig"), &disk)?;
            server.field(name!("security_groups"), &[Named { name: SECURITY_GROUP }])?;
            server.field(name!("adminPass"), &password)
        })
    })?;
    let location = HeaderValue::from_str(&base.link(&format!("/compute/v2.1/servers/{}", id.0)));
    if let Ok(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    if caller.context.is_audited {
        Report::name(&new.name).put(&mut response);
    }
    Ok(saying(response, several))
}

/// An answer that says beside it what was made, if it does not itself.
fn saying(mut response: Response, made: Option<MadeServers>) -> Response {
    if let Some(made) = made {
        response.extensions_mut().insert(made);
    }
    response
}

/// The client's own name for the request, if it sent one.
fn key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Problem> {
    let Some(value) = headers.get(&IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    let key =
        value.to_str().map_err(|_| Problem::bad_request("The Idempotency-Key is no text."))?;
    Ok(Some(IdempotencyKey(Arc::from(key.trim()))))
}
