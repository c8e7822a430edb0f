//! The availability zone (Compute API reference, "Availability zones"): one, with all hosts,
//! and for administrators the one that Nova has for itself.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use guichet_cloud::Cloud;
use guichet_http::dates;
use serde_json::{Map, Value, json};

use super::services::BINARY;
use crate::http::gate::Caller;
use crate::http::problem::Problem;

/// Its routes.
pub fn routes() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/compute/v2.1/os-availability-zone", get(brief))
        .route("/compute/v2.1/os-availability-zone/detail", get(detail))
}

fn zone(name: &str, hosts: &Value) -> Value {
    json!({ "zoneName": name, "zoneState": { "available": true }, "hosts": hosts })
}

async fn brief(State(cloud): State<Arc<Cloud>>, _caller: Caller) -> Json<Value> {
    let zone = zone(cloud.catalogue().zone(), &Value::Null);
    Json(json!({ "availabilityZoneInfo": [zone] }))
}

async fn detail(State(cloud): State<Arc<Cloud>>, caller: Caller) -> Result<Json<Value>, Problem> {
    caller.must_be_admin("os_compute_api:os-availability-zone:detail")?;
    let seen = dates::bare(cloud.now());
    let service = json!({ BINARY: { "available": true, "active": true, "updated_at": seen } });
    let hosts =
        cloud.catalogue().hosts().iter().map(|host| (host.name.to_string(), service.clone()));
    let hosts: Map<String, Value> = hosts.collect();
    // Where Nova has its own services. This one process is on none of the hosts.
    let internal = zone("internal", &json!({}));
    let zone = zone(cloud.catalogue().zone(), &Value::Object(hosts));
    Ok(Json(json!({ "availabilityZoneInfo": [zone, internal] })))
}
