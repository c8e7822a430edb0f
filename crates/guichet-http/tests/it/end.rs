//! The end of the service, whatever clients do, and of what they send.

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use guichet_clock::WorldClock;
use guichet_core::limits;
use guichet_core::time::Clock;
use guichet_http::body::Json;
use guichet_http::serve::{App, serve_local};
use tokio::io::AsyncWriteExt;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::service::{Service, one_answer, received};

/// More than the systems of both ends hold.
const LONG: usize = 16 << 20;

#[tokio::test(start_paused = true)]
async fn it_comes_in_time_though_no_client_ends_anything() {
    let begun = CancellationToken::new();
    let at_work = begun.clone();
    let never = move || async move {
        at_work.cancel();
        std::future::pending::<()>().await;
    };
    let routes = Router::new()
        .route("/", post(|_: Json| async {}))
        .route("/long", get(|| async { "x".repeat(LONG) }))
        .route("/never", get(never));
    let service = Service::start(routes).await;
    let clients = [
        service.send("GET / HTTP/1.1\r\nhost: a\r\n").await,
        service.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{\"a\"").await,
        service.send("GET /long HTTP/1.1\r\nhost: a\r\n\r\n").await,
        service.send("").await,
        service.send("GET /never HTTP/1.1\r\nhost: a\r\n\r\n").await,
    ];
    begun.cancelled().await;
    // What it writes it has begun to write.
    clients[2].readable().await.unwrap();
    let clock = WorldClock::virtual_time();
    let before = clock.now();
    service.end().await;
    assert!(clock.now().since(before) <= limits::CLOSE_TIME + limits::ACCEPT_PAUSE);
    for client in clients {
        // Each is closed: nobody waits here for ever.
        received(client).await;
    }
}

/// Who has sent all that it has to send says so, and waits for the answer.
#[tokio::test(start_paused = true)]
async fn who_sends_no_more_after_a_request_has_its_answer() {
    let slow = || async {
        tokio::time::sleep(limits::IDLE_TIME / 2).await;
        "done"
    };
    let routes = Router::new().route("/", get(slow)).route("/", post(move |_: Json| slow()));
    let service = Service::start(routes).await;
    for ask in [
        "GET / HTTP/1.1\r\nhost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}",
    ] {
        let mut stream = service.send(ask).await;
        stream.shutdown().await.unwrap();
        let answer = received(stream).await;
        assert!(answer.ends_with("\r\n\r\ndone"), "{ask}: {answer}");
    }
    service.end().await;
}

#[tokio::test(start_paused = true)]
async fn so_has_who_asks_over_a_socket_of_this_machine() {
    let dir = tempfile::tempdir().unwrap();
    let own = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(dir.path()).unwrap());
    let path = dir.path().join("socket");
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let app = App::new(tower::service_fn(|_| async {
        tokio::time::sleep(limits::IDLE_TIME / 2).await;
        Ok("done".into_response())
    }));
    let stop = CancellationToken::new();
    let serving = TaskTracker::new().spawn(serve_local(listener, app, own, stop.clone()));
    let mut stream = tokio::net::UnixStream::connect(&path).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    stream.shutdown().await.unwrap();
    let answer = one_answer(&mut stream).await;
    assert!(answer.ends_with("\r\n\r\ndone"), "{answer}");
    stop.cancel();
    serving.await.unwrap();
}

/// It is over at once where nothing is under way, and in its time where the answer is not read.
#[tokio::test(start_paused = true)]
async fn who_sends_no_more_is_not_waited_for() {
    let routes = Router::new()
        .route("/", get(|| async { "here" }).post(|_: Json| async {}))
        .route("/long", get(|| async { "x".repeat(LONG) }));
    let service = Service::start(routes).await;
    let clock = WorldClock::virtual_time();
    let before = clock.now();
    for (said, is_answered) in [
        ("", false),
        ("GET / HTTP/1.1\r\nhost: a\r\n\r\n", true),
        ("GET / HTTP/1.1\r\nhost:", false),
        ("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{\"a\"", false),
    ] {
        let mut stream = service.send(said).await;
        if is_answered {
            assert!(one_answer(&mut stream).await.ends_with("here"));
        }
        stream.shutdown().await.unwrap();
        received(stream).await;
        assert_eq!(clock.now(), before, "{said:?}");
    }
    let mut unread = service.send("GET /long HTTP/1.1\r\nhost: a\r\n\r\n").await;
    unread.shutdown().await.unwrap();
    unread.ready(tokio::io::Interest::ERROR).await.unwrap();
    let took = clock.now().since(before);
    assert!(took >= limits::WRITE_TIME && took < 2 * limits::WRITE_TIME, "{took:?}");
    service.end().await;
}
