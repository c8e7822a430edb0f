//! Which projects have access to a flavor that is not public. (Compute API, "Flavor access".)

use std::sync::Arc;

use axum::Json;
use guichet_cloud::catalogue::Flavor;
use guichet_cloud::flavors::FlavorEdit;
use guichet_core::limits;
use guichet_http::body;
use guichet_http::path::Named;
use http::StatusCode;
use serde_json::{Value, json};

use super::shape::found;
use super::write::edited;
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::version::Version;

const ACCESS: &str = "os_compute_api:os-flavor-access";
/// Before, access to a public flavor may be given without effect.
const PUBLIC_IS_REFUSED: Version = Version(7);

/// `GET /flavors/{id}/os-flavor-access`.
pub(super) async fn all(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Json<Value>, Problem> {
    caller.must_be_admin(ACCESS)?;
    let flavor = found(&cloud, &caller, &id)?;
    if flavor.is_public {
        return Err(Problem::not_found("Access list not available for public flavors."));
    }
    Ok(shown(&flavor))
}

/// `POST /flavors/{id}/action`: giving and taking access.
pub(super) async fn action(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    body::Json(body): body::Json,
) -> Result<Json<Value>, Problem> {
    let (gives, project) = read(&body)?;
    caller.must_be_admin(ACCESS)?;
    let flavor = found(&cloud, &caller, &id)?;
    if flavor.is_public {
        return match (gives, caller.version() >= PUBLIC_IS_REFUSED) {
            (true, false) => Ok(Json(json!({ "flavor_access": [] }))),
            (true, true) => {
                let text = "Can not add access to a public flavor.";
                Err(Problem::new(StatusCode::CONFLICT, text))
            }
            (false, _) => Err(Problem::not_found(format!(
                "Flavor access not found for {id} / {project} combination."
            ))),
        };
    }
    let edit = match gives {
        true => FlavorEdit::GiveAccess(project),
        false => FlavorEdit::TakeAccess(project),
    };
    Ok(shown(&*edited(&cloud, &caller, &id, edit).await?))
}

/// Whether access is given, and whose it is.
fn read(body: &Value) -> Result<(bool, Arc<str>), Problem> {
    let whole = Object::of(body, "body")?;
    for (name, gives) in [("addTenantAccess", true), ("removeTenantAccess", false)] {
        if whole.raw(name).is_some() {
            let access = Object::only(body, name)?;
            access.known(&["tenant"])?;
            let project = access.text("tenant", 1, limits::TEXT_MAX)?;
            let project = project.ok_or_else(|| access.missing("tenant"))?;
            return Ok((gives, Arc::from(project)));
        }
    }
    Err(Problem::bad_request(
        "Malformed request body: expected addTenantAccess or removeTenantAccess.",
    ))
}

fn shown(flavor: &Flavor) -> Json<Value> {
    let row = |project: &Arc<str>| json!({ "flavor_id": flavor.id, "tenant_id": project });
    let rows: Vec<Value> = flavor.access.iter().map(row).collect();
    Json(json!({ "flavor_access": rows }))
}
