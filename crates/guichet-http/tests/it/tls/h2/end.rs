//! The end of the service, whatever clients do.

use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::time::Clock;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use super::raw::{END_HEADERS, END_STREAM, HEADERS, PREFACE, Raw, asks, frame};
use super::*;

#[tokio::test(start_paused = true)]
async fn a_stop_lets_streams_finish_and_takes_no_more() {
    let begun = CancellationToken::new();
    let at_work = begun.clone();
    let slow = move || {
        let at_work = at_work.clone();
        async move {
            at_work.cancel();
            tokio::time::sleep(Duration::from_secs(1)).await;
            "done"
        }
    };
    let secure = Secure::start(routes().route("/slow", get(slow))).await;
    let (idle, mut speaks) = (secure.connect().await, secure.connect().await);
    let (answer, _) = speaks.begin(request("GET", "/slow"), true).await;
    begun.cancelled().await;
    let (address, clock) = (secure.service.address, WorldClock::virtual_time());
    let before = clock.now();
    let (answer, idle, ()) = tokio::join!(whole(answer), idle.over(), secure.end());
    assert_eq!(answer, (200, "done".to_owned()));
    assert!(idle.is_ok() && speaks.over().await.is_ok(), "both are told");
    assert!(clock.now().since(before) < limits::CLOSE_TIME);
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
}

#[tokio::test(start_paused = true)]
async fn it_comes_in_time_though_no_client_ends_anything() {
    let secure = Secure::start(routes()).await;
    let mut silent = Raw::silent(&secure).await;
    let mut half_preface = Raw::silent(&secure).await;
    half_preface.write(&PREFACE[..9]).await;
    // It answers no ping.
    let mut mute = Raw::open(&secure).await;
    let mut half_frame = Raw::open(&secure).await;
    half_frame.write(&frame(HEADERS, 0, 1, &asks("GET", "/"))[..20]).await;
    let mut half_body = Raw::open(&secure).await;
    half_body.write(&frame(HEADERS, END_HEADERS, 1, &asks("POST", "/"))).await;
    let mut no_window = Raw::open_with(&secure, &[(4, 0)]).await;
    let ask = |path: &str| frame(HEADERS, END_HEADERS | END_STREAM, 1, &asks("GET", path));
    no_window.write(&ask("/long")).await;
    assert!(no_window.next_of(HEADERS).await.is_some());
    let mut never = Raw::open(&secure).await;
    never.write(&ask("/never")).await;
    let clock = WorldClock::virtual_time();
    let before = clock.now();
    secure.end().await;
    assert!(clock.now().since(before) <= limits::CLOSE_TIME + limits::ACCEPT_PAUSE);
    for raw in [
        &mut silent,
        &mut half_preface,
        &mut mute,
        &mut half_frame,
        &mut half_body,
        &mut no_window,
        &mut never,
    ] {
        // Each is closed: nobody waits here for ever.
        let _ = raw.over().await;
    }
}

/// Who has nothing under way is not waited for, though it does not say that it knows.
#[tokio::test(start_paused = true)]
async fn who_is_idle_is_waited_for_a_moment() {
    let secure = Secure::start(routes()).await;
    let mut mute = Raw::open(&secure).await;
    let clock = WorldClock::virtual_time();
    clock.sleep(Duration::from_secs(2)).await;
    let before = clock.now();
    secure.end().await;
    let took = clock.now().since(before);
    assert!(took <= limits::H2_GOODBYE_TIME + limits::ACCEPT_PAUSE, "{took:?}");
    let _ = mute.over().await;
}
