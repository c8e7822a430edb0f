//! What runs where (Compute API reference, "Compute services"): one service on each host, and those
//! that Nova has beside them, which this process is. All are up as long as it is. Administrators'
//! business.

use axum::Json;
use guichet_cloud::hosts::{HostEdit, HostError, HostState};
use guichet_cloud::{Cloud, ids};
use guichet_core::limits;
use guichet_core::project::Host;
use guichet_http::path::Named;
use guichet_http::query::Params;
use guichet_http::{body, dates};
use http::Method;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::numbers;
use super::prefix::PREFIX;
use super::servers::values::host_name;
use super::versions::{Field, from, trim};
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;
use crate::http::read::Object;
use crate::http::routes::Routes;
use crate::http::version::Version;

/// The name of the service that hosts run.
pub(super) const BINARY: &str = "nova-compute";
/// The services that Nova has beside those of hosts, each as `os-hosts` calls it.
pub(super) const CONTROL: [(&str, &str); 2] =
    [("nova-scheduler", "scheduler"), ("nova-conductor", "conductor")];
/// The host that they are shown on: on none of those that are declared.
pub(super) const CONTROLLER: &str = "controller";
/// The zone that Nova has for them.
pub(super) const INTERNAL: &str = "internal";
const OWN: &str = "This process is that service: it is there as long as the process is.";
const DECLARED: &str = "Hosts are declared in this cloud's configuration: take one out there.";
const CHANGE: &str = "os_compute_api:os-services:update";

/// Its routes.
pub fn routes() -> Routes {
    Routes::under(PREFIX).get("/os-services", list).put("/os-services/{id}", update).absent_by(
        Method::DELETE,
        "/os-services/{id}",
        DECLARED,
        remove,
    )
}

const FIELDS: &[Field] = &[from(11, "forced_down")];
/// From here on a service can be forced down.
const FORCED_DOWN: Version = Version(11);
/// From here on services and hypervisors have UUIDs, before numbers from 1.
pub(super) const UUIDS: Version = Version(53);

/// The id of a host's service.
pub(super) fn id(cloud: &Cloud, host: &Host, version: Version) -> Value {
    match version < UUIDS {
        true => json!(number(cloud, host)),
        false => json!(ids::derived("service", &host.name)),
    }
}

/// The number of a host, and of its service: no other cell has it.
pub(super) fn number(cloud: &Cloud, host: &Host) -> u64 {
    numbers::of_all(cloud.accounts().cell(), u64::from(host.id.0) + 1)
}

/// The id of one of the services beside those of hosts: behind theirs.
fn control_id(cloud: &Cloud, place: usize, version: Version) -> Value {
    let ((binary, _), cell) = (CONTROL[place], cloud.accounts().cell());
    match (version < UUIDS, cell) {
        (true, _) => {
            json!(numbers::of_all(cell, (cloud.catalogue().hosts().len() + place + 1) as u64))
        }
        (false, 0) => json!(ids::derived("control service", binary)),
        (false, _) => json!(ids::derived("control service", &format!("{binary} of cell {cell}"))),
    }
}

/// The binary of the service beside those of hosts that has this id.
fn control_of(cloud: &Cloud, id: &str, version: Version) -> Option<&'static str> {
    let has_it = |place: &usize| match control_id(cloud, *place, version) {
        Value::String(own) => own.eq_ignore_ascii_case(id),
        own => id.parse().is_ok_and(|id: u64| own == id),
    };
    (0..CONTROL.len()).find(has_it).map(|place| CONTROL[place].0)
}

/// Nova's answer to a change of a service that is on no host for servers.
fn not_updated(binary: &str) -> Problem {
    Problem::bad_request(format!(
        "Updating a {binary} service is not supported. Only {BINARY} services can be updated."
    ))
}

