//! Hosts as Compute showed them until 2.42 (Compute API reference, "Hosts (os-hosts) (DEPRECATED)").

use axum::Json;
use guichet_cloud::Cloud;
use guichet_core::project::Host;
use guichet_http::body;
use guichet_http::path::Named;
use guichet_http::query::Params;
use http::Method;
use serde_json::{Value, json};

use super::prefix::PREFIX;
use super::services::{CONTROL, CONTROLLER, INTERNAL};
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;
use crate::http::read::Object;
use crate::http::routes::Routes;

/// The last version that has them.
const LAST: u16 = 42;
const RULE: &str = "os_compute_api:os-hosts";
const NOT_OFFERED: &str = "Virt driver does not implement host power or maintenance. Disable the \
                           service of the host instead.";

/// Its routes.
pub fn routes() -> Routes {
    Routes::under(PREFIX)
        .until(LAST)
        .get("/os-hosts", list)
        .get("/os-hosts/{name}", show)
        .absent_by(Method::PUT, "/os-hosts/{name}", NOT_OFFERED, update)
        .absent_by(Method::GET, "/os-hosts/{name}/startup", NOT_OFFERED, power)
        .absent_by(Method::GET, "/os-hosts/{name}/shutdown", NOT_OFFERED, power)
        .absent_by(Method::GET, "/os-hosts/{name}/reboot", NOT_OFFERED, power)
}

fn found<'a>(cloud: &'a Cloud, name: &str) -> Result<&'a Host, Problem> {
    let found = cloud.catalogue().hosts().iter().find(|host| *host.name == *name);
    found.ok_or_else(|| Problem::not_found(format!("Compute host {name} could not be found.")))
}

async fn list(In(cloud): In, caller: Caller, params: Params) -> Result<Json<Value>, Problem> {
    caller.must_be_admin(RULE)?;
    params.only(caller.version(), &["zone"])?;
    let wanted = params.get("zone").filter(|zone| !zone.is_empty());
    let hosts = cloud.catalogue().hosts().iter().map(|host| {
        let zone = cloud.catalogue().zone_of(host);
        json!({ "host_name": host.name, "service": "compute", "zone": zone })
    });
    let own = CONTROL.iter().map(
        |(_, service)| json!({ "host_name": CONTROLLER, "service": service, "zone": INTERNAL }),
    );
    let hosts = hosts.chain(own).filter(|row| wanted.is_none_or(|zone| row["zone"] == *zone));
    Ok(Json(json!({ "hosts": hosts.collect::<Vec<_>>() })))
}

/// What it has, what is used of it now, and the most that its servers may use.
async fn show(In(cloud): In, caller: Caller, Named(name): Named) -> Result<Json<Value>, Problem> {
    caller.must_be_admin(RULE)?;
    let host = found(&cloud, &name)?;
    let taken = cloud.servers().host_usage().taken(host);
    let row = |project: &str, cpu: u32, memory_mb: u32| {
        json!({ "resource": {
            "project": project, "host": host.name, "cpu": cpu, "memory_mb": memory_mb,
            "disk_gb": 0,
        } })
    };
    Ok(Json(json!({ "host": [
        row("(total)", host.capacity.vcpus, host.capacity.ram_mib),
        row("(used_now)", taken.vcpus, taken.ram_mib),
        row("(used_max)", taken.vcpus, taken.ram_mib),
    ] })))
}

/// Status and maintenance: Nova's drivers have none of it either, but for one that is gone.
async fn update(
    In(cloud): In,
    caller: Caller,
    Named(name): Named,
    body::Json(body): body::Json,
) -> Result<Json<Value>, Problem> {
    let asked = Object::of(&body, "body")?;
    asked.known(&["status", "maintenance_mode"])?;
    let word = |name: &str, words: [&str; 2]| match asked.raw(name) {
        None => Ok(false),
        Some(Value::String(word)) if words.contains(&word.to_lowercase().as_str()) => Ok(true),
        Some(_) => Err(asked.wrong(name, &format!("Expected {} or {}.", words[0], words[1]))),
    };
    let has_status = word("status", ["enable", "disable"])?;
    let has_mode = word("maintenance_mode", ["enable", "disable"])?;
    if !has_status && !has_mode {
        return Err(Problem::bad_request("Expected status or maintenance_mode."));
    }
    caller.must_be_admin(RULE)?;
    found(&cloud, &name)?;
    Err(Problem::not_offered(NOT_OFFERED))
}

/// Starting, stopping and restarting a host.
async fn power(In(cloud): In, caller: Caller, Named(name): Named) -> Result<Json<Value>, Problem> {
    caller.must_be_admin(RULE)?;
    found(&cloud, &name)?;
    Err(Problem::not_offered(NOT_OFFERED))
}
