//! What no client's library sends, and what comes of it.

use guichet_clock::WorldClock;
use guichet_core::time::Clock;

use super::raw::{
    CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, PRIORITY, RESET, Raw,
    SETTINGS, asks, frame, list,
};
use super::*;

const PROTOCOL_ERROR: u32 = 1;
const ENHANCE_YOUR_CALM: u32 = 11;

fn asked(stream: u32, path: &str) -> Vec<u8> {
    frame(HEADERS, END_HEADERS | END_STREAM, stream, &asks("GET", path))
}

/// Others are answered.
async fn goes_on(secure: Secure) {
    assert_eq!(secure.connect().await.get("/").await.1, "here");
    secure.end().await;
}

/// CVE-2023-44487.
#[tokio::test]
async fn streams_that_are_reset_as_soon_as_they_are_opened_end_the_connection() {
    let secure = Secure::start(routes()).await;
    let mut raw = Raw::open(&secure).await;
    let mut all = Vec::new();
    for stream in (1..).step_by(2).take(200) {
        all.extend(asked(stream, "/never"));
        all.extend(frame(RESET, 0, stream, &8_u32.to_be_bytes()));
    }
    raw.write(&all).await;
    assert_eq!(raw.over().await, Some(ENHANCE_YOUR_CALM));
    drop(raw);
    goes_on(secure).await;
}

/// CVE-2024-27316 and the like: a list of headers that never ends.
#[tokio::test]
async fn continuations_without_end_end_the_connection() {
    for part in [list(&[("a", &"x".repeat(100))]), list(&[("a", "")]).repeat(2_000), Vec::new()] {
        let secure = Secure::start(routes()).await;
        let mut raw = Raw::open(&secure).await;
        raw.write(&frame(HEADERS, END_STREAM, 1, &asks("GET", "/"))).await;
        for _ in 0..10_000 {
            if !raw.write(&frame(CONTINUATION, 0, 1, &part)).await {
                break;
            }
        }
        let reason = raw.over().await;
        assert!(reason.is_none_or(|reason| reason == ENHANCE_YOUR_CALM), "{reason:?}");
        goes_on(secure).await;
    }
}

/// A few bytes that say a lot: one header in the table, named over and over.
#[tokio::test]
async fn a_list_that_unfolds_is_refused() {
    let secure = Secure::start(routes()).await;
    let mut raw = Raw::open(&secure).await;
    let mut block = asks("GET", "/");
    // With a place in the table (RFC 7541, section 6.2.1), where it is number 62.
    block.extend([0x40, 1, b'a', 0x7f, 0x81, 0x1e]);
    block.extend(vec![b'x'; 127 + 0x81 - 0x80 + 0x1e * 128]);
    block.extend(vec![0x80 | 62; 2_000]);
    raw.write(&frame(HEADERS, END_HEADERS | END_STREAM, 1, &block)).await;
    let reason = raw.over().await;
    assert_eq!(reason, Some(ENHANCE_YOUR_CALM));
    drop(raw);
    goes_on(secure).await;
}

/// Each wants an answer, and nobody reads those: no more is read from there on, and the connection ends.
#[tokio::test(start_paused = true)]
async fn pings_and_settings_that_are_not_read_are_not_gathered() {
    for flood in [frame(PING, 0, 0, &[0; 8]), frame(SETTINGS, 0, 0, &[])] {
        let secure = Secure::start(routes()).await;
        let clock = WorldClock::virtual_time();
        let mut raw = Raw::open(&secure).await;
        let before = clock.now();
        let many = flood.repeat(1_000);
        let mut bytes = 0;
        while raw.write(&many).await {
            bytes += many.len();
            assert!(bytes < 64 << 20, "it reads on and on");
        }
        let took = clock.now().since(before);
        assert!(took >= limits::WRITE_TIME && took < 2 * limits::WRITE_TIME, "{took:?}");
        goes_on(secure).await;
    }
}

/// A body of a byte a frame for somebody who does not take it: each frame costs more than its byte.
#[tokio::test]
async fn frames_of_a_byte_end_the_connection_if_nobody_takes_them() {
    let held = |body: axum::body::Body| async move {
        std::future::pending::<()>().await;
        drop(body);
    };
    let secure = Secure::start(routes().route("/held", axum::routing::post(held))).await;
    let mut raw = Raw::open(&secure).await;
    raw.write(&frame(HEADERS, END_HEADERS, 1, &asks("POST", "/held"))).await;
    let many = frame(DATA, 0, 1, b"x").repeat(limits::H2_STREAM_WINDOW as usize);
    raw.write(&many).await;
    assert_eq!(raw.over().await, Some(ENHANCE_YOUR_CALM));
    drop(raw);
    goes_on(secure).await;
}

