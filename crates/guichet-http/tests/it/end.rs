//! The end of the service, whatever clients do.

use axum::Router;
use axum::routing::{get, post};
use guichet_clock::WorldClock;
use guichet_core::limits;
use guichet_core::time::Clock;
use guichet_http::body::Json;
use tokio_util::sync::CancellationToken;

use crate::service::{Service, received};

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
