//! What belongs to Compute beyond its first core (Compute API reference, "Extensions"). Nova
//! keeps the list for old clients, who look for aliases in it before they use what is behind.

use axum::Json;
use guichet_http::path::Named;
use serde_json::{Value, json};

use super::prefix::PREFIX;
use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::routes::Routes;

/// Its routes.
pub fn routes() -> Routes {
    Routes::under(PREFIX).get("/extensions", list).get("/extensions/{alias}", show)
}

/// (alias, name) of what is offered.
const OFFERED: &[(&str, &str)] = &[
    ("OS-DCF", "DiskConfig"),
    ("OS-EXT-AZ", "ExtendedAvailabilityZone"),
    ("OS-EXT-STS", "ExtendedStatus"),
    ("OS-FLV-EXT-DATA", "FlavorExtraData"),
    ("OS-SRV-USG", "ServerUsage"),
    ("os-aggregates", "Aggregates"),
    ("os-availability-zone", "AvailabilityZone"),
    ("os-extended-server-attributes", "ExtendedServerAttributes"),
    ("os-flavor-access", "FlavorAccess"),
    ("os-flavor-extra-specs", "FlavorExtraSpecs"),
    ("os-hypervisors", "Hypervisors"),
    ("os-instance-actions", "InstanceActions"),
    ("os-keypairs", "Keypairs"),
    ("os-lock-server", "LockServer"),
    ("os-multiple-create", "MultipleCreate"),
    ("os-quota-sets", "Quotas"),
    ("os-server-groups", "ServerGroups"),
    ("os-server-start-stop", "ServerStartStop"),
    ("os-services", "Services"),
    ("os-simple-tenant-usage", "SimpleTenantUsage"),
];

fn shown((alias, name): &(&str, &str)) -> Value {
    json!({
        "alias": alias,
        "name": name,
        "description": "",
        "links": [],
        "namespace": "http://docs.openstack.org/compute/ext/fake_xml",
        "updated": "2014-12-03T00:00:00Z",
    })
}

async fn list(_caller: Caller) -> Json<Value> {
    Json(json!({ "extensions": OFFERED.iter().map(shown).collect::<Vec<_>>() }))
}

async fn show(_caller: Caller, Named(alias): Named) -> Result<Json<Value>, Problem> {
    let found = OFFERED.iter().find(|(known, _)| *known == alias);
    let found = found.ok_or_else(|| Problem::not_found("The resource could not be found."))?;
    Ok(Json(json!({ "extension": shown(found) })))
}
