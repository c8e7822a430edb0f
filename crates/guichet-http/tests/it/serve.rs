//! Connections: what is answered over them, what is not waited for, and their end.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use guichet_core::limits;
use guichet_http::body::Json;
use guichet_http::routes;
use guichet_http::serve::{App, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::service_fn;

/// A service on a port of its own.
struct Service {
    address: SocketAddr,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl Service {
    async fn start(routes: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let app = App::new(service_fn(move |request| {
            let routes = routes.clone();
            async move { Ok(routes::answer(routes, request).await.expect("in time")) }
        }));
        let serving = TaskTracker::new().spawn(serve(listener, app, stop.clone()));
        Self { address, stop, serving }
    }

    /// A connection over which this was sent.
    async fn send(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    /// Stops it, and waits until it has.
    async fn end(self) {
        self.stop.cancel();
        self.serving.await.unwrap();
    }
}

/// All that comes over a connection until its end.
async fn received(mut stream: TcpStream) -> String {
    let mut text = String::new();
    // A connection that is reset ends too.
    let _ = stream.read_to_string(&mut text).await;
    text
}

fn sends_a_body() -> Router {
    Router::new().route("/", post(|_: Json| async { StatusCode::NO_CONTENT }))
}

#[tokio::test]
async fn headers_past_their_bound_are_refused() {
    let service = Service::start(sends_a_body()).await;
    let long = "x".repeat(limits::HEADERS_MAX);
    let stream = service.send(&format!("POST / HTTP/1.1\r\nhost: a\r\nlong: {long}\r\n\r\n")).await;
    assert!(received(stream).await.starts_with("HTTP/1.1 431 "));
    service.end().await;
}

#[tokio::test(start_paused = true)]
async fn headers_and_bodies_that_do_not_come_are_not_waited_for() {
    let service = Service::start(sends_a_body()).await;
    let stream = service.send("POST / HTTP/1.1\r\nhost: a\r\n").await;
    assert_eq!(received(stream).await, "", "the connection ends without an answer");
    let head = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n";
    let stream = service.send(&format!("{head}{{\"half\"")).await;
    assert!(received(stream).await.starts_with("HTTP/1.1 408 "));
    service.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_stop_lets_each_connection_finish_the_request_it_is_at() {
    let begun = CancellationToken::new();
    let at_work = begun.clone();
    let slow = move || async move {
        at_work.cancel();
        tokio::time::sleep(Duration::from_secs(1)).await;
        "done"
    };
    let service = Service::start(Router::new().route("/", get(slow))).await;
    let idle = service.send("").await;
    let stream = service.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    begun.cancelled().await;
    let address = service.address;
    let (answer, rest, ()) = tokio::join!(received(stream), received(idle), service.end());
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("done"), "{answer}");
    assert_eq!(rest, "");
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
}
