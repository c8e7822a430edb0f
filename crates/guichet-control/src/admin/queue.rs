//! `/guichet/v1/queue` and `/guichet/v1/operations`.

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use guichet_cloud::Cloud;
use guichet_cloud::worlds::DoneOperation;
use guichet_core::ids::{OperationId, ServerId};
use guichet_core::limits;
use guichet_core::server::{Operation, Server};
use guichet_http::query::Params;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::named::project;
use super::page::Window;
use crate::control::{Control, Maker, NotSteered};
use crate::operations::{OperationRow, state};
use crate::problem::{Fault, Problem};

pub(super) fn routes() -> OpenApiRouter<Control> {
    let router = OpenApiRouter::new().routes(routes!(queue)).routes(routes!(list));
    router.routes(routes!(in_flight)).routes(routes!(show))
}

/// An operation, with how long it waited and ran.
#[derive(Debug, Serialize, ToSchema)]
struct TimedOperation {
    /// Its id: of its server, and its number among that server's.
    id: String,
    /// How long it waited for its first start, or has waited, ms.
    wait_ms: f64,
    /// How long it ran, or has run, pauses between attempts included, ms; null: it was never started.
    run_ms: Option<f64>,
    #[serde(flatten)]
    operation: OperationRow,
}

impl TimedOperation {
    fn of(cloud: &Cloud, done: &DoneOperation) -> Self {
        let operation = &done.operation;
        let now = cloud.now();
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        let run = operation.started.map(|started| operation.finished.unwrap_or(now).since(started));
        Self {
            id: OperationId { server: done.server.id, number: operation.number }.to_string(),
            wait_ms: ms(operation.wait().unwrap_or_else(|| now.since(operation.accepted))),
            run_ms: run.map(ms),
            operation: OperationRow::of(cloud, done),
        }
    }
}

/// Operations, each with its times.
#[derive(Debug, Serialize, ToSchema)]
struct TimedOperations {
    operations: Vec<TimedOperation>,
}

impl TimedOperations {
    fn of(cloud: &Cloud, found: &[DoneOperation]) -> Json<Self> {
        let operations = found.iter().map(|done| TimedOperation::of(cloud, done)).collect();
        Json(Self { operations })
    }
}

/// An operation.
#[derive(Debug, Serialize, ToSchema)]
struct OneTimedOperation {
    operation: TimedOperation,
}

/// Lists the operations that are next in fair order, were every permit free. How many each project
/// has is in `/guichet/v1/stats`.
#[utoipa::path(
    get, path = "/guichet/v1/queue", operation_id = "list_queue",
    params(("limit" = Option<usize>, Query, description = "How many: 20, and 1,000 at most")),
    responses((status = 200, description = "The first", body = TimedOperations), NotSteered)
)]
async fn queue(
    State(control): State<Control>,
    _: Maker,
    query: Params,
) -> Result<Json<TimedOperations>, Problem> {
    let window = Window::read(&query, &[])?;
    let count = if query.has("limit") { window.limit } else { limits::QUEUE_SHOWN };
    let cloud = control.worlds.first().cloud();
    Ok(TimedOperations::of(&cloud, &cloud.next_up(count)))
}

