//! `/guichet/v1/worlds`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use guichet_cloud::worlds::WorldError;
use http::{HeaderMap, StatusCode};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::asked::Asked;
use crate::control::{Control, Maker, NotSteered, Steered};
use crate::problem::{Fault, Problem};
use crate::shape::{AllWorlds, MadeWorld, NewWorld, OneWorld, WorldRow};

pub(crate) fn routes() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .routes(routes!(create, list))
        .routes(routes!(show, end))
        .routes(routes!(reset))
}

/// Makes a world: a cloud of its own, with nothing of another's.
#[utoipa::path(
    post, path = "/guichet/v1/worlds", request_body(content = Option<NewWorld>),
    responses(
        (status = 201, description = "It takes requests", body = MadeWorld),
        (status = 400, description = "A field is wrong", body = Fault),
        (status = 401, description = "A token is wanted", body = Fault),
        (status = 403, description = "The token is another's, or the service makes none", body = Fault),
        (status = 404, description = "There is no such world or snapshot to begin from", body = Fault),
        (status = 429, description = "There are as many as there may be", body = Fault),
    )
)]
async fn create(
    State(control): State<Control>,
    _: Maker,
    headers: HeaderMap,
    Asked(mut new): Asked<NewWorld>,
) -> Result<Response, Problem> {
    let cacert = new.cacert.take();
    let made = match new.from.take() {
        None => control.worlds.create(new.into())?,
        Some(from) => {
            let world = control.worlds.look_at(&from.world).ok_or(WorldError::NotFound)?;
            control.worlds.touch(&world);
            control.worlds.fork(&world, Some(&from.snapshot), new.into()).await?
        }
    };
    let shown = MadeWorld::of(&made, &control.worlds, &control.base(&headers), cacert);
    Ok((StatusCode::CREATED, Json(shown)).into_response())
}

/// Lists all worlds, the service's own first.
#[utoipa::path(
    get, path = "/guichet/v1/worlds",
    responses(
        (status = 200, description = "All of them", body = AllWorlds),
        (status = 401, description = "A token is wanted", body = Fault),
        (status = 403, description = "The token is another's", body = Fault),
    )
)]
async fn list(
    State(control): State<Control>,
    _: Maker,
    headers: HeaderMap,
) -> Result<Json<AllWorlds>, Problem> {
    let base = control.base(&headers);
    let worlds = control.worlds.all();
    let worlds = worlds.iter().map(|world| WorldRow::of(world, &base)).collect();
    Ok(Json(AllWorlds { worlds, most: control.worlds.most() }))
}

/// Shows a world.
#[utoipa::path(
    get, path = "/guichet/v1/worlds/{id}",
    params(("id" = String, Path, description = "Its id, or root")),
    responses(
        (status = 200, description = "It is there", body = OneWorld),
        NotSteered,
    )
)]
async fn show(
    State(control): State<Control>,
    Steered(world): Steered,
    headers: HeaderMap,
) -> Result<Json<OneWorld>, Problem> {
    Ok(Json(OneWorld { world: WorldRow::of(&world, &control.base(&headers)) }))
}

/// Ends a world at once: what runs in it is given up.
#[utoipa::path(
    delete, path = "/guichet/v1/worlds/{id}",
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 204, description = "It has ended"),
        NotSteered,
        (status = 409, description = "The service's own world ends with it", body = Fault),
    )
)]
async fn end(
    State(control): State<Control>,
    Steered(world): Steered,
) -> Result<StatusCode, Problem> {
    control.worlds.end(&world)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Has a world begin anew as it was made, with no tokens: as declared with no servers, or as the
/// snapshot that it began from.
#[utoipa::path(
    post, path = "/guichet/v1/worlds/{id}/reset",
    params(("id" = String, Path, description = "Its id, or root")),
    responses(
        (status = 204, description = "It is as it was at first"),
        NotSteered,
        (status = 409, description = "It is in a data directory", body = Fault),
    )
)]
async fn reset(
    State(control): State<Control>,
    Steered(world): Steered,
) -> Result<StatusCode, Problem> {
    control.worlds.reset(&world).await?;
    Ok(StatusCode::NO_CONTENT)
}
