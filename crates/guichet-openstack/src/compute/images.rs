//! Images as Compute showed them until 2.35; their metadata until 2.38 (Compute API, "Images
//! (deprecated)"). The Image service has them all.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_cloud::catalogue::Image;
use guichet_cloud::images::ImageState;
use guichet_http::answer::empty;
use guichet_http::path::Named;
use guichet_http::query::Params;
use guichet_http::{body, dates};
use http::StatusCode;
use serde_json::{Value, json};

use super::links;
use super::prefix::PREFIX;
use super::servers::{of_server, values};
use crate::http::gate::{Caller, In};
use crate::http::paging::Paging;
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::routes::Routes;
use crate::images::{Found, created, declared, find, properties, remove};

/// The last version that has them here.
const LAST: u16 = 35;
/// The last version that has their metadata here.
const LAST_METADATA: u16 = 38;

/// Its routes.
pub fn routes() -> Routes {
    Routes::under(PREFIX)
        .until(LAST)
        .get("/images", brief)
        .get("/images/detail", detail)
        .get("/images/{id}", show)
        .delete("/images/{id}", delete)
        .until(LAST_METADATA)
        .get("/images/{id}/metadata", metadata)
        .post("/images/{id}/metadata", merge)
        .put("/images/{id}/metadata", replace)
        .get("/images/{id}/metadata/{key}", metadatum)
        .put("/images/{id}/metadata/{key}", set)
        .delete("/images/{id}/metadata/{key}", unset)
}

async fn brief(In(cloud): In, caller: Caller, params: Params) -> Result<Json<Value>, Problem> {
    list(
        &cloud,
        &caller,
        &params,
        |row| json!({ "id": row["id"], "name": row["name"], "links": row["links"] }),
    )
}

async fn detail(In(cloud): In, caller: Caller, params: Params) -> Result<Json<Value>, Problem> {
    list(&cloud, &caller, &params, Clone::clone)
}

fn list(
    cloud: &Cloud,
    caller: &Caller,
    params: &Params,
    shape: impl Fn(&Value) -> Value,
) -> Result<Json<Value>, Problem> {
    let paging = Paging::of(params)?;
    let rows = cloud.images().all(&caller.who);
    let rows = rows.iter().map(|(image, state)| shown(cloud, caller, image, *state));
    let wanted = |row: &Value| {
        let is = |name: &str, field: &Value| {
            params.get(name).is_none_or(|wanted| field.as_str() == Some(wanted))
        };
        is("name", &row["name"])
            && is("status", &row["status"])
            && is("server", &row["server"]["id"])
            && params.get("type").is_none_or(|kind| row["metadata"]["image_type"] == kind)
    };
    let rows: Vec<Value> = rows.filter(wanted).collect();
    let rows = paging.of_rows(rows, |row| row["id"].as_str().unwrap_or("").to_owned())?;
    Ok(Json(json!({ "images": rows.iter().map(shape).collect::<Vec<_>>() })))
}

async fn show(In(cloud): In, caller: Caller, Named(id): Named) -> Result<Json<Value>, Problem> {
    let (_, image, state) = found(&cloud, &caller, &id)?;
    Ok(Json(json!({ "image": shown(&cloud, &caller, &image, state) })))
}

