//! What is asked and answered over streams.

use std::convert::Infallible;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use guichet_clock::WorldClock;
use guichet_core::time::Clock;
use guichet_http::serve::{App, HangUp, serve_with};
use guichet_http::tls::{CertificateSlot, Protocols, Reloaded};
use http::{HeaderMap, header};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::service_fn;

use super::super::support::said;
use super::*;

#[tokio::test]
async fn who_speaks_it_is_answered_in_it_and_who_does_not_in_http_1_1() {
    let secure = Secure::start(routes()).await;
    let mut speaks = secure.connect().await;
    for _ in 0..2 {
        assert_eq!(speaks.get("/").await, (200, "here".to_owned()));
    }
    let mut old = secure.client().protocol("http/1.1").connect(&secure.service).await.unwrap();
    assert!(said(&mut old, super::super::ASK).await.ends_with("here"));
    drop((speaks, old));
    secure.end().await;
}

#[tokio::test]
async fn where_it_is_not_offered_http_1_1_is_agreed_on() {
    let authority = Authority::new();
    let place = Place::of(&authority.pair("localhost"));
    let slot = CertificateSlot::open_for(place.files(), Protocols::Http1).unwrap();
    let settings = Settings { tls: Some(slot.into()), ..Settings::default() };
    let service = Service::with(routes(), settings).await;
    let both = Client::of(&authority).speaks_both();
    let mut stream = both.connect(&service).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    assert!(said(&mut stream, super::super::ASK).await.ends_with("here"));
    let only = Client::of(&authority).protocol("h2").connect(&service).await;
    assert!(only.is_err(), "it is not spoken, and is not said to be");
    drop(stream);
    service.end().await;
}

#[tokio::test]
async fn long_bodies_and_long_answers_come_whole_beside_others() {
    let secure = Secure::start(routes()).await;
    let mut speaks = secure.connect().await;
    let (long, _) = speaks.begin(request("GET", "/long"), true).await;
    let (back, mut sending) = speaks.begin(request("POST", "/back"), false).await;
    let body = "y".repeat(1 << 20);
    sending.send_data(Bytes::from(body.clone()), true).unwrap();
    let (long, back, short) = tokio::join!(whole(long), whole(back), speaks.get("/"));
    assert!(long.0 == 200 && long.1.len() == LONG);
    assert!(back.0 == 200 && back.1 == body);
    assert_eq!(short.1, "here");
    drop(speaks);
    secure.end().await;
}

