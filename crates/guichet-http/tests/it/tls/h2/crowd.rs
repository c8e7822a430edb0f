//! More connections than there may be, and more streams.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use futures_util::FutureExt;
use guichet_clock::WorldClock;
use guichet_core::time::Clock;
use http::header;
use tokio::sync::Semaphore;

use super::raw::{END_HEADERS, END_STREAM, HEADERS, RESET, Raw, SETTINGS, asks, frame};
use super::spoken::sent;
use super::*;

/// Whoever holds all places by doing nothing, sending half a body or opening no window makes place for
/// somebody who asks.
#[tokio::test(start_paused = true)]
async fn who_waits_makes_place_for_who_asks() {
    let mut shut = h2::client::Builder::new();
    shut.initial_window_size(0);
    for (what, method, path, is_whole) in [
        ("idle", "", "", true),
        ("half a body", "POST", "/", false),
        ("no window", "GET", "/long", true),
    ] {
        let secure =
            Secure::with(routes(), Settings { connections: 4, ..Settings::default() }).await;
        let mut held = Vec::new();
        for last in [1, 1, 2, 3] {
            let mut speaks = secure.connect_with(last, &shut).await;
            if !path.is_empty() {
                let (answer, sending) = speaks.begin(request(method, path), is_whole).await;
                held.push((None, Some(sending)));
                if is_whole {
                    drop(answer.await.unwrap().into_parts().0);
                }
            }
            held.push((Some(speaks), None));
        }
        let clock = WorldClock::virtual_time();
        clock.sleep(limits::EVICT_AFTER).await;
        let before = clock.now();
        assert_eq!(secure.connect_from(4).await.get("/").await.1, "here", "{what}");
        let took = clock.now().since(before);
        assert!(took < limits::EVICT_AFTER, "{what}: it did not come to its own end in {took:?}");
        drop(held);
        secure.end().await;
    }
}

/// A connection with a stream that is answered is not idle, and one without is, whatever else it had.
#[tokio::test(start_paused = true)]
async fn who_is_idle_leaves_before_who_is_answered() {
    let secure = Secure::with(routes(), Settings { connections: 4, ..Settings::default() }).await;
    let mut working = Vec::new();
    for last in [1, 1, 2] {
        let mut speaks = secure.connect_from(last).await;
        let (answer, _) = speaks.begin(request("GET", "/never"), true).await;
        working.push((speaks, answer));
    }
    let mut idle = secure.connect_from(3).await;
    assert_eq!(idle.get("/").await.1, "here");
    WorldClock::virtual_time().sleep(2 * limits::EVICT_AFTER).await;
    assert_eq!(secure.connect_from(4).await.get("/").await.1, "here");
    assert!(idle.over().await.is_ok(), "it is told");
    for (speaks, _answer) in &mut working {
        assert_eq!(speaks.get("/").await.1, "here", "it goes on");
    }
    drop(working);
    secure.end().await;
}

/// Over however many connections.
#[tokio::test]
async fn an_address_has_half_of_the_streams_and_others_get_in() {
    let gate: &Semaphore = Box::leak(Box::new(Semaphore::new(0)));
    let begun: &Semaphore = Box::leak(Box::new(Semaphore::new(0)));
    let held = || async {
        begun.add_permits(1);
        let _ = gate.acquire().await;
        "held"
    };
    let routes = routes().route("/held", axum::routing::get(held));
    let secure = Secure::with(routes, Settings { streams: 8, ..Settings::default() }).await;
    let (mut one, mut two) = (secure.connect_from(1).await, secure.connect_from(1).await);
    let mut answers = Vec::new();
    for _ in 0..2 {
        for speaks in [&mut one, &mut two] {
            answers.push(speaks.begin(request("GET", "/held"), true).await.0);
        }
    }
    let _ = begun.acquire_many(4).await.unwrap();
    for speaks in [&mut one, &mut two] {
        let (answer, _) = speaks.begin(request("GET", "/"), true).await;
        let answer = answer.await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()[header::RETRY_AFTER]),
            (503, &"1".parse().unwrap())
        );
    }
    assert_eq!(secure.connect_from(2).await.get("/").await.1, "here");
    gate.add_permits(4);
    for answer in answers {
        assert_eq!(whole(answer).await.1, "held");
    }
    assert_eq!(one.get("/").await.1, "here", "there is place again");
    drop((one, two));
    secure.end().await;
}

#[tokio::test]
async fn a_connection_has_so_many_streams_and_those_past_it_are_refused() {
    let secure = Secure::start(routes()).await;
    let mut raw = Raw::open(&secure).await;
    let settings = raw.next_of(SETTINGS).await.unwrap().payload;
    let says = |name: u16, value: u32| {
        let wanted = [&name.to_be_bytes()[..], &value.to_be_bytes()].concat();
        settings.chunks(6).any(|setting| setting == wanted)
    };
    assert!(says(3, limits::H2_STREAMS_MAX) && says(4, limits::H2_STREAM_WINDOW));
    let mut all = Vec::new();
    for stream in (1..).step_by(2).take(limits::H2_STREAMS_MAX as usize + 1) {
        all.extend(frame(HEADERS, END_HEADERS | END_STREAM, stream, &asks("GET", "/never")));
    }
    raw.write(&all).await;
    let reset = raw.next_of(RESET).await.unwrap();
    assert_eq!(
        (reset.stream, &reset.payload[..]),
        (2 * limits::H2_STREAMS_MAX + 1, &[0, 0, 0, 7][..])
    );
    drop(raw);
    secure.end().await;
}

