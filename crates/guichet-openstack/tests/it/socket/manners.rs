//! Clients that are slow, broken or too large, and the end of the service.

use std::time::Duration;

use bytes::Bytes;
use guichet_clock::WorldClock;
use guichet_core::limits;
use guichet_core::time::Clock;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::wire::Service;
use crate::servers::{Bench, new, soon};

/// Everything a connection says until its end.
async fn rest(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    // An end by force is an end too.
    let _ = soon(stream.read_to_end(&mut said)).await;
    String::from_utf8_lossy(&said).into_owned()
}

fn head(token: &str, length: usize) -> String {
    format!(
        "POST /compute/v2.1/servers HTTP/1.1\r\nhost: cloud:1\r\nx-auth-token: {token}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n"
    )
}

#[tokio::test]
async fn clients_that_never_end_do_not_hold_up_others() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let service = Service::of(&bench.test.cloud).await;
    let mut slow = Vec::new();
    for which in 0..100 {
        let mut stream = TcpStream::connect(service.address).await.unwrap();
        // Half of a header, or half of a body.
        let head = head(&client.token, 100);
        let said = if which % 2 == 0 { head } else { format!("{head}\r\n{{\"server\"") };
        stream.write_all(said.as_bytes()).await.unwrap();
        slow.push(stream);
    }
    let mut wire = service.connect(&client.token).await;
    for _ in 0..20 {
        assert_eq!(soon(wire.ask("GET", "/servers", None)).await.0, 200);
    }
    let body = new(&bench.image(), &json!({}));
    assert_eq!(soon(wire.ask("POST", "/servers", Some(&body))).await.0, 202);
    assert_eq!(client.names("").await.len(), 1, "no half of a create made anything");
    drop(slow);
    drop(wire);
    service.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_never_ends_is_let_go() {
    let bench = Bench::new();
    let token = bench.client("demo").token;
    let service = Service::of(&bench.test.cloud).await;
    let clock = WorldClock::virtual_time();
    let begun = clock.now();
    let mut header = TcpStream::connect(service.address).await.unwrap();
    header.write_all(head(&token, 100).as_bytes()).await.unwrap();
    let mut body = TcpStream::connect(service.address).await.unwrap();
    body.write_all(format!("{}\r\n{{", head(&token, 100)).as_bytes()).await.unwrap();
    let mut said = Vec::new();
    let _ = body.read_to_end(&mut said).await;
    assert!(said.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&said));
    assert!(clock.now().since(begun) >= limits::BODY_TIME);
    let _ = header.read_to_end(&mut said).await;
    assert!(clock.now().since(begun) < 2 * limits::HEADER_TIME);
    service.end().await;
}

#[tokio::test]
async fn a_body_that_is_too_large_is_413() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let service = Service::of(&bench.test.cloud).await;
    let mut wire = service.connect(&client.token).await;
    let large = |bytes: usize| Bytes::from(format!("{{\"x\":\"{}\"}}", "y".repeat(bytes)));
    let (status, body) = wire.send("POST", "/servers", large(limits::BODY_MAX - 8)).await;
    assert_eq!(status, 400, "as large as it may be, and read: {body:?}");
    let (status, body) = wire.send("POST", "/servers", large(limits::BODY_MAX)).await;
    assert_eq!(status, 413);
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["overLimit"]["code"], 413);
    // 64 KiB of user data fit.
    let mut wire = service.connect(&client.token).await;
    let body = new(&bench.image(), &json!({ "user_data": "QUJD".repeat(16_383) }));
    assert_eq!(wire.ask("POST", "/servers", Some(&body)).await.0, 202);
    drop(wire);
    service.end().await;
}

