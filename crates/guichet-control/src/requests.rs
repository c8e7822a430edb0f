//! `/guichet/v1/worlds/{id}/requests`: what a world was asked, so that a test can say what its program
//! sent.

use std::collections::BTreeMap;

use axum::Json;
use guichet_cloud::faults::Pattern;
use guichet_cloud::worlds::{Details, Remembered, SentBody, SentRequest, World};
use guichet_core::limits;
use guichet_http::dates;
use guichet_http::query::Params;
use http::{HeaderName, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::asked::Asked;
use crate::control::{Control, NotSteered, Steered};
use crate::patterns;
use crate::problem::{Fault, Problem};

pub(crate) fn routes() -> OpenApiRouter<Control> {
    OpenApiRouter::new().routes(routes!(list, remember, forget))
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
    /// Headers that are written down, by their names in lower case; a value that is secret is `***`.
    headers: BTreeMap<Box<str>, Box<str>>,
    /// Its body, if bodies are written down; what is secret in it is `***`. None if it had none, is no
    /// JSON, is longer than is written down, or was forgotten.
    body: Option<Value>,
    /// How many bytes of a body were read, if bodies are written down.
    body_bytes: Option<u64>,
}

impl From<SentRequest> for RequestRow {
    fn from(sent: SentRequest) -> Self {
        let SentRequest { number, at, id, method, path, status, body, .. } = sent;
        let bytes = body.as_ref().map(|body| body.bytes);
        let text = body.and_then(|SentBody { text, .. }| text);
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
            headers: sent.headers.into_iter().collect(),
            body: text.and_then(|text| serde_json::from_str(&text).ok()),
            body_bytes: bytes,
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
    /// Bodies up to this length are written down; 0: none.
    bodies: usize,
    /// The headers that are written down.
    headers: Vec<Box<str>>,
}

impl AllRequests {
    fn of(world: &World, found: Remembered) -> Self {
        let details = world.requests().details();
        Self {
            requests: found.requests.into_iter().map(RequestRow::from).collect(),
            total: found.total,
            forgotten: found.forgotten,
            most: world.requests().most(),
            bodies: details.body_bytes,
            headers: details.headers.clone(),
        }
    }
}

/// How many requests a world remembers, and what of them; what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Remember {
    /// 0 to 10,000; 0 writes none down.
    most: Option<u64>,
    /// Up to how many bytes of a body are written down, 0 to 65,536; 0 writes none down.
    bodies: Option<u64>,
    /// Which headers are written down, 16 at most, such as `X-OpenStack-Nova-API-Version`.
    headers: Option<Vec<String>>,
}

impl Remember {
    /// What is to be written down of each from now on.
    fn details(&self, before: &Details) -> Result<Details, Problem> {
        let longest = limits::REQUEST_BODY_MAX;
        let body_bytes = match self.bodies {
            None => before.body_bytes,
            Some(bytes) => usize::try_from(bytes)
                .ok()
                .filter(|bytes| *bytes <= longest)
                .ok_or_else(|| Problem::wrong(format!("bodies: expected 0 to {longest} bytes.")))?,
        };
        let Some(names) = &self.headers else {
            return Ok(Details { headers: before.headers.clone(), body_bytes });
        };
        if names.len() > limits::REQUEST_HEADERS_MAX {
            let most = limits::REQUEST_HEADERS_MAX;
            return Err(Problem::wrong(format!(
                "headers: found {}, expected {most} at most.",
                names.len()
            )));
        }
        let header = |name: &String| {
            let read = HeaderName::try_from(name).map(|name| name.as_str().into());
            read.map_err(|_| Problem::wrong(format!("headers: {name:?} is no name of a header.")))
        };
        Ok(Details { headers: names.iter().map(header).collect::<Result<_, _>>()?, body_bytes })
    }
}

/// What one looks for among requests.
#[derive(Debug, Default)]
struct Wanted {
    method: Option<String>,
    path: Option<Pattern>,
    status: Option<Pattern>,
}

impl Wanted {
    fn read(query: &Params) -> Result<Self, Problem> {
        let mut wanted = Self::default();
        for (name, value) in query.iter() {
            match name {
                "method" => wanted.method = Some(value.to_owned()),
                "path" => wanted.path = Some(patterns::read("path", value)?),
                "status" => wanted.status = Some(status(value)?),
                other => {
                    return Err(Problem::wrong(format!(
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
            && self.path.as_ref().is_none_or(|wanted| wanted.fits(path))
            && self.status.as_ref().is_none_or(|wanted| wanted.fits(&sent.status.to_string()))
    }
}

/// A status, 0 for none, or the beginning of some, such as `4*`.
fn status(value: &str) -> Result<Pattern, Problem> {
    let digits = value.strip_suffix('*').unwrap_or(value);
    let are_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_one = matches!((value, digits.len()), ("0", _) | (_, 3));
    if are_digits && (is_one || digits.len() < value.len() && digits.len() < 3) {
        return patterns::read("status", value);
    }
    Err(Problem::wrong(format!(
        "status: found {value:?}, expected a number such as 202, or 4* for all of them."
    )))
}

/// Lists the latest requests that a world was sent, without what is secret in them.
#[utoipa::path(
    get, path = "/guichet/v1/worlds/{id}/requests", operation_id = "list_requests",
    params(
        ("id" = String, Path, description = "The world's id, or root"),
        ("method" = Option<String>, Query, description = "Only those of this method"),
        ("path" = Option<String>, Query, description = "Only those for this path, without its query; a * is any text"),
        ("status" = Option<String>, Query, description = "Only those that were answered so, such as 202 or 4*; 0 is those that had no answer"),
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

/// Says how many requests a world remembers (200 of a world that was made, none of the service's own), and
/// whether with bodies and which headers.
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
    if asked.most.is_none() && asked.bodies.is_none() && asked.headers.is_none() {
        return Err(Problem::wrong("Say most, bodies or headers.".to_owned()));
    }
    let longest = limits::REQUESTS_REMEMBERED_MAX;
    let most = match asked.most.map(usize::try_from) {
        None => None,
        Some(Ok(most)) if most <= longest => Some(most),
        Some(_) => return Err(Problem::wrong(format!("most: expected 0 to {longest}."))),
    };
    let details = asked.details(&world.requests().details())?;
    world.requests().write_down(details);
    if let Some(most) = most {
        world.requests().remember(most);
    }
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
