//! One request and its answer: what is done around the app.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use guichet_core::limits;
use http::{HeaderValue, StatusCode, header};
use hyper::body::{Body as _, Incoming};
use tower::ServiceExt;
use tower::util::BoxCloneSyncService;

use super::framing;
use super::link::Link;
use super::outgoing::{Asked, Outgoing};
use super::unread::{Wanted, read_away};
use crate::retry_after;
use crate::space::{Full, Held};

/// What answers requests. It never fails: what goes wrong is an answer too.
pub type App = BoxCloneSyncService<Request, Response, Infallible>;

/// Among an answer's extensions: nothing is answered, and the connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the connection is closed without an answer, as it was told to be")]
pub struct HangUp;

/// Among an answer's extensions: its body comes from another node as it is sent, and what it holds is
/// counted there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassedBack;

/// Has the app answer a request that came over a connection.
///
/// # Errors
/// [`HangUp`]: the app wants none.
pub(super) async fn answer(
    app: App,
    link: Arc<Link>,
    mut request: http::Request<Incoming>,
) -> Result<http::Response<Outgoing>, HangUp> {
    link.on_request();
    let has_body = !request.body().is_end_stream();
    let framed = framing::check(&request).and_then(|()| framing::go_by_target(&mut request));
    if let Err(misframed) = framed {
        link.set_unread();
        let mut answer = in_words(misframed.status, misframed.why);
        close(&mut answer);
        return Ok(answer.map(|body| Outgoing::small(body, link)));
    }
    let asked = Asked::by(request.method());
    let asks_first = has_body && request.headers().contains_key(header::EXPECT);
    let mut request = request.map(|body| {
        if has_body { Body::new(Wanted::new(body, Arc::clone(&link))) } else { Body::empty() }
    });
    request.extensions_mut().insert(Arc::clone(&link.peer.origin));
    let mut answer = if asked.must_wait(&link) {
        drop(request);
        busy(UNREAD)
    } else {
        let Ok(answer) = app.oneshot(request).await;
        answer
    };
    if let Some(hang_up) = answer.extensions().get::<HangUp>() {
        return Err(*hang_up);
    }
    if let Some(rest) = link.take_rest()
        && !read_away(rest, asks_first).await
    {
        link.set_unread();
        close(&mut answer);
    }
    Ok(outgoing(answer, asked, link))
}

/// What is said to who is to read first what it was answered, before anything is done.
pub(super) const UNREAD: &str =
    "Long answers to your address wait to be read; read them, and ask again.";

/// The answer as it goes out: itself, or that there is no memory for it. That is said in words: which API was asked
/// is known by the app alone, which has answered.
fn outgoing(answer: Response, asked: Asked, link: Arc<Link>) -> http::Response<Outgoing> {
    let (mut parts, body) = answer.into_parts();
    let held = parts.extensions.remove::<Held>();
    if parts.extensions.remove::<PassedBack>().is_some() {
        return http::Response::from_parts(parts, Outgoing::small(body, link));
    }
    match Outgoing::new(body, held, asked, Arc::clone(&link)) {
        Ok(body) => http::Response::from_parts(parts, body),
        Err(_) => {
            let mut busy = busy(&Full.to_string());
            if let Some(connection) = parts.headers.remove(header::CONNECTION) {
                busy.headers_mut().insert(header::CONNECTION, connection);
            }
            busy.map(|body| Outgoing::small(body, link))
        }
    }
}

/// An answer in words: what it is about was not asked of any service.
pub(super) fn in_words(status: StatusCode, words: &str) -> Response {
    let mut answer = Response::new(Body::from(format!("{words}\n")));
    *answer.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    answer.headers_mut().insert(header::CONTENT_TYPE, kind);
    answer
}

/// An answer in words for who is to ask again.
pub(super) fn busy(words: &str) -> Response {
    let mut busy = in_words(StatusCode::SERVICE_UNAVAILABLE, words);
    retry_after::insert(busy.headers_mut(), limits::RETRY_AFTER_MIN_S);
    busy
}

/// Says that nothing more is read from this connection.
fn close(answer: &mut Response) {
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
}
