//! Traces that a collector is sent.
#![expect(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::routing::post;
use guichet_cloud::config::Declared;
use guichet_cloud::worlds::{Blueprint, Worlds};
use guichet_control::access::Access;
use guichet_control::{Watched, watched_app};
use guichet_driver::profile::Profile;
use guichet_http::serve::App;
use guichet_otlp::{Exporter, Settings};
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode as SpanStatus;
use prost::Message as _;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CLIENTS_SPAN: &str = "00f067aa0ba902b7";

/// A service, and the collector that its traces are sent to.
struct Service {
    app: App,
    spans: mpsc::Receiver<Span>,
    exporter: Arc<Exporter>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

async fn collect(State(spans): State<mpsc::Sender<Span>>, body: Bytes) -> StatusCode {
    let request = ExportTraceServiceRequest::decode(body).unwrap();
    for resource in request.resource_spans {
        for scope in resource.scope_spans {
            for span in scope.spans {
                spans.send(span).await.unwrap();
            }
        }
    }
    StatusCode::OK
}

impl Service {
    async fn open(share: f64) -> Self {
        let (sender, spans) = mpsc::channel(1_000);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let collector = Router::new().route("/v1/traces", post(collect)).with_state(sender);
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let stopped = stop.clone().cancelled_owned();
        tasks.spawn(async move {
            axum::serve(listener, collector).with_graceful_shutdown(stopped).await.unwrap();
        });
        let blueprint = Blueprint {
            declared: Declared::dev(),
            profile: Profile::builtin("instant").unwrap(),
            seed: Some(1),
            is_stored: false,
            snapshots: None,
        };
        let worlds = Arc::new(Worlds::open(blueprint, 1).unwrap());
        let settings = Settings { endpoint, share, version: "1.2.3" };
        let exporter = Arc::new(Exporter::start(&settings).unwrap());
        let watched = Watched { tracer: Some(Arc::clone(&exporter) as _), ..Watched::default() };
        let app = watched_app(Arc::clone(&worlds), Access::Open, watched);
        let (following, stopped) = (Arc::clone(&exporter), stop.clone());
        tasks.spawn(async move { following.run(&worlds, &stopped).await });
        Self { app, spans, exporter, stop, tasks }
    }

    /// Asks; the answer's status, its headers and its body.
    async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> (u16, http::HeaderMap, Value) {
        let text = body.to_string();
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .header("content-type", "application/json")
            .header("content-length", text.len())
            .body(Body::from(text))
            .unwrap();
        let (parts, body) = self.app.clone().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
        (parts.status.as_u16(), parts.headers, body)
    }

    async fn token(&self) -> String {
        let login = json!({ "auth": {
            "identity": { "methods": ["password"], "password": { "user": {
                "name": "demo", "domain": { "id": "default" }, "password": "secret" } } },
            "scope": { "project": { "name": "demo", "domain": { "id": "default" } } },
        } });
        let (status, headers, _) =
            self.ask(Method::POST, "/identity/v3/auth/tokens", &[], login).await;
        assert_eq!(status, 201);
        headers["x-subject-token"].to_str().unwrap().to_owned()
    }

    /// Makes a server with these headers; the id of the request.
    async fn make(&self, token: &str, more: &[(&str, &str)]) -> String {
        let (_, _, images) = self
            .ask(Method::GET, "/image/v2/images", &[("x-auth-token", token)], Value::Null)
            .await;
        let flavors = "/compute/v2.1/flavors";
        let (_, _, flavors) =
            self.ask(Method::GET, flavors, &[("x-auth-token", token)], Value::Null).await;
        let server = json!({ "server": {
            "name": "web", "networks": "auto",
            "imageRef": images["images"][0]["id"], "flavorRef": flavors["flavors"][0]["id"],
        } });
        let mut headers = vec![("x-auth-token", token), ("openstack-api-version", "compute 2.79")];
        headers.extend(more);
        let (status, headers, body) =
            self.ask(Method::POST, "/compute/v2.1/servers", &headers, server).await;
        assert_eq!(status, 202, "{body}");
        headers["x-openstack-request-id"].to_str().unwrap().to_owned()
    }

