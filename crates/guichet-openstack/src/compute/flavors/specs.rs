//! Extra specs of flavors, and who has access to which.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use guichet_cloud::Cloud;
use guichet_http::body;
use guichet_http::path::Named;
use http::StatusCode;
use serde_json::{Value, json};

use super::super::refused;
use super::shape::{WHAT, found};
use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::version::Version;

const ACCESS: &str = "os_compute_api:os-flavor-access";
/// Before, access to a public flavor may be given without effect.
const PUBLIC_IS_REFUSED: Version = Version(7);

/// `GET /flavors/{id}/os-extra_specs`.
pub(super) async fn all(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named(id): Named,
) -> Result<Json<Value>, Problem> {
    let flavor = found(&cloud, &caller, &id)?;
    Ok(Json(json!({ "extra_specs": flavor.extra_specs })))
}

/// `GET /flavors/{id}/os-extra_specs/{key}`.
pub(super) async fn one(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named((id, key)): Named<(String, String)>,
) -> Result<Json<Value>, Problem> {
    let flavor = found(&cloud, &caller, &id)?;
    let value = flavor.extra_specs.get(&key).ok_or_else(|| {
        Problem::not_found(format!("Flavor {id} has no extra specs with key {key}."))
    })?;
    Ok(Json(json!({ key: value })))
}

/// `GET /flavors/{id}/os-flavor-access`: no project is named anywhere, so none is listed.
pub(super) async fn access(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named(id): Named,
) -> Result<Json<Value>, Problem> {
    caller.must_be_admin(ACCESS)?;
    if found(&cloud, &caller, &id)?.is_public {
        return Err(Problem::not_found("Access list not available for public flavors."));
    }
    Ok(Json(json!({ "flavor_access": [] })))
}

/// `POST /flavors/{id}/action`: giving and taking access.
pub(super) async fn action(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named(id): Named,
    body::Json(body): body::Json,
) -> Problem {
    let asked = |action: &str| body.get(action).is_some();
    if !asked("addTenantAccess") && !asked("removeTenantAccess") {
        return Problem::bad_request(
            "Malformed request body: expected addTenantAccess or removeTenantAccess.",
        );
    }
    if let Err(problem) = caller.must_be_admin(ACCESS) {
        return problem;
    }
    match found(&cloud, &caller, &id) {
        Err(problem) => problem,
        Ok(flavor)
            if flavor.is_public
                && asked("addTenantAccess")
                && caller.version() >= PUBLIC_IS_REFUSED =>
        {
            Problem::new(StatusCode::CONFLICT, "Can not add access to a public flavor.")
        }
        Ok(_) => refused::for_admins(caller, ACCESS, WHAT).await,
    }
}
