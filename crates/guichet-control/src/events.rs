//! `/guichet/v1/events`: what happens in a cloud, as it does.

use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use guichet_cloud::Cloud;
use guichet_core::ids::{RequestId, ServerId};
use guichet_core::limits;
use guichet_core::time::Timestamp;
use guichet_http::query::Params;
use guichet_observe::{KINDS, Span, TooManyListeners, Wanted};
use http::{StatusCode, header};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::control::{Control, NotSteered};
use crate::instants;
use crate::problem::{Fault, Problem, known_word};
use crate::viewer::Viewer;

pub(crate) fn routes() -> OpenApiRouter<Control> {
    OpenApiRouter::new().routes(routes!(follow)).routes(routes!(follow_of_world))
}

/// Sends what happens in the service's own cloud, as a stream of events in the form that browsers read
/// (`text/event-stream`), until the client goes away. `stats` is a sample of figures, one a second, as
/// `/guichet/v1/stats?since=` lists them; `log` is an entry of the log; `dropped` says how many entries
/// were not sent, because there were more than 100 in a second or the client reads too slowly.
///
/// With `since` (or `since_s`), `until` (or `until_s`) or `follow=false` what the log still has comes
/// first: 32,768 entries of the service's own cloud, 1,024 of another. `past` then says from when on
/// nothing is gone (`whole_from`), whether that is all that was asked for (`is_whole`), and how many
/// entries are gone. What happens from then on follows, with no entry between and none twice, unless
/// there is an `until` or `follow=false`: then `end` is the last event.
#[utoipa::path(
    get, path = "/guichet/v1/events", operation_id = "follow_events",
    params(
        ("project" = Option<String>, Query, description = "Only entries of the project with this id or name"),
        ("server" = Option<String>, Query, description = "Only entries of the server with this id"),
        ("request" = Option<String>, Query, description = "Only entries of the request with this id"),
        ("kind" = Option<String>, Query, description = "Only entries of this kind: accepted, started, requeued, succeeded, failed, cancelled, edited, powered_off, gone or refused"),
        ("since" = Option<String>, Query, description = "With what was from this instant on, by the world's time"),
        ("since_s" = Option<f64>, Query, description = "The same, so many seconds before the present"),
        ("until" = Option<String>, Query, description = "With what was before this instant, and nothing more"),
        ("until_s" = Option<f64>, Query, description = "The same, so many seconds before the present"),
        ("follow" = Option<bool>, Query, description = "Whether what happens from then on follows; true without until"),
    ),
    responses(
        (status = 200, description = "What happens", body = String, content_type = "text/event-stream"),
        (status = 400, description = "The query is wrong", body = Fault),
        (status = 429, description = "As many listen as may", body = Fault),
        NotSteered,
    )
)]
async fn follow(
    viewer: Viewer,
    State(control): State<Control>,
    query: Params,
) -> Result<Response, Problem> {
    events(&viewer, &control, &query)
}

/// Sends what happens in a world's cloud, as `/guichet/v1/events` does.
#[utoipa::path(
    get, path = "/guichet/v1/worlds/{id}/events", operation_id = "follow_events_of_world",
    params(
        ("id" = String, Path, description = "The world's id, or root"),
        ("project" = Option<String>, Query, description = "Only entries of the project with this id or name"),
        ("server" = Option<String>, Query, description = "Only entries of the server with this id"),
        ("request" = Option<String>, Query, description = "Only entries of the request with this id"),
        ("kind" = Option<String>, Query, description = "Only entries of this kind"),
        ("since" = Option<String>, Query, description = "With what was from this instant on, by the world's time"),
        ("since_s" = Option<f64>, Query, description = "The same, so many seconds before the present"),
        ("until" = Option<String>, Query, description = "With what was before this instant, and nothing more"),
        ("until_s" = Option<f64>, Query, description = "The same, so many seconds before the present"),
        ("follow" = Option<bool>, Query, description = "Whether what happens from then on follows; true without until"),
    ),
    responses(
        (status = 200, description = "What happens", body = String, content_type = "text/event-stream"),
        (status = 400, description = "The query is wrong", body = Fault),
        (status = 429, description = "As many listen as may", body = Fault),
        NotSteered,
    )
)]
async fn follow_of_world(
    viewer: Viewer,
    State(control): State<Control>,
    query: Params,
) -> Result<Response, Problem> {
    events(&viewer, &control, &query)
}

