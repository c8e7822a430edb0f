//! `/healthz`, `/readyz` and `/metrics`, for what keeps a service running.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use guichet_http::serve::App;
use guichet_observe::{OPENMETRICS, Readiness, Watch};
use http::{HeaderMap, Method, StatusCode, header};
use tower::service_fn;
use tower::util::BoxCloneSyncService;

use crate::access::Access;
use crate::control::Control;
use crate::nodes;
use crate::problem::Problem;

/// These three alone, for whoever reaches this address: it is for what scrapes. A page in a browser is
/// answered at none, and where no other machine comes no other name than that of this one.
pub fn metrics_app(watch: Arc<Watch>, address: IpAddr) -> App {
    let access = if address.is_loopback() { Access::Open } else { Access::Owner };
    let worlds = Arc::clone(watch.worlds());
    let control = Control { worlds, access, watch, console: None, reloads: None, cells: None };
    BoxCloneSyncService::new(service_fn(move |request: Request| {
        let (path, method) = (request.uri().path(), request.method());
        let answer = answer(path, method, request.headers(), &control);
        let answer = answer.unwrap_or_else(not_of_metrics);
        std::future::ready(Ok(answer))
    }))
}

/// The answer to what is asked for where metrics and health are, and is neither.
pub fn not_of_metrics() -> Response {
    let message =
        "Here are /metrics, /healthz and /readyz; ask the service's own address for the rest.";
    Problem::new(StatusCode::NOT_FOUND, message).into_response()
}

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
        "/healthz" => nodes::alive(),
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
