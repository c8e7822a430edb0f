//! What comes of a body that nobody wants.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use guichet_core::limits;
use guichet_http::body::Json;
use tokio::io::AsyncWriteExt;

use crate::service::{Service, one_answer, received};

/// Answers such a status without a look at the body; `/read` reads it, if it is small.
fn refuses() -> Router {
    let status = |code: u16| move || async move { StatusCode::from_u16(code).unwrap() };
    let mut router = Router::new()
        .route("/next", get(|| async { "next" }))
        .route("/read", post(|_: Json<100>| async { StatusCode::NO_CONTENT }));
    for code in [401, 403, 406, 429] {
        router = router.route(&format!("/{code}"), post(status(code)));
    }
    router
}

const NEXT: &str = "GET /next HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

fn head(path: &str, more: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: a\r\n{more}\r\n\r\n")
}

#[tokio::test]
async fn the_next_request_is_answered_whatever_became_of_the_body() {
    let service = Service::start(refuses()).await;
    for (path, status) in [
        ("/401", 401),
        ("/403", 403),
        ("/none", 404),
        ("/next", 405),
        ("/406", 406),
        ("/429", 429),
        ("/read", 413),
    ] {
        let body = format!("{{\"a\":\"{}\"}}", "x".repeat(1_000));
        let chunked = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
        for (more, body) in [
            (format!("content-length: {}", body.len()), &body),
            ("transfer-encoding: chunked".to_owned(), &chunked),
        ] {
            let mut stream = service.send(&head(path, &more)).await;
            // The head is on its way alone, and the service has had the time to look at it.
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            let (first, second) = body.split_at(body.len() / 2);
            stream.write_all(first.as_bytes()).await.unwrap();
            tokio::task::yield_now().await;
            stream.write_all(format!("{second}{NEXT}").as_bytes()).await.unwrap();
            let answers = received(stream).await;
            assert!(answers.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answers}");
            assert!(answers.ends_with("\r\n\r\nnext"), "{path} {more}: {answers}");
        }
    }
    service.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_large_or_does_not_come_ends_the_connection_and_the_answer_says_so() {
    let service = Service::start(refuses()).await;
    let large = format!("content-length: {}", limits::REST_MAX + 1);
    for (more, sent) in [
        ("content-length: 10", 5),
        ("transfer-encoding: chunked", 0),
        (&large, limits::REST_MAX + 1),
        // It asks whether it should send it, and is answered instead.
        ("content-length: 10\r\nexpect: 100-continue", 0),
    ] {
        let text = head("/401", more) + &"x".repeat(sent);
        let answer = received(service.send(&text).await).await;
        assert!(answer.starts_with("HTTP/1.1 401 "), "{more}: {answer}");
        assert!(answer.contains("connection: close"), "{more}: {answer}");
    }
    service.end().await;
}

/// More comes than the system holds: were the connection closed at once, the answer would be gone.
#[tokio::test]
async fn whoever_is_still_sending_reads_the_answer() {
    let service = Service::start(refuses()).await;
    for path in ["/401", "/read"] {
        let bytes = limits::REST_MAX + 1;
        let mut stream = service.send(&head(path, &format!("content-length: {bytes}"))).await;
        let answer = one_answer(&mut stream).await;
        assert!(answer.contains("connection: close"), "{answer}");
        // What is sent after the answer is read too, and no reset takes the answer back.
        stream.write_all(&vec![b'x'; bytes]).await.unwrap();
        stream.shutdown().await.unwrap();
        assert_eq!(received(stream).await, "");
    }
    service.end().await;
}
