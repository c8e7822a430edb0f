//! What stands in the way of a request, apart from the shape a service gives it.

use std::borrow::Cow;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use guichet_core::refusal::Refusal;
use guichet_http::error::ReadError;
use guichet_http::{answer, retry_after};
use http::StatusCode;
use serde_json::json;

/// Which service an answer comes from: each has its own shape of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Keystone's.
    Identity,
    /// Nova's.
    Compute,
    /// Glance's.
    Image,
    /// Neutron's.
    Network,
}

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

    /// 404 in Nova's words for a server.
    pub fn no_instance(id: &str) -> Self {
        Self::not_found(format!("Instance {id} could not be found."))
    }
}

/// A request that cannot be read says itself what is wrong.
impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        Self::new(error.status(), error.to_string())
    }
}

/// Each refusal of the manager has one status. A match without a rest: a new refusal must be given
/// its own here.
impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match &refusal {
            Refusal::NotFound { .. } | Refusal::NoServer | Refusal::NoSuchPart { .. } => {
                StatusCode::NOT_FOUND
            }
            Refusal::Conflict { .. } | Refusal::Locked { .. } | Refusal::KeyReused => {
                StatusCode::CONFLICT
            }
            Refusal::OverQuota(_) | Refusal::ServersFull { .. } => StatusCode::FORBIDDEN,
            Refusal::QueueFull { .. } | Refusal::Draining { .. } | Refusal::Unrecorded { .. } => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Refusal::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Refusal::Invalid { .. } => StatusCode::BAD_REQUEST,
        };
        let message = match &refusal {
            // Nova's own sentences, which clients and their tests look for.
            Refusal::NotFound { server } => format!("Instance {server} could not be found."),
            Refusal::Conflict { action, server, obstacle } => {
                format!("Cannot '{}' instance {server} while it is in {obstacle}", action.verb())
            }
            Refusal::OverQuota(over) => over.to_string(),
            other => other.to_string(),
        };
        let retry_after_s = refusal.retry_after().map(retry_after::seconds);
        Self { status, message: message.into(), retry_after_s }
    }
}

/// As it leaves a handler: the status, and the problem for [`shaped`] to find.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives an answer the shape of its service if it is a problem, or one of the router's own
/// (404 and 405, which have no body).
pub fn shaped(mut response: Response, service: Service) -> Response {
    let status = response.status();
    let problem = match (carried(&mut response), status) {
        (Some(problem), _) => problem,
        (None, StatusCode::NOT_FOUND) if answer::is_bare(&response) => {
            Problem::not_found("The resource could not be found.")
        }
        (None, StatusCode::METHOD_NOT_ALLOWED) if answer::is_bare(&response) => Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "The method is not allowed for this resource.",
        ),
        _ => return response,
    };
    let body = serde_json::to_vec(&body(&problem, service)).unwrap_or_default();
    answer::set_json(&mut response, body);
    if let Some(seconds) = problem.retry_after_s {
        retry_after::insert(response.headers_mut(), seconds);
    }
    response
}

/// The problem that an answer carries, from a handler or from what reads requests.
fn carried(response: &mut Response) -> Option<Problem> {
    let extensions = response.extensions_mut();
    let problem = extensions.remove::<Problem>();
    problem.or_else(|| extensions.remove::<ReadError>().map(Problem::from))
}

fn body(problem: &Problem, service: Service) -> serde_json::Value {
    let (code, message) = (problem.status.as_u16(), &problem.message);
    match service {
        Service::Identity => {
            let title = problem.status.canonical_reason().unwrap_or("Error");
            json!({ "error": { "code": code, "title": title, "message": message } })
        }
        Service::Network => json!({ "NeutronError": {
            "type": problem.status.canonical_reason().unwrap_or("Error").replace(' ', ""),
            "message": message, "detail": "",
        } }),
        Service::Compute | Service::Image => {
            let mut fields = json!({ "code": code, "message": message });
            if let Some(seconds) = problem.retry_after_s {
                fields["retryAfter"] = json!(seconds.to_string());
            }
            json!({ name(problem.status): fields })
        }
    }
}

/// Nova's names for statuses (`nova/api/openstack/wsgi.py`); what is not in its list is a
/// `computeFault`, 406 too.
fn name(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "badRequest",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "itemNotFound",
        405 => "badMethod",
        409 => "conflictingRequest",
        413 | 429 => "overLimit",
        415 => "badMediaType",
        501 => "notImplemented",
        503 => "serviceUnavailable",
        _ => "computeFault",
    }
}
