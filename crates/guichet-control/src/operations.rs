//! `/guichet/v1/worlds/{id}/operations`: what became of what a world was asked, so that a test can say how
//! it went.

use axum::Json;
use guichet_cloud::Cloud;
use guichet_cloud::faults::Pattern;
use guichet_cloud::worlds::DoneOperation;
use guichet_core::action::Action;
use guichet_core::server::{Failure, Operation, OperationState, Server};
use guichet_core::time::Timestamp;
use guichet_http::dates;
use guichet_http::query::Params;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::control::{Control, NotSteered, Steered};
use crate::patterns;
use crate::problem::{Fault, Problem, known_word};

pub(crate) fn routes() -> OpenApiRouter<Control> {
    OpenApiRouter::new().routes(routes!(list))
}

/// One server's part of a request that was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperationRow {
    /// The id of the request, as its answer had it.
    request: String,
    /// What is done, such as `create`.
    action: &'static str,
    /// The id of the server.
    server: String,
    /// Its name.
    name: String,
    /// The name of its project.
    project: String,
    /// The name of the host that it is on.
    host: Option<String>,
    /// `queued`, `running`, `succeeded`, `failed` or `cancelled`.
    state: &'static str,
    /// How often it was started.
    attempts: u32,
    /// When it was accepted, by the world's time, as the others.
    queued_at: String,
    /// When it was first started.
    running_at: Option<String>,
    /// When it was over.
    done_at: Option<String>,
    /// Why it failed: `no_valid_host`, `driver`, `deadline` or `interrupted`.
    failure: Option<&'static str>,
}

impl OperationRow {
    pub(crate) fn of(cloud: &Cloud, done: &DoneOperation) -> Self {
        let DoneOperation { server, operation } = done;
        let at = |at: Timestamp| dates::micros(at).to_string();
        let directory = cloud.accounts().directory();
        let project = directory.owner(server.project);
        let host = server.host.and_then(|host| cloud.catalogue().host(host));
        Self {
            request: operation.request.to_string(),
            action: operation.action.as_str(),
            server: server.id.to_string(),
            name: server.name.to_string(),
            project: project.map_or_else(String::new, |project| project.name.to_string()),
            host: host.map(|host| host.name.to_string()),
            state: operation.state.as_str(),
            attempts: operation.attempt,
            queued_at: at(operation.accepted),
            running_at: operation.started.map(at),
            done_at: operation.finished.map(at),
            failure: operation.failure.map(Failure::as_str),
        }
    }
}

/// What became of what a world was asked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AllOperations {
    /// The latest that fit, 1,000 at most, from the oldest on.
    operations: Vec<OperationRow>,
    /// How many fit in all.
    total: usize,
}

/// The state that a query names.
pub(crate) fn state(value: &str) -> Result<OperationState, Problem> {
    let found = OperationState::ALL.iter().find(|state| state.as_str() == value);
    let words = "queued, running, succeeded, failed or cancelled";
    found
        .copied()
        .ok_or_else(|| Problem::wrong(format!("state: found {value:?}, expected {words}.")))
}

/// What one looks for among operations.
#[derive(Debug, Default)]
struct Wanted {
    request: Option<String>,
    action: Option<&'static str>,
    state: Option<OperationState>,
    server: Option<Pattern>,
}

impl Wanted {
    fn read(query: &Params) -> Result<Self, Problem> {
        let mut wanted = Self::default();
        for (name, value) in query.iter() {
            match name {
                "request" => wanted.request = Some(value.to_owned()),
                "action" => {
                    let action = known_word("action", value, Action::ALL, Action::as_str)?;
                    wanted.action = Some(action.as_str());
                }
                "state" => wanted.state = Some(state(value)?),
                "server" => wanted.server = Some(patterns::read("server", value)?),
                other => {
                    return Err(Problem::wrong(format!(
                        "The query has {other:?}, expected request, action, state or server."
                    )));
                }
            }
        }
        Ok(wanted)
    }

    fn fits(&self, server: &Server, operation: &Operation) -> bool {
        self.action.is_none_or(|action| operation.action.as_str() == action)
            && self.state.is_none_or(|state| operation.state == state)
            && self.request.as_ref().is_none_or(|id| *id == operation.request.to_string())
            && self.server.as_ref().is_none_or(|wanted| {
                wanted.fits(&server.name) || wanted.fits(&server.id.to_string())
            })
    }
}

/// Lists the latest operations of a world, with what became of them. Of each server the latest 32 are
/// known; those of deleted servers as long as these are remembered.
#[utoipa::path(
    get, path = "/guichet/v1/worlds/{id}/operations", operation_id = "list_operations",
    params(
        ("id" = String, Path, description = "The world's id, or root"),
        ("request" = Option<String>, Query, description = "Only those of the request with this id"),
        ("action" = Option<String>, Query, description = "Only those that do this, such as create"),
        ("state" = Option<String>, Query, description = "Only those that are queued, running, succeeded, failed or cancelled"),
        ("server" = Option<String>, Query, description = "Only those of servers with this name or id; a * is any text"),
    ),
    responses(
        (status = 200, description = "The latest", body = AllOperations),
        (status = 400, description = "The query is wrong", body = Fault),
        NotSteered,
    )
)]
async fn list(Steered(world): Steered, query: Params) -> Result<Json<AllOperations>, Problem> {
    let wanted = Wanted::read(&query)?;
    let (found, total) = world.operations(|server, operation| wanted.fits(server, operation)).await;
    let cloud = world.cloud();
    let operations = found.iter().map(|done| OperationRow::of(&cloud, done)).collect();
    Ok(Json(AllOperations { operations, total }))
}
