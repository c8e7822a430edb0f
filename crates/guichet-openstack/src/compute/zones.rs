//! Availability zones (Compute API reference, "Availability zones"): the declared one, and those of
//! host aggregates.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use guichet_cloud::Cloud;
use guichet_core::project::Host;
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

/// All zones, each with what `hosts` shows of its hosts.
fn answer(cloud: &Cloud, hosts: impl Fn(&[&Host]) -> Value) -> Json<Value> {
    let zones = cloud.catalogue().zones();
    let row = |(zone, of_it): &(Arc<str>, Vec<&Host>)| {
        json!({
            "zoneName": zone, "zoneState": { "available": true }, "hosts": hosts(of_it),
        })
    };
    Json(json!({ "availabilityZoneInfo": zones.iter().map(row).collect::<Vec<_>>() }))
}

async fn brief(State(cloud): State<Arc<Cloud>>, _caller: Caller) -> Json<Value> {
    answer(&cloud, |_| Value::Null)
}

async fn detail(State(cloud): State<Arc<Cloud>>, caller: Caller) -> Result<Json<Value>, Problem> {
    caller.must_be_admin("os_compute_api:os-availability-zone:detail")?;
    let seen = dates::bare(cloud.now());
    Ok(answer(&cloud, |hosts| {
        let service = |host: &&Host| {
            let state = cloud.hosts().state(host);
            let shown = json!({ BINARY: {
                "available": !state.is_disabled, "active": !state.is_forced_down,
                "updated_at": seen,
            } });
            (host.name.to_string(), shown)
        };
        Value::Object(hosts.iter().map(service).collect::<Map<_, _>>())
    }))
}
