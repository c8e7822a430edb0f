//! What is answered over the control socket: the API that steers, with the rights of the service.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::IntoResponse;
use guichet_http::serve::App;
use guichet_observe::Watch;
use http::{HeaderValue, StatusCode, header};
use tower::ServiceExt;
use tower::service_fn;
use tower::util::BoxCloneSyncService;

use crate::access::Access;
use crate::app::{Beside, CONTROL, app_with};
use crate::problem::Problem;

/// What a service answers to whoever the system says is its owner. `host` is what clients of the
/// network call the service by: links lead there, and not to a socket.
pub fn owned_app(watch: Arc<Watch>, beside: Beside, host: HeaderValue) -> App {
    let app = app_with(watch, Access::Owner, beside);
    BoxCloneSyncService::new(service_fn(move |mut request: Request| {
        let (app, host) = (app.clone(), host.clone());
        async move {
            if !request.uri().path().starts_with(CONTROL) {
                let message = "The control socket has what lies under /guichet/v1 alone; ask the \
                    service's address for the rest.";
                return Ok(Problem::new(StatusCode::NOT_FOUND, message).into_response());
            }
            request.headers_mut().insert(header::HOST, host);
            app.oneshot(request).await
        }
    }))
}
