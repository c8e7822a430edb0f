//! Reading bodies, bounded in size and time.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use guichet_core::limits;
use http::header;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::Value;

use crate::error::ReadError;

/// A JSON object that was sent. A handler takes it as an argument.
#[derive(Debug)]
pub struct Json(pub Value);

impl<S: Sync> FromRequest<S> for Json {
    type Rejection = ReadError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ReadError> {
        let (parts, body) = request.into_parts();
        // A body that says it is something else is refused, one that says nothing is looked at.
        let kind = parts.headers.get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap_or(""));
        let is_json = kind.is_none_or(|kind| {
            let kind = kind.split(';').next().unwrap_or("").trim();
            kind.eq_ignore_ascii_case("application/json")
        });
        if !is_json {
            return Err(ReadError::NotJson);
        }
        let bytes = read(body, limits::BODY_MAX, limits::BODY_TIME).await?;
        let value: Value = serde_json::from_slice(&bytes)
            .map_err(|error| ReadError::Malformed(error.to_string()))?;
        if !value.is_object() {
            return Err(ReadError::NotAnObject);
        }
        Ok(Self(value))
    }
}

/// Reads a body to its end: so many bytes at most, for so long at most.
async fn read(body: Body, most: usize, patience: Duration) -> Result<Bytes, ReadError> {
    let read = tokio::time::timeout(patience, Limited::new(body, most).collect()).await;
    match read {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.downcast_ref::<LengthLimitError>().is_some() => {
            Err(ReadError::TooLarge(most))
        }
        Ok(Err(_)) => Err(ReadError::BrokenOff),
        Err(_) => Err(ReadError::TooSlow(patience.as_secs())),
    }
}
