//! `/guichet/v1/hosts`: those of the service's own cloud, or of the world that `?world=` names.

mod shape;

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::response::{IntoResponse, Response};
use guichet_cloud::hosts::{HostEdit, HostError};
use guichet_cloud::worlds::{World, WorldId};
use guichet_core::limits;
use guichet_core::project::Host;
use http::StatusCode;
use http::request::Parts;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::shape::{AllHosts, HostChange, HostRow, NewDrain, NewStatus, OneDrain, OneHost, Which};
use crate::asked::Asked;
use crate::control::{Control, NotSteered};
use crate::problem::{Fault, Problem};

pub(crate) fn routes() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show, change))
        .routes(routes!(progress, drain, cancel))
}

/// The world that a request about hosts is for, for whoever may steer it. A handler takes it as an argument.
struct Of(Arc<World>);

impl FromRequestParts<Control> for Of {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, control: &Control) -> Result<Self, Problem> {
        let which = Query::<Which>::try_from_uri(&parts.uri).map(|Query(which)| which);
        let named = which.as_ref().ok().and_then(|which| which.world.as_deref());
        let world = control.worlds.look_at(named.unwrap_or(WorldId::FIRST));
        let world = control.steered(world, parts)?;
        if which.is_err() {
            return Err(Problem::wrong("The query may have world=ID and nothing else."));
        }
        Ok(Self(world))
    }
}

fn unknown(name: &str) -> Problem {
    let name = crate::clipped::clipped(name);
    Problem::new(
        StatusCode::NOT_FOUND,
        format!("There is no host {name:?}; list them and name one."),
    )
}

fn failed(error: HostError) -> Problem {
    let status = match error {
        HostError::Forbidden => StatusCode::FORBIDDEN,
        HostError::NotFound => StatusCode::NOT_FOUND,
        HostError::Refused(refusal) => return refusal.into(),
    };
    Problem::new(status, error.to_string())
}

/// A reason as it is kept: with something in it, and not too long.
fn reason(given: Option<String>) -> Result<Option<String>, Problem> {
    match given {
        Some(text) if text.is_empty() || text.chars().count() > limits::TEXT_MAX => {
            Err(Problem::wrong(format!("reason: expected 1 to {} characters.", limits::TEXT_MAX)))
        }
        given => Ok(given),
    }
}

/// Lists all hosts with how full they are.
#[utoipa::path(
    get, path = "/guichet/v1/hosts", operation_id = "list_hosts",
    params(("world" = Option<String>, Query, description = "The world's id; without it the service's own cloud")),
    responses(
        (status = 200, description = "All of them", body = AllHosts),
        NotSteered,
    )
)]
async fn list(Of(world): Of) -> Json<AllHosts> {
    let cloud = world.cloud();
    let used = cloud.servers().host_usage();
    let hosts = cloud.catalogue().hosts().iter();
    Json(AllHosts { hosts: hosts.map(|host| HostRow::of(&cloud, host, &used)).collect() })
}

/// Shows a host.
#[utoipa::path(
    get, path = "/guichet/v1/hosts/{name}", operation_id = "show_host",
    params(
        ("name" = String, Path, description = "The host's name"),
        ("world" = Option<String>, Query, description = "The world's id; without it the service's own cloud"),
    ),
    responses(
        (status = 200, description = "It is there", body = OneHost),
        NotSteered,
    )
)]
async fn show(Of(world): Of, Path(name): Path<String>) -> Result<Json<OneHost>, Problem> {
    shown(&world, &name).await
}

async fn shown(world: &World, name: &str) -> Result<Json<OneHost>, Problem> {
    let cloud = world.cloud();
    let host = cloud.catalogue().find_host(name).ok_or_else(|| unknown(name))?;
    let used = cloud.servers().host_usage();
    Ok(Json(OneHost { host: HostRow::of(&cloud, host, &used) }))
}