async fn list(In(cloud): In, caller: Caller, params: Params) -> Result<Json<Value>, Problem> {
    let version = caller.version();
    params.only(version, &["host", "binary"])?;
    caller.must_be_admin("os_compute_api:os-services:list")?;
    // An empty filter is none.
    let wants = |name: &str, value: &str| {
        params.get(name).is_none_or(|wanted| wanted.is_empty() || wanted == value)
    };
    let seen = dates::bare(cloud.now());
    let hosts = cloud.catalogue().hosts().iter();
    let hosts = hosts.filter(|host| wants("host", &host.name) && wants("binary", BINARY));
    let rows = hosts.map(|host| row(&cloud, host, version, &seen));
    let control = CONTROL.iter().enumerate();
    let control =
        control.filter(|(_, (binary, _))| wants("host", CONTROLLER) && wants("binary", binary));
    let control = control.map(|(place, _)| control_row(&cloud, place, version, &seen));
    let rows = rows.chain(control);
    Ok(Json(json!({ "services": rows.collect::<Vec<_>>() })))
}

fn row(cloud: &Cloud, host: &Host, version: Version, seen: &impl Serialize) -> Value {
    let place = (BINARY, &*host.name, &*cloud.catalogue().zone_of(host));
    let state = (&cloud.hosts().state(host), cloud.hosts().is_down(host));
    service(&id(cloud, host, version), place, state, version, seen)
}

fn control_row(cloud: &Cloud, number: usize, version: Version, seen: &impl Serialize) -> Value {
    let place = (CONTROL[number].0, CONTROLLER, INTERNAL);
    let state = (&HostState::default(), false);
    service(&control_id(cloud, number, version), place, state, version, seen)
}

/// A service as it is shown.
fn service(
    id: &Value,
    (binary, host, zone): (&str, &str, &str),
    (state, is_down): (&HostState, bool),
    version: Version,
    seen: &impl Serialize,
) -> Value {
    let mut row = json!({
        "id": id,
        "binary": binary,
        "host": host,
        "zone": zone,
        "status": if state.is_disabled { "disabled" } else { "enabled" },
        "state": if is_down { "down" } else { "up" },
        "updated_at": seen,
        "disabled_reason": state.reason,
        "forced_down": state.is_forced_down,
    });
    trim(&mut row, FIELDS, version);
    row
}

/// `PUT /os-services/{id}` from 2.53 on; before, `{id}` is what is to be done, and the body names
/// host and binary.
async fn update(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    body::Json(body): body::Json,
) -> Result<Json<Value>, Problem> {
    if caller.version() < UUIDS {
        return update_by_name(&cloud, &caller, &id, &body).await;
    }
    caller.must_be_admin(CHANGE)?;
    if let Some(binary) = control_of(&cloud, &id, caller.version()) {
        return Err(not_updated(binary));
    }
    let host = by_id(&cloud, &id)?;
    let asked = Object::of(&body, "body")?;
    asked.known(&["status", "disabled_reason", "forced_down"])?;
    let reason = asked.text("disabled_reason", 1, limits::TEXT_MAX)?;
    let disabled = match (asked.text("status", 1, limits::TEXT_MAX)?, reason) {
        (Some("enabled"), None) => Some((false, None)),
        (Some("disabled"), reason) => Some((true, reason.map(str::to_owned))),
        (None, None) => None,
        (Some("enabled") | None, Some(_)) => {
            let text = "Specifying 'disabled_reason' when status is 'enabled' is invalid.";
            return Err(Problem::bad_request(text));
        }
        (Some(_), _) => return Err(asked.wrong("status", "Expected enabled or disabled.")),
    };
    let forced_down = asked.flag("forced_down")?;
    if disabled.is_none() && forced_down.is_none() {
        let text =
            "No updates were requested. Fields 'status' or 'forced_down' should be specified.";
        return Err(Problem::bad_request(text));
    }
    set(&cloud, &caller, host, HostEdit { disabled, forced_down, drained: None }).await?;
    let seen = dates::bare(cloud.now());
    Ok(Json(json!({ "service": row(&cloud, host, caller.version(), &seen) })))
}

