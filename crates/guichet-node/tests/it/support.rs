//! Nodes to ask, and apps that answer for them.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use guichet_cloud::data::Term;
use guichet_control::nodes::Leads;
use guichet_http::origin::Source;
use guichet_http::serve::{App, HangUp, serve};
use guichet_node::{Credential, Front, Leader, Leading, Trust, draw};
use http::{HeaderMap, Method, StatusCode, header};
use http_body_util::BodyExt as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::util::BoxCloneSyncService;
use tower::{ServiceExt as _, service_fn};

/// Longer than anything here takes on a machine that is busy.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// A node that listens. Dropped, it takes nothing more.
pub(crate) struct Node {
    pub(crate) front: Front,
    pub(crate) address: SocketAddr,
    credential: Credential,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Node {
    pub(crate) async fn start() -> Self {
        Self::of_cells(vec!["only".into()], None).await
    }

    /// One of a service of these cells.
    pub(crate) async fn of_cells(
        names: Vec<Arc<str>>,
        routes: Option<Arc<dyn guichet_node::Routes>>,
    ) -> Self {
        let credential = draw().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (own, trust) = (credential.clone(), Trust::plain().unwrap());
        let at = format!("http://{address}");
        let front = Front::of_cells((names, routes), "It has just begun.", (own, &at), &trust);
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn(serve(listener, front.app(), stop.clone()));
        Self { front, address, credential, stop, tasks }
    }

    /// How another node knows this one, as the leader of an epoch.
    pub(crate) fn as_leader(&self, epoch: i64) -> Leader {
        let address = format!("http://{}", self.address);
        let leads = Leads { node: "a".to_owned(), address, epoch };
        Leader::new(leads, self.credential.clone())
    }

    /// What other nodes know it by.
    pub(crate) const fn credential(&self) -> &Credential {
        &self.credential
    }

    /// Has it lead with this app.
    pub(crate) fn lead(&self, app: App) -> Leading {
        let leading = Leading::new(app, None, Term::new());
        self.front.cell(0).lead(leading.clone());
        leading
    }

    /// Ends it: nobody listens there any more.
    pub(crate) async fn end(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    pub(crate) async fn ask(&self, request: Request) -> Answer {
        let answer = self.front.app().oneshot(request);
        let Ok(answer) = tokio::time::timeout(DEADLINE, answer).await.expect("an answer");
        let hangs_up = answer.extensions().get::<HangUp>().is_some();
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body, hangs_up }
    }
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) hangs_up: bool,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// A request as a client sends it to a service that it calls `cloud`.
pub(crate) fn request(method: Method, path: &str, body: impl Into<Body>) -> Request {
    let request = Request::builder().method(method).uri(path).header(header::HOST, "cloud:8774");
    request.body(body.into()).unwrap()
}

/// What an app was asked.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) source: Source,
    pub(crate) body: Bytes,
}

/// An app that writes down what it is asked, and answers 202 with the body that it got.
#[derive(Debug, Clone, Default)]
pub(crate) struct Echo(Arc<Mutex<Vec<Seen>>>);

impl Echo {
    pub(crate) fn app(&self) -> App {
        let seen = Arc::clone(&self.0);
        app(move |request| {
            let seen = Arc::clone(&seen);
            async move {
                let (parts, body) = request.into_parts();
                let body = body.collect().await.unwrap().to_bytes();
                let source = Source::of(&parts.extensions);
                let path = parts.uri.to_string();
                let (method, headers) = (parts.method, parts.headers);
                let one = Seen { method, path, headers, source, body: body.clone() };
                seen.lock().unwrap().push(one);
                (StatusCode::ACCEPTED, [("x-of-the-app", "1")], body).into_response()
            }
        })
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.0.lock().unwrap().clone()
    }
}

/// An app of a function.
pub(crate) fn app<F>(answer: impl Fn(Request) -> F + Clone + Send + Sync + 'static) -> App
where
    F: Future<Output = Response> + Send + 'static,
{
    BoxCloneSyncService::new(service_fn(move |request| {
        let answer = answer(request);
        async move { Ok::<_, Infallible>(answer.await) }
    }))
}
