//! Host aggregates (Compute API reference, "Host aggregates"; REST API Version History, 2.41).
//! Administrators' business.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_cloud::aggregates::{Aggregate, AggregateEdit, AggregateError};
use guichet_cloud::servers::values::{check_metadata_name, check_printable};
use guichet_core::limits;
use guichet_core::time::Timestamp;
use guichet_http::answer::empty;
use guichet_http::path::Named;
use guichet_http::{body, dates};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::prefix::PREFIX;
use super::servers::of_value;
use super::servers::values::{host_name, plain_name as name};
use super::versions::{Field, from, trim};
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::routes::Routes;

const RULE: &str = "os_compute_api:os-aggregates";
const NO_CACHE: &str = "Hosts of this cloud have no cache of images.";

/// Its routes.
pub fn routes() -> Routes {
    Routes::under(PREFIX)
        .get("/os-aggregates", list)
        .post("/os-aggregates", create)
        .get("/os-aggregates/{id}", show)
        .put("/os-aggregates/{id}", update)
        .delete("/os-aggregates/{id}", delete)
        .post("/os-aggregates/{id}/action", act)
        .from(81)
        .absent_by(Method::POST, "/os-aggregates/{id}/images", NO_CACHE, cache)
}

const FIELDS: &[Field] = &[from(41, "uuid")];

fn shown(caller: &Caller, number: u32, aggregate: &Aggregate) -> Value {
    let at = |micros| dates::bare(Timestamp::from_micros(micros));
    let mut row = json!({
        "id": number,
        "uuid": guichet_cloud::ids::derived("aggregate", &number.to_string()),
        "name": aggregate.name,
        "availability_zone": aggregate.zone(),
        "hosts": aggregate.hosts,
        "metadata": aggregate.metadata,
        "created_at": at(aggregate.created_us),
        "updated_at": aggregate.updated_us.map(at),
        "deleted": false,
        "deleted_at": null,
    });
    trim(&mut row, FIELDS, caller.version());
    row
}

fn found(cloud: &Cloud, id: &str) -> Result<(u32, Arc<Aggregate>), Problem> {
    let number = id.parse().ok().filter(|number: &u32| *number > 0);
    let found = number.and_then(|number| Some((number, cloud.aggregates().find(number)?)));
    found.ok_or_else(|| problem(AggregateError::NotFound, id, ""))
}

/// What stands in the way, in Nova's words: of the aggregate of this id, about that name or host.
fn problem(error: AggregateError, id: &str, about: &str) -> Problem {
    let conflict = |text: String| Problem::new(StatusCode::CONFLICT, text);
    match error {
        AggregateError::Forbidden => Problem::policy(RULE),
        AggregateError::NotFound => {
            Problem::not_found(format!("Aggregate {id} could not be found."))
        }
        AggregateError::UnknownHost => {
            Problem::not_found(format!("Compute host {about} could not be found."))
        }
        AggregateError::NameTaken => conflict(format!("Aggregate {about} already exists.")),
        AggregateError::HostTaken => conflict(format!("Aggregate {id} already has host {about}.")),
        AggregateError::NoHost => {
            Problem::not_found(format!("Aggregate {id} has no host {about}."))
        }
        AggregateError::OtherZone => conflict(format!(
            "Cannot perform action on aggregate {id}: One or more hosts already in availability \
             zone(s)."
        )),
        AggregateError::NotEmpty => Problem::bad_request(format!(
            "Cannot remove host from aggregate {id}. Reason: Host aggregate is not empty."
        )),
        AggregateError::Full => {
            Problem::new(StatusCode::FORBIDDEN, "There are as many aggregates as there may be.")
        }
        AggregateError::Refused(refusal) => refusal.into(),
    }
}

async fn list(In(cloud): In, caller: Caller) -> Result<Json<Value>, Problem> {
    caller.must_be_admin("os_compute_api:os-aggregates:index")?;
    let all = cloud.aggregates().all();
    let rows = all.iter().map(|(number, aggregate)| shown(&caller, *number, aggregate));
    Ok(Json(json!({ "aggregates": rows.collect::<Vec<_>>() })))
}

async fn show(In(cloud): In, caller: Caller, Named(id): Named) -> Result<Json<Value>, Problem> {
    caller.must_be_admin("os_compute_api:os-aggregates:show")?;
    let (number, aggregate) = found(&cloud, &id)?;
    Ok(Json(json!({ "aggregate": shown(&caller, number, &aggregate) })))
}

/// A zone's name, which has no colon in it.
fn zone(object: &Object<'_>) -> Result<Option<Option<String>>, Problem> {
    if object.raw("availability_zone").is_some_and(Value::is_null) {
        return Ok(Some(None));
    }
    let zone = name(object, "availability_zone")?;
    if zone.as_ref().is_some_and(|zone| zone.contains(':')) {
        return Err(object.wrong("availability_zone", "A zone's name has no ':'."));
    }
    Ok(zone.map(|zone| Some(zone.to_string())))
}

