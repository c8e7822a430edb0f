//! What streams hold.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Semaphore;

use super::*;

/// What is sent and not taken is the client's to hold, past the windows.
#[tokio::test]
async fn bodies_that_nobody_takes_yet_are_bounded_by_windows() {
    let held = |body: axum::body::Body| async move {
        std::future::pending::<()>().await;
        drop(body);
    };
    let secure = Secure::start(routes().route("/held", post(held))).await;
    let mut speaks = secure.connect().await;
    assert_eq!(speaks.get("/").await.1, "here");
    let mut sent = Vec::new();
    for most in [limits::H2_STREAM_WINDOW, limits::H2_CONNECTION_WINDOW - limits::H2_STREAM_WINDOW]
    {
        let (answer, mut sending) = speaks.begin(request("POST", "/held"), false).await;
        sending.reserve_capacity(1 << 20);
        let capacity = std::future::poll_fn(|context| sending.poll_capacity(context)).await;
        assert_eq!(capacity.unwrap().unwrap(), most as usize);
        sending.send_data(vec![b'x'; most as usize].into(), false).unwrap();
        sent.push((answer, sending));
    }
    assert_eq!(speaks.get("/").await.1, "here", "one without a body is answered");
    drop((speaks, sent));
    secure.end().await;
}

/// A route whose requests are at work until they are let go.
struct Gate {
    gate: Arc<Semaphore>,
    begun: Arc<Semaphore>,
}

impl Gate {
    fn new() -> Self {
        Self { gate: Arc::new(Semaphore::new(0)), begun: Arc::new(Semaphore::new(0)) }
    }

    fn routes(&self) -> Router {
        let (gate, begun) = (Arc::clone(&self.gate), Arc::clone(&self.begun));
        let held = move || {
            let (gate, begun) = (Arc::clone(&gate), Arc::clone(&begun));
            async move {
                begun.add_permits(1);
                let _ = gate.acquire().await;
                "held"
            }
        };
        routes().route("/held", get(held))
    }

    /// Until one more is at work.
    async fn begun(&self) {
        self.begun.acquire().await.unwrap().forget();
    }
}

#[tokio::test]
async fn long_headers_count_until_their_request_is_answered() {
    const LONG_HEADERS: usize = 50_000;
    let gate = Gate::new();
    let settings =
        Settings { bodies: 8 * limits::H2_HEADERS_FACTOR * LONG_HEADERS, ..Settings::default() };
    let secure = Secure::with(gate.routes(), settings).await;
    let mut speaks = secure.connect().await;
    let long = |path: &str| {
        let mut asks = request("GET", path);
        asks.headers_mut().insert("long", "x".repeat(LONG_HEADERS).parse().unwrap());
        asks
    };
    let mut answers = Vec::new();
    // One address has half of it.
    for _ in 0..3 {
        answers.push(speaks.begin(long("/held"), true).await.0);
        gate.begun().await;
    }
    let (answer, _) = speaks.begin(long("/"), true).await;
    assert_eq!(whole(answer).await.0, 503);
    assert_eq!(speaks.get("/").await.1, "here", "short ones are answered");
    gate.gate.add_permits(3);
    for answer in answers {
        assert_eq!(whole(answer).await.1, "held");
    }
    let (answer, _) = speaks.begin(long("/"), true).await;
    assert_eq!(whole(answer).await.1, "here", "it is all free again");
    drop(speaks);
    secure.end().await;
}

/// A header is more than its bytes.
#[tokio::test]
async fn many_short_headers_count_for_what_they_cost() {
    const MANY: usize = 90;
    let gate = Gate::new();
    // Half of it is one address's: one such request, and not two.
    let settings = Settings { bodies: 3 * MANY * 200, ..Settings::default() };
    let secure = Secure::with(gate.routes(), settings).await;
    let mut speaks = secure.connect().await;
    let many = |path: &str, count: usize| {
        let mut asks = request("GET", path);
        for number in 0..count {
            let name = http::HeaderName::try_from(format!("n{number}")).unwrap();
            asks.headers_mut().insert(name, "v".parse().unwrap());
        }
        asks
    };
    let (held, _) = speaks.begin(many("/held", MANY), true).await;
    gate.begun().await;
    for (count, status) in [(MANY, 503), (MANY / 3, 200)] {
        let (answer, _) = speaks.begin(many("/", count), true).await;
        assert_eq!(whole(answer).await.0, status, "{count}");
    }
    gate.gate.add_permits(1);
    assert_eq!(whole(held).await.1, "held");
    drop(speaks);
    secure.end().await;
}

/// A hundred small answers over one connection are not a small one.
#[tokio::test]
async fn answers_that_wait_for_a_window_count_and_small_ones_together() {
    const SMALL: usize = limits::ANSWER_FREE / 2;
    let routes = routes().route("/small", axum::routing::get(|| async { "x".repeat(SMALL) }));
    let settings = Settings { answers: 8 * SMALL, ..Settings::default() };
    let secure = Secure::with(routes, settings).await;
    let mut shut = h2::client::Builder::new();
    shut.initial_window_size(0);
    let mut speaks = secure.connect_with(1, &shut).await;
    let mut held = Vec::new();
    // Two for nothing, and half of what there is.
    for _ in 0..6 {
        let (answer, _) = speaks.begin(request("GET", "/small"), true).await;
        let answer = answer.await.unwrap();
        assert_eq!(answer.status(), 200);
        held.push(answer);
    }
    let (answer, _) = speaks.begin(request("GET", "/small"), true).await;
    let refused = answer.await.unwrap();
    assert_eq!(
        (refused.status().as_u16(), refused.headers().contains_key("retry-after")),
        (503, true)
    );
    let mut other = secure.connect().await;
    assert_eq!(other.get("/small").await.1.len(), SMALL, "another has some for nothing");
    drop((held, refused));
    drop((speaks, other));
    secure.end().await;
}

/// Were it refused, it would be asked for again, and be done twice.
#[tokio::test]
async fn what_was_done_is_answered_though_there_is_no_memory_for_the_answer() {
    const SMALL: usize = 2 * limits::ANSWER_FREE;
    let done: &AtomicUsize = Box::leak(Box::default());
    let does = || async {
        done.fetch_add(1, Ordering::Relaxed);
        "x".repeat(SMALL)
    };
    let routes = routes().route("/do", post(does).get(does));
    let secure = Secure::with(routes, Settings { answers: 2 * LONG, ..Settings::default() }).await;
    let mut shut = h2::client::Builder::new();
    shut.initial_window_size(0);
    let mut speaks = secure.connect_with(1, &shut).await;
    let mut held = Vec::new();
    let unread = [("GET", "/long", 200), ("GET", "/do", 503), ("POST", "/do", 200)];
    // Nothing more is done as long as that is not read, and small things are shown.
    for (method, path, status) in
        unread.into_iter().chain([("POST", "/do", 503), ("GET", "/", 200)])
    {
        let (answer, _) = speaks.begin(request(method, path), true).await;
        let answer = answer.await.unwrap();
        assert_eq!(answer.status(), status, "{method} {path}");
        held.push(answer);
    }
    assert_eq!(done.load(Ordering::Relaxed), 2, "one was seen, one was done");
    let (answer, _) = secure.connect_from(2).await.begin(request("POST", "/do"), true).await;
    assert_eq!(whole(answer).await.0, 200, "another address has read what it was answered");
    drop((held, speaks));
    secure.end().await;
}