async fn delete(In(cloud): In, caller: Caller, Named(id): Named) -> Result<Response, Problem> {
    let (number, image, _) = found(&cloud, &caller, &id)?;
    remove(&cloud, &caller, (number, &image)).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

async fn metadata(In(cloud): In, caller: Caller, Named(id): Named) -> Result<Json<Value>, Problem> {
    let (_, image, _) = found(&cloud, &caller, &id)?;
    Ok(Json(json!({ "metadata": properties(&image) })))
}

async fn metadatum(
    In(cloud): In,
    caller: Caller,
    Named((id, key)): Named<(String, String)>,
) -> Result<Json<Value>, Problem> {
    let (_, image, _) = found(&cloud, &caller, &id)?;
    let properties = properties(&image);
    let value = properties.get(&key);
    let value = value.ok_or_else(|| Problem::not_found("Metadata item was not found"))?;
    Ok(Json(json!({ "meta": { key: value } })))
}

/// What is to be written on an image.
type Properties = BTreeMap<Arc<str>, Arc<str>>;

async fn merge(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    body::Json(body): body::Json,
) -> Result<Json<Value>, Problem> {
    let more = asked(&body)?;
    let image = write(&cloud, &caller, &id, |known| known.extend(more)).await?;
    Ok(Json(json!({ "metadata": properties(&image) })))
}

async fn replace(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    body::Json(body): body::Json,
) -> Result<Json<Value>, Problem> {
    let all = asked(&body)?;
    let image = write(&cloud, &caller, &id, |known| *known = all).await?;
    Ok(Json(json!({ "metadata": properties(&image) })))
}

async fn set(
    In(cloud): In,
    caller: Caller,
    Named((id, key)): Named<(String, String)>,
    body::Json(body): body::Json,
) -> Result<Json<Value>, Problem> {
    let whole = Object::of(&body, "body")?;
    let meta = values::metadata(&whole, "meta")?.ok_or_else(|| whole.missing("meta"))?;
    if meta.len() != 1 || !meta.contains_key(key.as_str()) {
        return Err(Problem::bad_request("Request body and URI mismatch"));
    }
    let shown = json!({ "meta": meta });
    write(&cloud, &caller, &id, |known| known.extend(meta)).await?;
    Ok(Json(shown))
}

async fn unset(
    In(cloud): In,
    caller: Caller,
    Named((id, key)): Named<(String, String)>,
) -> Result<Response, Problem> {
    let (_, image, _) = found(&cloud, &caller, &id)?;
    if !properties(&image).contains_key(&key) {
        return Err(Problem::not_found("Invalid metadata key"));
    }
    write(&cloud, &caller, &id, |known| drop(known.remove(key.as_str()))).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

fn asked(body: &Value) -> Result<Properties, Problem> {
    let whole = Object::of(body, "body")?;
    whole.known(&["metadata"])?;
    values::metadata(&whole, "metadata")?.ok_or_else(|| whole.missing("metadata"))
}

/// Changes what is written on an image that was made of a server.
async fn write(
    cloud: &Cloud,
    caller: &Caller,
    id: &str,
    change: impl FnOnce(&mut Properties),
) -> Result<Arc<Image>, Problem> {
    let (number, image, _) = found(cloud, caller, id)?;
    caller.must_write("os_compute_api:image-metadata")?;
    if image.made.is_none() {
        return Err(declared());
    }
    let written = cloud.images().write_on(number, change).await;
    let written = written.map_err(|error| of_server(error, "os_compute_api:image-metadata"))?;
    written.ok_or_else(|| Problem::not_found(format!("Image {id} could not be found.")))
}

fn found(cloud: &Cloud, caller: &Caller, id: &str) -> Result<Found, Problem> {
    find(cloud, caller, id)
        .ok_or_else(|| Problem::not_found(format!("Image {id} could not be found.")))
}

fn shown(cloud: &Cloud, caller: &Caller, image: &Image, state: ImageState) -> Value {
    let base = &caller.context.base;
    let created = dates::seconds(created(cloud, image)).to_string();
    let (status, progress) = match state {
        ImageState::Active => ("ACTIVE", 100),
        ImageState::Queued | ImageState::Saving => ("SAVING", 50),
    };
    let id = image.id.to_string();
    let mut links = links::both(base, "images", &id);
    if let Some(links) = links.as_array_mut() {
        let href = base.link(&format!("/image/images/{id}"));
        let kind = "application/vnd.openstack.image";
        links.push(json!({ "rel": "alternate", "type": kind, "href": href }));
    }
    let mut shown = json!({
        "id": id, "name": image.name, "links": links, "status": status, "progress": progress,
        "minDisk": image.min_disk_gib, "minRam": image.min_ram_mib,
        "created": created, "updated": created,
        "OS-EXT-IMG-SIZE:size": image.size,
        "metadata": properties(image),
    });
    if let Some(made) = &image.made {
        let server = made.server.0.to_string();
        shown["server"] = json!({ "id": server, "links": links::both(base, "servers", &server) });
    }
    shown
}
