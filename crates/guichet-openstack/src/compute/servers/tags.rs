//! A server's tags, from 2.26 on. (Compute API, "Server tags".)

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::response::Response;
use guichet_cloud::servers::values::check_tag;
use guichet_core::edit::Edit;
use guichet_core::server::Server;
use guichet_http::answer::empty;
use guichet_http::body::Json;
use guichet_http::path::Named;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use super::edit::edit;
use super::find::find;
use super::problem::of_value;
use super::values;
use crate::compute::links::own;
use crate::http::answer;
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::read::Object;

fn of(server: &Server) -> BTreeSet<Arc<str>> {
    server.details.as_ref().map(|details| details.tags.clone()).unwrap_or_default()
}

/// `GET`: all.
pub(super) async fn all(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    answer::json(&json!({ "tags": of(&server) }))
}

/// `PUT`: has these and no others.
pub(super) async fn replace(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    Json(body): Json,
) -> Result<Response, Problem> {
    let whole = Object::of(&body, "body")?;
    whole.known(&["tags"])?;
    let tags = values::tags(&whole, "tags")?.ok_or_else(|| whole.missing("tags"))?;
    let server = find(&cloud, &caller, &id)?;
    let edited = edit(&cloud, &caller, &server, Edit::ReplaceTags(tags)).await?;
    answer::json(&json!({ "tags": of(&edited) }))
}

/// `DELETE`: has none.
pub(super) async fn clear(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    edit(&cloud, &caller, &server, Edit::ReplaceTags(BTreeSet::new())).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// `GET` of one: whether it is there.
pub(super) async fn one(
    In(cloud): In,
    caller: Caller,
    Named((id, tag)): Named<(String, String)>,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    if of(&server).contains(tag.as_str()) {
        return Ok(empty(StatusCode::NO_CONTENT));
    }
    Err(Problem::not_found(format!("Server {id} has no tag '{tag}'")))
}

/// `PUT` of one: 201 if it is new, 204 if it was there.
pub(super) async fn add(
    In(cloud): In,
    caller: Caller,
    Named((id, tag)): Named<(String, String)>,
) -> Result<Response, Problem> {
    check_tag(&tag).map_err(|error| Problem::bad_field("tag", of_value(error)))?;
    let server = find(&cloud, &caller, &id)?;
    if of(&server).contains(tag.as_str()) {
        return Ok(empty(StatusCode::NO_CONTENT));
    }
    edit(&cloud, &caller, &server, Edit::AddTag(Arc::from(tag.as_str()))).await?;
    let mut response = empty(StatusCode::CREATED);
    let place = own(&caller.context.base, &format!("servers/{id}/tags"), &tag);
    // What is escaped is always a header's value.
    if let Ok(place) = HeaderValue::from_str(&place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// `DELETE` of one.
pub(super) async fn remove(
    In(cloud): In,
    caller: Caller,
    Named((id, tag)): Named<(String, String)>,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    edit(&cloud, &caller, &server, Edit::DropTag(Arc::from(tag))).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}
