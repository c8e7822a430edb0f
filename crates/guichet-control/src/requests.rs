//! `/guichet/v1/worlds/{id}/requests`: what a world was asked, so that a test can say what its program
//! sent.

use std::sync::Arc;

use axum::Json;
use axum::extract::Request;
use axum::response::Response;
use guichet_clock::WorldClock;
use guichet_cloud::worlds::{Remembered, SentRequest, World};
use guichet_core::limits;
use guichet_core::time::{Clock, Timestamp};
use guichet_http::dates;
use guichet_http::query::Params;
use guichet_http::serve::HangUp;
use guichet_openstack::http::gate::{IDEMPOTENCY_KEY, REQUEST_ID};
use http::{HeaderMap, HeaderName, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::asked::Asked;
use crate::control::{Control, NotSteered, Steered};
use crate::problem::{Fault, Problem};

/// The most of a text that is remembered.
const TEXT_MAX: usize = limits::REQUEST_TEXT_MAX;

pub(crate) fn routes() -> OpenApiRouter<Control> {
    OpenApiRouter::new().routes(routes!(list, remember, forget))
}

/// A request that is being answered. It is written down when it is answered, or when nobody waits for the
/// answer any more: then without a status.
pub(crate) struct Begun {
    request: Option<SentRequest>,
    began: Timestamp,
    world: Arc<World>,
    clock: WorldClock,
}

impl Drop for Begun {
    fn drop(&mut self) {
        let Some(mut request) = self.request.take() else { return };
        request.at = self.clock.now();
        request.took_us = request.at.since(self.began).as_micros() as u64;
        self.world.requests().add(request);
    }
}

impl Begun {
    /// Of a request that is about to be answered; none if the world remembers none.
    pub(crate) fn new(world: &Arc<World>, clock: &WorldClock, request: &Request) -> Option<Self> {
        let began = world.requests().is_on().then(|| clock.now())?;
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let sent = SentRequest {
            number: 0,
            at: began,
            id: None,
            method: clipped(request.method().as_str()),
            path: clipped(path),
            status: 0,
            took_us: 0,
            user_agent: text(request.headers(), &header::USER_AGENT),
            idempotency_key: text(request.headers(), &IDEMPOTENCY_KEY),
        };
        let (world, clock) = (Arc::clone(world), clock.clone());
        Some(Self { request: Some(sent), began, world, clock })
    }

    /// It was answered.
    pub(crate) fn answered(mut self, answer: &Response) {
        let is_closed = answer.extensions().get::<HangUp>().is_some();
        if let Some(request) = &mut self.request {
            request.status = if is_closed { 0 } else { answer.status().as_u16() };
            request.id = text(answer.headers(), &REQUEST_ID);
        }
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<Box<str>> {
    headers.get(name).map(|value| clipped(&String::from_utf8_lossy(value.as_bytes())))
}

fn clipped(text: &str) -> Box<str> {
    let end = (0..=TEXT_MAX.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text[..end.unwrap_or(0)].into()
}

/// A request that a world was sent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RequestRow {
    /// Its number among those of the world, from 1.
    number: u64,
    /// When it was answered.
    at: String,
    /// Its id, as its answer had it.
    id: Option<Box<str>>,
    /// Its method.
    method: Box<str>,
    /// Its path inside the world, with its query.
    path: Box<str>,
    /// The status of its answer; 0 if there was none: the connection was closed, or nobody waited.
    status: u16,
    /// How long the answer took, in milliseconds.
    took_ms: f64,
    /// Which program sent it, as it says itself.
    user_agent: Option<Box<str>>,
    /// The key under which a create may be sent again.
    idempotency_key: Option<Box<str>>,
}

impl From<SentRequest> for RequestRow {
    fn from(sent: SentRequest) -> Self {
        let SentRequest { number, at, id, method, path, status, .. } = sent;
        Self {
            number,
            at: dates::micros(at).to_string(),
            id,
            method,
            path,
            status,
            took_ms: sent.took_us as f64 / 1e3,
            user_agent: sent.user_agent,
            idempotency_key: sent.idempotency_key,
        }
    }
}

/// What a world was asked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AllRequests {
    /// Those that fit, of the latest, from the oldest on.
    requests: Vec<RequestRow>,
    /// How many there were in all since the world began or they were forgotten.
    total: u64,
    /// How many of them are not remembered any more.
    forgotten: u64,
    /// How many are remembered.
    most: usize,
}

impl AllRequests {
    fn of(world: &World, found: Remembered) -> Self {
        Self {
            requests: found.requests.into_iter().map(RequestRow::from).collect(),
            total: found.total,
            forgotten: found.forgotten,
            most: world.requests().most(),
        }
    }
}

/// How many requests a world remembers.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Remember {
    /// 0 to 10,000; 0 writes none down.
    most: Option<u64>,
}

/// What one looks for among requests.
#[derive(Debug, Default)]
struct Wanted {
    method: Option<String>,
    path: Option<String>,
    status: Option<u16>,
}

impl Wanted {
    fn read(query: &Params) -> Result<Self, Problem> {
        let mut wanted = Self::default();
        for (name, value) in query.iter() {
            match name {
                "method" => wanted.method = Some(value.to_owned()),
                "path" => wanted.path = Some(value.to_owned()),
                "status" => {
                    let status = value.parse().ok().filter(|status| (100..=999).contains(status));
                    wanted.status = Some(status.ok_or_else(|| {
                        wrong(format!("status: found {value:?}, expected a number such as 202."))
                    })?);
                }
                other => {
                    return Err(wrong(format!(
                        "The query has {other:?}, expected method, path or status."
                    )));
                }
            }
        }
        Ok(wanted)
    }

    fn fits(&self, sent: &SentRequest) -> bool {
        let path = sent.path.split('?').next().unwrap_or_default();
        self.method.as_ref().is_none_or(|method| sent.method.eq_ignore_ascii_case(method))
            && self.path.as_ref().is_none_or(|wanted| path == wanted)
            && self.status.is_none_or(|status| sent.status == status)
    }
}

fn wrong(message: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, message)
}

