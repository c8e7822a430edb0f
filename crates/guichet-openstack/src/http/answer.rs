//! Answers with a body: a value as JSON, and a problem if it cannot be written.

use axum::response::Response;
use guichet_http::answer::{BUFFER_BYTES, written};
use guichet_http::json::Object;
use http::StatusCode;
use serde::Serialize;

use super::problem::Problem;

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

/// This status with an object whose fields `fill` writes.
///
/// # Errors
/// As [`json()`].
pub fn object(
    status: StatusCode,
    fill: impl FnOnce(&mut Object<'_>) -> serde_json::Result<()>,
) -> Result<Response, Problem> {
    let mut body = Vec::with_capacity(BUFFER_BYTES);
    put_object(&mut body, fill)?;
    Ok(written(status, body))
}

/// Writes a value as JSON behind what is there.
///
/// # Errors
/// As [`json()`].
pub fn put(body: &mut Vec<u8>, value: &impl Serialize) -> Result<(), Problem> {
    guichet_http::json::write(body, value).map_err(|error| not_written(&error))
}

/// Writes an object behind what is there; `fill` writes its fields.
///
/// # Errors
/// As [`json()`].
pub fn put_object(
    body: &mut Vec<u8>,
    fill: impl FnOnce(&mut Object<'_>) -> serde_json::Result<()>,
) -> Result<(), Problem> {
    Object::write(body, fill).map_err(|error| not_written(&error))
}

fn not_written(error: &serde_json::Error) -> Problem {
    tracing::error!(%error, "an answer could not be written");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "The answer could not be written.")
}
