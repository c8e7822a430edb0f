//! Flavors as administrators write them. (Compute API, "Create Flavor", "Update Flavor
//! Description", "Delete Flavor"; `nova/api/openstack/compute/schemas/flavors.py`.)

use std::sync::Arc;

use axum::Json;
use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_cloud::flavors::{FlavorEdit, FlavorError, NewFlavor};
use guichet_core::limits;
use guichet_core::server::Size;
use guichet_http::answer::empty;
use guichet_http::body;
use guichet_http::path::Named;
use http::StatusCode;
use serde_json::{Value, json};

use super::shape::full;
use crate::compute::servers::values;
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::version::Version;

const MANAGE: &str = "os_compute_api:os-flavor-manage";
/// Descriptions came here.
pub(super) const DESCRIBED: Version = Version(55);

/// `POST /flavors`.
pub(super) async fn create(
    In(cloud): In,
    caller: Caller,
    body::Json(body): body::Json,
) -> Result<Json<Value>, Problem> {
    let new = read(&caller, &body)?;
    let (id, name) = (Arc::clone(&new.id), Arc::clone(&new.name));
    let made = cloud.flavors().create(&caller.who, new).await;
    let flavor = made.map_err(|error| problem(error, &id, &name))?;
    Ok(Json(json!({ "flavor": full(&flavor, &caller.context.base, caller.version()) })))
}

/// `PUT /flavors/{id}`: its description, from 2.55 on.
pub(super) async fn update(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    body::Json(body): body::Json,
) -> Result<Json<Value>, Problem> {
    let flavor = Object::only(&body, "flavor")?;
    flavor.known(&["description"])?;
    let text = values::description(&flavor, limits::FLAVOR_DESCRIPTION_MAX)?;
    let text = text.ok_or_else(|| flavor.missing("description"))?;
    let edit = FlavorEdit::Describe(text.map(|text| text.to_string()));
    let flavor = edited(&cloud, &caller, &id, edit).await?;
    Ok(Json(json!({ "flavor": full(&flavor, &caller.context.base, caller.version()) })))
}

/// `DELETE /flavors/{id}`.
pub(super) async fn delete(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    edited(&cloud, &caller, &id, FlavorEdit::Delete).await?;
    Ok(empty(StatusCode::ACCEPTED))
}

/// Changes a flavor.
pub(super) async fn edited(
    cloud: &Cloud,
    caller: &Caller,
    id: &str,
    edit: FlavorEdit,
) -> Result<Arc<guichet_cloud::catalogue::Flavor>, Problem> {
    let about = match &edit {
        FlavorEdit::DropSpec(key) => key.clone(),
        FlavorEdit::GiveAccess(project) | FlavorEdit::TakeAccess(project) => project.to_string(),
        _ => String::new(),
    };
    let edited = cloud.flavors().edit(&caller.who, id, edit).await;
    edited.map_err(|error| problem(error, id, &about))
}

/// What stands in the way, in Nova's words: of the flavor of this id, about that name, extra spec
/// or project.
fn problem(error: FlavorError, id: &str, about: &str) -> Problem {
    let conflict = |text: String| Problem::new(StatusCode::CONFLICT, text);
    match error {
        FlavorError::Forbidden => Problem::policy(MANAGE),
        FlavorError::NotFound => Problem::not_found(format!("Flavor {id} could not be found.")),
        FlavorError::Declared => Problem::new(
            StatusCode::NOT_IMPLEMENTED,
            format!("Flavor {id} is declared in this cloud's configuration: change it there."),
        ),
        FlavorError::NameTaken => conflict(format!("Flavor with name {about} already exists.")),
        FlavorError::IdTaken => conflict(format!("Flavor with ID {id} already exists.")),
        FlavorError::Full | FlavorError::TooManySpecs => {
            Problem::new(StatusCode::FORBIDDEN, format!("No more: {error}."))
        }
        FlavorError::NoSpec => {
            Problem::not_found(format!("Flavor {id} has no extra specs with key {about}."))
        }
        FlavorError::Public => conflict("Can not add access to a public flavor.".to_owned()),
        FlavorError::AccessTaken => conflict(format!(
            "Flavor access already exists for flavor {id} and project {about} combination."
        )),
        FlavorError::NoAccess => {
            Problem::not_found(format!("Flavor access not found for {id} / {about} combination."))
        }
        FlavorError::NoProject => {
            Problem::bad_request(format!("Project ID {about} is not a valid project."))
        }
        FlavorError::Refused(refusal) => refusal.into(),
    }
}