/// Frames of nothing need no window.
#[tokio::test]
async fn frames_without_a_byte_end_the_connection() {
    let secure = Secure::start(routes()).await;
    let mut raw = Raw::open(&secure).await;
    raw.write(&frame(HEADERS, END_HEADERS, 1, &asks("POST", "/back"))).await;
    let many = frame(DATA, 0, 1, &[]).repeat(1_000);
    for _ in 0..100 {
        raw.write(&many).await;
    }
    assert_eq!(raw.over().await, Some(ENHANCE_YOUR_CALM));
    drop(raw);
    goes_on(secure).await;
}

#[tokio::test]
async fn who_is_first_is_not_the_clients_to_say() {
    let secure = Secure::start(routes()).await;
    let mut raw = Raw::open(&secure).await;
    for stream in (1..2_000).step_by(2) {
        raw.write(&frame(PRIORITY, 0, stream, &[0, 0, 0, 0, 255])).await;
    }
    raw.write(&asked(2_001, "/")).await;
    assert_eq!(raw.next_of(DATA).await.unwrap().payload, b"here");
    drop(raw);
    goes_on(secure).await;
}

/// A request that two programs could read differently resets its stream; a client that goes on so is let go.
#[tokio::test]
async fn what_is_malformed_is_reset_and_too_much_of_it_ends_the_connection() {
    let whole = [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/")];
    let with = |more: &[(&'static str, &'static str)]| [&whole[..], more].concat();
    let tricks = [
        with(&[("connection", "close")]),
        with(&[("transfer-encoding", "chunked")]),
        with(&[("upgrade", "h2c")]),
        with(&[("te", "gzip")]),
        with(&[("Upper", "case")]),
        with(&[("content-length", "3"), ("content-length", "4")]),
        // There is no body.
        with(&[("content-length", "3")]),
        with(&[(":path", "/again")]),
        with(&[("a", "b\r\nc: d")]),
        whole[1..].to_vec(),
        whole[..3].to_vec(),
    ];
    let secure = Secure::start(routes()).await;
    for trick in &tricks {
        let mut raw = Raw::open(&secure).await;
        raw.write(&frame(HEADERS, END_HEADERS | END_STREAM, 1, &list(trick))).await;
        raw.write(&asked(3, "/")).await;
        // Its stream is reset and the next is answered, or the connection is over.
        let mut is_refused = false;
        while let Some(came) = raw.next().await {
            assert!(!(came.kind == HEADERS && came.stream == 1), "{trick:?} was answered");
            let at = if came.kind == GOAWAY { 4 } else { 0 };
            if came.stream == 1 || came.kind == GOAWAY {
                assert_eq!(came.payload[at..at + 4], PROTOCOL_ERROR.to_be_bytes(), "{trick:?}");
                is_refused = true;
            }
            if came.kind == DATA {
                assert_eq!((came.stream, &came.payload[..]), (3, &b"here"[..]));
                break;
            }
        }
        assert!(is_refused, "{trick:?}");
    }
    let mut raw = Raw::open(&secure).await;
    for stream in (1..).step_by(2).take(limits::H2_RESETS_MAX + 1) {
        raw.write(&frame(HEADERS, END_HEADERS | END_STREAM, stream, &list(&tricks[0]))).await;
    }
    assert_eq!(raw.over().await, Some(ENHANCE_YOUR_CALM));
    drop(raw);
    goes_on(secure).await;
}

/// What is not HTTP/2 at all.
#[tokio::test]
async fn who_agreed_on_it_and_speaks_something_else_is_let_go() {
    let secure = Secure::start(routes()).await;
    for said in [&b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"[..], &[0; 100]] {
        let mut raw = Raw::silent(&secure).await;
        raw.write(said).await;
        let _ = raw.over().await;
    }
    let mut raw = Raw::open(&secure).await;
    raw.write(&frame(DATA, 0, 1, b"of no stream")).await;
    assert_eq!(raw.over().await, Some(PROTOCOL_ERROR));
    // What was on its way is read too: a reset could take back what was said.
    assert!(raw.write(&vec![0; 1 << 20]).await);
    drop(raw);
    goes_on(secure).await;
}
