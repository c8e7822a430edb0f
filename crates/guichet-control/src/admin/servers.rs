//! `/guichet/v1/servers`, across projects.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use guichet_cloud::Cloud;
use guichet_cloud::servers::{
    Filter, Order, Projects, SearchError, ServerError, Window as ServerWindow,
};
use guichet_core::action::Action;
use guichet_core::limits;
use guichet_core::server::Server;
use guichet_core::state::Status;
use guichet_http::query::Params;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::named::project;
use super::page;
use super::queue::{gone, server_id};
use crate::asked::Asked;
use crate::control::{Control, Maker, NotSteered};
use crate::problem::{Fault, Problem, known_word};
use crate::shape::date;

pub(super) fn routes() -> OpenApiRouter<Control> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show, delete)).routes(routes!(reset))
}

/// A server.
#[derive(Debug, Serialize, ToSchema)]
struct ServerRow {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// The name of its project.
    project: String,
    /// Its status, as clients see it.
    status: String,
    /// What is being done to it.
    task_state: Option<String>,
    /// The name of its host.
    host: Option<String>,
    /// The name of its flavor.
    flavor: Option<String>,
    /// When it was made.
    created: String,
    /// When it last changed.
    updated: String,
}

impl ServerRow {
    fn of(cloud: &Cloud, server: &Server) -> Self {
        let directory = cloud.accounts().directory();
        let project = directory.owner(server.project);
        let host = server.host.and_then(|host| cloud.catalogue().host(host));
        Self {
            id: server.id.to_string(),
            name: server.name.to_string(),
            project: project.map_or_else(String::new, |project| project.name.to_string()),
            status: server.status().to_string(),
            task_state: server.task_state.map(|task| task.to_string()),
            host: host.map(|host| host.name.to_string()),
            flavor: cloud.catalogue().flavor(server.flavor).map(|flavor| flavor.name.to_string()),
            created: date(server.created),
            updated: date(server.updated),
        }
    }
}

/// A page of servers.
#[derive(Debug, Serialize, ToSchema)]
struct AllServers {
    /// The newest first.
    servers: Vec<ServerRow>,
    /// The `marker` of the next page, if there may be one.
    next: Option<String>,
}

/// One server.
#[derive(Debug, Serialize, ToSchema)]
struct OneServer {
    server: ServerRow,
}

/// Which state a server is to have.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewState {
    /// `active` or `error`.
    state: String,
}

/// Lists the servers of all projects of the service's cloud, the newest first.
#[utoipa::path(
    get, path = "/guichet/v1/servers", operation_id = "list_servers",
    params(
        ("project" = Option<String>, Query, description = "Only those of the project with this id or name"),
        ("status" = Option<String>, Query, description = "Only those with this status, such as ERROR"),
        ("limit" = Option<usize>, Query, description = "Rows of the answer: 100, and 1,000 at most"),
        ("marker" = Option<String>, Query, description = "Behind the server with this id"),
    ),
    responses(
        (status = 200, description = "A page of them", body = AllServers),
        (status = 400, description = "The query is wrong", body = Fault),
        NotSteered,
    )
)]
async fn list(
    State(control): State<Control>,
    _: Maker,
    query: Params,
) -> Result<Json<AllServers>, Problem> {
    let cloud = control.worlds.first().cloud();
    let (mut filter, mut limit, mut marker) = (Filter::default(), limits::ADMIN_PAGE, None);
    filter.projects = Projects::All;
    for (name, value) in query.iter() {
        match name {
            "project" => filter.projects = Projects::One(project(&cloud, value)?),
            "status" => {
                let status = known_word("status", value, Status::ALL, Status::as_str)?;
                filter.statuses = Some(vec![status]);
            }
            "limit" => limit = page::limit(value)?,
            "marker" => marker = Some(server_id(value)?),
            other => {
                return Err(Problem::wrong(format!(
                    "The query has {other:?}, expected project, status, limit or marker."
                )));
            }
        }
    }
    let window = ServerWindow { limit, marker };
    let found = cloud.servers().search(&cloud.operator(), filter, Order::Newest, window).await?;
    let next = found.last().filter(|_| found.len() == limit).map(|last| last.id.to_string());
    let servers = found.iter().map(|server| ServerRow::of(&cloud, server)).collect();
    Ok(Json(AllServers { servers, next }))
}

fn find(cloud: &Cloud, id: &str) -> Result<Arc<Server>, Problem> {
    cloud.servers().find(&cloud.operator(), server_id(id)?).ok_or_else(|| gone(id))
}

/// Shows a server of any project.
#[utoipa::path(
    get, path = "/guichet/v1/servers/{server}", operation_id = "show_server",
    params(("server" = String, Path, description = "Its id")),
    responses((status = 200, description = "It is there", body = OneServer), NotSteered)
)]
async fn show(
    State(control): State<Control>,
    _: Maker,
    Path(id): Path<String>,
) -> Result<Json<OneServer>, Problem> {
    let cloud = control.worlds.first().cloud();
    let server = find(&cloud, &id)?;
    Ok(Json(OneServer { server: ServerRow::of(&cloud, &server) }))
}

/// Deletes a server of any project, as its owner would: it is queued.
#[utoipa::path(
    delete, path = "/guichet/v1/servers/{server}", operation_id = "delete_server",
    params(("server" = String, Path, description = "Its id")),
    responses(
        (status = 202, description = "It is going to be deleted"),
        NotSteered,
        (status = 409, description = "Its state does not allow it", body = Fault),
        (status = 503, description = "It cannot be recorded at present, or the service stops", body = Fault),
    )
)]
async fn delete(
    State(control): State<Control>,
    _: Maker,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let cloud = control.worlds.first().cloud();
    let server = find(&cloud, &id)?;
    cloud.servers().delete(&cloud.operator(), &server).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Says that a server is active, or broken, whatever was found: what runs for it is given up.
#[utoipa::path(
    post, path = "/guichet/v1/servers/{server}/reset-state", operation_id = "reset_server_state",
    params(("server" = String, Path, description = "Its id")),
    request_body = NewState,
    responses(
        (status = 204, description = "So it is"),
        (status = 400, description = "There is no such state", body = Fault),
        NotSteered,
        (status = 409, description = "Its state does not allow it", body = Fault),
        (status = 503, description = "It cannot be recorded at present, or the service stops", body = Fault),
    )
)]
async fn reset(
    State(control): State<Control>,
    _: Maker,
    Path(id): Path<String>,
    Asked(new): Asked<NewState>,
) -> Result<StatusCode, Problem> {
    let action = match new.state.as_str() {
        "active" => Action::ResetActive,
        "error" => Action::ResetError,
        other => {
            let wrong = format!("state: found {other:?}, expected active or error.");
            return Err(Problem::wrong(wrong));
        }
    };
    let cloud = control.worlds.first().cloud();
    let server = find(&cloud, &id)?;
    cloud.servers().act(&cloud.operator(), &server, action).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        Self::wrong(format!("marker: {error}."))
    }
}

impl From<ServerError> for Problem {
    fn from(error: ServerError) -> Self {
        match error {
            ServerError::Refused(refusal) => refusal.into(),
            ServerError::NotFound(_) => Self::new(StatusCode::NOT_FOUND, format!("{error}.")),
            _ => Self::new(StatusCode::CONFLICT, format!("{error}.")),
        }
    }
}
