//! Resources that clients look for and this cloud has none of: host aggregates. Their list is
//! there and empty, its items are 404.

use std::sync::Arc;

use axum::routing::get;
use axum::{Json, Router};
use guichet_cloud::Cloud;
use guichet_http::path::Named;
use serde_json::{Value, json};

use super::refused;
use crate::http::gate::Caller;
use crate::http::problem::Problem;

/// Its routes.
pub fn routes() -> Router<Arc<Cloud>> {
    let aggregates = |caller: Caller| {
        refused::for_admins(caller, "os_compute_api:os-aggregates:create", "Host aggregates")
    };
    Router::new().route("/compute/v2.1/os-aggregates", get(host_aggregates).post(aggregates)).route(
        "/compute/v2.1/os-aggregates/{id}",
        get(no_aggregate).put(no_aggregate).delete(no_aggregate),
    )
}

/// `GET /os-aggregates` (Compute API reference, "Host aggregates").
async fn host_aggregates(caller: Caller) -> Result<Json<Value>, Problem> {
    caller.must_be_admin("os_compute_api:os-aggregates:index")?;
    Ok(Json(json!({ "aggregates": [] })))
}

async fn no_aggregate(caller: Caller, Named(id): Named) -> Problem {
    let refused = caller.must_be_admin("os_compute_api:os-aggregates:show").err();
    refused.unwrap_or_else(|| Problem::not_found(format!("Aggregate {id} could not be found.")))
}
