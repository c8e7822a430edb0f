//! What stands in the way of a request, apart from the shape a service gives it.

use std::borrow::Cow;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use guichet_core::limits;
use guichet_http::error::ReadError;
use guichet_http::retry_after;
use guichet_http::space::Full;
use http::StatusCode;

/// A request that is not carried out. The text is for the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// What is wrong and what to do.
    pub message: Cow<'static, str>,
    /// When to come back, s, if that can help.
    pub retry_after_s: Option<u64>,
}

impl Problem {
    /// With this status and text.
    pub fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, message: message.into(), retry_after_s: None }
    }

    /// With a time to come back in.
    #[must_use]
    pub fn with_retry_after(self, wait: Duration) -> Self {
        Self { retry_after_s: Some(retry_after::seconds(wait)), ..self }
    }

    /// 400: the request itself is wrong.
    pub fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 400 in the words Nova uses for a field.
    pub fn bad_field(field: &str, problem: &str) -> Self {
        Self::bad_request(format!("Invalid input for field/attribute {field}. {problem}"))
    }

    /// 401: no token, or one that is not good any more.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "The request you have made requires authentication.")
    }

    /// 403 in the words Nova uses for a policy.
    pub fn policy(rule: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, format!("Policy doesn't allow {rule} to be performed."))
    }

    /// 404: there is no such thing, as far as this caller can see.
    pub fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// 501: what OpenStack has and this cloud has not, and why.
    pub fn not_offered(why: &'static str) -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, why)
    }

    /// 404 in Nova's words for a path, or an action, that a version has not.
    pub fn no_resource() -> Self {
        Self::not_found("The resource could not be found.")
    }

    /// 410 for what OpenStack had once.
    pub fn gone() -> Self {
        let text = "This resource is no longer available. No forwarding address is given.";
        Self::new(StatusCode::GONE, text)
    }

    /// 404 in Nova's words for a server.
    pub fn no_instance(id: &str) -> Self {
        Self::not_found(format!("Instance {id} could not be found."))
    }
}

/// A request that cannot be read says itself what is wrong.
impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        let retry_after_s = error.retry_after().map(retry_after::seconds);
        Self { retry_after_s, ..Self::new(error.status(), error.to_string()) }
    }
}

/// An answer for which there is no memory now.
impl From<Full> for Problem {
    fn from(full: Full) -> Self {
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, full.to_string());
        problem.with_retry_after(Duration::from_secs(limits::RETRY_AFTER_MIN_S))
    }
}

/// As it leaves a handler: the status, and the problem for the gate to find, which gives it the shape of its service.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
