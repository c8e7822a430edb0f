//! More connections than there may be.

use std::net::SocketAddr;

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