/// Sets whether a host takes servers, and whether it counts as down.
#[utoipa::path(
    patch, path = "/guichet/v1/hosts/{name}", operation_id = "change_host",
    params(
        ("name" = String, Path, description = "The host's name"),
        ("world" = Option<String>, Query, description = "The world's id; without it the service's own cloud"),
    ),
    request_body = HostChange,
    responses(
        (status = 200, description = "It is so from now on", body = OneHost),
        (status = 400, description = "A field is wrong", body = Fault),
        NotSteered,
        (status = 503, description = "It cannot be recorded at present", body = Fault),
    )
)]
async fn change(
    Of(world): Of,
    Path(name): Path<String>,
    Asked(asked): Asked<HostChange>,
) -> Result<Json<OneHost>, Problem> {
    let HostChange { status, reason: given, forced_down } = asked;
    let given = reason(given)?;
    let disabled = match (status, given) {
        (Some(NewStatus::Disabled), given) => Some((true, given)),
        (Some(NewStatus::Enabled), None) => Some((false, None)),
        (None, None) => None,
        (_, Some(_)) => {
            return Err(Problem::wrong("reason: it goes with \"status\": \"disabled\"."));
        }
    };
    if disabled.is_none() && forced_down.is_none() {
        return Err(Problem::wrong("Say status or forced_down."));
    }
    set(&world, &name, HostEdit { disabled, forced_down, drained: None }).await?;
    shown(&world, &name).await
}

async fn set(world: &World, name: &str, edit: HostEdit) -> Result<(), Problem> {
    let cloud = world.cloud();
    let host: &Host = cloud.catalogue().find_host(name).ok_or_else(|| unknown(name))?;
    cloud.hosts().change(host.id, edit).await.map(drop).map_err(failed)
}

/// Shows how far the emptying of a host is. Unlike the host itself this costs the same however many
/// servers there are.
#[utoipa::path(
    get, path = "/guichet/v1/hosts/{name}/drain", operation_id = "show_drain",
    params(
        ("name" = String, Path, description = "The host's name"),
        ("world" = Option<String>, Query, description = "The world's id; without it the service's own cloud"),
    ),
    responses((status = 200, description = "The host is there", body = OneDrain), NotSteered)
)]
async fn progress(Of(world): Of, Path(name): Path<String>) -> Result<Json<OneDrain>, Problem> {
    let cloud = world.cloud();
    let host = cloud.catalogue().find_host(&name).ok_or_else(|| unknown(&name))?;
    Ok(Json(OneDrain::of(&cloud, host)))
}

/// Empties a host: it takes no more servers, and those that it has are moved to others. Ask for the host's
/// drain to see how far that is.
#[utoipa::path(
    post, path = "/guichet/v1/hosts/{name}/drain", operation_id = "drain_host",
    params(
        ("name" = String, Path, description = "The host's name"),
        ("world" = Option<String>, Query, description = "The world's id; without it the service's own cloud"),
    ),
    request_body(content = Option<NewDrain>),
    responses(
        (status = 202, description = "It is being emptied", body = OneHost),
        (status = 400, description = "A field is wrong", body = Fault),
        NotSteered,
        (status = 503, description = "It cannot be recorded at present", body = Fault),
    )
)]
async fn drain(
    State(control): State<Control>,
    Of(world): Of,
    Path(name): Path<String>,
    Asked(asked): Asked<NewDrain>,
) -> Result<Response, Problem> {
    let disabled = reason(asked.reason)?.map(|reason| (true, Some(reason)));
    set(&world, &name, HostEdit { disabled, forced_down: None, drained: Some(true) }).await?;
    control.worlds.go_on_draining(&world);
    Ok((StatusCode::ACCEPTED, shown(&world, &name).await?).into_response())
}

/// Has a host not be emptied any further. It still takes no servers; what is on its way arrives.
#[utoipa::path(
    delete, path = "/guichet/v1/hosts/{name}/drain", operation_id = "cancel_drain",
    params(
        ("name" = String, Path, description = "The host's name"),
        ("world" = Option<String>, Query, description = "The world's id; without it the service's own cloud"),
    ),
    responses(
        (status = 204, description = "Nothing more is moved"),
        NotSteered,
        (status = 503, description = "It cannot be recorded at present", body = Fault),
    )
)]
async fn cancel(Of(world): Of, Path(name): Path<String>) -> Result<StatusCode, Problem> {
    set(&world, &name, HostEdit { drained: Some(false), ..HostEdit::default() }).await?;
    Ok(StatusCode::NO_CONTENT)
}
