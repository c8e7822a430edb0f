//! A service on a port of its own, and what comes from it.

use std::net::SocketAddr;

use axum::Router;
use guichet_http::routes;
use guichet_http::serve::{App, Settings, serve_with};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::service_fn;

/// A service on a port of its own.
pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    pub(crate) stop: CancellationToken,
    pub(crate) serving: JoinHandle<()>,
}

impl Service {
    pub(crate) async fn start(routes: Router) -> Self {
        Self::with(routes, Settings::default()).await
    }

    pub(crate) async fn with(routes: Router, settings: Settings) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let app = App::new(service_fn(move |request| {
            let routes = routes.clone();
            async move { Ok(routes::answer(routes, request).await.expect("in time")) }
        }));
        let serving = TaskTracker::new().spawn(serve_with(listener, app, stop.clone(), settings));
        Self { address, stop, serving }
    }

    /// A connection over which this was sent.
    pub(crate) async fn send(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    /// Stops it, and waits until it has.
    pub(crate) async fn end(self) {
        self.stop.cancel();
        self.serving.await.unwrap();
    }
}

/// All that comes over a connection until its end.
pub(crate) async fn received(mut stream: TcpStream) -> String {
    let mut text = String::new();
    // A connection that is reset ends too.
    let _ = stream.read_to_string(&mut text).await;
    text
}

/// One answer, of which the connection may go on: its head, and as much of a body as it says.
pub(crate) async fn one_answer(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut text = Vec::new();
    let head = loop {
        if let Some(end) = text.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        let read = stream.read_buf(&mut text).await.unwrap_or_default();
        if read == 0 {
            return String::from_utf8(text).unwrap();
        }
    };
    let said = String::from_utf8(text[..head].to_vec()).unwrap();
    let length = said.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.map_or(0, |length| length.parse().unwrap());
    while text.len() < head + length {
        assert_ne!(stream.read_buf(&mut text).await.unwrap(), 0, "the body breaks off");
    }
    String::from_utf8(text).unwrap()
}
