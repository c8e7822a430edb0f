//! `/guichet/v1/worlds/{id}/snapshots` and `/fork`.

mod shape;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use guichet_cloud::worlds::SnapshotName;
use guichet_core::limits;
use guichet_http::body;
use http::{HeaderMap, StatusCode, header};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::shape::{AllSnapshots, NewFork, NewSnapshot, OneSnapshot};
use crate::asked::Asked;
use crate::control::{Control, Maker, NotSteered, Steered};
use crate::problem::{Fault, Problem};
use crate::shape::MadeWorld;

pub(crate) fn routes() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .routes(routes!(list, take))
        .routes(routes!(show, delete))
        .routes(routes!(restore))
        .routes(routes!(fork))
        .routes(routes!(export, import))
}

/// The name in a path that names a snapshot of a world.
type Named = Path<(String, String)>;

/// Lists the snapshots of a world, by name.
#[utoipa::path(
    get, path = "/guichet/v1/worlds/{id}/snapshots", operation_id = "list_snapshots",
    params(("id" = String, Path, description = "The world's id, or root")),
    responses(
        (status = 200, description = "All of them", body = AllSnapshots),
        NotSteered,
    )
)]
async fn list(Steered(world): Steered) -> Json<AllSnapshots> {
    Json(AllSnapshots::of(&world))
}

/// Takes a snapshot of a world: all of it at one moment, with what is under way.
#[utoipa::path(
    post, path = "/guichet/v1/worlds/{id}/snapshots", operation_id = "take_snapshot",
    params(("id" = String, Path, description = "The world's id, or root")),
    request_body = NewSnapshot,
    responses(
        (status = 201, description = "It is taken", body = OneSnapshot),
        (status = 400, description = "A field is wrong", body = Fault),
        NotSteered,
        (status = 409, description = "The world has one of that name, or it is kept in a file and too large for one", body = Fault),
        (status = 429, description = "There are as many as there may be", body = Fault),
    )
)]
async fn take(
    State(control): State<Control>,
    Steered(world): Steered,
    Asked(new): Asked<NewSnapshot>,
) -> Result<Response, Problem> {
    let name = SnapshotName::new(&new.name)?;
    let kept = control.worlds.take_snapshot(&world, name, new.replace).await?;
    Ok((StatusCode::CREATED, Json(OneSnapshot { snapshot: (&kept).into() })).into_response())
}

/// Shows a snapshot of a world.
#[utoipa::path(
    get, path = "/guichet/v1/worlds/{id}/snapshots/{name}", operation_id = "show_snapshot",
    params(
        ("id" = String, Path, description = "The world's id, or root"),
        ("name" = String, Path, description = "The snapshot's name"),
    ),
    responses(
        (status = 200, description = "It is there", body = OneSnapshot),
        NotSteered,
    )
)]
async fn show(
    Steered(world): Steered,
    Path((_, name)): Named,
) -> Result<Json<OneSnapshot>, Problem> {
    Ok(Json(OneSnapshot { snapshot: (&world.snapshot(&name)?).into() }))
}

