//! Connections that are encrypted: who is let in, what is refused, and what changes under way.

mod crowd;
mod files;
mod h2;
mod support;

use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use guichet_http::serve::Settings;
use guichet_http::tls::Reloaded;
use rustls::version::{TLS12, TLS13};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use self::support::{Authority, Client, Pair, Place, said};
use crate::service::{Service, received};

const ASK: &str = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

fn routes() -> Router {
    Router::new()
        .route("/", get(|| async { "here" }))
        .route("/long", get(|| async { "x".repeat(4 << 20) }))
        .route("/back", post(|body: String| async { body }))
}

async fn service(place: &Place) -> Service {
    Service::with(routes(), Settings { tls: Some(place.slot()), ..Settings::default() }).await
}

#[tokio::test]
async fn tls_1_2_and_1_3_are_spoken() {
    let authority = Authority::new();
    let service = service(&Place::of(&authority.pair("localhost"))).await;
    for version in [&TLS12, &TLS13] {
        let mut stream = Client::of(&authority).version(version).connect(&service).await.unwrap();
        assert_eq!(stream.get_ref().1.protocol_version(), Some(version.version));
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
        for _ in 0..2 {
            assert!(said(&mut stream, ASK).await.ends_with("here"));
        }
    }
    service.end().await;
}

#[tokio::test]
async fn long_bodies_and_long_answers_come_whole() {
    let authority = Authority::new();
    let service = service(&Place::of(&authority.pair("localhost"))).await;
    let mut stream = Client::of(&authority).connect(&service).await.unwrap();
    let long = said(&mut stream, "GET /long HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(long.len() > 4 << 20 && long.ends_with('x'));
    let body = "y".repeat(1 << 20);
    let head = format!("POST /back HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n", body.len());
    assert!(said(&mut stream, &(head + &body)).await.ends_with(&body));
    service.end().await;
}

/// A client that does not speak TLS learns what to do; whatever else comes is closed.
#[tokio::test]
async fn plain_text_is_told_that_tls_is_spoken_and_others_get_on() {
    let authority = Authority::new();
    let service = service(&Place::of(&authority.pair("localhost"))).await;
    let answer = received(service.send(ASK).await).await;
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("https://"), "{answer}");
    assert_eq!(received(service.send("\u{1}\u{2}\u{3}").await).await, "");
    let broken = service.send("\u{16}\u{3}\u{1}\u{0}\u{5}hello").await;
    assert!(!received(broken).await.contains("HTTP/1.1"), "an alert, if anything");
    let mut stream = Client::of(&authority).connect(&service).await.unwrap();
    assert!(said(&mut stream, ASK).await.ends_with("here"));
    service.end().await;
}

#[tokio::test]
async fn who_needs_a_certificate_and_has_none_or_anothers_is_not_let_in() {
    let (authority, of_clients) = (Authority::new(), Authority::new());
    let place = Place::of(&authority.pair("localhost")).with_clients(&of_clients, false);
    let service = service(&place).await;
    let known = Client::of(&authority).shows(&of_clients.pair("somebody"));
    assert!(said(&mut known.connect(&service).await.unwrap(), ASK).await.ends_with("here"));
    for stranger in
        [Client::of(&authority), Client::of(&authority).shows(&authority.pair("somebody"))]
    {
        assert_eq!(stranger.asks(&service, ASK).await, None);
    }
    service.end().await;
}

#[tokio::test]
async fn where_a_certificate_is_optional_a_wrong_one_is_refused_all_the_same() {
    let (authority, of_clients) = (Authority::new(), Authority::new());
    let place = Place::of(&authority.pair("localhost")).with_clients(&of_clients, true);
    let service = service(&place).await;
    let answer = Client::of(&authority).asks(&service, ASK).await;
    assert!(answer.is_some_and(|answer| answer.ends_with("here")));
    let known = Client::of(&authority).shows(&of_clients.pair("somebody"));
    assert!(known.asks(&service, ASK).await.is_some());
    let wrong = Client::of(&authority).shows(&authority.pair("somebody"));
    assert_eq!(wrong.asks(&service, ASK).await, None);
    service.end().await;
}

/// The certificate changes, and nobody who is connected notices.
#[tokio::test]
async fn a_reload_is_for_new_connections_and_the_old_ones_go_on() {
    let (first, second) = (Authority::new(), Authority::new());
    let place = Place::of(&first.pair("localhost"));
    let slot = place.slot();
    let settings = Settings { tls: Some(slot.clone()), ..Settings::default() };
    let service = Service::with(routes(), settings).await;
    let mut old = Client::of(&first).connect(&service).await.unwrap();
    assert!(said(&mut old, ASK).await.ends_with("here"));
    assert_eq!(slot.reload().unwrap(), Reloaded::Same);

    place.write(&second.pair("localhost"));
    assert_eq!(slot.reload().unwrap(), Reloaded::Changed);
    assert!(said(&mut old, ASK).await.ends_with("here"));
    assert!(Client::of(&first).connect(&service).await.is_err(), "it is another's now");
    let mut new = Client::of(&second).connect(&service).await.unwrap();
    assert!(said(&mut new, ASK).await.ends_with("here"));

    // Half of a change is none.
    let Pair { cert, .. } = first.pair("localhost");
    place.write(&Pair { cert, key: second.pair("localhost").key });
    assert!(slot.reload().is_err());
    assert!(Client::of(&second).connect(&service).await.is_ok());
    assert!(said(&mut old, ASK).await.ends_with("here"));
    service.end().await;
}

#[tokio::test]
async fn a_stop_lets_requests_finish_and_does_not_wait_for_handshakes() {
    let authority = Authority::new();
    let service = service(&Place::of(&authority.pair("localhost"))).await;
    let silent = service.send("").await;
    let mut stream = Client::of(&authority).connect(&service).await.unwrap();
    stream.write_all(ASK.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let mut first = [0; 1];
    stream.read_exact(&mut first).await.unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(3), service.end());
    let (ended, read) = tokio::join!(ended, stream.read_to_string(&mut answer));
    assert!(ended.is_ok(), "before what a stop may take");
    // With the end of TLS, and not cut off.
    read.unwrap();
    assert!(answer.ends_with("here"));
    assert_eq!(received(silent).await, "");
}
