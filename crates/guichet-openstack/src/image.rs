//! Image v2: images that are declared, to look at, and those made of servers, to delete too (Image
//! API reference, "Images"). What Compute's clients ask for, and a plain no to the rest.

mod filter;

use crate::http::gate::{Caller, Context, In};
use crate::http::paging::Paging;
use crate::http::problem::Problem;
use crate::http::routes::Routes;
use crate::http::service::Service;
use crate::http::shape;
use crate::images::{Found, created, find, properties, remove};
use axum::Json;
use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_cloud::catalogue::Image;
use guichet_cloud::images::ImageState;
use guichet_core::time::Timestamp;
use guichet_http::answer::empty;
use guichet_http::dates;
use guichet_http::path::Named;
use guichet_http::query::Params;
use http::{Method, StatusCode};
use serde_json::{Value, json};

/// The service's row in the table of services.
pub static SERVICE: Service = Service {
    kind: "image",
    name: "glance",
    prefix: "image",
    endpoint: "/image",
    is_open: |_, path| path == "/image/v2" || !path.starts_with("/image/v2/"),
    problem_body: shape::nova,
    is_compute: false,
};

/// Why images are not written but by Compute.
const NOT_WRITTEN: &str =
    "Images are declared in this cloud's configuration, or made of servers through Compute.";
const NO_DATA: &str = "There is no data behind the images of this cloud.";
const NO_SUCH_PART: &str = "This cloud has no such part of the image service.";

/// Its routes, with its prefix.
pub fn routes() -> Routes {
    let mut routes = Routes::under("/image")
        .get("", choices)
        .get("/v2", choices)
        .get("/versions", versions)
        .get("/v2/images", list)
        .get("/v2/images/{id}", show)
        .delete("/v2/images/{id}", delete)
        .get("/v2/images/{id}/members", members)
        .get("/v2/schemas/image", schema)
        .get("/v2/schemas/images", schema_of_list)
        .absent_by(Method::GET, "/v2/images/{id}/file", NO_DATA, file);
    for (method, path) in [
        (Method::POST, "/v2/images"),
        (Method::PATCH, "/v2/images/{id}"),
        (Method::PUT, "/v2/images/{id}/file"),
        (Method::PUT, "/v2/images/{id}/stage"),
        (Method::POST, "/v2/images/{id}/import"),
        (Method::POST, "/v2/images/{id}/actions/deactivate"),
        (Method::POST, "/v2/images/{id}/actions/reactivate"),
        (Method::PUT, "/v2/images/{id}/tags/{tag}"),
        (Method::DELETE, "/v2/images/{id}/tags/{tag}"),
        (Method::POST, "/v2/images/{id}/members"),
        (Method::PUT, "/v2/images/{id}/members/{member}"),
        (Method::DELETE, "/v2/images/{id}/members/{member}"),
    ] {
        routes = routes.absent_by(method, path, NOT_WRITTEN, no_change);
    }
    routes
        .absent(&[Method::GET], "/v2/info/import", NO_SUCH_PART)
        .absent(&[Method::GET], "/v2/info/stores", NO_SUCH_PART)
        .absent(&[Method::GET], "/v2/images/{id}/tasks", NO_SUCH_PART)
        .absent(&[Method::GET], "/v2/images/{id}/members/{member}", NO_SUCH_PART)
        .absent(&[Method::GET, Method::POST], "/v2/tasks", NO_SUCH_PART)
        .absent(&[Method::GET], "/v2/tasks/{id}", NO_SUCH_PART)
        .absent(&[Method::GET, Method::POST], "/v2/metadefs/namespaces", NO_SUCH_PART)
        .absent(
            &[Method::GET, Method::PUT, Method::DELETE],
            "/v2/metadefs/namespaces/{name}",
            NO_SUCH_PART,
        )
        .absent(&[Method::GET, Method::DELETE], "/v2/cache", NO_SUCH_PART)
}

/// The versions. Open to all; 300, as there is a choice.
async fn choices(context: Context) -> (StatusCode, Json<Value>) {
    (StatusCode::MULTIPLE_CHOICES, versions(context).await)
}

async fn versions(context: Context) -> Json<Value> {
    let href = context.base.link("/image/v2/");
    Json(json!({ "versions": [{
        "id": "v2.15",
        "status": "CURRENT",
        "links": [{ "rel": "self", "href": href }],
    }]}))
}