/// What the app sees is what it sees of HTTP/1.1: links, cookies and tokens are looked for there.
#[tokio::test]
async fn a_request_looks_as_one_of_http_1_1() {
    let shown = |request: Request| async move {
        let headers = request.headers();
        let all = |name| headers.get_all(name).iter().map(|value| value.to_str().unwrap());
        let hosts: Vec<&str> = all(header::HOST).collect();
        let cookies: Vec<&str> = all(header::COOKIE).collect();
        format!("{} {hosts:?} {cookies:?}", request.uri())
    };
    let secure = Secure::start(Router::new().fallback(shown)).await;
    let mut speaks = secure.connect().await;
    let mut asks = request("GET", "/a?b=c");
    for cookie in ["a=1", "b=2"] {
        asks.headers_mut().append(header::COOKIE, cookie.parse().unwrap());
    }
    let (answer, _) = speaks.begin(asks, true).await;
    assert_eq!(whole(answer).await.1, r#"/a?b=c ["localhost"] ["a=1; b=2"]"#);
    let mut twice = request("GET", "/");
    twice.headers_mut().insert(header::HOST, "other".parse().unwrap());
    let (answer, _) = speaks.begin(twice, true).await;
    assert_eq!(whole(answer).await.0, 400);
    drop(speaks);
    secure.end().await;
}

#[tokio::test]
async fn a_head_says_the_length_and_sends_nothing() {
    let secure = Secure::start(routes()).await;
    let mut speaks = secure.connect().await;
    for (path, length) in [("/", "4"), ("/long", "4194304")] {
        let (answer, _) = speaks.begin(request("HEAD", path), true).await;
        let (head, body) = answer.await.unwrap().into_parts();
        assert_eq!(
            (head.status.as_u16(), &head.headers[header::CONTENT_LENGTH]),
            (200, &length.parse().unwrap())
        );
        assert!(body.is_end_stream() && text(body).await.is_empty());
    }
    drop(speaks);
    secure.end().await;
}

#[tokio::test]
async fn what_is_too_large_is_refused_and_the_connection_goes_on() {
    let secure = Secure::start(routes()).await;
    let mut speaks = secure.connect().await;
    let mut long = request("GET", "/");
    let value = "x".repeat(limits::HEADERS_MAX);
    long.headers_mut().insert("long", value.parse().unwrap());
    let (answer, _) = speaks.begin(long, true).await;
    assert_eq!(answer.await.unwrap().status(), 431);
    // One is the host's.
    for (more, status) in [(limits::HEADERS_COUNT_MAX - 1, 200), (limits::HEADERS_COUNT_MAX, 431)] {
        let mut many = request("GET", "/");
        for number in 0..more {
            let name = header::HeaderName::try_from(format!("n{number}")).unwrap();
            many.headers_mut().insert(name, "v".parse().unwrap());
        }
        let (answer, _) = speaks.begin(many, true).await;
        assert_eq!(whole(answer).await.0, status);
    }
    // Of a body that says its length nothing is waited for, nor of one that does not beyond its bound.
    let mut large = request("POST", "/");
    large.headers_mut().insert(header::CONTENT_LENGTH, (limits::BODY_MAX + 1).into());
    let (answer, _sending) = speaks.begin(large, false).await;
    assert_eq!(whole(answer).await.0, 413);
    let (answer, mut sending) = speaks.begin(request("POST", "/"), false).await;
    sending.send_data(vec![b'x'; limits::BODY_MAX + 1].into(), false).unwrap();
    assert_eq!(whole(answer).await.0, 413);
    assert_eq!(speaks.get("/").await.1, "here");
    drop((speaks, sending));
    secure.end().await;
}

/// The rest of a body that nobody wants is not waited for; its client has the answer, and some time later is
/// told to send no more.
#[tokio::test(start_paused = true)]
async fn who_is_answered_early_is_told_to_send_no_more() {
    let secure = Secure::start(Router::new().route("/", post(|| async { "no" }))).await;
    let clock = WorldClock::virtual_time();
    let mut speaks = secure.connect().await;
    for expects in [false, true] {
        let mut asks = request("POST", "/");
        if expects {
            asks.headers_mut().insert(header::EXPECT, "100-continue".parse().unwrap());
        }
        let before = clock.now();
        let (answer, mut sending) = speaks.begin(asks, false).await;
        assert_eq!(whole(answer).await, (200, "no".to_owned()));
        assert_eq!(clock.now(), before, "at once");
        let reason = std::future::poll_fn(|context| sending.poll_reset(context)).await;
        assert_eq!(reason.unwrap(), h2::Reason::NO_ERROR);
        assert!(clock.now().since(before) >= limits::LINGER_TIME);
    }
    drop(speaks);
    secure.end().await;
}

/// Sends so much of a body, as far as it is wanted; how much was not.
pub(super) async fn sent(sending: &mut SendStream<Bytes>, bytes: usize) -> usize {
    let mut left = bytes;
    while left > 0 {
        sending.reserve_capacity(left);
        let capacity = std::future::poll_fn(|context| sending.poll_capacity(context)).await;
        let Some(Ok(capacity)) = capacity else { return left };
        let now = capacity.min(left);
        left -= now;
        if sending.send_data(vec![b'x'; now].into(), left == 0).is_err() {
            return left.max(1);
        }
    }
    0
}

/// A reset would be taken for the answer by some; but nobody sends for ever. It is the same whoever refuses.
#[tokio::test]
async fn who_is_still_sending_sends_to_its_end_or_enough() {
    let secure = Secure::start(Router::new().route("/", post(|| async { "no" }))).await;
    let mut speaks = secure.connect().await;
    for (host, status) in [("localhost", 200), ("other", 400)] {
        for (bytes, is_read) in [(1 << 20, true), (2 * limits::LINGER_MAX, false)] {
            let mut asks = request("POST", "/");
            asks.headers_mut().insert(header::HOST, host.parse().unwrap());
            let (answer, mut sending) = speaks.begin(asks, false).await;
            assert_eq!(whole(answer).await.0, status);
            let left = sent(&mut sending, bytes).await;
            assert_eq!(left == 0, is_read, "{host}: {left} of {bytes}");
        }
    }
    drop(speaks);
    secure.end().await;
}

/// A fault that closes a connection of HTTP/1.1 ends one stream of HTTP/2.
#[tokio::test]
async fn what_is_not_to_be_answered_is_reset_and_nothing_else() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let authority = Authority::new();
    let place = Place::of(&authority.pair("localhost"));
    let settings = Settings { tls: Some(place.slot()), ..Settings::default() };
    let app = App::new(service_fn(|request: Request| async move {
        let mut answer: Response = "here".into_response();
        if request.uri().path() == "/closed" {
            answer.extensions_mut().insert(HangUp);
        }
        Ok::<_, Infallible>(answer)
    }));
    let stop = CancellationToken::new();
    let serving = TaskTracker::new().spawn(serve_with(listener, app, stop.clone(), settings));
    let service = Service { address, stop, serving };
    let secure = Secure { service, authority, place };
    let mut speaks = secure.connect().await;
    let (before, mut sending) = speaks.begin(request("POST", "/"), false).await;
    let (closed, _) = speaks.begin(request("GET", "/closed"), true).await;
    let error = closed.await.unwrap_err();
    assert_eq!((error.is_reset(), error.reason()), (true, Some(h2::Reason::INTERNAL_ERROR)));
    let _ = sending.send_data(Bytes::new(), true);
    assert_eq!(whole(before).await.1, "here");
    assert_eq!(speaks.get("/").await.1, "here");
    // An answer to HEAD has no body, whatever the app gives it.
    let (head, _) = speaks.begin(request("HEAD", "/"), true).await;
    let head = head.await.unwrap();
    assert_eq!(head.headers()[header::CONTENT_LENGTH], "4");
    assert_eq!(text(head.into_body()).await, "");
    drop(speaks);
    secure.end().await;
}

