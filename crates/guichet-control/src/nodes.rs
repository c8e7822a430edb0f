//! What a node answers that is one of several: while it leads, and while another one does.

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use axum::Json;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use guichet_clock::WorldClock;
use guichet_cloud::data::Term;
use guichet_core::limits;
use guichet_http::error::ReadError;
use guichet_http::retry_after;
use guichet_http::serve::{App, HangUp};
use http::{Method, StatusCode};
use serde::Serialize;
use tower::util::BoxCloneSyncService;
use tower::{Service as _, service_fn};

use crate::problem::Problem;

/// After what a client is to come back: a takeover is over by then, or nearly.
const COME_BACK: Duration = Duration::from_secs(1);

/// What is said of a node that cannot show that it leads.
const UNSURE: &str = "PostgreSQL does not answer: whether this node leads is not known.";

/// How a node is that does not lead, as its health says it.
#[derive(Debug, Clone, Serialize)]
pub struct Follows {
    ready: bool,
    reason: String,
    /// Who leads, if that is known.
    leader: Option<Leads>,
    /// Whether it has read everything that it would lead.
    read_ahead: bool,
}

/// Who leads.
#[derive(Debug, Clone, Serialize)]
pub struct Leads {
    /// The node's name.
    pub node: String,
    /// Where it takes requests.
    pub address: String,
    /// How many led before, and it.
    pub epoch: i64,
}

impl Follows {
    /// Another node leads, and what this one is asked is passed on to it.
    pub fn passing_on(leader: &Leads) -> Self {
        let reason = format!("Node {} leads; what is asked here is passed on to it.", leader.node);
        Self { ready: true, reason, leader: Some(leader.clone()), read_ahead: false }
    }

    /// Nobody is known to lead: the reason, in whole sentences.
    pub fn waiting(reason: &str) -> Self {
        Self { ready: false, reason: reason.to_owned(), leader: None, read_ahead: false }
    }

    /// The same, and whether it has read everything that it would lead.
    pub fn read_ahead(self, read_ahead: bool) -> Self {
        Self { read_ahead, ..self }
    }
}

/// The health of a node that passes on what it is asked, or leads: as it [follows](Follows), or each cell's.
pub fn ready(health: impl Serialize) -> Response {
    Json(health).into_response()
}

/// The health of a node that takes nothing at present, of some cell at least, and when to look again.
pub fn not_ready(health: impl Serialize) -> Response {
    let mut answer = (StatusCode::SERVICE_UNAVAILABLE, Json(health)).into_response();
    retry_after::insert(answer.headers_mut(), retry_after::seconds(COME_BACK));
    answer
}

/// That a node is alive, whoever leads.
pub fn alive() -> Response {
    Json(serde_json::json!({ "alive": true })).into_response()
}

/// Whether a request of this method changes nothing (RFC 9110, section 9.2.1).
pub fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// What is wrong with a body, as the API that steers clouds says it.
pub fn unreadable(error: ReadError) -> Response {
    Problem::from(error).into_response()
}

/// 503, with when to come back: nothing was done.
pub fn away(why: &str) -> Response {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, why).after(COME_BACK).into_response()
}

/// Answers as `app` does, while the term lasts. What was decided is only answered when this node leads
/// for certain at that moment: a read of what another node may have changed is not.
pub fn leading_app(app: App, term: Term) -> App {
    BoxCloneSyncService::new(service_fn(move |request: Request| {
        let leading = Leading { app: app.clone(), term: term.clone() };
        async move { Ok::<_, Infallible>(leading.answer(request).await) }
    }))
}

/// The same where there is a term; the app itself where nobody else ever leads.
pub fn while_leading(app: App, term: Option<Term>) -> App {
    match term {
        Some(term) => leading_app(app, term),
        None => app,
    }
}

struct Leading {
    app: App,
    term: Term,
}

impl Leading {
    async fn answer(mut self, request: Request) -> Response {
        let path = request.uri().path();
        let (is_of_node, asks_ready) = (matches!(path, "/healthz" | "/metrics"), path == "/readyz");
        if is_of_node {
            return self.call(request).await;
        }
        if asks_ready && !self.term.holds() {
            return not_ready(Follows::waiting(UNSURE));
        }
        if self.term.ended().is_cancelled() {
            return away("Another node leads now.");
        }
        let is_read = is_read(request.method());
        let term = self.term.clone();
        let answered = {
            let mut impatient = pin!(out_of_patience(&term));
            let mut answering = pin!(self.call(request));
            tokio::select! {
                biased;
                () = term.ended().cancelled() => None,
                answer = &mut answering => Some(answer),
                () = &mut impatient => None,
            }
        };
        let Some(answer) = answered else { return unknown(is_read) };
        // Most are answered at once.
        if term.holds() || is_held_soon(&term).await {
            return answer;
        }
        unknown(is_read)
    }

    fn call(&mut self, request: Request) -> impl Future<Output = Response> + Send + use<> {
        let answering = self.app.call(request);
        async move {
            match answering.await {
                Ok(answer) => answer,
                Err(never) => match never {},
            }
        }
    }
}

/// Waits until the node leads for certain; false if that takes too long, or never comes.
async fn is_held_soon(term: &Term) -> bool {
    let clock = WorldClock::real();
    tokio::select! {
        biased;
        () = term.ended().cancelled() => false,
        () = term.held() => true,
        () = clock.sleep(limits::TERM_PATIENCE) => false,
    }
}

/// Waits until it was not certain for long that this node leads.
async fn out_of_patience(term: &Term) {
    let clock = WorldClock::real();
    loop {
        clock.sleep(limits::TERM_PATIENCE).await;
        if !term.holds() && !is_held_soon(term).await {
            return;
        }
    }
}

/// Nobody can say whether it was done: of a write nothing is said, so that nobody takes it for refused.
pub fn unknown(is_read: bool) -> Response {
    let mut answer = away(UNSURE);
    if !is_read {
        answer.extensions_mut().insert(HangUp);
    }
    answer
}