fn read(caller: &Caller, body: &Value) -> Result<NewFlavor, Problem> {
    let flavor = Object::only(body, "flavor")?;
    let mut names = vec![
        "name",
        "id",
        "ram",
        "vcpus",
        "disk",
        "OS-FLV-EXT-DATA:ephemeral",
        "swap",
        "rxtx_factor",
        "os-flavor-access:is_public",
    ];
    names.extend((caller.version() >= DESCRIBED).then_some("description"));
    flavor.known(&names)?;
    let number = |name: &str, least: u64| match flavor.number(name, least..=limits::NUMBER_MAX)? {
        Some(number) => Ok(Some(number as u32)),
        None => Ok::<Option<u32>, Problem>(None),
    };
    let needed = |name: &str, least: u64| number(name, least)?.ok_or_else(|| flavor.missing(name));
    let description = values::description(&flavor, limits::FLAVOR_DESCRIPTION_MAX)?;
    Ok(NewFlavor {
        id: id(caller, &flavor)?,
        name: values::plain_name(&flavor, "name")?.ok_or_else(|| flavor.missing("name"))?,
        size: Size { vcpus: needed("vcpus", 1)?, ram_mib: needed("ram", 1)? },
        disk_gib: needed("disk", 0)?,
        ephemeral_gib: number("OS-FLV-EXT-DATA:ephemeral", 0)?.unwrap_or(0),
        swap_mib: number("swap", 0)?.unwrap_or(0),
        rxtx_factor: factor(&flavor)?,
        is_public: flavor.flag("os-flavor-access:is_public")?.unwrap_or(true),
        description: description.flatten().map(|text| text.to_string()),
    })
}

/// An id of letters, digits, `.`, `-`, `_` and blanks inside; a new one if none is asked for.
fn id(caller: &Caller, flavor: &Object<'_>) -> Result<Arc<str>, Problem> {
    let id = match flavor.raw("id") {
        None | Some(Value::Null) => return Ok(fresh(caller)),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::String(text)) if text == "auto" => return Ok(fresh(caller)),
        Some(Value::String(text)) => text.clone(),
        Some(_) => return Err(flavor.wrong("id", "It is not of type 'string', 'integer'.")),
    };
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ');
    let is_sound = (1..=limits::TEXT_MAX).contains(&id.chars().count())
        && id.chars().all(letter)
        && id.trim() == id;
    if is_sound { Ok(Arc::from(id)) } else { Err(flavor.wrong("id", "It is no flavor's id.")) }
}

/// A factor above 0; Nova takes texts of numbers too.
fn factor(flavor: &Object<'_>) -> Result<f64, Problem> {
    let factor = match flavor.raw("rxtx_factor") {
        None => return Ok(1.0),
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.parse().ok().filter(|_| is_decimal(text)),
        Some(_) => None,
    };
    let in_range = factor.filter(|factor| *factor > 0.0 && *factor <= f64::from(f32::MAX));
    in_range.ok_or_else(|| flavor.wrong("rxtx_factor", "It is no number above 0."))
}

/// Digits, perhaps with a dot and more of them.
fn is_decimal(text: &str) -> bool {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    is_digits(whole) && is_digits(fraction)
}

/// A new id: made from the request's, which no other has.
fn fresh(caller: &Caller) -> Arc<str> {
    let request = caller.who.request.to_string();
    Arc::from(guichet_cloud::ids::derived("flavor", &request).to_string())
}
