//! What one cell of a service answers when another one asks.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use guichet_cloud::accounts::Accounts;
use guichet_cloud::worlds::Worlds;
use guichet_http::cells::{Ask, SAYS};
use guichet_http::serve::App;
use http::{HeaderValue, StatusCode};
use tower::service_fn;
use tower::util::BoxCloneSyncService;

/// What answers what other cells [ask](Ask) of the first cloud of these: 204, and the answer in [`SAYS`], if
/// there is one. Whoever asks has been found to be a node of the same service.
pub fn asked_app(worlds: Arc<Worlds>) -> App {
    BoxCloneSyncService::new(service_fn(move |request: Request| {
        let cloud = worlds.first().cloud();
        let answer = request.extensions().get::<Ask>().map(|ask| said(cloud.accounts(), ask));
        std::future::ready(Ok(answer.unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())))
    }))
}

fn said(accounts: &Accounts, ask: &Ask) -> Response {
    let said = accounts.answer(&ask.0);
    let mut answer = StatusCode::NO_CONTENT.into_response();
    if let Some(mut said) = said.and_then(|said| HeaderValue::from_bytes(said.as_bytes()).ok()) {
        said.set_sensitive(true);
        answer.headers_mut().insert(&SAYS, said);
    }
    answer
}
