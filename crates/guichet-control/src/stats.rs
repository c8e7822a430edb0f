//! `/guichet/v1/stats`: how a cloud is doing, in figures.

use axum::Json;
use axum::extract::State;
use guichet_http::query::Params;
use guichet_observe::Stats;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::control::{Control, NotSteered};
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;

pub(crate) fn routes() -> OpenApiRouter<Control> {
    OpenApiRouter::new().routes(routes!(show)).routes(routes!(show_of_world))
}

/// Shows how the service's own cloud is doing.
#[utoipa::path(
    get, path = "/guichet/v1/stats", operation_id = "show_stats",
    params(
        ("since" = Option<u64>, Query, description = "With the samples behind the one of this number; 0 is all that are kept, and without it there are none"),
    ),
    responses(
        (status = 200, description = "Its figures", body = Stats),
        (status = 400, description = "The query is wrong", body = Fault),
        NotSteered,
    )
)]
async fn show(
    viewer: Viewer,
    State(control): State<Control>,
    query: Params,
) -> Result<Json<Stats>, Problem> {
    stats(&viewer, &control, &query)
}

/// Shows how a world's cloud is doing. What happens in a world beside the first is counted from when
/// somebody first asks.
#[utoipa::path(
    get, path = "/guichet/v1/worlds/{id}/stats", operation_id = "show_stats_of_world",
    params(
        ("id" = String, Path, description = "The world's id, or root"),
        ("since" = Option<u64>, Query, description = "With the samples behind the one of this number; 0 is all that are kept, and without it there are none"),
    ),
    responses(
        (status = 200, description = "Its figures", body = Stats),
        (status = 400, description = "The query is wrong", body = Fault),
        NotSteered,
    )
)]
async fn show_of_world(
    viewer: Viewer,
    State(control): State<Control>,
    query: Params,
) -> Result<Json<Stats>, Problem> {
    stats(&viewer, &control, &query)
}

fn stats(viewer: &Viewer, control: &Control, query: &Params) -> Result<Json<Stats>, Problem> {
    let mut since = None;
    for (name, value) in query.iter() {
        if name != "since" {
            return Err(Problem::wrong(format!("The query has {name:?}, expected since.")));
        }
        let number = value.parse();
        since = Some(number.map_err(|_| {
            Problem::wrong(format!("since: found {value:?}, expected the number of a sample."))
        })?);
    }
    Ok(Json(control.watch.stats(&viewer.world, viewer.own, since)))
}
