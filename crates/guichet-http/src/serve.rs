//! Connections: a bounded number at once, each with its time-outs, all ended at shutdown.

use std::io;
use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use guichet_core::limits;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;
use tower::util::BoxCloneSyncService;

/// What answers requests. It never fails: what goes wrong is an answer too.
pub type App = BoxCloneSyncService<Request, Response, std::convert::Infallible>;

/// Serves until `stop` is cancelled; then takes no new connection, lets each finish the request it is
/// at, and returns when all are gone.
pub async fn serve(listener: TcpListener, app: App, stop: CancellationToken) {
    let connections = TaskTracker::new();
    // A connection holds a permit from before it is accepted to its end; its task gives it back.
    let permits = Arc::new(Semaphore::new(limits::CONNECTIONS_MAX));
    loop {
        let accepted = async {
            // Nobody closes the semaphore.
            let permit = Arc::clone(&permits).acquire_owned().await.ok();
            (listener.accept().await, permit)
        };
        let (accepted, permit) = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            accepted = accepted => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                pause_after(&error).await;
                continue;
            }
        };
        let (app, stop) = (app.clone(), stop.clone());
        connections.spawn(async move {
            connection(stream, app, stop).await;
            drop(permit);
        });
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// Out of file descriptors or memory: trying again at once would only spin. Any other error is of
/// the one connection that is gone.
async fn pause_after(error: &io::Error) {
    tracing::warn!(%error, "a connection could not be accepted");
    let of_the_connection =
        matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset);
    if !of_the_connection {
        tokio::time::sleep(limits::ACCEPT_PAUSE).await;
    }
}

/// One connection to its end. What goes wrong with it is its client's affair.
async fn connection(stream: TcpStream, app: App, stop: CancellationToken) {
    // Answers are small and wanted at once; where the system refuses they come a little later.
    let _ = stream.set_nodelay(true);
    let app = app.map_request(|request: http::Request<hyper::body::Incoming>| {
        request.map(axum::body::Body::new)
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::HEADER_TIME)
        .max_buf_size(limits::HEADERS_MAX)
        // A buffer grows in steps, past that size too: this is what headers are held to.
        .max_header_size(limits::HEADERS_MAX)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
    tokio::pin!(serving);
    tokio::select! {
        biased;
        _ = serving.as_mut() => return,
        () = stop.cancelled() => serving.as_mut().graceful_shutdown(),
    }
    let _ = serving.await;
}