/// Lists the latest operations of the service's cloud, the latest first: of the servers that changed
/// last, 10,000 at most, and of those that were deleted.
#[utoipa::path(
    get, path = "/guichet/v1/operations", operation_id = "list_latest_operations",
    params(
        ("project" = Option<String>, Query, description = "Only those of the project with this id or name"),
        ("server" = Option<String>, Query, description = "Only those of the server with this id"),
        ("state" = Option<String>, Query, description = "Only those that are queued, running, succeeded, failed or cancelled"),
        ("limit" = Option<usize>, Query, description = "Rows of the answer: 100, and 1,000 at most"),
        ("offset" = Option<usize>, Query, description = "Behind so many of the latest 1,000"),
    ),
    responses(
        (status = 200, description = "The latest", body = TimedOperations),
        (status = 400, description = "The query is wrong", body = Fault),
        NotSteered,
    )
)]
async fn list(
    State(control): State<Control>,
    _: Maker,
    query: Params,
) -> Result<Json<TimedOperations>, Problem> {
    let window = Window::read(&query, &["project", "server", "state"])?;
    let cloud = control.worlds.first().cloud();
    let project = query.get("project").map(|name| project(&cloud, name)).transpose()?;
    let state = query.get("state").map(state).transpose()?;
    let fits = |server: &Server, operation: &Operation| {
        project.is_none_or(|project| server.project == project)
            && state.is_none_or(|state| operation.state == state)
    };
    let found = match query.get("server") {
        Some(id) => {
            let server = cloud.manager().remembered(server_id(id)?).ok_or_else(|| gone(id))?;
            let known = cloud.manager().operations(server.id).into_iter().rev();
            let known = known.filter(|operation| fits(&server, operation));
            known.map(|operation| DoneOperation { server: server.clone(), operation }).collect()
        }
        None => {
            let most = window.limit.saturating_add(window.offset).min(limits::ADMIN_PAGE_MAX);
            cloud.latest_operations(most, fits).await
        }
    };
    Ok(TimedOperations::of(&cloud, &window.of(found.into_iter())))
}

/// Lists the operations that were started and are not over, the one that began first in front: those
/// that run, those that wait for another attempt (`queued`), and those that a delete gave up
/// (`cancelled`) and whose call has not returned. What it costs goes by how many are listed, however
/// many servers and operations there are.
#[utoipa::path(
    get, path = "/guichet/v1/operations/in-flight", operation_id = "list_operations_in_flight",
    params(("limit" = Option<usize>, Query, description = "How many: 20, and 256 at most")),
    responses(
        (status = 200, description = "Those that began first", body = TimedOperations),
        (status = 400, description = "The query is wrong", body = Fault),
        NotSteered,
    )
)]
async fn in_flight(
    State(control): State<Control>,
    _: Maker,
    query: Params,
) -> Result<Json<TimedOperations>, Problem> {
    let window = Window::read(&query, &["offset"])?;
    if query.has("offset") {
        return Err(Problem::wrong("The query has \"offset\", expected limit."));
    }
    let count = if query.has("limit") { window.limit } else { limits::QUEUE_SHOWN };
    let cloud = control.worlds.first().cloud();
    Ok(TimedOperations::of(&cloud, &cloud.in_flight(count)))
}

/// Shows an operation.
#[utoipa::path(
    get, path = "/guichet/v1/operations/{server}/{number}", operation_id = "show_operation",
    params(
        ("server" = String, Path, description = "Its server's id"),
        ("number" = u32, Path, description = "Its number among that server's, from 1"),
    ),
    responses((status = 200, description = "It is known", body = OneTimedOperation), NotSteered)
)]
async fn show(
    State(control): State<Control>,
    _: Maker,
    Path((server, number)): Path<(String, String)>,
) -> Result<Json<OneTimedOperation>, Problem> {
    let cloud = control.worlds.first().cloud();
    let wrong = || Problem::wrong(format!("{number:?} is no number of an operation."));
    let number = number.parse().map_err(|_| wrong())?;
    let id = OperationId { server: server_id(&server)?, number };
    let found = cloud.operation(id).ok_or_else(|| {
        Problem::new(
            StatusCode::NOT_FOUND,
            format!("There is no operation {id}, or none any more."),
        )
    })?;
    Ok(Json(OneTimedOperation { operation: TimedOperation::of(&cloud, &found) }))
}

/// The id of a server.
pub(super) fn server_id(text: &str) -> Result<ServerId, Problem> {
    let id = text.parse().map(ServerId);
    id.map_err(|_| Problem::wrong(format!("server: {text:?} is no id of a server.")))
}

/// There is no such server.
pub(super) fn gone(id: &str) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, format!("There is no server {id}."))
}