fn events(viewer: &Viewer, control: &Control, query: &Params) -> Result<Response, Problem> {
    let cloud = viewer.world.cloud();
    let (wanted, span) = (wanted(&cloud, query)?, span(cloud.now(), query)?);
    let listening = control.watch.listen(&viewer.world, viewer.own, &wanted, span)?;
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        // What lies between must hand it on as it comes.
        (header::CACHE_CONTROL, "no-store, no-transform"),
    ];
    Ok((headers, Body::from_stream(listening)).into_response())
}

impl From<TooManyListeners> for Problem {
    fn from(error: TooManyListeners) -> Self {
        let status = match error {
            TooManyListeners::Full | TooManyListeners::Worlds => StatusCode::TOO_MANY_REQUESTS,
            TooManyListeners::Stopped => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, error.to_string()).after(Duration::from_secs(limits::RETRY_AFTER_MIN_S))
    }
}

fn wanted(cloud: &Cloud, query: &Params) -> Result<Wanted, Problem> {
    let mut wanted = Wanted::default();
    for (name, value) in query.iter() {
        let none = || Problem::wrong(format!("{name}: there is no {value:?}."));
        let no_id = || Problem::wrong(format!("{name}: {value:?} is no id of a {name}."));
        match name {
            "project" => {
                let project = cloud.accounts().directory().project_called(value);
                wanted.project = Some(project.ok_or_else(none)?);
            }
            "server" => {
                wanted.server = Some(ServerId(value.parse().map_err(|_| no_id())?));
            }
            "request" => {
                let id = value.strip_prefix("req-").and_then(|id| id.parse().ok());
                wanted.request = Some(RequestId(id.ok_or_else(no_id)?));
            }
            "kind" => wanted.kind = Some(known_word("kind", value, KINDS, |kind| kind)?),
            "since" | "since_s" | "until" | "until_s" | "follow" => {}
            other => {
                return Err(Problem::wrong(format!(
                    "The query has {other:?}, expected project, server, request, kind, since, \
                     since_s, until, until_s or follow."
                )));
            }
        }
    }
    Ok(wanted)
}

/// Which part of the log is asked for.
fn span(now: Timestamp, query: &Params) -> Result<Span, Problem> {
    let (since, until) = (bound(now, query, "since")?, bound(now, query, "until")?);
    let follows = match query.get("follow") {
        None => until.is_none(),
        Some("true") if until.is_some() => {
            return Err(Problem::wrong(
                "follow: with until nothing follows; leave one of them out.",
            ));
        }
        Some("true") => true,
        Some("false") => false,
        Some(other) => {
            return Err(Problem::wrong(format!(
                "follow: found {other:?}, expected true or false."
            )));
        }
    };
    if since.zip(until).is_some_and(|(since, until)| since >= until) {
        return Err(Problem::wrong("until: nothing is after since and before until."));
    }
    Ok(Span { since, until, follows })
}

/// An instant of a query: as it is named, or so many seconds before the present.
fn bound(now: Timestamp, query: &Params, name: &str) -> Result<Option<Timestamp>, Problem> {
    let ago = format!("{name}_s");
    match (query.get(name), query.get(&ago)) {
        (None, None) => Ok(None),
        (Some(instant), None) => instants::read(name, instant).map(Some),
        (Some(_), Some(_)) => Err(Problem::wrong(format!("Say {name} or {ago}, not both."))),
        (None, Some(text)) => {
            let seconds: Option<f64> = text.parse().ok().filter(|seconds: &f64| *seconds >= 0.0);
            let back = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            let back = back.ok_or_else(|| {
                Problem::wrong(format!("{ago}: found {text:?}, expected a number of seconds."))
            })?;
            let micros = u64::try_from(back.as_micros()).unwrap_or(u64::MAX);
            Ok(Some(Timestamp::from_micros(now.micros().saturating_sub(micros))))
        }
    }
}
