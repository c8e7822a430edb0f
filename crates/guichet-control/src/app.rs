//! Which of them a request is for: the API that steers clouds, or one of the clouds.

use std::pin::pin;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use guichet_clock::Stopwatch;
use guichet_cloud::Cloud;
use guichet_cloud::worlds::{World, WorldError, Worlds};
use guichet_console::Console;
use guichet_core::limits;
use guichet_http::access_log::Entry;
use guichet_http::answered::{OnRequest, observed_with, say_request};
use guichet_http::error::ReadError;
use guichet_http::serve::App;
use guichet_http::trace_parent::{Answered, TraceParent, Tracer};
use guichet_http::{path, routes};
use guichet_observe::{Asked, Watch};
use guichet_openstack::Surface;
use http::{Method, StatusCode, header};
use tower::service_fn;
use tower::util::BoxCloneSyncService;
use utoipa::OpenApi;
use utoipa::openapi;
use utoipa_axum::router::OpenApiRouter;

use crate::access::Access;
use crate::audit::{Auditor, Full};
use crate::begun::Begun;
use crate::cells::Cells;
use crate::control::Control;
use crate::counted::{CONSOLE, CountedRoutes};
use crate::problem::Problem;
use crate::record::Recorder;
use crate::reload;
use crate::reloads::Reloads;
use crate::{
    admin, cell, clock, events, faults, health, hosts, operations, requests, snapshots, stats,
    worlds,
};

/// Where the paths of worlds beside the first begin; an id follows.
const WORLDS: &str = "/w/";
/// Where what steers them lies.
pub(crate) const CONTROL: &str = "/guichet/";

/// All clouds of a service, and what steers them.
pub fn app(worlds: Arc<Worlds>, access: Access) -> App {
    recorded_app(worlds, access, None)
}

/// The same, with a line of each request that ended for this recorder.
pub fn recorded_app(worlds: Arc<Worlds>, access: Access, recorder: Option<Recorder>) -> App {
    watched_app(worlds, access, Watched { recorder, ..Watched::default() })
}

/// Who is told of requests.
#[derive(Debug, Clone, Default)]
pub struct Watched {
    /// Who wants a line of each request, if anybody does.
    pub recorder: Option<Recorder>,
    /// Who audits them, if anybody does.
    pub auditor: Option<Auditor>,
    /// Who writes traces of them, if anybody does.
    pub tracer: Option<Arc<dyn Tracer>>,
}

/// The same, with what each is told who watches.
pub fn watched_app(worlds: Arc<Worlds>, access: Access, watched: Watched) -> App {
    app_with(Arc::new(Watch::new(worlds)), access, Beside { watched, ..Beside::default() })
}

/// What a service has beside its clouds.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// Who is told of requests.
    pub watched: Watched,
    /// The console, if there is one.
    pub console: Option<Arc<Console>>,
    /// Who reads its configuration again, if there is one.
    pub reloads: Option<Reloads>,
    /// Who knows the other nodes, if it is one of several.
    pub cells: Option<Arc<dyn Cells>>,
}