async fn update_by_name(
    cloud: &Cloud,
    caller: &Caller,
    action: &str,
    body: &Value,
) -> Result<Json<Value>, Problem> {
    if !["enable", "disable", "disable-log-reason", "force-down"].contains(&action) {
        return Err(Problem::not_found(format!("Unknown action {action}")));
    }
    let can_force = caller.version() >= FORCED_DOWN;
    if action == "force-down" && !can_force {
        return Err(Problem::not_found(format!("Unknown action {action}")));
    }
    let asked = Object::of(body, "body")?;
    let names = ["host", "binary", "disabled_reason", "forced_down"];
    asked.known(if can_force { &names } else { &names[..3] })?;
    let text = |name: &str| asked.text(name, 1, limits::TEXT_MAX);
    let name = host_name(&asked, "host")?.ok_or_else(|| asked.missing("host"))?;
    let binary = text("binary")?.ok_or_else(|| asked.missing("binary"))?;
    let with_reason = action == "disable-log-reason";
    let reason = text("disabled_reason")?.filter(|_| with_reason);
    if with_reason && reason.is_none() {
        return Err(asked.missing("disabled_reason"));
    }
    let down = asked.flag("forced_down")?.filter(|_| action == "force-down");
    if action == "force-down" && down.is_none() {
        return Err(asked.missing("forced_down"));
    }
    caller.must_be_admin(CHANGE)?;
    if binary != BINARY {
        return Err(not_updated(binary));
    }
    let host = cloud.catalogue().find_host(name).ok_or_else(|| {
        Problem::not_found(format!("Could not find binary {binary} on host {name}."))
    })?;
    let disabled = match action {
        "enable" => Some((false, None)),
        "disable" | "disable-log-reason" => Some((true, reason.map(str::to_owned))),
        _ => None,
    };
    set(cloud, caller, host, HostEdit { disabled, forced_down: down, drained: None }).await?;
    let mut service = json!({ "host": name, "binary": binary });
    match action {
        "enable" => service["status"] = json!("enabled"),
        "force-down" => service["forced_down"] = json!(down),
        _ => service["status"] = json!("disabled"),
    }
    if with_reason {
        service["disabled_reason"] = json!(reason);
    }
    Ok(Json(json!({ "service": service })))
}

/// Hosts are declared, and so are their services; what this process is goes with it.
async fn remove(In(cloud): In, caller: Caller, Named(id): Named) -> Result<Json<Value>, Problem> {
    caller.must_be_admin("os_compute_api:os-services:delete")?;
    if control_of(&cloud, &id, caller.version()).is_some() {
        return Err(Problem::not_offered(OWN));
    }
    match caller.version() < UUIDS {
        true => {
            let id = id.parse().ok();
            cloud.catalogue().hosts().iter().find(|host| Some(number(&cloud, host)) == id)
        }
        false => Some(by_id(&cloud, &id)?),
    }
    .ok_or_else(|| Problem::not_found(format!("Service {id} could not be found.")))?;
    Err(Problem::not_offered(DECLARED))
}

/// The host with the service of this uuid.
fn by_id<'a>(cloud: &'a Cloud, text: &str) -> Result<&'a Host, Problem> {
    let id: Uuid =
        text.parse().map_err(|_| Problem::bad_request(format!("Invalid uuid {text}")))?;
    let mut hosts = cloud.catalogue().hosts().iter();
    let found = hosts.find(|host| ids::derived("service", &host.name) == id);
    found.ok_or_else(|| Problem::not_found(format!("Service {text} could not be found.")))
}

async fn set(cloud: &Cloud, caller: &Caller, host: &Host, edit: HostEdit) -> Result<(), Problem> {
    match cloud.hosts().edit(&caller.who, host.id, edit).await {
        Ok(_) => Ok(()),
        Err(HostError::Forbidden) => Err(Problem::policy(CHANGE)),
        Err(HostError::NotFound) => Err(Problem::not_found("The host is not there any more.")),
        Err(HostError::Refused(refusal)) => Err(refusal.into()),
    }
}
