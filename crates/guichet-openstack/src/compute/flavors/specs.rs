//! Extra specs of flavors. (Compute API, "Flavors extra-specs".)

use std::collections::BTreeMap;

use axum::Json;
use axum::response::Response;
use guichet_cloud::flavors::FlavorEdit;
use guichet_core::limits;
use guichet_http::answer::empty;
use guichet_http::body;
use guichet_http::path::Named;
use http::StatusCode;
use serde_json::{Value, json};

use super::shape::found;
use super::write::edited;
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::read::Object;

/// `GET /flavors/{id}/os-extra_specs`.
pub(super) async fn all(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Json<Value>, Problem> {
    let flavor = found(&cloud, &caller, &id)?;
    Ok(Json(json!({ "extra_specs": flavor.extra_specs })))
}

/// `GET /flavors/{id}/os-extra_specs/{key}`.
pub(super) async fn one(
    In(cloud): In,
    caller: Caller,
    Named((id, key)): Named<(String, String)>,
) -> Result<Json<Value>, Problem> {
    let flavor = found(&cloud, &caller, &id)?;
    let value = flavor.extra_specs.get(&key).ok_or_else(|| {
        Problem::not_found(format!("Flavor {id} has no extra specs with key {key}."))
    })?;
    Ok(Json(json!({ key: value })))
}

/// `POST /flavors/{id}/os-extra_specs`.
pub(super) async fn add(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    body::Json(body): body::Json,
) -> Result<Json<Value>, Problem> {
    let specs = specs(&Object::only(&body, "extra_specs")?)?;
    let shown = json!({ "extra_specs": specs });
    edited(&cloud, &caller, &id, FlavorEdit::AddSpecs(specs)).await?;
    Ok(Json(shown))
}

/// `PUT /flavors/{id}/os-extra_specs/{key}`.
pub(super) async fn set(
    In(cloud): In,
    caller: Caller,
    Named((id, key)): Named<(String, String)>,
    body::Json(body): body::Json,
) -> Result<Json<Value>, Problem> {
    let specs = specs(&Object::of(&body, "body")?)?;
    if specs.len() != 1 || !specs.contains_key(&key) {
        return Err(Problem::bad_request("Request body and URI mismatch"));
    }
    let shown = json!(specs);
    edited(&cloud, &caller, &id, FlavorEdit::AddSpecs(specs)).await?;
    Ok(Json(shown))
}

/// `DELETE /flavors/{id}/os-extra_specs/{key}`.
pub(super) async fn remove(
    In(cloud): In,
    caller: Caller,
    Named((id, key)): Named<(String, String)>,
) -> Result<Response, Problem> {
    edited(&cloud, &caller, &id, FlavorEdit::DropSpec(key)).await?;
    Ok(empty(StatusCode::OK))
}

/// Names of letters, digits and a few signs; values as texts or numbers
/// (`nova/api/validation/parameter_types.py`, `metadata`).
fn specs(object: &Object<'_>) -> Result<BTreeMap<String, String>, Problem> {
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.' | ' ');
    let mut specs = BTreeMap::new();
    for (key, value) in object.iter() {
        if key.is_empty() || key.len() > limits::TEXT_MAX || !key.chars().all(letter) {
            return Err(object.wrong(key, "It is no name of an extra spec."));
        }
        let value = match value {
            Value::String(text) if text.chars().count() <= limits::TEXT_MAX => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return Err(object.wrong(key, "Expected a text of 255 characters at most.")),
        };
        specs.insert(key.clone(), value);
    }
    Ok(specs)
}