/// A handler ends with its stream, and with its connection.
#[tokio::test]
async fn who_does_not_want_an_answer_any_more_costs_nothing_more() {
    let running: &Semaphore = Box::leak(Box::new(Semaphore::new(2)));
    let begun: &Semaphore = Box::leak(Box::new(Semaphore::new(0)));
    let held = || async {
        let _permit = running.acquire().await.unwrap();
        begun.add_permits(1);
        std::future::pending::<()>().await;
    };
    let secure = Secure::start(routes().route("/held", axum::routing::get(held))).await;
    let mut speaks = secure.connect().await;
    let (answer, mut first) = speaks.begin(request("GET", "/held"), true).await;
    let (other, _) = speaks.begin(request("GET", "/held"), true).await;
    let _ = begun.acquire_many(2).await.unwrap();
    first.send_reset(h2::Reason::CANCEL);
    let one = tokio::time::timeout(Duration::from_secs(20), running.acquire()).await;
    let one = one.expect("it is dropped").unwrap();
    drop((answer, other, speaks));
    let both = tokio::time::timeout(Duration::from_secs(20), running.acquire()).await;
    drop((both.expect("so is the other"), one));
    secure.end().await;
}

/// A connection with many requests has no more in one turn than one with a few.
#[tokio::test]
async fn others_have_a_turn_between_the_requests_of_one_connection() {
    let answered: &AtomicUsize = Box::leak(Box::default());
    let counted = || async { answered.fetch_add(1, Ordering::Relaxed) }.map(|_| "counted");
    let secure = Secure::start(routes().route("/counted", axum::routing::get(counted))).await;
    let mut raw = Raw::open(&secure).await;
    assert!(raw.next_of(SETTINGS).await.is_some());
    let mut all = Vec::new();
    for stream in (1..).step_by(2).take(limits::H2_STREAMS_MAX as usize) {
        all.extend(frame(HEADERS, END_HEADERS | END_STREAM, stream, &asks("GET", "/counted")));
    }
    raw.write(&all).await;
    // Another task that always has something to do, as another connection may be one.
    let (mut most, mut before) = (0, 0);
    let other = TaskTracker::new().spawn(std::future::poll_fn(move |context| {
        let now = answered.load(Ordering::Relaxed);
        (most, before) = (most.max(now - before), now);
        if now == limits::H2_STREAMS_MAX as usize {
            return Poll::Ready(most);
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }));
    let most = other.await.unwrap();
    assert!(most > 1 && most <= limits::H2_TURN, "{most}");
    drop(raw);
    secure.end().await;
}

/// Those who have half, and those who have the rest, leave some to others who have few: and that is not one's alone.
#[tokio::test]
async fn who_has_few_streams_has_some_though_others_have_the_rest() {
    const ALL: usize = 1_024;
    let begun: &AtomicUsize = Box::leak(Box::default());
    let never = || async {
        begun.fetch_add(1, Ordering::Relaxed);
        std::future::pending::<StatusCode>().await
    };
    let routes = routes().route("/begun", axum::routing::get(never));
    let secure = Secure::with(routes, Settings { streams: ALL, ..Settings::default() }).await;
    let mut held = Vec::new();
    let few = limits::H2_STREAMS_LITTLE;
    for (address, wanted) in [(2, ALL / 2), (3, ALL / 4), (4, few), (5, few)] {
        let before = begun.load(Ordering::Relaxed);
        let mut speaks = secure.connect_from(address).await;
        for number in 0..wanted {
            if number % (limits::H2_STREAMS_MAX as usize) == 0 {
                held.push((secure.connect_from(address).await, Vec::new()));
            }
            let (of_one, answers) = held.last_mut().unwrap();
            answers.push(of_one.begin(request("GET", "/begun"), true).await.0);
        }
        let all = async {
            while begun.load(Ordering::Relaxed) < before + wanted {
                tokio::task::yield_now().await;
            }
        };
        let all = tokio::time::timeout(Duration::from_secs(20), all).await;
        assert!(all.is_ok(), "{address}: {}", begun.load(Ordering::Relaxed) - before);
        let (answer, _) = speaks.begin(request("GET", "/begun"), true).await;
        let answer = tokio::time::timeout(Duration::from_secs(20), answer).await;
        let answer = answer.expect("it has as many as it may").unwrap();
        assert_eq!(answer.status(), 503, "{address}");
    }
    assert_eq!(secure.connect_from(6).await.get("/").await.1, "here");
    drop(held);
    secure.end().await;
}

/// A client that takes no bodies: what has no place is not there when its answer is sent.
#[tokio::test]
async fn who_is_refused_a_stream_is_told_without_a_body_and_may_send_its_own() {
    let secure = Secure::with(routes(), Settings { streams: 2, ..Settings::default() }).await;
    let mut held = secure.connect().await;
    let (never, _) = held.begin(request("GET", "/never"), true).await;
    let mut shut = h2::client::Builder::new();
    shut.initial_window_size(0);
    let mut speaks = secure.connect_with(1, &shut).await;
    for method in ["GET", "POST"] {
        let (answer, mut sending) = speaks.begin(request(method, "/"), method == "GET").await;
        let (head, body) = answer.await.unwrap().into_parts();
        assert_eq!(
            (head.status.as_u16(), &head.headers[header::RETRY_AFTER]),
            (503, &"1".parse().unwrap())
        );
        assert!(body.is_end_stream(), "{method}");
        if method == "POST" {
            assert_eq!(sent(&mut sending, 1 << 20).await, 0);
        }
    }
    drop((never, held, speaks));
    secure.end().await;
}

/// What is refused and sends on is there as long as it is read, and of that there is not any number.
#[tokio::test(start_paused = true)]
async fn so_many_that_are_refused_send_their_own_and_the_others_are_reset() {
    const ONES: usize = limits::H2_REFUSED_AT_ONCE / 2;
    let secure = Secure::with(routes(), Settings { streams: 2, ..Settings::default() }).await;
    let mut held = secure.connect().await;
    let (never, _) = held.begin(request("GET", "/never"), true).await;
    let clock = WorldClock::virtual_time();
    let before = clock.now();
    let (mut connections, mut sending) = (Vec::new(), Vec::new());
    for number in 0..=ONES {
        if number % (limits::H2_STREAMS_MAX as usize) == 0 {
            connections.push(secure.connect().await);
        }
        let speaks = connections.last_mut().unwrap();
        let (answer, sends) = speaks.begin(request("POST", "/"), false).await;
        assert_eq!(answer.await.unwrap().status(), 503);
        sending.push(sends);
    }
    let mut past_it = sending.pop().unwrap();
    for (sends, after) in [(&mut past_it, Duration::ZERO), (&mut sending[0], limits::LINGER_TIME)] {
        let reason = std::future::poll_fn(|context| sends.poll_reset(context)).await;
        assert_eq!(reason.unwrap(), h2::Reason::NO_ERROR);
        let took = clock.now().since(before);
        assert!(took >= after && took < after + Duration::from_secs(1), "{took:?}");
    }
    drop((never, held, connections));
    secure.end().await;
}

/// One that is refused again and again and asks on is to come back later.
#[tokio::test]
async fn a_connection_whose_streams_are_all_refused_is_left() {
    let secure = Secure::with(routes(), Settings { streams: 2, ..Settings::default() }).await;
    let mut held = secure.connect().await;
    let (never, _) = held.begin(request("GET", "/never"), true).await;
    let speaks = secure.connect().await;
    let mut refused = 0;
    while let Ok(mut sends) = speaks.sends.clone().ready().await {
        let Ok((answer, _)) = sends.send_request(request("GET", "/"), true) else { break };
        let Ok(answer) = answer.await else { break };
        assert_eq!(answer.status(), 503);
        refused += 1;
        assert!(refused < 2 * limits::H2_REFUSED_MAX, "it goes on and on");
    }
    assert!(refused >= limits::H2_REFUSED_MAX, "{refused}");
    assert!(speaks.over().await.is_ok(), "it is told");
    drop((never, held));
    secure.end().await;
}

/// Its request is answered; if it does not read that, it makes place as others do.
#[tokio::test(start_paused = true)]
async fn who_asked_as_it_was_to_leave_can_be_asked_to_leave_again() {
    let routes = routes().route("/late", axum::routing::get(crate::crowd::late));
    let secure = Secure::with(routes, Settings { connections: 2, ..Settings::default() }).await;
    let mut working = secure.connect_from(2).await;
    let (never, _) = working.begin(request("GET", "/never"), true).await;
    let ask = |stream, path| frame(HEADERS, END_HEADERS | END_STREAM, stream, &asks("GET", path));
    let mut idle = Raw::open_with(&secure, &[(4, 0)]).await;
    idle.write(&ask(1, "/nowhere")).await;
    assert!(idle.next_of(HEADERS).await.is_some());
    let clock = WorldClock::virtual_time();
    clock.sleep(limits::EVICT_AFTER).await;
    let before = clock.now();
    // Both are there when the service looks next: who needs a place, and then the request.
    let next = crate::crowd::connect_unseen_from(&secure.service, 3);
    idle.write(&ask(3, "/late")).await;
    let next = secure.client().connect_over(next).await.unwrap();
    assert_eq!(speaks_over(next, &h2::client::Builder::new()).await.get("/").await.1, "here");
    let took = clock.now().since(before);
    assert!(took < 2 * limits::EVICT_AFTER, "it did not come to its own end in {took:?}");
    drop((working, never, idle));
    secure.end().await;
}