/// All clouds of a service, what steers them, and what it has beside them; somebody is to run the watch.
pub fn app_with(watch: Arc<Watch>, access: Access, beside: Beside) -> App {
    let Beside { watched, console, reloads, cells } = beside;
    let worlds = Arc::clone(watch.worlds());
    let (routes, document) = declared().split_for_parts();
    let counted = CountedRoutes::new(&document);
    watch.http().add_routes(counted.all());
    let routes = routes.fallback(|| async {
        Problem::new(StatusCode::NOT_FOUND, "There is nothing here; see /guichet/v1/openapi.json.")
    });
    let (of_worlds, of_console) = (Arc::clone(&worlds), console.clone());
    let control = Control { worlds: of_worlds, access, watch, console: of_console, reloads, cells };
    let surface = Surface::new();
    control.watch.http().add_routes(surface.counted());
    let app = Arc::new(All {
        worlds,
        surface,
        counted,
        control: control.clone(),
        routes: routes.with_state(control),
        watched,
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
        .merge(admin::routes())
        .merge(stats::routes())
        .merge(events::routes())
        .merge(hosts::routes())
        .merge(reload::routes())
        .merge(cell::routes())
        .route("/guichet/v1/openapi.json", axum::routing::get(described))
}

struct All {
    worlds: Arc<Worlds>,
    surface: Surface,
    routes: Router,
    counted: CountedRoutes,
    control: Control,
    watched: Watched,
    console: Option<Arc<Console>>,
}

impl All {
    /// The answer, counted.
    async fn answer(&self, request: Request) -> Response {
        let watch = Stopwatch::start();
        let asked = Asked::of(inside(request.uri().path()), request.method());
        let traced = self.watched.tracer.as_ref().map(|tracer| Traced::begin(tracer, &request));
        let on_request = traced.as_ref().and_then(Traced::on_request);
        let (answer, said) = observed_with(pin!(self.routed(request)), on_request).await;
        let (status, took) = (answer.status().as_u16(), watch.elapsed());
        self.control.watch.http().answered(asked, &said, status, took);
        if let (Some(traced), Some(request)) = (traced, said.request) {
            let Traced { tracer, method, parent } = traced;
            let route = said.route.as_ref().map(|route| &*route.template);
            let method = &method;
            tracer.answered(&Answered { request, parent, method, route, status, took });
        }
        answer
    }

    /// What is seldom asked for, or is asked of few, is in a box: its state would else be moved about
    /// for every request.
    async fn routed(&self, request: Request) -> Response {
        let path = request.uri().path();
        let (method, headers) = (request.method(), request.headers());
        if let Some(answer) = health::answer(path, method, headers, &self.control) {
            self.counted.say(&Method::GET, path);
            return answer;
        }
        if path.starts_with(WORLDS) {
            return Box::pin(self.in_world(request)).await;
        }
        if path.starts_with(CONTROL) {
            return Box::pin(self.steered(request)).await;
        }
        if let Some(console) = self.console.as_ref().filter(|_| Console::has(path)) {
            self.counted.say(&Method::GET, CONSOLE);
            return Box::pin(self.of_console(console, request)).await;
        }
        self.of_world(self.worlds.first(), request).await
    }

    /// The answer of a world's cloud, written down if the world remembers what it was asked.
    async fn of_world(&self, world: &Arc<World>, mut request: Request) -> Response {
        let clock = self.worlds.clock();
        let begun = Begun::new(world, clock, &mut request);
        world.settle().await;
        let cloud = world.cloud();
        let answer = match &self.watched.auditor {
            None => self.recorded(world, &cloud, request).await,
            Some(auditor) => Box::pin(self.audited(auditor, world, &cloud, request)).await,
        };
        if let Some(begun) = begun {
            begun.answered(&answer);
        }
        // One that took long was in use all the while.
        self.worlds.touch(world);
        answer
    }

    /// The answer of a cloud, with a line for whoever records it.
    async fn recorded(&self, world: &Arc<World>, cloud: &Arc<Cloud>, request: Request) -> Response {
        let Some(recorder) = &self.watched.recorder else {
            return faults::answer(&self.surface, cloud, request).await;
        };
        let mut request = self.surface.unified(request);
        let recording = recorder.begin(world, cloud, &mut request);
        let answer = Box::pin(faults::answer(&self.surface, cloud, request)).await;
        recording.answered(answer).await
    }

    /// The same, with a line for whoever audits it; nothing is done if that is wanted and has no place.
    async fn audited(
        &self,
        auditor: &Auditor,
        world: &Arc<World>,
        cloud: &Arc<Cloud>,
        request: Request,
    ) -> Response {
        let mut request = self.surface.unified(request);
        match auditor.begin(world, cloud, &mut request) {
            Ok(asked) => asked.answered(self.recorded(world, cloud, request).await).await,
            Err(Full) => {
                let wait = Some(Duration::from_secs(limits::RETRY_AFTER_MIN_S));
                let refusal = (StatusCode::SERVICE_UNAVAILABLE, Full::MESSAGE, wait);
                self.surface.refusal(cloud, request.uri().path(), request.headers(), refusal)
            }
        }
    }

    /// The answer of a world beside the first, whose paths begin behind its id.
    async fn in_world(&self, mut request: Request) -> Response {
        let behind = request.uri().path().strip_prefix(WORLDS).unwrap_or_default();
        let (id, rest) = behind.split_at(behind.find('/').unwrap_or(behind.len()));
        let Some(world) = self.worlds.find(id) else {
            let answer = Problem::from(WorldError::NotFound).into_response();
            return match self.watched.auditor.as_ref().map(|it| it.begin_steering(&mut request)) {
                Some(Ok(asked)) => asked.answered(answer).await,
                _ => answer,
            };
        };
        let rest = if rest.is_empty() { "/" } else { rest };
        let Some(uri) = path::replaced(request.uri(), rest.to_owned()) else {
            return Problem::from(WorldError::NotFound).into_response();
        };
        *request.uri_mut() = uri;
        self.of_world(&world, request).await
    }

    /// What the console answers.
    async fn of_console(&self, console: &Console, request: Request) -> Response {
        let answer = |request| console.answer(self.surface.log(), request);
        let full = |Full| (StatusCode::SERVICE_UNAVAILABLE, Full::MESSAGE).into_response();
        self.audited_steering(request, answer).await.unwrap_or_else(full)
    }

    /// What the API that steers them answers.
    async fn steered(&self, request: Request) -> Response {
        let full =
            |Full| Problem::new(StatusCode::SERVICE_UNAVAILABLE, Full::MESSAGE).into_response();
        self.audited_steering(request, |request| self.steer(request)).await.unwrap_or_else(full)
    }

    /// An answer, with a line for whoever audits what is changed beside the clouds' own APIs.
    ///
    /// # Errors
    /// That is wanted and has no place: nothing is done.
    async fn audited_steering<F: Future<Output = Response>>(
        &self,
        mut request: Request,
        answer: impl FnOnce(Request) -> F,
    ) -> Result<Response, Full> {
        let Some(auditor) = &self.watched.auditor else { return Ok(answer(request).await) };
        let asked = auditor.begin_steering(&mut request)?;
        Ok(asked.answered(answer(request).await).await)
    }

    /// What the API that steers them answers, with an entry in the log.
    async fn steer(&self, request: Request) -> Response {
        let id = self.worlds.first().cloud().new_request();
        say_request(id);
        self.counted.say(request.method(), request.uri().path());
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

/// A request of which a trace is written.
struct Traced<'a> {
    tracer: &'a Arc<dyn Tracer>,
    method: Method,
    parent: Option<TraceParent>,
}

impl<'a> Traced<'a> {
    fn begin(tracer: &'a Arc<dyn Tracer>, request: &Request) -> Self {
        let parent = TraceParent::read(request.headers());
        Self { tracer, method: request.method().clone(), parent }
    }

    /// Has the tracer know of a client's trace before anything is done for it.
    fn on_request(&self) -> Option<OnRequest> {
        let (parent, tracer) = (self.parent?, Arc::clone(self.tracer));
        Some(Box::new(move |id| tracer.begin(id, parent)))
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
