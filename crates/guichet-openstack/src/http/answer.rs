//! Answers with a body.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use super::json;
use super::problem::Problem;

/// Most answers are one server: room for one, so that its buffer does not grow.
pub const BUFFER_BYTES: usize = 2_048;

/// 200 with a value as JSON.
///
/// # Errors
/// 500 if it cannot be written as JSON, which none of ours does.
pub fn json(value: &impl Serialize) -> Result<Response, Problem> {
    with_status(StatusCode::OK, value)
}

/// A value as JSON with another status.
///
/// # Errors
/// As [`json()`].
pub fn with_status(status: StatusCode, value: &impl Serialize) -> Result<Response, Problem> {
    let mut body = Vec::with_capacity(BUFFER_BYTES);
    put(&mut body, value)?;
    Ok(written(status, body))
}

/// Writes a value as JSON behind what is there.
///
/// # Errors
/// As [`json()`].
pub fn put(body: &mut Vec<u8>, value: &impl Serialize) -> Result<(), Problem> {
    json::write(body, value).map_err(|error| {
        tracing::error!(%error, "an answer could not be written");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "The answer could not be written.")
    })
}

/// An answer whose JSON is written already.
pub fn written(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// A status and nothing else.
pub fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
