//! Reading bodies: bounded in size and time, and JSON with the field named that is wrong.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use guichet_core::limits;
use http::{StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::Value;

use super::problem::Problem;

/// A JSON object that was sent.
#[derive(Debug)]
pub struct Json(pub Value);

impl<S: Sync> FromRequest<S> for Json {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        // Nova asks for JSON; a body that says it is something else is refused, one that says
        // nothing is looked at.
        let kind = parts.headers.get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap_or(""));
        let is_json = kind.is_none_or(|kind| {
            let kind = kind.split(';').next().unwrap_or("").trim();
            kind.eq_ignore_ascii_case("application/json")
        });
        if !is_json {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Unsupported Content-Type; send application/json.",
            ));
        }
        let bytes = read(body, limits::BODY_MAX, limits::BODY_TIME).await?;
        let value: Value = serde_json::from_slice(&bytes).map_err(|error| {
            Problem::bad_request(format!("Malformed request body: no JSON ({error})."))
        })?;
        if !value.is_object() {
            return Err(Problem::bad_request("Malformed request body: expected a JSON object."));
        }
        Ok(Self(value))
    }
}

/// Reads a body to its end, so large and so long at most.
async fn read(body: Body, most: usize, patience: Duration) -> Result<bytes::Bytes, Problem> {
    let read = tokio::time::timeout(patience, Limited::new(body, most).collect()).await;
    match read {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.downcast_ref::<LengthLimitError>().is_some() => Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("The body is larger than {most} bytes, the most that is read."),
        )),
        Ok(Err(_)) => Err(Problem::bad_request("The body broke off.")),
        Err(_) => Err(Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            format!("The body did not come within {} s.", patience.as_secs()),
        )),
    }
}
