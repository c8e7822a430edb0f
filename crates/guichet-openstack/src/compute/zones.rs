//! Availability zones (Compute API reference, "Availability zones"): the declared one, those of host
//! aggregates, and for administrators the one that Nova has for itself.

use axum::Json;
use guichet_core::project::Host;
use guichet_http::dates;
use serde_json::{Map, Value, json};

use super::prefix::PREFIX;
use super::services::{BINARY, CONTROL, CONTROLLER, INTERNAL};
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::routes::Routes;

/// Its routes.
pub fn routes() -> Routes {
    Routes::under(PREFIX)
        .get("/os-availability-zone", brief)
        .get("/os-availability-zone/detail", detail)
}

fn zone(name: &str, hosts: &Value) -> Value {
    json!({ "zoneName": name, "zoneState": { "available": true }, "hosts": hosts })
}

async fn brief(In(cloud): In, _caller: Caller) -> Json<Value> {
    let zones = cloud.catalogue().zones();
    let rows: Vec<Value> = zones.iter().map(|(name, _)| zone(name, &Value::Null)).collect();
    Json(json!({ "availabilityZoneInfo": rows }))
}

async fn detail(In(cloud): In, caller: Caller) -> Result<Json<Value>, Problem> {
    caller.must_be_admin("os_compute_api:os-availability-zone:detail")?;
    let seen = dates::bare(cloud.now());
    let shown = |available: bool, active: bool| json!({ "available": available, "active": active, "updated_at": seen });
    let services = |hosts: &[&Host]| {
        let service = |host: &&Host| {
            let state = cloud.hosts().state(host);
            let shown = shown(!state.is_disabled, !cloud.hosts().is_down(host));
            (host.name.to_string(), json!({ BINARY: shown }))
        };
        Value::Object(hosts.iter().map(service).collect::<Map<_, _>>())
    };
    let zones = cloud.catalogue().zones();
    let mut rows: Vec<Value> =
        zones.iter().map(|(name, hosts)| zone(name, &services(hosts))).collect();
    let own = CONTROL.iter().map(|(binary, _)| ((*binary).to_owned(), shown(true, true)));
    let own = Value::Object(own.collect());
    rows.insert(1, zone(INTERNAL, &json!({ CONTROLLER: own })));
    Ok(Json(json!({ "availabilityZoneInfo": rows })))
}
