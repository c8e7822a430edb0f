//! What runs where (Compute API reference, "Compute services"): one service on each host, up as
//! long as this process is. Administrators' business.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use guichet_cloud::{Cloud, ids};
use guichet_core::project::Host;
use guichet_http::dates;
use guichet_http::query::Params;
use serde_json::{Value, json};

use super::refused;
use super::versions::{Field, from, trim};
use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;
use crate::http::version::Version;

/// The name of the service that hosts run.
pub(super) const BINARY: &str = "nova-compute";
const CHANGE: &str = "os_compute_api:os-services:update";

/// Its routes.
pub fn routes() -> Router<Arc<Cloud>> {
    let change = |caller: Caller| refused::for_admins(caller, CHANGE, "Services");
    Router::new()
        .route("/compute/v2.1/os-services", get(list))
        .route("/compute/v2.1/os-services/{id}", axum::routing::put(change).delete(change))
}

const FIELDS: &[Field] = &[from(11, "forced_down")];
/// From here on services and hypervisors have UUIDs, before numbers from 1.
pub(super) const UUIDS: Version = Version(53);

/// The id of a host's service.
pub(super) fn id(host: &Host, version: Version) -> Value {
    if version < UUIDS { json!(host.id.0 + 1) } else { json!(ids::derived("service", &host.name)) }
}

async fn list(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let version = caller.version();
    params.only(version, &["host", "binary"])?;
    caller.must_be_admin("os_compute_api:os-services:list")?;
    // An empty filter is none.
    let wants = |name: &str, value: &str| {
        params.get(name).is_none_or(|wanted| wanted.is_empty() || wanted == value)
    };
    let seen = dates::bare(cloud.now());
    let hosts = cloud.catalogue().hosts().iter();
    let hosts = hosts.filter(|host| wants("host", &host.name) && wants("binary", BINARY));
    let rows = hosts.map(|host| {
        let mut row = json!({
            "id": id(host, version),
            "binary": BINARY,
            "host": host.name,
            "zone": cloud.catalogue().zone(),
            "status": "enabled",
            "state": "up",
            "updated_at": seen,
            "disabled_reason": null,
            "forced_down": false,
        });
        trim(&mut row, FIELDS, version);
        row
    });
    Ok(Json(json!({ "services": rows.collect::<Vec<_>>() })))
}
