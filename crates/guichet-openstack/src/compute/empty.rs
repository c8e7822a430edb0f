//! Resources that clients look for and this cloud has none of: server groups, host aggregates. Their lists are there and empty, their items are 404.

use std::sync::Arc;

use axum::routing::get;
use axum::{Json, Router};
use guichet_cloud::Cloud;
use guichet_http::path::Named;
use guichet_http::query::Params;
use serde_json::{Value, json};

use super::refused;
use crate::http::gate::Caller;
use crate::http::paging::Paging;
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;

/// Its routes.
pub fn routes() -> Router<Arc<Cloud>> {
    let groups = |caller: Caller| {
        refused::for_members(caller, "os_compute_api:os-server-groups:create", "Server groups")
    };
    let aggregates = |caller: Caller| {
        refused::for_admins(caller, "os_compute_api:os-aggregates:create", "Host aggregates")
    };
    Router::new()
        .route("/compute/v2.1/os-server-groups", get(server_groups).post(groups))
        .route("/compute/v2.1/os-server-groups/{id}", get(no_group).delete(no_group))
        .route("/compute/v2.1/os-aggregates", get(host_aggregates).post(aggregates))
        .route(
            "/compute/v2.1/os-aggregates/{id}",
            get(no_aggregate).put(no_aggregate).delete(no_aggregate),
        )
}

/// `GET /os-server-groups` (Compute API reference, "Server groups").
async fn server_groups(caller: Caller, params: Params) -> Result<Json<Value>, Problem> {
    params.only(caller.version(), &["all_projects", "limit", "offset"])?;
    Paging::of(&params)?;
    if params.has("all_projects") {
        caller.must_be_admin("os_compute_api:os-server-groups:index:all_projects")?;
    }
    Ok(Json(json!({ "server_groups": [] })))
}

async fn no_group(_caller: Caller, Named(id): Named) -> Problem {
    Problem::not_found(format!("Instance group {id} could not be found."))
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
