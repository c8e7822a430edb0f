//! Flavors, and a flavor as a server shows it (Compute API reference, "Flavors").

mod access;
mod list;
mod shape;
mod specs;
mod write;

use axum::Json;
use guichet_http::path::Named;
use serde_json::{Value, json};

use self::shape::{found, full};
use super::prefix::PREFIX;
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::routes::Routes;

pub use self::shape::{FlavorOfServer, Link};

/// Its routes.
pub fn routes() -> Routes {
    Routes::under(PREFIX)
        .get("/flavors", list::brief)
        .post("/flavors", write::create)
        .get("/flavors/detail", list::detail)
        .get("/flavors/{id}", show)
        .delete("/flavors/{id}", write::delete)
        .post("/flavors/{id}/action", access::action)
        .get("/flavors/{id}/os-flavor-access", access::all)
        .get("/flavors/{id}/os-extra_specs", specs::all)
        .post("/flavors/{id}/os-extra_specs", specs::add)
        .get("/flavors/{id}/os-extra_specs/{key}", specs::one)
        .put("/flavors/{id}/os-extra_specs/{key}", specs::set)
        .delete("/flavors/{id}/os-extra_specs/{key}", specs::remove)
        .from(write::DESCRIBED.0)
        .put("/flavors/{id}", write::update)
}

async fn show(In(cloud): In, caller: Caller, Named(id): Named) -> Result<Json<Value>, Problem> {
    let flavor = found(&cloud, &caller, &id)?;
    Ok(Json(json!({ "flavor": full(&flavor, &caller.context.base, caller.version()) })))
}
