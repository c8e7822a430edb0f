//! A fault that strikes a request.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_cloud::faults::{Faults, RequestFault, Struck};
use guichet_http::serve::HangUp;
use guichet_openstack::Surface;
use guichet_openstack::http::gate::REQUEST_ID;
use http::{HeaderMap, StatusCode};

/// The answer of a cloud, unless a rule has it go wrong.
pub(crate) async fn answer(surface: &Surface, cloud: &Arc<Cloud>, request: Request) -> Response {
    if cloud.faults().is_none_or(Faults::is_empty) {
        return surface.answer(cloud, request).await;
    }
    let request = surface.unified(request);
    let path = request.uri().path();
    let strike = |faults: &Faults| faults.of_request(request.method().as_str(), path);
    let Some(Struck { rule, fault }) = cloud.faults().and_then(strike) else {
        return surface.answer(cloud, request).await;
    };
    let (path, headers) = (path.to_owned(), request.headers().clone());
    let refused = |headers: &HeaderMap| wrong(surface, cloud, &path, headers, &fault);
    let answer = match &fault {
        RequestFault::Answer { after: false, .. } | RequestFault::Close { after: false } => {
            refused(&headers)
        }
        RequestFault::Answer { .. } | RequestFault::Close { .. } => {
            let done = surface.answer(cloud, request).await;
            let mut refused = refused(&headers);
            // The one that was done has a name already.
            if let Some(id) = done.headers().get(&REQUEST_ID) {
                refused.headers_mut().insert(&REQUEST_ID, id.clone());
            }
            refused
        }
        RequestFault::Delay { delay, after } => {
            if !*after {
                tokio::time::sleep(*delay).await;
            }
            let answer = surface.answer(cloud, request).await;
            if *after {
                tokio::time::sleep(*delay).await;
            }
            answer
        }
    };
    let id = answer.headers().get(&REQUEST_ID).and_then(|id| id.to_str().ok());
    if let Some(faults) = cloud.faults() {
        faults.note(rule, id.unwrap_or("-").to_owned());
    }
    answer
}

/// What is answered in place of what was asked for, in the shape of its service.
fn wrong(
    surface: &Surface,
    cloud: &Cloud,
    path: &str,
    headers: &HeaderMap,
    fault: &RequestFault,
) -> Response {
    let (status, message, retry_after) = match fault {
        RequestFault::Answer { status, message, retry_after, .. } => {
            (*status, &**message, *retry_after)
        }
        _ => (503, "", None),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = surface.refusal(cloud, path, headers, (status, message, retry_after));
    if matches!(fault, RequestFault::Close { .. }) {
        answer.extensions_mut().insert(HangUp);
    }
    answer
}
