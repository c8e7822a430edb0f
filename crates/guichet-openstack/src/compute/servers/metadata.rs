//! A server's metadata: all of them, and one by its name. (Compute API, "Server metadata".)

use std::sync::Arc;

use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_core::edit::Edit;
use guichet_core::limits;
use guichet_core::server::Server;
use guichet_http::answer::empty;
use guichet_http::body::Json;
use guichet_http::path::Named;
use http::StatusCode;
use serde_json::{Value, json};

use super::edit::edit;
use super::find::find;
use super::values::{self, Metadata};
use crate::http::answer;
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::read::Object;

fn of(server: &Server) -> Metadata {
    server.details.as_ref().map(|details| details.metadata.clone()).unwrap_or_default()
}

fn no_such(key: &str) -> Problem {
    Problem::not_found(format!("Metadata item was not found: {key}"))
}

/// `GET`: all.
pub(super) async fn all(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    answer::json(&json!({ "metadata": of(&server) }))
}

/// The metadata of a body, and nothing beside them.
fn sent(body: &Value) -> Result<Metadata, Problem> {
    let whole = Object::of(body, "body")?;
    whole.known(&["metadata"])?;
    values::metadata(&whole, "metadata")?.ok_or_else(|| whole.missing("metadata"))
}

/// `POST`: adds them to those there are.
pub(super) async fn merge(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    Json(body): Json<{ limits::BODY_METADATA_MAX }>,
) -> Result<Response, Problem> {
    change(&cloud, &caller, &id, Edit::MergeMetadata(sent(&body)?)).await
}

/// `PUT`: has these and no others.
pub(super) async fn replace(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    Json(body): Json<{ limits::BODY_METADATA_MAX }>,
) -> Result<Response, Problem> {
    change(&cloud, &caller, &id, Edit::ReplaceMetadata(sent(&body)?)).await
}

async fn change(
    cloud: &Cloud,
    caller: &Caller,
    id: &str,
    change: Edit,
) -> Result<Response, Problem> {
    let server = find(cloud, caller, id)?;
    let edited = edit(cloud, caller, &server, change).await?;
    answer::json(&json!({ "metadata": of(&edited) }))
}

/// `GET` of one.
pub(super) async fn one(
    In(cloud): In,
    caller: Caller,
    Named((id, key)): Named<(String, String)>,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    let metadata = of(&server);
    let value = metadata.get(key.as_str()).ok_or_else(|| no_such(&key))?;
    answer::json(&json!({ "meta": { key: value } }))
}

/// `PUT` of one: the body names the same one as the path.
pub(super) async fn set(
    In(cloud): In,
    caller: Caller,
    Named((id, key)): Named<(String, String)>,
    Json(body): Json<{ limits::BODY_METADATA_MAX }>,
) -> Result<Response, Problem> {
    let whole = Object::of(&body, "body")?;
    whole.known(&["meta"])?;
    let sent = values::metadata(&whole, "meta")?.ok_or_else(|| whole.missing("meta"))?;
    if sent.len() != 1 || !sent.contains_key(key.as_str()) {
        return Err(Problem::bad_request("Request body and URI mismatch"));
    }
    let server = find(&cloud, &caller, &id)?;
    edit(&cloud, &caller, &server, Edit::MergeMetadata(sent.clone())).await?;
    answer::json(&json!({ "meta": sent }))
}

/// `DELETE` of one.
pub(super) async fn remove(
    In(cloud): In,
    caller: Caller,
    Named((id, key)): Named<(String, String)>,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    edit(&cloud, &caller, &server, Edit::DropMetadata(Arc::from(key))).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}
