//! A service on a port of its own, and connections to it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use guichet_cloud::Cloud;
use guichet_http::serve::serve;
use guichet_openstack::app;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A cloud that listens.
pub(super) struct Service {
    pub(super) address: SocketAddr,
    pub(super) stop: CancellationToken,
    pub(super) serving: JoinHandle<()>,
    /// Clients' connections, each of which ends with its sender.
    clients: TaskTracker,
}

impl Service {
    pub(super) async fn of(cloud: &Arc<Cloud>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let clients = TaskTracker::new();
        let serving = clients.spawn(serve(listener, app(cloud), stop.clone()));
        Self { address, stop, serving, clients }
    }

    /// Stops it, and waits until it has.
    pub(super) async fn end(self) {
        self.stop.cancel();
        tokio::time::timeout(Duration::from_secs(20), self.serving).await.unwrap().unwrap();
    }

    pub(super) async fn connect(&self, token: &str) -> Wire {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
        self.clients.spawn(connection);
        Wire { sender, token: token.to_owned() }
    }
}

/// One connection.
pub(super) struct Wire {
    sender: SendRequest<Full<Bytes>>,
    token: String,
}

impl Wire {
    /// A request below `/compute/v2.1`: its status and body.
    pub(super) async fn ask(
        &mut self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> (u16, Bytes) {
        let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        self.send(method, path, body).await
    }

    pub(super) async fn send(&mut self, method: &str, path: &str, body: Bytes) -> (u16, Bytes) {
        let answer = self.head(method, path, body).await;
        let status = answer.status().as_u16();
        (status, answer.into_body().collect().await.unwrap().to_bytes())
    }

    /// The head of an answer, which comes once there is a whole one; its body is still to be read.
    pub(super) async fn head(
        &mut self,
        method: &str,
        path: &str,
        body: Bytes,
    ) -> Response<Incoming> {
        let request = Request::builder()
            .method(method)
            .uri(format!("/compute/v2.1{path}"))
            .header("host", "cloud:1")
            .header("x-auth-token", &self.token)
            .header("openstack-api-version", "compute 2.96")
            .header("content-type", "application/json")
            .body(Full::new(body))
            .unwrap();
        self.sender.ready().await.unwrap();
        self.sender.send_request(request).await.unwrap()
    }
}

/// The id in the answer to a create.
pub(super) fn id(body: &Bytes) -> String {
    let body: Value = serde_json::from_slice(body).unwrap();
    body["server"]["id"].as_str().unwrap().to_owned()
}
