//! What was asked for, read.

use axum::extract::{FromRequest, Request};
use guichet_cloud::plain;
use guichet_core::limits;
use guichet_http::body;
use http::header;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// A body in JSON; one that is empty asks for nothing in particular.
pub(crate) struct Asked<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned + Default> FromRequest<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let headers = request.headers();
        let length = headers.get(header::CONTENT_LENGTH).map(|length| length.as_bytes() == b"0");
        if length.unwrap_or(!headers.contains_key(header::TRANSFER_ENCODING)) {
            return Ok(Self(T::default()));
        }
        let body::Json(tree) =
            body::Json::<{ limits::BODY_CONTROL_MAX }>::from_request(request, state).await?;
        let read = serde_path_to_error::deserialize(&*tree);
        read.map(Self).map_err(|error| {
            let said = plain::sentence(&error.path().to_string(), &error.inner().to_string());
            Problem::wrong(said)
        })
    }
}