/// Deletes a snapshot of a world. Worlds that began from it go on.
#[utoipa::path(
    delete, path = "/guichet/v1/worlds/{id}/snapshots/{name}", operation_id = "delete_snapshot",
    params(
        ("id" = String, Path, description = "The world's id, or root"),
        ("name" = String, Path, description = "The snapshot's name"),
    ),
    responses(
        (status = 204, description = "It is gone"),
        NotSteered,
    )
)]
async fn delete(
    State(control): State<Control>,
    Steered(world): Steered,
    Path((_, name)): Named,
) -> Result<StatusCode, Problem> {
    control.worlds.delete_snapshot(&world, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Has a world be again as a snapshot of it has it, with the time that was then. Tokens stay good;
/// fault rules and the list of its requests go.
#[utoipa::path(
    post, path = "/guichet/v1/worlds/{id}/snapshots/{name}/restore",
    operation_id = "restore_snapshot",
    params(
        ("id" = String, Path, description = "The world's id, or root"),
        ("name" = String, Path, description = "The snapshot's name"),
    ),
    responses(
        (status = 204, description = "It is as it was"),
        NotSteered,
        (status = 409, description = "The world is in a data directory, or holds fewer servers", body = Fault),
    )
)]
async fn restore(
    State(control): State<Control>,
    Steered(world): Steered,
    Path((_, name)): Named,
) -> Result<StatusCode, Problem> {
    control.worlds.restore(&world, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a world that begins as another is now, or as a snapshot of it.
#[utoipa::path(
    post, path = "/guichet/v1/worlds/{id}/fork", operation_id = "fork_world",
    params(("id" = String, Path, description = "The world's id, or root")),
    request_body(content = Option<NewFork>),
    responses(
        (status = 201, description = "It takes requests", body = MadeWorld),
        (status = 400, description = "A field is wrong", body = Fault),
        NotSteered,
        (status = 409, description = "It has more servers than a world beside the first holds", body = Fault),
        (status = 429, description = "There are as many as there may be", body = Fault),
    )
)]
async fn fork(
    State(control): State<Control>,
    _: Maker,
    Steered(world): Steered,
    headers: HeaderMap,
    Asked(new): Asked<NewFork>,
) -> Result<Response, Problem> {
    let (name, spec, cacert) = new.parts();
    let made = control.worlds.fork(&world, name.as_deref(), spec).await?;
    let shown = MadeWorld::of(&made, &control.worlds, &control.base(&headers), cacert);
    Ok((StatusCode::CREATED, Json(shown)).into_response())
}

/// A snapshot as one JSON document, for worlds where the same is declared.
#[utoipa::path(
    get, path = "/guichet/v1/worlds/{id}/snapshots/{name}/document",
    operation_id = "export_snapshot",
    params(
        ("id" = String, Path, description = "The world's id, or root"),
        ("name" = String, Path, description = "The snapshot's name"),
    ),
    responses(
        (status = 200, description = "The document", body = serde_json::Value),
        NotSteered,
        (status = 409, description = "It would be longer than a document is", body = Fault),
    )
)]
async fn export(
    State(control): State<Control>,
    Steered(world): Steered,
    Path((_, name)): Named,
) -> Result<Response, Problem> {
    let document = control.worlds.export_snapshot(&world, &name).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], document).into_response())
}

/// Puts the snapshot of a document among those of a world, in place of one of that name.
#[utoipa::path(
    put, path = "/guichet/v1/worlds/{id}/snapshots/{name}/document",
    operation_id = "import_snapshot",
    params(
        ("id" = String, Path, description = "The world's id, or root"),
        ("name" = String, Path, description = "The snapshot's name"),
    ),
    request_body = serde_json::Value,
    responses(
        (status = 201, description = "It is there", body = OneSnapshot),
        (status = 400, description = "The document is none, of a newer version, or about what is not declared", body = Fault),
        NotSteered,
        (status = 409, description = "A file of that name could not be read, or it is kept in a file and would be too large for one", body = Fault),
        (status = 413, description = "It is larger than is read", body = Fault),
        (status = 429, description = "There are as many as there may be", body = Fault),
    )
)]
async fn import(
    State(control): State<Control>,
    Steered(world): Steered,
    Path((_, name)): Named,
    request: Request,
) -> Result<Response, Problem> {
    let name = SnapshotName::new(&name)?;
    let importing = control.worlds.may_import(&world).await;
    let text = body::text(request, limits::SNAPSHOT_DOCUMENT_MAX).await?;
    let named = control.worlds.import_snapshot(&world, name, (text, importing)).await?;
    Ok((StatusCode::CREATED, Json(OneSnapshot { snapshot: (&named).into() })).into_response())
}
