//! `/guichet/v1/cells`: which nodes there are, and which of them leads.

use axum::Json;
use axum::extract::{Path, State};
use guichet_core::limits;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cells::Cell;
use crate::control::{Control, Maker};
use crate::problem::{Fault, Problem};

pub(crate) fn routes() -> OpenApiRouter<Control> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(hand_over))
}

/// All cells.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CellsBody {
    /// Empty: the service is no node among several.
    cells: Vec<Cell>,
}

/// Lists the cells of a service that is several nodes over one database, with the node that leads each.
#[utoipa::path(
    get,
    path = "/guichet/v1/cells",
    responses(
        (status = 200, description = "They are listed.", body = CellsBody),
        (status = 401, description = "The service's control token is wanted.", body = Fault),
        (status = 503, description = "The database does not answer.", body = Fault)
    )
)]
async fn list(State(control): State<Control>, _: Maker) -> Result<Json<CellsBody>, Problem> {
    let Some(cells) = &control.cells else { return Ok(Json(CellsBody { cells: Vec::new() })) };
    let cells = cells.list().await.map_err(|why| away(&why))?;
    Ok(Json(CellsBody { cells }))
}

/// Has another node lead a cell. The one that leads answers what it is being asked, writes what it has
/// decided, and lets another one go on: what is asked meanwhile waits, and none of it fails. Operations that
/// run go on at the node that leads next.
#[utoipa::path(
    post,
    path = "/guichet/v1/cells/{cell}/move",
    params(("cell" = String, Path, description = "The cell's number or name.")),
    responses(
        (status = 202, description = "It is handed over; this is how it was before.", body = Cell),
        (status = 401, description = "The service's control token is wanted.", body = Fault),
        (status = 404, description = "There is no such cell.", body = Fault),
        (status = 409, description = "No other node follows.", body = Fault),
        (status = 503, description = "The database does not answer.", body = Fault)
    )
)]
async fn hand_over(
    State(control): State<Control>,
    _: Maker,
    Path(named): Path<String>,
) -> Result<(StatusCode, Json<Cell>), Problem> {
    let none = || Problem::new(StatusCode::NOT_FOUND, "There is no such cell.");
    let cells = control.cells.as_ref().ok_or_else(none)?;
    let known = cells.list().await.map_err(|why| away(&why))?;
    let is_named = |cell: &Cell| cell.name == named || cell.id.to_string() == named;
    let cell = known.into_iter().find(is_named).ok_or_else(none)?;
    let (id, leader) = (cell.id, cell.leader.as_ref());
    if cell.followers.is_empty() {
        let message = format!(
            "No other node follows: cell {id} stays with node {}. Start another one, and ask again.",
            leader.map_or("?", |leader| &leader.name)
        );
        return Err(Problem::new(StatusCode::CONFLICT, message));
    }
    if !cells.hand_over(id) {
        let why = "another node leads the cell by now, or none does; ask again";
        return Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            format!("Not handed over: {why}."),
        )
        .after(limits::JOURNAL_RETRY));
    }
    Ok((StatusCode::ACCEPTED, Json(cell)))
}

fn away(why: &str) -> Problem {
    let message = format!("The database does not say which nodes there are: {why}.");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, message).after(limits::JOURNAL_RETRY)
}
