//! What requests and answers hold.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use guichet_core::limits;
use guichet_http::body::Json;
use guichet_http::error::ReadError;
use guichet_http::serve::Settings;
use guichet_http::space::{self, Space};
use hyper::body::Frame;
use tokio::io::AsyncWriteExt;
use tokio::sync::Semaphore;

use crate::service::{Service, one_answer, received};

/// A body that comes a byte a frame, each in a buffer of its own, as a connection reads it that
/// gets a byte a packet.
struct Dribble {
    left: Bytes,
    live: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

/// The buffer of one frame.
struct Packet {
    byte: [u8; 1],
    live: Arc<AtomicUsize>,
}

impl AsRef<[u8]> for Packet {
    fn as_ref(&self) -> &[u8] {
        &self.byte
    }
}

impl Drop for Packet {
    fn drop(&mut self) {
        self.live.fetch_sub(1, Ordering::Relaxed);
    }
}

impl HttpBody for Dribble {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        let byte = [self.left.split_to(1)[0]];
        let live = self.live.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(live, Ordering::Relaxed);
        let packet = Packet { byte, live: Arc::clone(&self.live) };
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_owner(packet)))))
    }
}

#[tokio::test]
async fn a_body_of_a_byte_a_packet_holds_one_packet() {
    let (live, most) = (Arc::default(), Arc::<AtomicUsize>::default());
    let left = Bytes::from(format!("{{\"a\":\"{}\"}}", "x".repeat(10_000)));
    let body = Body::new(Dribble { left, live, most: Arc::clone(&most) });
    let read: Result<Json, ReadError> = Json::from_request(Request::new(body), &()).await;
    assert_eq!(read.unwrap().0["a"].as_str().map(str::len), Some(10_000));
    assert_eq!(most.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_says_it_is_too_large_is_refused_before_it_comes() {
    let routes = Router::new().route("/", post(|_: Json<100>| async {}));
    let service = Service::start(routes).await;
    let head = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 101\r\n\r\n";
    let answer = received(service.send(head).await).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    service.end().await;
}

/// A route that is at work with a body until it is let go.
fn holds(gate: &Arc<Semaphore>, at_work: &Arc<Semaphore>) -> Router {
    let (gate, at_work) = (Arc::clone(gate), Arc::clone(at_work));
    let hold = move |Json(tree): Json<{ limits::BODY_MAX }>| async move {
        at_work.add_permits(1);
        let _ = gate.acquire().await;
        drop(tree);
        StatusCode::NO_CONTENT
    };
    Router::new().route("/", post(hold))
}

#[tokio::test]
async fn bodies_that_are_worked_on_count_until_they_are_dropped() {
    const SIZE: usize = 100_000;
    let (gate, at_work) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let settings = Settings { bodies: 10 * SIZE, ..Settings::default() };
    let service = Service::with(holds(&gate, &at_work), settings).await;
    let body = format!("{{\"a\":\"{}\"}}", "x".repeat(SIZE - 8));
    let request = format!("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: {SIZE}\r\n\r\n{body}");
    let mut held = Vec::new();
    // One address has half of it: less than five of them, with what they are parsed into.
    for _ in 0..4 {
        held.push(service.send(&request).await);
        at_work.acquire().await.unwrap().forget();
    }
    let mut refused = service.send(&request).await;
    let answer = one_answer(&mut refused).await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    gate.close();
    for mut stream in held {
        assert!(one_answer(&mut stream).await.starts_with("HTTP/1.1 204 "));
    }
    let mut next = service.send(&request).await;
    assert!(one_answer(&mut next).await.starts_with("HTTP/1.1 204 "), "it is all free again");
    drop((refused, next));
    service.end().await;
}

/// A megabyte of small values is no request, and is not made into thirty.
#[tokio::test]
async fn values_without_end_are_refused() {
    let (gate, at_work) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    gate.close();
    let service = Service::start(holds(&gate, &at_work)).await;
    let body = format!("{{\"a\":[[0{}]]}}", ",0".repeat(500_000));
    let head = format!("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n", body.len());
    let mut stream = service.send(&head).await;
    stream.write_all(body.as_bytes()).await.unwrap();
    assert!(one_answer(&mut stream).await.starts_with("HTTP/1.1 400 "));
    drop(stream);
    service.end().await;
}

/// An answer of so many bytes, made in memory that was reserved for it or not.
async fn long(space: Space, bytes: usize, is_reserved: bool) -> Result<Response, StatusCode> {
    let reserved = space.reserve(if is_reserved { bytes } else { 0 }).await;
    let reserved = reserved.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    Ok(space::written(StatusCode::OK, vec![b'x'; bytes], reserved))
}

#[tokio::test(start_paused = true)]
async fn answers_that_nobody_reads_leave_memory_for_a_small_one() {
    const LONG: usize = 16 << 20;
    let routes = Router::new()
        .route("/", get(|| async { "here" }))
        .route("/long", get(|space: Space| long(space, LONG, false)))
        .route("/reserved", get(|space: Space| long(space, LONG, true)));
    let settings = Settings { answers: 2 * LONG, ..Settings::default() };
    let service = Service::with(routes, settings).await;
    let ask = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n");
    let unread = service.send(&ask("/long")).await;
    unread.readable().await.unwrap();
    let mut second = service.send(&ask("/long")).await;
    let answer = one_answer(&mut second).await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: 1"), "{answer}");
    second.write_all(ask("/").as_bytes()).await.unwrap();
    assert!(one_answer(&mut second).await.ends_with("here"));
    // One that waits its turn has it when the first is gone.
    let mut third = service.send(&ask("/reserved")).await;
    tokio::task::yield_now().await;
    drop(unread);
    let answer = one_answer(&mut third).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.len() > LONG);
    drop((second, third));
    service.end().await;
}

/// Counts how often it is asked, and answers so many bytes.
fn does(done: &Arc<AtomicUsize>, bytes: usize) -> axum::routing::MethodRouter {
    let done = Arc::clone(done);
    post(move || async move {
        done.fetch_add(1, Ordering::Relaxed);
        "x".repeat(bytes)
    })
}

/// Were it refused, it would be asked for again, and be done twice.
#[tokio::test(start_paused = true)]
async fn what_was_done_is_answered_though_there_is_no_memory_for_the_answer() {
    const LONG: usize = 16 << 20;
    let done = Arc::default();
    let routes = Router::new()
        .route("/long", get(|space: Space| long(space, LONG, false)))
        .route("/do", does(&done, LONG));
    let settings = Settings { answers: 2 * LONG, ..Settings::default() };
    let service = Service::with(routes, settings).await;
    let unread = service.send("GET /long HTTP/1.1\r\nhost: a\r\n\r\n").await;
    unread.readable().await.unwrap();
    let ask = "POST /do HTTP/1.1\r\nhost: a\r\n\r\n";
    let mut second = service.send(ask).await;
    let answer = one_answer(&mut second).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.len() > LONG);
    // As long as such an answer is not read nothing more is done.
    let mut third = service.send(ask).await;
    third.readable().await.unwrap();
    second.write_all(ask.as_bytes()).await.unwrap();
    let answer = one_answer(&mut second).await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: 1"), "{answer}");
    assert_eq!(done.load(Ordering::Relaxed), 2);
    assert!(one_answer(&mut third).await.len() > LONG);
    second.write_all(ask.as_bytes()).await.unwrap();
    assert!(one_answer(&mut second).await.starts_with("HTTP/1.1 200 "), "all of it is read");
    drop((unread, second, third));
    service.end().await;
}
