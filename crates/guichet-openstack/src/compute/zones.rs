//! The availability zone (Compute API reference, "Availability zones"): one, with all hosts.

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

fn answer(cloud: &Cloud, hosts: &Value) -> Json<Value> {
    Json(json!({ "availabilityZoneInfo": [{
        "zoneName": cloud.catalogue().zone(),
        "zoneState": { "available": true },
        "hosts": hosts,
    }]}))
}

async fn brief(State(cloud): State<Arc<Cloud>>, _caller: Caller) -> Json<Value> {
    answer(&cloud, &Value::Null)
}

async fn detail(State(cloud): State<Arc<Cloud>>, caller: Caller) -> Result<Json<Value>, Problem> {
    caller.must_be_admin("os_compute_api:os-availability-zone:detail")?;
    let seen = dates::bare(cloud.now());
    let service = json!({ BINARY: { "available": true, "active": true, "updated_at": seen } });
    let hosts =
        cloud.catalogue().hosts().iter().map(|host| (host.name.to_string(), service.clone()));
    let hosts: Map<String, Value> = hosts.collect();
    Ok(answer(&cloud, &Value::Object(hosts)))
}
