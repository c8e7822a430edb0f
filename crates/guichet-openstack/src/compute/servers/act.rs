//! `POST /servers/{id}/action` and `DELETE /servers/{id}`: finds the server, has the action done,
//! answers as Nova does.
//!
//! | module | what |
//! | --- | --- |
//! | `names`, `asked` | which action a body asks for: by its name, from which version to which |
//! | `bodies` | what is inside of those that have something inside |
//! | `image` | images that are made of a server |
//! | `policy` | who may, and what stands in the way |
//! | `rebuild` | what a rebuild makes a server anew with |

mod asked;
mod bodies;
mod image;
mod names;
mod policy;
mod rebuild;

use axum::response::{IntoResponse, Response};
use guichet_cloud::{Cloud, Destination};
use guichet_core::action::Action;
use guichet_core::details::Changes;
use guichet_core::edit::Edit;
use guichet_core::server::Server;
use guichet_http::answer::empty;
use guichet_http::body::Json;
use guichet_http::path::Named;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use self::asked::Asked;
use self::names::asked;
use self::policy::refused;
use self::rebuild::Rebuild;
use super::consoles;
use super::edit::edit;
use super::find::find;
use super::problem;
use super::show::rebuilt;
use crate::http::answer;
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::report::Report;

/// The policy of looking at a console.
const CONSOLE: &str = "os_compute_api:os-console-output";

/// `POST /servers/{id}/action`: exactly one, by its name.
pub(super) async fn act(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    Json(body): Json,
) -> Response {
    let report = if caller.context.is_audited { named(&body) } else { None };
    let mut answer = done(&cloud, &caller, &id, &body).await.into_response();
    if let Some(report) = report {
        report.put(&mut answer);
    }
    answer
}

/// The action that a body names, whether there is one of that name or not.
fn named(body: &Value) -> Option<Report> {
    let (name, _) = body.as_object()?.iter().next()?;
    Some(Report::action(name))
}

async fn done(cloud: &Cloud, caller: &Caller, id: &str, body: &Value) -> Result<Response, Problem> {
    let asked = asked(cloud, caller, body)?;
    let server = find(cloud, caller, id)?;
    let servers = cloud.servers();
    match asked {
        Asked::Run(action) => {
            let done = servers.act(&caller.who, &server, action).await;
            done.map_err(|error| refused(error, action))?;
            Ok(empty(status_of(action)))
        }
        Asked::Resize(flavor, disk_config_auto) => {
            let done = cloud.migrate(&caller.who, &server, Destination::Flavor(flavor)).await;
            done.map_err(|error| refused(error, Action::Resize))?;
            if disk_config_auto.is_some() {
                let changes = Changes { disk_config_auto, ..Changes::default() };
                edit(cloud, caller, &server, Edit::Update(Box::new(changes))).await?;
            }
            Ok(empty(StatusCode::ACCEPTED))
        }
        Asked::Move(action, host) => {
            let to = Destination::Host(action, host.as_deref());
            let done = cloud.migrate(&caller.who, &server, to).await;
            done.map_err(|error| refused(error, action))?;
            Ok(empty(StatusCode::ACCEPTED))
        }
        Asked::Rescue { password } => {
            let done = servers.act(&caller.who, &server, Action::Rescue).await;
            done.map_err(|error| refused(error, Action::Rescue))?;
            let password = password.unwrap_or_else(|| servers.admin_password(server.id));
            answer::json(&json!({ "adminPass": password }))
        }
        Asked::Image(wanted) => image::make(cloud, caller, &server, wanted).await,
        Asked::Shelve => {
            let done = cloud.images().shelve(&caller.who, &server).await;
            done.map_err(|error| refused(error, Action::Shelve))?;
            Ok(empty(StatusCode::ACCEPTED))
        }
        Asked::Network => {
            caller.must_be_admin("os_compute_api:os-admin-actions:inject_network_info")?;
            Ok(empty(StatusCode::ACCEPTED))
        }
        Asked::Rebuild(rebuild) => run_rebuild(cloud, caller, &server, *rebuild).await,
        Asked::Edit(change) => {
            edit(cloud, caller, &server, change).await?;
            Ok(empty(StatusCode::ACCEPTED))
        }
        Asked::Group { name, is_in } => {
            bodies::check_group(cloud, caller, &name)?;
            edit(cloud, caller, &server, Edit::Group { is_in }).await?;
            Ok(empty(StatusCode::ACCEPTED))
        }
        Asked::Console { length } => {
            let output = servers.console(&server, length);
            let output = output.map_err(|error| problem::of_server(error, CONSOLE))?;
            answer::json(&json!({ "output": output }))
        }
        Asked::Screen(kind) => consoles::shown(caller, &server, kind),
        Asked::Never(problem) => Err(problem),
    }
}

/// `DELETE /servers/{id}`: 204 also while it is being deleted, 404 once it is gone.
pub(super) async fn delete(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    let done = cloud.servers().delete(&caller.who, &server).await;
    done.map_err(|error| refused(error, Action::Delete))?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// The answer to an accepted action without a body: Nova's is 204 for a confirmation alone.
const fn status_of(action: Action) -> StatusCode {
    match action {
        Action::ConfirmResize => StatusCode::NO_CONTENT,
        _ => StatusCode::ACCEPTED,
    }
}

/// A rebuild is answered with the server as it is made anew.
async fn run_rebuild(
    cloud: &Cloud,
    caller: &Caller,
    server: &Server,
    Rebuild { changes, password }: Rebuild,
) -> Result<Response, Problem> {
    let servers = cloud.servers();
    let done = servers.rebuild(&caller.who, server, changes).await;
    done.map_err(|error| refused(error, Action::Rebuild))?;
    let id = server.id.0;
    let server = servers.find(&caller.who, server.id);
    let server = server.ok_or_else(|| Problem::no_instance(&id.to_string()))?;
    let password = password.unwrap_or_else(|| servers.admin_password(server.id));
    let mut response = rebuilt(cloud, caller, &server, &password)?;
    *response.status_mut() = StatusCode::ACCEPTED;
    let link = caller.context.base.link(&format!("/compute/v2.1/servers/{id}"));
    if let Ok(location) = HeaderValue::from_str(&link) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}
