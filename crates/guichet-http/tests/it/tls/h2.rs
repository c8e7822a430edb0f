//! HTTP/2, over connections that are encrypted.

mod crowd;
mod end;
mod floods;
mod memory;
mod raw;
mod slow;
mod spoken;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use bytes::Bytes;
use guichet_core::limits;
use guichet_http::body::Json;
use guichet_http::serve::Settings;
use h2::client::{ResponseFuture, SendRequest};
use h2::{RecvStream, SendStream};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_rustls::client::TlsStream;
use tokio_util::task::TaskTracker;

use super::support::{Authority, Client, Place};
use crate::service::Service;

/// More than windows and the systems of both ends hold.
const LONG: usize = 4 << 20;

fn routes() -> Router {
    Router::new()
        .route("/", get(|| async { "here" }))
        .route("/", post(|_: Json<{ limits::BODY_MAX }>| async { StatusCode::NO_CONTENT }))
        .route("/back", post(|body: Bytes| async { body }))
        .route("/long", get(|| async { "x".repeat(LONG) }))
        .route("/never", get(std::future::pending::<StatusCode>))
}

/// A service that speaks TLS, and who it is known by.
struct Secure {
    service: Service,
    authority: Authority,
    place: Place,
}

impl Secure {
    async fn start(routes: Router) -> Self {
        Self::with(routes, Settings::default()).await
    }

    async fn with(routes: Router, settings: Settings) -> Self {
        let authority = Authority::new();
        let place = Place::of(&authority.pair("localhost"));
        let settings = Settings { tls: Some(place.slot()), ..settings };
        let service = Service::with(routes, settings).await;
        Self { service, authority, place }
    }

    fn client(&self) -> Client {
        Client::of(&self.authority).speaks_both()
    }

    /// A connection from an address of this machine that ends so.
    async fn connect_from(&self, last: u8) -> Speaks {
        self.connect_with(last, &h2::client::Builder::new()).await
    }

    async fn connect_with(&self, last: u8, builder: &h2::client::Builder) -> Speaks {
        let tcp = super::crowd::silent(&self.service, last).await;
        let tls = self.client().connect_over(tcp).await.unwrap();
        speaks_over(tls, builder).await
    }

    async fn connect(&self) -> Speaks {
        self.connect_from(1).await
    }

    async fn end(self) {
        self.service.end().await;
    }
}

/// A client's connection, with a task that reads and writes it.
struct Speaks {
    sends: SendRequest<Bytes>,
    connection: JoinHandle<Result<(), h2::Error>>,
}

/// A connection over which HTTP/2 was agreed on.
async fn speaks_over(tls: TlsStream<TcpStream>, builder: &h2::client::Builder) -> Speaks {
    assert_eq!(tls.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (sends, connection) = builder.handshake(tls).await.unwrap();
    Speaks { sends, connection: TaskTracker::new().spawn(connection) }
}

fn request(method: &str, path: &str) -> axum::http::Request<()> {
    let uri = format!("https://localhost{path}");
    axum::http::Request::builder().method(method).uri(uri).body(()).unwrap()
}

impl Speaks {
    /// Sends a request that has no body, or the beginning of one that has.
    async fn begin(
        &mut self,
        request: axum::http::Request<()>,
        is_whole: bool,
    ) -> (ResponseFuture, SendStream<Bytes>) {
        let mut sends = self.sends.clone().ready().await.unwrap();
        sends.send_request(request, is_whole).unwrap()
    }

    /// The answer to a request without a body: its status and its text.
    async fn get(&mut self, path: &str) -> (u16, String) {
        let (answer, _) = self.begin(request("GET", path), true).await;
        whole(answer).await
    }

    /// How the connection ended.
    async fn over(self) -> Result<(), h2::Error> {
        drop(self.sends);
        self.connection.await.unwrap()
    }
}

/// An answer to its end.
async fn whole(answer: ResponseFuture) -> (u16, String) {
    let (head, body) = answer.await.unwrap().into_parts();
    (head.status.as_u16(), text(body).await)
}

async fn text(mut body: RecvStream) -> String {
    let mut bytes = Vec::new();
    while let Some(data) = body.data().await {
        let data = data.unwrap();
        body.flow_control().release_capacity(data.len()).unwrap();
        bytes.extend_from_slice(&data);
    }
    String::from_utf8(bytes).unwrap()
}
