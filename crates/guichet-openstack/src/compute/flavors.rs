//! Flavors, and a flavor as a server shows it (Compute API reference, "Flavors").

mod access;
mod list;
mod shape;
mod specs;
mod write;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use guichet_cloud::Cloud;
use guichet_http::path::Named;
use serde_json::{Value, json};

use self::shape::{found, full};
use crate::http::gate::Caller;
use crate::http::problem::Problem;

pub use self::shape::{FlavorOfServer, Link};

/// Its routes.
pub fn routes() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/compute/v2.1/flavors", get(list::brief).post(write::create))
        .route("/compute/v2.1/flavors/detail", get(list::detail))
        .route("/compute/v2.1/flavors/{id}", get(show).put(write::update).delete(write::delete))
        .route("/compute/v2.1/flavors/{id}/action", post(access::action))
        .route("/compute/v2.1/flavors/{id}/os-flavor-access", get(access::all))
        .route("/compute/v2.1/flavors/{id}/os-extra_specs", get(specs::all).post(specs::add))
        .route(
            "/compute/v2.1/flavors/{id}/os-extra_specs/{key}",
            get(specs::one).put(specs::set).delete(specs::remove),
        )
}

async fn show(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named(id): Named,
) -> Result<Json<Value>, Problem> {
    let flavor = found(&cloud, &caller, &id)?;
    Ok(Json(json!({ "flavor": full(&flavor, &caller.context.base, caller.version()) })))
}
