//! Which of them a request is for: the API that steers clouds, or one of the clouds.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use guichet_clock::Stopwatch;
use guichet_cloud::worlds::{World, WorldError, Worlds};
use guichet_console::Console;
use guichet_http::access_log::Entry;
use guichet_http::error::ReadError;
use guichet_http::serve::App;
use guichet_http::{path, routes};
use guichet_observe::{Asked, Watch};
use guichet_openstack::Surface;
use http::{StatusCode, header};
use tower::service_fn;
use tower::util::BoxCloneSyncService;
use utoipa::OpenApi;
use utoipa::openapi;
use utoipa_axum::router::OpenApiRouter;

use crate::access::Access;
use crate::begun::Begun;
use crate::control::Control;
use crate::problem::Problem;
use crate::record::Recorder;
use crate::{clock, events, faults, health, operations, requests, snapshots, stats, worlds};

/// Where the paths of worlds beside the first begin; an id follows.
const WORLDS: &str = "/w/";
/// Where what steers them lies.
const CONTROL: &str = "/guichet/";

/// All clouds of a service, and what steers them.
pub fn app(worlds: Arc<Worlds>, access: Access) -> App {
    recorded_app(worlds, access, None)
}

/// The same, with a line of each request that ended for this recorder.
pub fn recorded_app(worlds: Arc<Worlds>, access: Access, recorder: Option<Recorder>) -> App {
    watched_app(Arc::new(Watch::new(worlds)), access, recorder)
}

/// The same, with figures of what happens; somebody is to run the watch.
pub fn watched_app(watch: Arc<Watch>, access: Access, recorder: Option<Recorder>) -> App {
    app_with(watch, access, Beside { recorder, console: None })
}

/// What a service has beside its clouds.
#[derive(Debug, Default)]
pub struct Beside {
    /// Who wants a line of each request that ended, if anybody does.
    pub recorder: Option<Recorder>,
    /// The console, if there is one.
    pub console: Option<Arc<Console>>,
}

/// All clouds of a service, what steers them, and what it has beside them.
pub fn app_with(watch: Arc<Watch>, access: Access, beside: Beside) -> App {
    let Beside { recorder, console } = beside;
    let worlds = Arc::clone(watch.worlds());
    let (routes, _) = declared().split_for_parts();
    let routes = routes.fallback(|| async {
        Problem::new(StatusCode::NOT_FOUND, "There is nothing here; see /guichet/v1/openapi.json.")
    });
    let control = Control { worlds: Arc::clone(&worlds), access, watch, console: console.clone() };
    let app = Arc::new(All {
        worlds,
        surface: Surface::new(),
        control: control.clone(),
        routes: routes.with_state(control),
        recorder,
        console,
    });
    BoxCloneSyncService::new(service_fn(move |request| {
        let app = Arc::clone(&app);
        async move { Ok(app.answer(request).await) }
    }))
}

#[derive(OpenApi)]
#[openapi(info(
    title = "Guichet's control API",
    description = "Steers the clouds of a service. Bodies and answers are JSON; a token, where one is wanted, comes as `Authorization: Bearer TOKEN`."
))]
struct Described;

/// The document as it is sent: made once.
static DOCUMENT: LazyLock<String> =
    LazyLock::new(|| document().to_pretty_json().unwrap_or_default());

/// The document of the API, in OpenAPI 3.1.
pub fn document() -> openapi::OpenApi {
    declared().into_openapi()
}

fn declared() -> OpenApiRouter<Control> {
    let described = async || ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str());
    OpenApiRouter::with_openapi(Described::openapi())
        .merge(worlds::routes())
        .merge(clock::routes())
        .merge(requests::routes())
        .merge(operations::routes())
        .merge(faults::routes())
        .merge(snapshots::routes())
        .merge(stats::routes())
        .merge(events::routes())
        .route("/guichet/v1/openapi.json", axum::routing::get(described))
}