/// Lists the latest requests that a world was sent, without bodies and tokens.
#[utoipa::path(
    get, path = "/guichet/v1/worlds/{id}/requests", operation_id = "list_requests",
    params(
        ("id" = String, Path, description = "The world's id, or root"),
        ("method" = Option<String>, Query, description = "Only those of this method"),
        ("path" = Option<String>, Query, description = "Only those for this path, without its query"),
        ("status" = Option<u16>, Query, description = "Only those that were answered so"),
    ),
    responses(
        (status = 200, description = "The latest", body = AllRequests),
        (status = 400, description = "The query is wrong", body = Fault),
        NotSteered,
    )
)]
async fn list(Steered(world): Steered, query: Params) -> Result<Json<AllRequests>, Problem> {
    let wanted = Wanted::read(&query)?;
    Ok(Json(AllRequests::of(&world, world.requests().find(|sent| wanted.fits(sent)))))
}

/// Says how many requests a world remembers: 200 of a world that was made, none of the service's own.
#[utoipa::path(
    put, path = "/guichet/v1/worlds/{id}/requests", operation_id = "remember_requests",
    params(("id" = String, Path, description = "The world's id, or root")),
    request_body = Remember,
    responses(
        (status = 204, description = "So many from now on"),
        (status = 400, description = "The number is wrong", body = Fault),
        NotSteered,
    )
)]
async fn remember(
    Steered(world): Steered,
    Asked(asked): Asked<Remember>,
) -> Result<StatusCode, Problem> {
    let longest = limits::REQUESTS_REMEMBERED_MAX;
    let most = asked.most.and_then(|most| usize::try_from(most).ok());
    let most = most.filter(|most| *most <= longest);
    let most = most.ok_or_else(|| wrong(format!("most: expected 0 to {longest}.")))?;
    world.requests().remember(most);
    Ok(StatusCode::NO_CONTENT)
}

/// Forgets the requests of a world, and begins to count anew.
#[utoipa::path(
    delete, path = "/guichet/v1/worlds/{id}/requests", operation_id = "forget_requests",
    params(("id" = String, Path, description = "The world's id, or root")),
    responses(
        (status = 204, description = "There are none"),
        NotSteered,
    )
)]
async fn forget(Steered(world): Steered) -> Result<StatusCode, Problem> {
    world.requests().forget();
    Ok(StatusCode::NO_CONTENT)
}
