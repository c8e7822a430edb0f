//! `/healthz`, `/readyz` and `/metrics`, for what keeps a service running.

use axum::Json;
use axum::response::{IntoResponse, Response};
use guichet_observe::{OPENMETRICS, Readiness};
use http::{HeaderMap, Method, StatusCode, header};

use crate::control::Control;
use crate::problem::Problem;

/// The answer, if the path is one of these. Whoever reaches the service may ask for its health; its
/// metrics name projects, and are for whoever has the control token.
pub(crate) fn answer(
    path: &str,
    method: &Method,
    headers: &HeaderMap,
    control: &Control,
) -> Option<Response> {
    if !matches!(path, "/healthz" | "/readyz" | "/metrics") {
        return None;
    }
    if *method != Method::GET && *method != Method::HEAD {
        let allow = [(header::ALLOW, "GET, HEAD")];
        return Some((StatusCode::METHOD_NOT_ALLOWED, allow).into_response());
    }
    Some(match path {
        "/healthz" => Json(serde_json::json!({ "alive": true })).into_response(),
        "/readyz" => {
            let ready = Readiness::of(&control.worlds);
            let status =
                if ready.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
            (status, Json(ready)).into_response()
        }
        _ => metrics(headers, control).unwrap_or_else(Problem::into_response),
    })
}

fn metrics(headers: &HeaderMap, control: &Control) -> Result<Response, Problem> {
    control.access.check(headers)?;
    Ok(([(header::CONTENT_TYPE, OPENMETRICS)], control.watch.metrics()).into_response())
}
