//! The shape that a service gives its problems.

use axum::response::Response;
use guichet_http::error::ReadError;
use guichet_http::{answer, retry_after};
use http::StatusCode;
use serde_json::{Value, json};

use super::problem::Problem;
use super::service::Service;

/// Gives an answer the shape of its service if it is a problem, or one of the router's own
/// (404 and 405, which have no body).
pub fn shaped(mut response: Response, service: &Service) -> Response {
    let status = response.status();
    let problem = match (carried(&mut response), status) {
        (Some(problem), _) => problem,
        (None, StatusCode::NOT_FOUND) if answer::is_bare(&response) => Problem::no_resource(),
        (None, StatusCode::METHOD_NOT_ALLOWED) if answer::is_bare(&response) => Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "The method is not allowed for this resource.",
        ),
        _ => return response,
    };
    let body = serde_json::to_vec(&(service.problem_body)(&problem)).unwrap_or_default();
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

/// The body of a problem in Nova's shape, which Glance has too.
pub fn nova(problem: &Problem) -> Value {
    let mut fields = json!({ "code": problem.status.as_u16(), "message": problem.message });
    if let Some(seconds) = problem.retry_after_s {
        fields["retryAfter"] = json!(seconds.to_string());
    }
    json!({ name(problem.status): fields })
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
