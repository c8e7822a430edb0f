//! A fault that strikes a request.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_cloud::faults::{AskedRequest, Faults, RequestFault, Struck};
use guichet_http::access_log::Entry;
use guichet_http::origin::Source;
use guichet_http::serve::HangUp;
use guichet_openstack::Surface;
use guichet_openstack::http::gate::REQUEST_ID;
use http::{HeaderMap, StatusCode};

use super::omit;
use crate::asker;

/// The answer of a cloud, unless a rule has it go wrong.
pub(crate) async fn answer(surface: &Surface, cloud: &Arc<Cloud>, request: Request) -> Response {
    if cloud.faults().is_none_or(Faults::is_empty) {
        return surface.answer(cloud, request).await;
    }
    // In a box, so that requests to a cloud without rules do not move its state about.
    Box::pin(by_rules(surface, cloud, request)).await
}

/// The answer of a cloud with rules.
async fn by_rules(surface: &Surface, cloud: &Arc<Cloud>, request: Request) -> Response {
    let request = surface.unified(request);
    let Some(Struck { rule, fault }) = struck(cloud, &request) else {
        return surface.answer(cloud, request).await;
    };
    let answer = wrong(surface, cloud, request, &fault).await;
    let id = answer.headers().get(&REQUEST_ID).and_then(|id| id.to_str().ok());
    if let Some(faults) = cloud.faults() {
        faults.note(rule, id.unwrap_or("-").to_owned());
    }
    answer
}

/// What goes wrong with a request, if anything does.
fn struck(cloud: &Cloud, request: &Request) -> Option<Struck<RequestFault>> {
    let session = asker::session(cloud, request.headers());
    let project = session.and_then(|session| asker::project(cloud, &session));
    let client = Source::of(request.extensions()).0.map(|address| address.to_string());
    let path = request.uri().path();
    cloud.faults()?.of_request(AskedRequest {
        method: request.method().as_str(),
        path,
        service: Surface::service(path),
        project: project.as_deref().unwrap_or_default(),
        client: client.as_deref().unwrap_or_default(),
    })
}

/// The answer to a request that goes wrong so.
async fn wrong(
    surface: &Surface,
    cloud: &Arc<Cloud>,
    request: Request,
    fault: &RequestFault,
) -> Response {
    match fault {
        RequestFault::Answer { after: false, .. } | RequestFault::Close { after: false } => {
            refused(surface, cloud, &request, fault)
        }
        RequestFault::Answer { .. } | RequestFault::Close { .. } => {
            let (path, headers) = (request.uri().path().to_owned(), request.headers().clone());
            let done = surface.answer(cloud, request).await;
            let mut refused = in_shape(surface, cloud, &path, &headers, fault);
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
        RequestFault::Expire => {
            if let Some(token) = asker::token(request.headers()) {
                // If it cannot be recorded at present, the token stays good.
                let _ = cloud.accounts().revoke(token).await;
            }
            surface.answer(cloud, request).await
        }
        RequestFault::Omit { named } => {
            omit::without_one(surface.answer(cloud, request).await, named).await
        }
    }
}

/// What is answered in place of what was asked for, with an entry in the log as every answer has.
fn refused(surface: &Surface, cloud: &Cloud, request: &Request, fault: &RequestFault) -> Response {
    let id = cloud.new_request();
    let entry = Entry::begin(id, request);
    let (path, headers) = (request.uri().path(), request.headers());
    let mut answer = in_shape(surface, cloud, path, headers, fault);
    Surface::name(&mut answer, path, id);
    if let Some(entry) = entry {
        let user = asker::session(cloud, headers).map(|session| session.user);
        let user = user.map(|user| cloud.accounts().user_name(user));
        let user = user.as_deref().unwrap_or("-");
        match fault {
            RequestFault::Close { .. } => surface.log().write_closed(entry, user),
            _ => surface.log().write(entry, user, answer.status()),
        }
    }
    answer
}

/// What is answered in place of what was asked for, in the shape of its service.
fn in_shape(
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
