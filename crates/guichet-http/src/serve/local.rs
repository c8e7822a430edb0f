//! Connections over a unix socket: of this machine's root and of the service's own user, so many at
//! once. Whoever else connects is told so, and is in the log.

use std::sync::Arc;

use axum::body::Body;
use guichet_clock::Stopwatch;
use guichet_clock::flood::Flood;
use guichet_core::limits;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::exchange::{App, HangUp};

/// Serves until `stop` is cancelled; then each connection finishes the request it is at, for
/// [`limits::CLOSE_TIME`] at most. `own` is the user that the service runs as.
pub async fn serve_local(listener: UnixListener, app: App, own: u32, stop: CancellationToken) {
    let tasks = TaskTracker::new();
    let close = CancellationToken::new();
    // Each connection's task gives its permit back.
    let places = Arc::new(Semaphore::new(limits::LOCAL_CONNECTIONS_MAX));
    let (watch, refused) = (Stopwatch::start(), Flood::new());
    loop {
        let place = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            place = Arc::clone(&places).acquire_owned() => place,
        };
        let accepted = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(limits::ACCEPT_PAUSE).await;
            continue;
        };
        let user = stream.peer_cred().ok().map(|peer| peer.uid());
        if !user.is_some_and(|user| user == 0 || user == own) {
            if let Some(not_shown) = refused.count(&watch) {
                tracing::warn!(?user, not_shown, "the control socket was tried by another user");
            }
            // As much as the system takes at once: nobody waits for a stranger.
            let _ = stream.try_write(FOREIGN.as_bytes());
            continue;
        }
        let (app, stop, close) = (app.clone(), stop.clone(), close.clone());
        tasks.spawn(async move {
            let served = close.run_until_cancelled(one(stream, app, stop)).await;
            drop((served, place));
        });
    }
    drop(listener);
    tasks.close();
    if tokio::time::timeout(limits::CLOSE_TIME, tasks.wait()).await.is_err() {
        close.cancel();
        tasks.wait().await;
    }
}

/// Serves one connection to its end. What goes wrong with it is its client's affair.
async fn one(stream: UnixStream, app: App, stop: CancellationToken) {
    let service = service_fn(|request: http::Request<hyper::body::Incoming>| {
        let answering = app.clone().oneshot(request.map(Body::new));
        async move {
            let Ok(answer) = answering.await;
            match answer.extensions().get::<HangUp>() {
                Some(hang_up) => Err(*hang_up),
                None => Ok(answer),
            }
        }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::HEADER_TIME)
        .max_buf_size(limits::HEADERS_MAX)
        // Who has sent all it has to send may say so, and still reads.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    let mut serving = std::pin::pin!(serving);
    tokio::select! {
        biased;
        _ = &mut serving => return,
        () = stop.cancelled() => serving.as_mut().graceful_shutdown(),
    }
    let _ = serving.await;
}

/// The answer for another user, whatever was asked: nothing was read.
const FOREIGN: &str = "HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\
    content-type: application/json\r\ncontent-length: 129\r\n\r\n\
    {\"error\":{\"code\":403,\"title\":\"Forbidden\",\"message\":\
    \"The control socket is for root and for the user that the service runs as.\"}}\n";

#[cfg(test)]
mod tests {
    use super::FOREIGN;

    #[test]
    fn the_ready_answer_says_its_length() {
        let (head, body) = FOREIGN.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with(&format!("content-length: {}", body.len())), "{}", body.len());
    }
}