/// An image as it is shown. What is declared is nobody's: it belongs to the cloud. There is no data
/// behind any to have a checksum of.
fn shown(image: &Image, state: ImageState, created: Timestamp) -> Value {
    let path = format!("/v2/images/{}", image.id);
    let owner = image.made.as_ref().map(|made| &made.project);
    let is_there = state == ImageState::Active;
    let status = match state {
        ImageState::Queued => "queued",
        ImageState::Saving => "saving",
        ImageState::Active => "active",
    };
    let mut shown = json!({
        "id": image.id,
        "name": image.name,
        "status": status,
        "visibility": if owner.is_some() { "private" } else { "public" },
        "protected": false,
        "tags": [],
        "disk_format": "qcow2",
        "container_format": "bare",
        "min_disk": image.min_disk_gib,
        "min_ram": image.min_ram_mib,
        "size": is_there.then_some(image.size),
        "virtual_size": null,
        "checksum": null,
        "os_hash_algo": null,
        "os_hash_value": null,
        "os_hidden": false,
        "owner": owner,
        "created_at": dates::seconds(created),
        "updated_at": dates::seconds(created),
        "file": format!("{path}/file"),
        "self": path,
        "schema": "/v2/schemas/image",
    });
    if let Some(fields) = shown.as_object_mut() {
        for (name, value) in properties(image) {
            fields.entry(name).or_insert(value);
        }
    }
    shown
}

/// `GET /v2/images`. `first` and `next` are paths, not addresses, and lack the prefix that only
/// this service's clients know.
async fn list(In(cloud): In, caller: Caller, params: Params) -> Result<Json<Value>, Problem> {
    let paging = Paging::of(&params)?;
    let images = cloud.images().all(&caller.who);
    let images = images.iter().map(|(image, state)| shown(image, *state, created(&cloud, image)));
    let images = images.collect();
    let images = filter::wanted(images, &params)?;
    let images = paging.of_rows(images, |image| text(&image["id"]).to_owned())?;
    let mut body = json!({ "schema": "/v2/schemas/images", "first": first(&params) });
    let last = images.last().map(|image| text(&image["id"]));
    if images.len() >= paging.limit
        && let Some(last) = last
    {
        body["next"] = json!(format!("/v2/images?{}", params.with("marker", last)));
    }
    body["images"] = Value::Array(images);
    Ok(Json(body))
}

/// The same list from its start.
fn first(params: &Params) -> String {
    let query = params.without("marker").to_string();
    if query.is_empty() { "/v2/images".to_owned() } else { format!("/v2/images?{query}") }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

/// The image of this id, which is no name: clients try names as ids, and go on after 404.
fn found(cloud: &Cloud, caller: &Caller, id: &str) -> Result<Found, Problem> {
    let not_there = || Problem::not_found(format!("No image found with ID {id}"));
    find(cloud, caller, id).ok_or_else(not_there)
}

async fn show(In(cloud): In, caller: Caller, Named(id): Named) -> Result<Json<Value>, Problem> {
    let (_, image, state) = found(&cloud, &caller, &id)?;
    Ok(Json(shown(&image, state, created(&cloud, &image))))
}

async fn delete(In(cloud): In, caller: Caller, Named(id): Named) -> Result<Response, Problem> {
    let (number, image, _) = found(&cloud, &caller, &id)?;
    remove(&cloud, &caller, (number, &image)).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

async fn file(In(cloud): In, caller: Caller, Named(id): Named) -> Result<(), Problem> {
    found(&cloud, &caller, &id)?;
    Err(Problem::not_offered(NO_DATA))
}

/// An image is shared with everybody, or with nobody.
async fn members(In(cloud): In, caller: Caller, Named(id): Named) -> Result<(), Problem> {
    found(&cloud, &caller, &id)?;
    Err(Problem::new(StatusCode::FORBIDDEN, "Only shared images have members."))
}

async fn no_change(caller: Caller) -> Problem {
    caller.must_write("image_write").err().unwrap_or_else(|| Problem::not_offered(NOT_WRITTEN))
}

/// What an image's fields are, as far as clients look: they take fields that are named here for
/// fields, and all others for properties.
fn image_schema() -> Value {
    let text = || json!({ "type": ["null", "string"] });
    let number = || json!({ "type": ["null", "integer"] });
    let flag = || json!({ "type": "boolean" });
    json!({
        "name": "image",
        "properties": {
            "id": text(), "name": text(), "status": text(), "visibility": text(),
            "protected": flag(), "tags": { "type": "array", "items": { "type": "string" } },
            "disk_format": text(), "container_format": text(), "min_disk": number(),
            "min_ram": number(), "size": number(), "virtual_size": number(), "checksum": text(),
            "os_hash_algo": text(), "os_hash_value": text(), "os_hidden": flag(),
            "owner": text(), "created_at": text(), "updated_at": text(), "file": text(),
            "self": text(), "schema": text(),
        },
        "additionalProperties": { "type": "string" },
        "links": [
            { "rel": "self", "href": "{self}" },
            { "rel": "enclosure", "href": "{file}" },
            { "rel": "describedby", "href": "{schema}" },
        ],
    })
}

async fn schema(_caller: Caller) -> Json<Value> {
    Json(image_schema())
}

async fn schema_of_list(_caller: Caller) -> Json<Value> {
    Json(json!({
        "name": "images",
        "properties": {
            "images": { "type": "array", "items": image_schema() },
            "first": { "type": "string" },
            "next": { "type": "string" },
            "schema": { "type": "string" },
        },
        "links": [
            { "rel": "first", "href": "{first}" },
            { "rel": "next", "href": "{next}" },
            { "rel": "describedby", "href": "{schema}" },
        ],
    }))
}