/// What a route takes fits what may be sent to it: as long as it may be, and a byte more.
#[tokio::test]
async fn each_route_has_bodies_of_its_size() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let server = client.active(&json!({})).await;
    let service = Service::of(&bench.test.cloud).await;
    let metadata = format!("/servers/{server}/metadata");
    for (path, most) in [
        (format!("/servers/{server}/action"), limits::BODY_SMALL_MAX),
        (metadata.clone(), limits::BODY_METADATA_MAX),
        ("/servers".to_owned(), limits::BODY_MAX),
        ("/../../identity/v3/auth/tokens".to_owned(), limits::BODY_LOGIN_MAX),
    ] {
        for (bytes, is_read) in [(most, true), (most + 1, false)] {
            // One that is too long is refused before it comes.
            let body = if is_read { "y".repeat(bytes - 8) } else { String::new() };
            let body = if is_read { format!("{{\"x\":\"{body}\"}}") } else { body };
            let request = format!(
                "POST {} HTTP/1.1\r\nhost: a\r\nx-auth-token: {}\r\nconnection: close\r\n\
                 content-length: {bytes}\r\n\r\n{body}",
                format!("/compute/v2.1{path}").replace("/compute/v2.1/../..", ""),
                client.token
            );
            let mut stream = TcpStream::connect(service.address).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            let answer = rest(&mut stream).await;
            let status = if is_read { "400" } else { "413" };
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{path} {bytes}: {answer}");
        }
    }
    // The longest metadata there are, each letter as an escape.
    let text = |number: usize, letter: &str| format!("{number:03}{}", letter.repeat(252));
    let items: Vec<String> = (0..limits::METADATA_MAX)
        .map(|number| format!("\"{}\":\"{}\"", text(number, "\\u0061"), text(number, "\\u00e4")))
        .collect();
    let body = format!("{{\"metadata\":{{{}}}}}", items.join(","));
    assert!(body.len() > 380_000);
    let mut wire = service.connect(&client.token).await;
    let (status, answer) = wire.send("POST", &metadata, Bytes::from(body)).await;
    assert_eq!(status, 200, "{answer:?}");
    drop(wire);
    service.end().await;
}

#[tokio::test]
async fn what_is_no_http_is_400_and_headers_without_end_431() {
    let bench = Bench::new();
    let service = Service::of(&bench.test.cloud).await;
    for (said, status) in [
        ("\u{1}\u{2}\u{3}\r\n\r\n".to_owned(), "400"),
        ("GET / HTTP/1.1\r\nno header\r\n\r\n".to_owned(), "400"),
        (format!("GET / HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "y".repeat(100_000)), "431"),
    ] {
        let mut stream = TcpStream::connect(service.address).await.unwrap();
        // The answer may come, and the connection end, before all is written.
        let _ = stream.write_all(said.as_bytes()).await;
        let answer = rest(&mut stream).await;
        assert!(answer.is_empty() || answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
    let mut stream = TcpStream::connect(service.address).await.unwrap();
    let request = "GET /compute/v2.1/servers HTTP/1.1\r\nhost: \"><x\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    service.end().await;
}

#[tokio::test]
async fn a_graceful_stop_answers_what_is_under_way_and_takes_nothing_new() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let service = Service::of(&bench.test.cloud).await;
    let idle = service.connect(&client.token).await;
    let body = new(&bench.image(), &json!({ "networks": null })).to_string();
    let mut under_way = TcpStream::connect(service.address).await.unwrap();
    let (first, second) = body.split_at(10);
    let begin = format!("{}expect: 100-continue\r\n\r\n", head(&client.token, body.len()));
    under_way.write_all(begin.as_bytes()).await.unwrap();
    // It is asked for the body: the request is under way.
    let mut continued = [0; 25];
    soon(under_way.read_exact(&mut continued)).await.unwrap();
    assert!(continued.starts_with(b"HTTP/1.1 100"));
    under_way.write_all(first.as_bytes()).await.unwrap();
    service.stop.cancel();
    // Whoever connects from here on is not served: nobody listens.
    soon(async {
        while TcpStream::connect(service.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(!service.serving.is_finished(), "it waits for what is under way");
    under_way.write_all(second.as_bytes()).await.unwrap();
    let answer = rest(&mut under_way).await;
    assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    drop(idle);
    tokio::time::timeout(Duration::from_secs(20), service.serving).await.unwrap().unwrap();
    assert_eq!(client.names("").await.len(), 1);
}
