//! Which page a request is for, and what every answer has.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use guichet_cloud::worlds::Worlds;
use guichet_http::access_log::{AccessLog, Entry};
use guichet_http::routes;
use guichet_locale::text;
use http::{HeaderMap, StatusCode};

use crate::attempts::Attempts;
use crate::frame::{outside, see};
use crate::notice::Notice;
use crate::sessions::Sessions;
use crate::state::{By, Shared, State};
use crate::{
    act, assets, clock, cookie, create, faults, hosts, language, operation, overview, policy,
    server, servers, sign_in, worlds,
};

/// The console of a service.
pub struct Console {
    state: Shared,
    routes: Router,
}

impl std::fmt::Debug for Console {
    /// Without who is signed in.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console").finish_non_exhaustive()
    }
}

impl Console {
    /// Where it lies.
    const PATH: &str = "/console";

    /// The console of these worlds: its users are those of the first.
    pub fn new(worlds: Arc<Worlds>) -> Self {
        let (sessions, attempts) = (Sessions::default(), Attempts::default());
        let state = Arc::new(State { worlds, sessions, attempts });
        Self { routes: declared().with_state(Arc::clone(&state)), state }
    }

    /// Whether a path is one of its own.
    pub fn has(path: &str) -> bool {
        let rest = path.strip_prefix(Self::PATH);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// The user that a session is of.
    fn user(&self, headers: &HeaderMap) -> Option<usize> {
        let cookie = cookie::read(headers, &cookie::session(headers))?;
        Some(self.state.sessions.look_at(cookie, self.state.now())?.user)
    }

    /// The answer to a request, with an entry in the log.
    pub async fn answer(&self, log: &AccessLog, mut request: Request) -> Response {
        let id = self.state.cloud().new_request();
        let entry = Entry::begin(id, &request);
        let locale = language::of(request.headers());
        // Before it is answered: whoever signs out is nobody afterwards.
        let user = entry.as_ref().and_then(|_| self.user(request.headers()));
        request.extensions_mut().insert(id);
        let mut answer = match routes::answer(self.routes.clone(), request).await {
            Ok(answer) => answer,
            Err(late) => {
                let status = StatusCode::SERVICE_UNAVAILABLE;
                let advice = text!(locale, "console-do-form");
                outside(locale, Notice::refused(status, late.to_string(), advice))
            }
        };
        if answer.status() == StatusCode::METHOD_NOT_ALLOWED {
            let what = text!(locale, "console-refused-method");
            let advice = text!(locale, "console-do-look");
            answer = outside(locale, Notice::refused(answer.status(), what, advice));
        }
        policy::add(&mut answer);
        if let Some(entry) = entry {
            let user = answer.extensions().get::<By>().map(|By(user)| *user).or(user);
            let cloud = self.state.cloud();
            let name = user.map(|user| cloud.accounts().user_name(user));
            let name = name.as_deref().unwrap_or("-");
            log.write(entry, name, answer.status());
        }
        answer
    }
}

fn declared() -> Router<Shared> {
    Router::new()
        .route("/console", get(async || see("/console/")))
        .route("/console/", get(overview::show))
        .route("/console/assets/{folder}/{*name}", get(asset))
        .route("/console/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/console/sign-out", post(sign_in::leave))
        .route("/console/project", post(sign_in::choose_project))
        .route("/console/language", get(sign_in::choose_language))
        .route("/console/servers", get(servers::list))
        .route("/console/servers/new", get(create::show).post(create::create))
        .route("/console/servers/{id}", get(server::show))
        .route("/console/servers/{id}/act", post(act::act))
        .route("/console/servers/{id}/operations/{number}", get(operation::show))
        .route("/console/hosts", get(hosts::list).post(hosts::set))
        .route("/console/faults", get(faults::list).post(faults::change))
        .route("/console/clock", get(clock::show).post(clock::change))
        .route("/console/worlds", get(worlds::list).post(worlds::change))
        .fallback(missing)
}

async fn asset(Path((folder, name)): Path<(String, String)>) -> Response {
    assets::answer(&folder, &name)
}

async fn missing(request: Request) -> Response {
    let locale = language::of(request.headers());
    let (what, advice) =
        (text!(locale, "console-refused-not-found"), text!(locale, "console-do-look"));
    outside(locale, Notice::refused(StatusCode::NOT_FOUND, what, advice)).into_response()
}