    /// Sends what is left, and gives all that the collector was sent.
    async fn end(self) -> Vec<Span> {
        let Self { exporter, stop, tasks, mut spans, .. } = self;
        tokio::task::spawn_blocking(move || exporter.close()).await.unwrap();
        stop.cancel();
        tasks.close();
        tasks.wait().await;
        let mut all = Vec::new();
        while let Some(span) = spans.recv().await {
            all.push(span);
        }
        all
    }

    /// Waits for so many spans of a trace.
    async fn trace(&mut self, trace: &str, count: usize) -> Vec<Span> {
        let mut found = Vec::new();
        let soon = tokio::time::timeout(Duration::from_secs(60), async {
            while found.len() < count {
                let span = self.spans.recv().await.unwrap();
                if hex(&span.trace_id) == trace {
                    found.push(span);
                }
            }
        });
        soon.await.expect("the collector is sent all of them");
        found
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn named<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("{name}: {spans:#?}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_trace_goes_from_the_clients_span_to_the_driver() {
    let mut service = Service::open(0.0).await;
    let token = service.token().await;
    let parent = format!("00-{TRACE}-{CLIENTS_SPAN}-01");
    let request = service.make(&token, &[("traceparent", &parent)]).await;
    let spans = service.trace(TRACE, 4).await;
    let asked = named(&spans, "POST /compute/v2.1/servers");
    let made = named(&spans, "create");
    let (wait, driver) = (named(&spans, "create: wait"), named(&spans, "create: driver"));
    assert_eq!(hex(&asked.parent_span_id), CLIENTS_SPAN);
    assert_eq!(made.parent_span_id, asked.span_id);
    assert_eq!((&wait.parent_span_id, &driver.parent_span_id), (&made.span_id, &made.span_id));
    assert_eq!(made.start_time_unix_nano, wait.start_time_unix_nano);
    assert_eq!(wait.end_time_unix_nano, driver.start_time_unix_nano);
    assert_eq!(driver.end_time_unix_nano, made.end_time_unix_nano);
    assert!(asked.start_time_unix_nano <= made.start_time_unix_nano);
    let shown = format!("{:?} {:?}", asked.attributes, made.attributes);
    for part in [&*request, "202", "guichet.server.id", "succeeded"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    drop(service.end().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_without_a_trace_has_one_of_its_own_id() {
    let mut service = Service::open(1.0).await;
    let token = service.token().await;
    let request = service.make(&token, &[]).await;
    let trace = request.trim_start_matches("req-").replace('-', "");
    let spans = service.trace(&trace, 4).await;
    assert!(named(&spans, "POST /compute/v2.1/servers").parent_span_id.is_empty());
    named(&spans, "create: driver");
    drop(service.end().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_client_does_not_sample_and_what_the_share_leaves_out_is_not_sent() {
    let service = Service::open(0.0).await;
    let token = service.token().await;
    service.make(&token, &[]).await;
    service.make(&token, &[("traceparent", &format!("00-{TRACE}-{CLIENTS_SPAN}-00"))]).await;
    let other = "0af7651916cd43dd8448eb211c80319c";
    service.make(&token, &[("traceparent", &format!("00-{other}-{CLIENTS_SPAN}-01"))]).await;
    let mut service = service;
    service.trace(other, 4).await;
    let rest = service.end().await;
    assert!(rest.is_empty(), "{rest:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_the_services_fault_is_an_error_and_a_clients_is_none() {
    let mut service = Service::open(0.0).await;
    let parent = format!("00-{TRACE}-{CLIENTS_SPAN}-01");
    let headers = [("traceparent", &*parent)];
    let path = "/compute/v2.1/servers/none";
    assert_eq!(service.ask(Method::GET, path, &headers, Value::Null).await.0, 401);
    let spans = service.trace(TRACE, 1).await;
    let status = spans[0].status.as_ref().map(|status| status.code);
    assert_eq!(status.unwrap_or_default(), SpanStatus::Unset as i32);
    assert_eq!(hex(&spans[0].parent_span_id), CLIENTS_SPAN);
    drop(service.end().await);
}
