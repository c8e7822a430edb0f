//! Connections: what is answered over them, what is not waited for, and their end.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use guichet_core::limits;
use guichet_http::body::Json;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::service::{Service, received};

fn sends_a_body() -> Router {
    Router::new().route("/", post(|_: Json<{ limits::BODY_MAX }>| async { StatusCode::NO_CONTENT }))
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
