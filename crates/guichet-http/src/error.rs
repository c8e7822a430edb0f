//! Requests that cannot be read.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use guichet_core::limits;
use http::StatusCode;

/// A request that cannot be read. The text is for the client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The header says that the body is something other than JSON.
    #[error("Unsupported Content-Type; send application/json.")]
    NotJson,
    /// The body is to be a form, and the header says that it is something else.
    #[error("Unsupported Content-Type; send application/x-www-form-urlencoded.")]
    NotForm,
    /// The body is no JSON; the reason, with the place of the mistake.
    #[error("Malformed request body: no JSON ({0}).")]
    Malformed(String),
    /// The body is JSON, but no object.
    #[error("Malformed request body: expected a JSON object.")]
    NotAnObject,
    /// The body is larger than so many bytes.
    #[error("The body is larger than {0} bytes, the most that is read.")]
    TooLarge(usize),
    /// The connection ended before the body did.
    #[error("The body broke off.")]
    BrokenOff,
    /// The body did not come within so many seconds.
    #[error("The body did not come within {0} s.")]
    TooSlow(u64),
    /// Too much is being read at once; later there may be enough memory.
    #[error("Too many large requests are under way; send it again.")]
    Busy,
    /// The query has more parameters than [`limits::QUERY_PARAMS_MAX`].
    #[error("The query has more than {} parameters.", limits::QUERY_PARAMS_MAX)]
    TooManyParams,
    /// The query is no text once it is decoded.
    #[error("The query is not valid UTF-8.")]
    QueryNotText,
}

impl ReadError {
    /// The status of its answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotJson | Self::NotForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow(_) => StatusCode::REQUEST_TIMEOUT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Malformed(_)
            | Self::NotAnObject
            | Self::BrokenOff
            | Self::TooManyParams
            | Self::QueryNotText => StatusCode::BAD_REQUEST,
        }
    }

    /// When to send it again, if that can help.
    pub fn retry_after(&self) -> Option<Duration> {
        matches!(self, Self::Busy).then_some(Duration::from_secs(limits::RETRY_AFTER_MIN_S))
    }
}

/// The status, and the error itself among the extensions, where a surface finds it to write a body.
impl IntoResponse for ReadError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