struct All {
    worlds: Arc<Worlds>,
    surface: Surface,
    routes: Router,
    control: Control,
    /// Who wants a line of each request, if anybody does.
    recorder: Option<Recorder>,
    console: Option<Arc<Console>>,
}

impl All {
    /// The answer, counted.
    async fn answer(&self, request: Request) -> Response {
        let watch = Stopwatch::start();
        let asked = Asked::of(inside(request.uri().path()), request.method().as_str());
        let answer = self.routed(request).await;
        self.control.watch.http().answered(asked, answer.status().as_u16(), watch.elapsed());
        answer
    }

    async fn routed(&self, request: Request) -> Response {
        let path = request.uri().path();
        let (method, headers) = (request.method(), request.headers());
        if let Some(answer) = health::answer(path, method, headers, &self.control) {
            return answer;
        }
        if path.starts_with(WORLDS) {
            return self.in_world(request).await;
        }
        if path.starts_with(CONTROL) {
            return self.steered(request).await;
        }
        if let Some(console) = self.console.as_ref().filter(|_| Console::has(path)) {
            return console.answer(self.surface.log(), request).await;
        }
        self.of_world(self.worlds.first(), request).await
    }

    /// The answer of a world's cloud, written down if the world remembers what it was asked.
    async fn of_world(&self, world: &Arc<World>, mut request: Request) -> Response {
        let clock = self.worlds.clock();
        let begun = Begun::new(world, clock, &mut request);
        world.settle().await;
        let cloud = world.cloud();
        let answer = match &self.recorder {
            None => faults::answer(&self.surface, &cloud, request).await,
            Some(recorder) => {
                let mut request = self.surface.unified(request);
                let recording = recorder.begin(world, &cloud, &mut request);
                let answer = faults::answer(&self.surface, &cloud, request).await;
                recording.answered(answer).await
            }
        };
        if let Some(begun) = begun {
            begun.answered(&answer);
        }
        // One that took long was in use all the while.
        self.worlds.touch(world);
        answer
    }

    /// The answer of a world beside the first, whose paths begin behind its id.
    async fn in_world(&self, mut request: Request) -> Response {
        let behind = request.uri().path().strip_prefix(WORLDS).unwrap_or_default();
        let (id, rest) = behind.split_at(behind.find('/').unwrap_or(behind.len()));
        let Some(world) = self.worlds.find(id) else {
            return Problem::from(WorldError::NotFound).into_response();
        };
        let rest = if rest.is_empty() { "/" } else { rest };
        let Some(uri) = path::replaced(request.uri(), rest.to_owned()) else {
            return Problem::from(WorldError::NotFound).into_response();
        };
        *request.uri_mut() = uri;
        self.of_world(&world, request).await
    }

    /// What the API that steers them answers, with an entry in the log.
    async fn steered(&self, request: Request) -> Response {
        let id = self.worlds.first().cloud().new_request();
        let entry = Entry::begin(id, &request);
        let answer = match routes::answer(self.routes.clone(), request).await {
            Ok(answer) => shaped(answer),
            Err(late) => {
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, late.to_string()).into_response()
            }
        };
        if let Some(entry) = entry {
            self.surface.log().write(entry, "-", answer.status());
        }
        answer
    }
}

/// A path as its world has it.
fn inside(path: &str) -> &str {
    let Some(behind) = path.strip_prefix(WORLDS) else { return path };
    behind.find('/').map_or("/", |slash| &behind[slash..])
}

/// An answer that is a status alone gets the body that the others have.
fn shaped(answer: Response) -> Response {
    let status = answer.status();
    match answer.extensions().get::<ReadError>() {
        Some(error) => Problem::from(error.clone()).into_response(),
        None if status == StatusCode::METHOD_NOT_ALLOWED => {
            let message = "The path is there, and not for this method.";
            let mut shaped = Problem::new(status, message).into_response();
            if let Some(allow) = answer.headers().get(http::header::ALLOW) {
                shaped.headers_mut().insert(http::header::ALLOW, allow.clone());
            }
            shaped
        }
        None => answer,
    }
}