async fn create(
    In(cloud): In,
    caller: Caller,
    body::Json(body): body::Json,
) -> Result<Json<Value>, Problem> {
    let asked = Object::only(&body, "aggregate")?;
    asked.known(&["name", "availability_zone"])?;
    let wanted = name(&asked, "name")?.ok_or_else(|| asked.missing("name"))?;
    let zone = zone(&asked)?.flatten();
    let made = cloud.aggregates().create(&caller.who, Arc::clone(&wanted), zone).await;
    let number = made.map_err(|error| problem(error, "", &wanted))?;
    let (number, aggregate) = found(&cloud, &number.to_string())?;
    let mut row = shown(&caller, number, &aggregate);
    if let Some(fields) = row.as_object_mut() {
        // A new one is shown without what it has none of.
        fields.remove("hosts");
        fields.remove("metadata");
    }
    Ok(Json(json!({ "aggregate": row })))
}

async fn update(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    body::Json(body): body::Json,
) -> Result<Json<Value>, Problem> {
    let asked = Object::only(&body, "aggregate")?;
    asked.known(&["name", "availability_zone"])?;
    let (name, zone) = (loose_name(&asked)?, zone(&asked)?);
    if name.is_none() && zone.is_none() {
        return Err(Problem::bad_field("aggregate", "Expected name or availability_zone."));
    }
    let about = name.clone().unwrap_or_else(|| Arc::from(""));
    edit(&cloud, &caller, &id, (AggregateEdit::Update { name, zone }, &about)).await
}

/// A name that may have blanks at its ends here alone; they are cut off.
fn loose_name(object: &Object<'_>) -> Result<Option<Arc<str>>, Problem> {
    let Some(name) = object.text("name", 1, limits::TEXT_MAX)? else {
        return Ok(None);
    };
    match name.trim() {
        trimmed if !trimmed.is_empty() && check_printable(name).is_ok() => {
            Ok(Some(Arc::from(trimmed)))
        }
        _ => Err(object.wrong("name", "It is blank, or does not print.")),
    }
}

/// Changes one, and shows it.
async fn edit(
    cloud: &Cloud,
    caller: &Caller,
    id: &str,
    (edit, about): (AggregateEdit, &str),
) -> Result<Json<Value>, Problem> {
    caller.must_be_admin(RULE)?;
    let (number, _) = found(cloud, id)?;
    let edited = cloud.aggregates().edit(&caller.who, number, edit).await;
    edited.map_err(|error| problem(error, id, about))?;
    let (number, aggregate) = found(cloud, id)?;
    Ok(Json(json!({ "aggregate": shown(caller, number, &aggregate) })))
}

async fn delete(In(cloud): In, caller: Caller, Named(id): Named) -> Result<Response, Problem> {
    caller.must_be_admin("os_compute_api:os-aggregates:delete")?;
    let (number, _) = found(&cloud, &id)?;
    let deleted = cloud.aggregates().delete(&caller.who, number).await;
    deleted.map_err(|error| problem(error, &id, ""))?;
    Ok(empty(StatusCode::OK))
}

async fn act(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    body::Json(body): body::Json,
) -> Result<Json<Value>, Problem> {
    let whole = Object::of(&body, "body")?;
    let host = |action: &str| {
        let asked = Object::only(&body, action)?;
        asked.known(&["host"])?;
        let host = host_name(&asked, "host")?;
        host.map(Arc::<str>::from).ok_or_else(|| asked.missing("host"))
    };
    if whole.raw("add_host").is_some() {
        let host = host("add_host")?;
        return edit(&cloud, &caller, &id, (AggregateEdit::AddHost(host.clone()), &host)).await;
    }
    if whole.raw("remove_host").is_some() {
        let host = host("remove_host")?;
        return edit(&cloud, &caller, &id, (AggregateEdit::RemoveHost(host.clone()), &host)).await;
    }
    if whole.raw("set_metadata").is_some() {
        let asked = Object::only(&body, "set_metadata")?;
        asked.known(&["metadata"])?;
        let metadata = asked.object("metadata")?.ok_or_else(|| asked.missing("metadata"))?;
        let metadata = metadata_of(&metadata)?;
        return edit(&cloud, &caller, &id, (AggregateEdit::SetMetadata(metadata), "")).await;
    }
    Err(Problem::bad_request("Expected add_host, remove_host or set_metadata."))
}

/// Names and values; `null` takes one away.
fn metadata_of(object: &Object<'_>) -> Result<BTreeMap<String, Option<String>>, Problem> {
    let mut metadata = BTreeMap::new();
    for (name, _) in object.iter() {
        check_metadata_name(name)
            .map_err(|error| Problem::bad_field("metadata", of_value(error)))?;
        let value = object.nullable(name, limits::TEXT_MAX)?.flatten();
        metadata.insert(name.clone(), value.map(|value| value.to_string()));
    }
    Ok(metadata)
}

/// `POST /os-aggregates/{id}/images` (2.81): hosts that are simulated have no cache of images.
async fn cache(In(cloud): In, caller: Caller, Named(id): Named) -> Result<Json<Value>, Problem> {
    caller.must_be_admin("compute:aggregates:images")?;
    found(&cloud, &id)?;
    Err(Problem::not_offered(NO_CACHE))
}
