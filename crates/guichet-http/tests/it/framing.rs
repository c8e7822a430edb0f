//! Requests that two readers could read differently.

use axum::Router;
use axum::extract::Request;
use axum::routing::any;
use http_body_util::BodyExt;

use crate::service::{Service, received};

/// Answers with what came as a body.
fn echo() -> Router {
    let echo = |request: Request| async move {
        let body = request.into_body().collect().await;
        body.map_or_else(|_| "broken".into(), |body| body.to_bytes())
    };
    Router::new().fallback(any(echo))
}

/// The status of the one answer to this, after which the connection is closed.
async fn refused(service: &Service, text: &str) -> u16 {
    let answer = received(service.send(text).await).await;
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{text:?}: {answer}");
    assert!(answer.contains("connection: close"), "{text:?}: {answer}");
    answer[9..12].parse().unwrap()
}

#[tokio::test]
async fn a_host_is_there_once_and_is_a_host() {
    let service = Service::start(echo()).await;
    for (headers, status) in [
        ("", 400),
        ("host: a\r\nhost: a\r\n", 400),
        ("host: a\r\nHost: b\r\n", 400),
        ("host: \"><x\r\n", 400),
        ("host: a b\r\n", 400),
    ] {
        let text = format!("GET / HTTP/1.1\r\n{headers}\r\n");
        assert_eq!(refused(&service, &text).await, status, "{headers:?}");
    }
    for request in [
        "GET / HTTP/1.1\r\nhost: cloud.example.org:8774\r\nconnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: [::1]:80\r\nconnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nhost:\r\nconnection: close\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
    ] {
        let answer = received(service.send(request).await).await;
        assert!(answer[8..].starts_with(" 200 "), "{request:?}: {answer}");
    }
    service.end().await;
}

#[tokio::test]
async fn a_body_whose_coding_is_not_known_is_refused() {
    let service = Service::start(echo()).await;
    let smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n";
    for (coding, status) in [
        ("transfer-encoding: gzip, chunked", 501),
        ("transfer-encoding: gzip\r\ntransfer-encoding: chunked", 501),
        ("transfer-encoding: chunked, chunked", 400),
        ("transfer-encoding: chunked\r\ntransfer-encoding: chunked", 400),
        ("transfer-encoding: gzip", 400),
        ("transfer-encoding: chunked, gzip", 400),
        ("content-length: 1, 2", 400),
        ("content-length: +1", 400),
        ("content-length: 1\r\ncontent-length: 2", 400),
    ] {
        let text = format!("POST / HTTP/1.1\r\nhost: a\r\n{coding}\r\n\r\n{smuggled}");
        assert_eq!(refused(&service, &text).await, status, "{coding}");
    }
    service.end().await;
}

/// The chunks count, and nothing behind them is a request: the connection ends.
#[tokio::test]
async fn a_length_beside_chunks_ends_the_connection() {
    let service = Service::start(echo()).await;
    for coding in [
        "content-length: 3\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked\r\ncontent-length: 3",
    ] {
        let text = format!(
            "POST / HTTP/1.1\r\nhost: a\r\n{coding}\r\n\r\n2\r\nab\r\n0\r\n\r\n\
             GET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n"
        );
        assert_eq!(refused(&service, &text).await, 200, "{coding}");
    }
    service.end().await;
}

/// As many as over HTTP/2.
#[tokio::test]
async fn more_than_a_hundred_headers_are_refused() {
    let service = Service::start(echo()).await;
    for (more, status) in [(98, 200), (99, 431)] {
        let more: String = (0..more).map(|number| format!("n{number}: v\r\n")).collect();
        let text = format!("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{more}\r\n");
        assert_eq!(refused(&service, &text).await, status);
    }
    service.end().await;
}

/// Whom a request is for is in its first line if it names a host, whatever the header says (RFC 9112, section 3.2.2).
#[tokio::test]
async fn a_target_with_a_host_is_for_that_host() {
    let shown = |request: Request| async move {
        format!("{} {:?}", request.uri(), request.headers()["host"])
    };
    let service = Service::start(Router::new().fallback(any(shown))).await;
    for (target, shown) in [
        ("http://other:99/a/b?c=d", r#"/a/b?c=d "other:99""#),
        ("HTTPS://[::1]", r#"/ "[::1]""#),
        ("/a", r#"/a "a""#),
    ] {
        let text = format!("GET {target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
        let answer = received(service.send(&text).await).await;
        assert!(answer.ends_with(&format!("\r\n\r\n{shown}")), "{target}: {answer}");
    }
    for (line, headers, status) in [
        ("GET http://me@other/", "host: a\r\n", 400),
        ("GET http://me:secret@other/", "host: a\r\n", 400),
        // The header is to be there all the same, and once.
        ("GET http://other/", "", 400),
        ("GET http://other/", "host: a\r\nhost: a\r\n", 400),
        ("CONNECT other:99", "host: a\r\n", 501),
    ] {
        let text = format!("{line} HTTP/1.1\r\n{headers}\r\n");
        assert_eq!(refused(&service, &text).await, status, "{line}");
    }
    service.end().await;
}
