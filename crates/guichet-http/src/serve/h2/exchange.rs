//! One request and its answer over a stream: what is done around the app.

use std::sync::Arc;

use axum::body::{Body, HttpBody as _};
use axum::response::Response;
use guichet_core::limits;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use hyper::body::Incoming;
use hyper::rt::Executor;
use tower::ServiceExt;

use super::super::exchange::{App, HangUp, PassedBack, UNREAD, busy, in_words};
use super::super::outgoing::{Asked, TooMuch};
use super::super::unread::Wanted;
use super::asked;
use super::bodies::{Outgoing, read_away};
use super::streams::{OpenStream, Streams};
use super::tasks::Begin;
use crate::budget::Charge;
use crate::space::{Full, Held};

/// What is said if the headers of all requests, or of those of one address, hold as much as they may.
const TOO_LONG: &str =
    "Too many requests with long headers are under way; ask again when some are answered.";

/// What is said of more headers than [`limits::HEADERS_COUNT_MAX`].
const TOO_MANY: &str = "The request has more than 100 headers.";
const _: () = assert!(limits::HEADERS_COUNT_MAX == 100);

/// Has the app answer a request that came over a stream.
///
/// # Errors
/// [`HangUp`]: the app wants none. The stream is reset, and others go on.
pub(super) fn answer(
    app: App,
    (streams, begin): (&Arc<Streams>, &Begin),
    request: http::Request<Incoming>,
) -> impl Future<Output = Result<http::Response<Outgoing>, HangUp>> + use<> {
    // From here on it is open, whenever it has its turn; what it may not hold is let go at once.
    let (stream, begin) = (streams.open(), begin.clone());
    let (is_head, asked) = (request.method() == Method::HEAD, Asked::by(request.method()));
    let admitted = admit(request, &stream);
    async move {
        let answer = match admitted {
            Ok((request, headers)) => {
                let Ok(answer) = app.oneshot(request).await;
                drop(headers);
                answer
            }
            Err(refused) => refused,
        };
        if let Some(hang_up) = answer.extensions().get::<HangUp>() {
            return Err(*hang_up);
        }
        if let Some(rest) = stream.take_rest() {
            begin.execute(read_away(rest, Arc::clone(&stream)));
        }
        Ok(outgoing(answer, (is_head, asked), stream))
    }
}

/// The request as the app sees it, with what its headers hold; or why it is not answered. What comes of its body is
/// read away then, as where the app does not want it.
#[expect(
    clippy::result_large_err,
    reason = "an answer is moved once, and is not an error of anybody's"
)]
fn admit(
    request: http::Request<Incoming>,
    stream: &Arc<OpenStream>,
) -> Result<(axum::extract::Request, Option<Charge>), Response> {
    let has_body = !request.body().is_end_stream();
    let mut request = request.map(|body| {
        if has_body { Body::new(Wanted::new(body, Arc::clone(stream))) } else { Body::empty() }
    });
    if !stream.has_place() {
        return Err(no_place());
    }
    if let Err(misframed) = asked::as_one_by_one(&mut request) {
        return Err(in_words(misframed.status, misframed.why));
    }
    if request.headers().len() > limits::HEADERS_COUNT_MAX {
        return Err(in_words(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, TOO_MANY));
    }
    if Asked::by(request.method()).must_wait(stream.link()) {
        return Err(busy(UNREAD));
    }
    let origin = &stream.link().peer.origin;
    let headers = match held_by(request.uri(), request.headers()) {
        ..=limits::H2_HEADERS_FREE => None,
        held => Some(origin.bodies.try_take(held).ok_or_else(|| busy(TOO_LONG))?),
    };
    request.extensions_mut().insert(Arc::clone(origin));
    Ok((request, headers))
}

/// The answer to a stream that has no place. It has no body: that would wait for its client to open a window, and
/// count nowhere.
fn no_place() -> Response {
    let mut answer = busy("");
    answer.headers_mut().remove(header::CONTENT_TYPE);
    answer.map(|_| Body::empty())
}

/// Bytes of memory that a request's address and headers hold.
fn held_by(uri: &Uri, headers: &HeaderMap) -> usize {
    let path = uri.path_and_query().map_or(0, |path| path.as_str().len());
    let texts =
        headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>();
    (path + texts) * limits::H2_HEADERS_FACTOR + headers.len() * limits::H2_HEADER_COST
}

/// The answer as it goes out: itself, or that there is no memory for it.
fn outgoing(
    answer: Response,
    (is_head, asked): (bool, Asked),
    stream: Arc<OpenStream>,
) -> http::Response<Outgoing> {
    let (mut parts, body) = answer.into_parts();
    let held = parts.extensions.remove::<Held>();
    if is_head {
        // Its length is said, and it is not sent.
        if let Some(length) = body.size_hint().exact().filter(|length| *length > 0) {
            parts.headers.entry(header::CONTENT_LENGTH).or_insert(HeaderValue::from(length));
        }
        return http::Response::from_parts(parts, Outgoing::small(Body::empty(), stream));
    }
    if parts.extensions.remove::<PassedBack>().is_some() {
        return http::Response::from_parts(parts, Outgoing::small(body, stream));
    }
    match Outgoing::new(body, held, asked, Arc::clone(&stream)) {
        Ok(body) => http::Response::from_parts(parts, body),
        Err(TooMuch) => busy(&Full.to_string()).map(|body| Outgoing::small(body, stream)),
    }
}
