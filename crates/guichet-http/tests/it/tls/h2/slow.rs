//! Clients that are slow on purpose, or that have nothing to ask.

use std::time::Duration;

use axum::body::Body;
use guichet_clock::WorldClock;
use guichet_core::time::{Clock, Timestamp};

use super::raw::{END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, PREFACE, Raw, asks, frame};
use super::*;

/// That so much time has passed, and not much more.
fn took(clock: &WorldClock, before: Timestamp, time: Duration) {
    let took = clock.now().since(before);
    assert!(took >= time && took <= time + Duration::from_secs(5), "{took:?} and not {time:?}");
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_goes_on_for_a_while_and_each_request_begins_it_anew() {
    let secure = Secure::start(routes()).await;
    let clock = WorldClock::virtual_time();
    let mut speaks = secure.connect().await;
    for _ in 0..4 {
        clock.sleep(limits::IDLE_TIME - Duration::from_secs(1)).await;
        assert_eq!(speaks.get("/").await.1, "here");
    }
    let before = clock.now();
    let ended = speaks.connection.await.unwrap();
    took(&clock, before, limits::IDLE_TIME);
    assert!(ended.is_ok(), "it was told before: {ended:?}");
    secure.end().await;
}

/// A ping is no request.
#[tokio::test(start_paused = true)]
async fn pings_keep_no_connection_open() {
    let secure = Secure::start(routes()).await;
    let clock = WorldClock::virtual_time();
    let mut raw = Raw::open(&secure).await;
    let before = clock.now();
    while raw.write(&frame(PING, 0, 0, &[0; 8])).await {
        clock.sleep(Duration::from_secs(10)).await;
        assert!(clock.now().since(before) < 2 * limits::IDLE_TIME, "it goes on and on");
    }
    secure.end().await;
}

#[tokio::test(start_paused = true)]
async fn who_says_nothing_is_let_go() {
    let secure = Secure::start(routes()).await;
    let clock = WorldClock::virtual_time();
    let before = clock.now();
    assert_eq!(Raw::silent(&secure).await.over().await, None);
    took(&clock, before, limits::IDLE_TIME);
    let before = clock.now();
    let mut raw = Raw::open(&secure).await;
    assert_eq!(raw.next_of(GOAWAY).await.map(|came| came.payload[4..].to_vec()), Some(vec![0; 4]));
    assert_eq!(raw.over().await, None);
    took(&clock, before, limits::IDLE_TIME);
    secure.end().await;
}

/// What is begun has a time of its own, though bytes of it come, and though others are answered.
#[tokio::test(start_paused = true)]
async fn what_is_begun_comes_to_its_end_in_time() {
    let secure = Secure::start(routes()).await;
    let clock = WorldClock::virtual_time();
    let never = frame(HEADERS, END_HEADERS | END_STREAM, 1, &asks("GET", "/never"));
    let list = asks("GET", "/");
    let half_a_frame = &frame(HEADERS, END_HEADERS | END_STREAM, 3, &list)[..20];
    let half_a_list = frame(HEADERS, END_STREAM, 3, &list);
    for is_beside_another in [false, true] {
        for half in [half_a_frame, &half_a_list] {
            let mut raw = Raw::open(&secure).await;
            if is_beside_another {
                raw.write(&never).await;
            }
            let before = clock.now();
            for byte in half {
                raw.write(&[*byte]).await;
                clock.sleep(Duration::from_millis(200)).await;
            }
            let _ = raw.over().await;
            took(&clock, before, limits::HEADER_TIME);
        }
    }
    let mut raw = Raw::silent(&secure).await;
    let before = clock.now();
    raw.write(&PREFACE[..5]).await;
    let _ = raw.over().await;
    took(&clock, before, limits::HEADER_TIME);
    secure.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_not_waited_for_and_others_are_answered() {
    let secure = Secure::start(routes()).await;
    let clock = WorldClock::virtual_time();
    let mut speaks = secure.connect().await;
    let before = clock.now();
    let (slow, mut sending) = speaks.begin(request("POST", "/"), false).await;
    sending.send_data(Bytes::from_static(b"{\"half\""), false).unwrap();
    assert_eq!(speaks.get("/").await.1, "here");
    assert_eq!(whole(slow).await.0, 408);
    took(&clock, before, limits::BODY_TIME);
    assert_eq!(speaks.get("/").await.1, "here");
    drop((speaks, sending));
    secure.end().await;
}

/// It answers pings, so it is there; it opens no window.
#[tokio::test(start_paused = true)]
async fn who_opens_no_window_for_an_answer_is_let_go() {
    let secure = Secure::start(routes()).await;
    let clock = WorldClock::virtual_time();
    for path in ["/", "/long"] {
        let mut raw = Raw::open_with(&secure, &[(4, 0)]).await;
        raw.write(&frame(HEADERS, END_HEADERS | END_STREAM, 1, &asks("GET", path))).await;
        assert!(raw.next_of(HEADERS).await.is_some());
        let before = clock.now();
        let mut pings = 0;
        while raw.write(&frame(PING, 0, 0, &[0; 8])).await && raw.next_of(PING).await.is_some() {
            pings += 1;
            clock.sleep(Duration::from_secs(1)).await;
        }
        took(&clock, before, limits::WRITE_TIME);
        assert!(pings > 10, "{pings}");
    }
    secure.end().await;
}

/// Small answers that are read do not make up for a long one that is not.
#[tokio::test(start_paused = true)]
async fn reading_a_little_of_another_stream_is_not_reading() {
    let secure = Secure::start(routes()).await;
    let clock = WorldClock::virtual_time();
    let mut builder = h2::client::Builder::new();
    builder.initial_window_size(16 * 1024).initial_connection_window_size(1 << 20);
    let mut speaks = secure.connect_with(1, &builder).await;
    let before = clock.now();
    let (unread, _) = speaks.begin(request("GET", "/long"), true).await;
    let (_, _body) = unread.await.unwrap().into_parts();
    let mut small = 0;
    while let Ok(mut sends) = speaks.sends.clone().ready().await {
        let Ok((answer, _)) = sends.send_request(request("GET", "/"), true) else { break };
        let Ok(answer) = answer.await else { break };
        assert_eq!(text(answer.into_body()).await, "here");
        small += 1;
        clock.sleep(Duration::from_secs(1)).await;
    }
    assert!(small > 10, "{small}");
    took(&clock, before, limits::WRITE_TIME);
    secure.end().await;
}

#[tokio::test(start_paused = true)]
async fn who_never_reads_is_let_go() {
    let secure = Secure::start(routes()).await;
    let clock = WorldClock::virtual_time();
    let mut raw = Raw::open_with(&secure, &[(4, 16 << 20)]).await;
    // A window for the connection, as large.
    raw.write(&frame(8, 0, 0, &(16_u32 << 20).to_be_bytes())).await;
    let ask = |stream| frame(HEADERS, END_HEADERS | END_STREAM, stream, &asks("GET", "/long"));
    for stream in [1, 3, 5] {
        raw.write(&ask(stream)).await;
    }
    let before = clock.now();
    let tcp = raw.stream().get_ref().0;
    tcp.ready(tokio::io::Interest::ERROR).await.unwrap();
    took(&clock, before, limits::WRITE_TIME);
    secure.end().await;
}

/// Slow is not hostile: this one takes minutes, and has all of it.
#[tokio::test(start_paused = true)]
async fn who_reads_slowly_but_reads_has_all_of_it() {
    let secure = Secure::start(routes()).await;
    let clock = WorldClock::virtual_time();
    let mut builder = h2::client::Builder::new();
    let step = 2 * u32::try_from(limits::WRITE_PROGRESS_MIN).unwrap();
    builder.initial_window_size(step);
    let mut speaks = secure.connect_with(1, &builder).await;
    let before = clock.now();
    let (answer, _) = speaks.begin(request("GET", "/long"), true).await;
    let mut body = answer.await.unwrap().into_body();
    let (mut bytes, mut taken) = (0, 0);
    while let Some(data) = body.data().await {
        let length = data.unwrap().len();
        (bytes, taken) = (bytes + length, taken + length);
        if taken >= limits::WRITE_PROGRESS_MIN {
            clock.sleep(limits::WRITE_TIME * 3 / 4).await;
            body.flow_control().release_capacity(taken).unwrap();
            taken = 0;
        }
    }
    assert_eq!(bytes, LONG);
    assert!(clock.now().since(before) > 10 * limits::WRITE_TIME);
    drop(speaks);
    secure.end().await;
}

/// Events that come seldom, as a console has them.
#[tokio::test(start_paused = true)]
async fn a_stream_that_waits_for_the_service_is_not_idle() {
    let events = || async {
        Body::from_stream(futures_util::stream::unfold(0, |count| async move {
            tokio::time::sleep(2 * limits::IDLE_TIME).await;
            (count < 3).then_some((Ok::<_, std::io::Error>("event\n"), count + 1))
        }))
    };
    let routes = routes().route("/events", axum::routing::get(events));
    let secure = Secure::start(routes).await;
    let clock = WorldClock::virtual_time();
    let mut speaks = secure.connect().await;
    let before = clock.now();
    assert_eq!(speaks.get("/events").await.1, "event\nevent\nevent\n");
    assert!(clock.now().since(before) >= 6 * limits::IDLE_TIME);
    drop(speaks);
    secure.end().await;
}
