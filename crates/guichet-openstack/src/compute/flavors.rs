//! Flavors, and a flavor as a server shows it (Compute API reference, "Flavors").

mod list;
mod shape;
mod specs;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use guichet_cloud::Cloud;
use guichet_http::path::Named;
use serde_json::{Value, json};

use self::shape::{WHAT, found, full};
use super::refused;
use crate::http::gate::Caller;
use crate::http::problem::Problem;

pub use self::shape::{FlavorOfServer, Link, flavor_for_server};

const MANAGE: &str = "os_compute_api:os-flavor-manage";

/// Its routes.
pub fn routes() -> Router<Arc<Cloud>> {
    let manage = |caller: Caller| refused::for_admins(caller, MANAGE, WHAT);
    let manage_one = |caller: Caller| refused::for_admins(caller, MANAGE, WHAT);
    Router::new()
        .route("/compute/v2.1/flavors", get(list::brief).post(manage))
        .route("/compute/v2.1/flavors/detail", get(list::detail))
        .route("/compute/v2.1/flavors/{id}", get(show).put(manage_one).delete(manage_one))
        .route("/compute/v2.1/flavors/{id}/action", post(specs::action))
        .route("/compute/v2.1/flavors/{id}/os-flavor-access", get(specs::access))
        .route(
            "/compute/v2.1/flavors/{id}/os-extra_specs",
            get(specs::all).post(|caller: Caller| refused::for_admins(caller, MANAGE, WHAT)),
        )
        .route(
            "/compute/v2.1/flavors/{id}/os-extra_specs/{key}",
            get(specs::one)
                .put(|caller: Caller| refused::for_admins(caller, MANAGE, WHAT))
                .delete(|caller: Caller| refused::for_admins(caller, MANAGE, WHAT)),
        )
}

async fn show(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named(id): Named,
) -> Result<Json<Value>, Problem> {
    let flavor = found(&cloud, &caller, &id)?;
    Ok(Json(json!({ "flavor": full(flavor, &caller.context.base, caller.version()) })))
}
