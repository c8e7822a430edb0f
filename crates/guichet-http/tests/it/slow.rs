//! Clients that are slow on purpose.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use guichet_clock::WorldClock;
use guichet_core::limits;
use guichet_core::time::Clock;
use guichet_http::body::Json;
use tokio::io::{AsyncWriteExt, Interest};
use tokio::net::TcpStream;

use crate::service::{Service, one_answer, received};

/// More than the systems of both ends hold.
const LONG: usize = 16 << 20;

fn routes() -> Router {
    Router::new()
        .route("/", get(|| async { "here" }))
        .route("/", post(|_: Json| async { StatusCode::NO_CONTENT }))
        .route("/long", get(|| async { "x".repeat(LONG) }))
}

/// Waits until a connection is gone, without reading what it sent.
async fn gone(stream: &TcpStream) {
    stream.ready(Interest::ERROR).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn who_never_reads_an_answer_is_let_go() {
    let service = Service::start(routes()).await;
    let clock = WorldClock::virtual_time();
    let before = clock.now();
    let stream = service.send("GET /long HTTP/1.1\r\nhost: a\r\n\r\n").await;
    gone(&stream).await;
    assert!(clock.now().since(before) >= limits::WRITE_TIME);
    assert!(clock.now().since(before) < 2 * limits::WRITE_TIME);
    service.end().await;
}

#[tokio::test(start_paused = true)]
async fn headers_that_come_byte_by_byte_have_a_time_of_their_own() {
    let service = Service::start(routes()).await;
    let clock = WorldClock::virtual_time();
    let mut stream = service.send("").await;
    clock.sleep(limits::IDLE_TIME / 2).await;
    let before = clock.now();
    for byte in b"GET / HTTP/1.1\r\nhost: aaaaaaaaaaaaaaaaaaaaaaaaaa".chunks(1).cycle() {
        if stream.write_all(byte).await.is_err() {
            break;
        }
        clock.sleep(Duration::from_secs(1)).await;
    }
    let took = clock.now().since(before);
    let (least, most) = (limits::HEADER_TIME, limits::HEADER_TIME + Duration::from_secs(5));
    assert!(took >= least && took <= most, "{took:?}");
    service.end().await;
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_goes_on_for_a_while_and_each_request_begins_it_anew() {
    let service = Service::start(routes()).await;
    let clock = WorldClock::virtual_time();
    let mut stream = service.send("").await;
    for _ in 0..4 {
        clock.sleep(limits::IDLE_TIME - Duration::from_secs(1)).await;
        stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        assert!(one_answer(&mut stream).await.ends_with("here"));
    }
    let before = clock.now();
    assert_eq!(received(stream).await, "");
    let idle = clock.now().since(before);
    let most = limits::IDLE_TIME + Duration::from_secs(1);
    assert!(idle >= limits::IDLE_TIME - Duration::from_secs(1) && idle <= most, "{idle:?}");
    service.end().await;
}
