//! More connections than there may be.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use guichet_clock::WorldClock;
use guichet_core::limits;
use guichet_core::time::Clock;
use guichet_http::serve::Settings;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};

use crate::service::{Service, one_answer, received};

const ASK: &str = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

async fn service(connections: usize) -> Service {
    let routes = Router::new()
        .route("/", get(|| async { "here" }))
        .route("/long", get(|| async { "x".repeat(16 << 20) }));
    Service::with(routes, Settings { connections, ..Settings::default() }).await
}

/// A connection from another address of this machine.
async fn connect_from(service: &Service, last: u8) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from(([127, 0, 0, last], 0))).unwrap();
    socket.connect(service.address).await.unwrap()
}

async fn asked(stream: &mut TcpStream) -> String {
    stream.write_all(ASK.as_bytes()).await.unwrap();
    one_answer(stream).await
}

#[tokio::test]
async fn an_address_past_its_share_is_told_so_and_others_get_in() {
    let service = service(6).await;
    let mut own = Vec::new();
    for _ in 0..3 {
        let mut stream = connect_from(&service, 1).await;
        assert!(asked(&mut stream).await.ends_with("here"));
        own.push(stream);
    }
    let answer = received(connect_from(&service, 1).await).await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("retry-after: 1\r\n") && answer.contains("connection: close"));
    assert!(asked(&mut connect_from(&service, 2).await).await.ends_with("here"));
    for stream in &mut own {
        assert!(asked(stream).await.ends_with("here"), "who is in stays in");
    }
    drop(own);
    let mut next = connect_from(&service, 1).await;
    // The places are given back a moment after the connections end.
    while !asked(&mut next).await.ends_with("here") {
        next = connect_from(&service, 1).await;
    }
    drop(next);
    service.end().await;
}

/// Whoever holds all places by doing nothing, sending half a header or reading nothing makes place
/// for somebody who asks.
#[tokio::test(start_paused = true)]
async fn who_waits_makes_place_for_who_asks() {
    for said in ["", ASK, "GET / HTTP/1.1\r\nhost:", "GET /long HTTP/1.1\r\nhost: a\r\n\r\n"] {
        let service = service(4).await;
        let mut held = Vec::new();
        for last in [1, 1, 2, 3] {
            let mut stream = connect_from(&service, last).await;
            stream.write_all(said.as_bytes()).await.unwrap();
            if said.ends_with("\r\n\r\n") {
                stream.readable().await.unwrap();
            }
            held.push(stream);
        }
        let clock = WorldClock::virtual_time();
        clock.sleep(limits::EVICT_AFTER).await;
        let before = clock.now();
        let answer = asked(&mut connect_from(&service, 4).await).await;
        assert!(answer.ends_with("here"), "{said:?}: {answer}");
        let took = clock.now().since(before);
        assert!(took < limits::EVICT_AFTER, "{said:?}: it did not come to its own end in {took:?}");
        drop(held);
        service.end().await;
    }
}

/// A connection from another address of this machine that the service has not seen yet.
pub(crate) fn connect_unseen_from(service: &Service, last: u8) -> TcpStream {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from(([127, 0, 0, last], 0)).into()).unwrap();
    socket.connect(&service.address.into()).unwrap();
    socket.set_nonblocking(true).unwrap();
    TcpStream::from_std(socket.into()).unwrap()
}

/// Answers long, after a moment.
pub(crate) async fn late() -> String {
    tokio::time::sleep(Duration::from_millis(10)).await;
    "x".repeat(16 << 20)
}

/// Its request is answered; if it does not read that, it makes place as others do.
#[tokio::test(start_paused = true)]
async fn who_asked_as_it_was_to_leave_can_be_asked_to_leave_again() {
    let routes = Router::new()
        .route("/", get(|| async { "here" }))
        .route("/never", get(std::future::pending::<()>))
        .route("/late", get(late));
    let service = Service::with(routes, Settings { connections: 2, ..Settings::default() }).await;
    let mut working = connect_from(&service, 2).await;
    working.write_all(b"GET /never HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    let mut idle = connect_from(&service, 3).await;
    assert!(asked(&mut idle).await.ends_with("here"));
    let clock = WorldClock::virtual_time();
    clock.sleep(limits::EVICT_AFTER).await;
    let before = clock.now();
    // Both are there when the service looks next: who needs a place, and then the request.
    let mut next = connect_unseen_from(&service, 1);
    idle.write_all(b"GET /late HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    assert!(asked(&mut next).await.ends_with("here"));
    let took = clock.now().since(before);
    assert!(took < 2 * limits::EVICT_AFTER, "it did not come to its own end in {took:?}");
    drop((working, idle, next));
    service.end().await;
}