#[tokio::test]
async fn a_body_that_breaks_off_resets_its_stream() {
    let breaks = || async {
        let frames = [Ok("be"), Err(std::io::Error::other("it breaks off"))];
        axum::body::Body::from_stream(futures_util::stream::iter(frames))
    };
    let secure = Secure::start(routes().route("/breaks", post(breaks))).await;
    let mut speaks = secure.connect().await;
    let (answer, _) = speaks.begin(request("POST", "/breaks"), true).await;
    let broken = match answer.await {
        Ok(answer) => {
            let mut body = answer.into_body();
            loop {
                if let Err(error) = body.data().await.expect("it does not end well") {
                    break error;
                }
            }
        }
        Err(error) => error,
    };
    assert!(broken.is_reset());
    assert_eq!(speaks.get("/").await.1, "here");
    drop(speaks);
    secure.end().await;
}

/// Over one connection that lives, and over one for each request; both protocols are agreed on as before.
#[tokio::test]
async fn a_certificate_changes_in_the_middle_of_a_thousand_requests_and_none_fails() {
    const EACH: usize = 500;
    let (first, second) = (Authority::new(), Authority::new());
    let place = Place::of(&first.pair("localhost"));
    let slot = place.slot();
    let settings = Settings { tls: Some(slot.clone()), ..Settings::default() };
    let service = Service::with(routes(), settings).await;
    let mut secure = Secure { service, authority: first, place };
    let mut old = secure.connect().await;
    for number in 0..EACH {
        if number == EACH / 2 {
            secure.place.write(&second.pair("localhost"));
            assert_eq!(slot.reload().unwrap(), Reloaded::Changed);
        }
        let known = if number < EACH / 2 { &secure.authority } else { &second };
        let client = Client::of(known).speaks_both();
        let tls =
            client.connect(&secure.service).await.expect("it is known by the one that is there");
        assert_eq!(speaks_over(tls, &h2::client::Builder::new()).await.get("/").await.0, 200);
        assert_eq!(old.get("/").await.0, 200);
    }
    secure.authority = second;
    let old_protocol = secure.client().protocol("http/1.1").connect(&secure.service).await;
    assert!(said(&mut old_protocol.unwrap(), super::super::ASK).await.ends_with("here"));
    drop(old);
    secure.end().await;
}

#[tokio::test]
async fn connection_headers_of_an_app_do_not_leave() {
    let app = || async {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONNECTION, "close".parse().unwrap());
        (headers, "here")
    };
    let secure = Secure::start(Router::new().route("/", post(app))).await;
    let mut speaks = secure.connect().await;
    let (answer, _) = speaks.begin(request("POST", "/"), true).await;
    let answer = answer.await.unwrap();
    assert!(!answer.headers().contains_key(header::CONNECTION));
    assert!(answer.headers().contains_key(header::DATE));
    drop((speaks, answer));
    secure.end().await;
}
