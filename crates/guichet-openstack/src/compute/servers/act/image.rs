//! Images that are made of a server. (Compute API, "Create Image" and "Create Server Back Up".)

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_cloud::images::NewImage;
use guichet_core::action::Action;
use guichet_core::limits;
use guichet_core::server::Server;
use guichet_http::answer::empty;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::policy::refused;
use crate::compute::servers::values;
use crate::http::answer;
use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::version::Version;

/// Before, the image's address was in a header.
const ID_IN_BODY: Version = Version(45);

/// An image as it is asked for.
#[derive(Debug, PartialEq)]
pub(super) struct Wanted {
    name: Arc<str>,
    metadata: BTreeMap<Arc<str>, Arc<str>>,
    new: NewImage,
}

pub(super) fn snapshot(value: &Value) -> Result<Wanted, Problem> {
    let image = Object::of(value, "createImage")?;
    image.known(&["name", "metadata"])?;
    Ok(Wanted { name: name(&image)?, metadata: metadata(&image)?, new: NewImage::Snapshot })
}

pub(super) fn backup(value: &Value) -> Result<Wanted, Problem> {
    let image = Object::of(value, "createBackup")?;
    image.known(&["name", "backup_type", "rotation", "metadata"])?;
    let kind = image.text("backup_type", 0, limits::TEXT_MAX)?;
    let kind = Arc::from(kind.ok_or_else(|| image.missing("backup_type"))?);
    let rotation = image.number("rotation", 0..=u64::MAX)?;
    let rotation = rotation.ok_or_else(|| image.missing("rotation"))?;
    let rotation = usize::try_from(rotation).unwrap_or(usize::MAX);
    let new = NewImage::Backup { kind, rotation };
    Ok(Wanted { name: name(&image)?, metadata: metadata(&image)?, new })
}

fn name(image: &Object<'_>) -> Result<Arc<str>, Problem> {
    values::name(image)?.ok_or_else(|| image.missing("name"))
}

fn metadata(image: &Object<'_>) -> Result<BTreeMap<Arc<str>, Arc<str>>, Problem> {
    Ok(values::metadata(image, "metadata")?.unwrap_or_default())
}

/// Has it made, and says where it will be.
pub(super) async fn make(
    cloud: &Cloud,
    caller: &Caller,
    server: &Server,
    Wanted { name, metadata, new }: Wanted,
) -> Result<Response, Problem> {
    let (action, is_kept) = match &new {
        NewImage::Snapshot => (Action::CreateImage, true),
        NewImage::Backup { rotation, .. } => (Action::CreateBackup, *rotation > 0),
    };
    let made = cloud.images().make(&caller.who, server, (name, metadata), new).await;
    let id = made.map_err(|error| refused(error, action))?;
    if !is_kept {
        return Ok(empty(StatusCode::ACCEPTED));
    }
    if caller.version() >= ID_IN_BODY {
        return answer::with_status(StatusCode::ACCEPTED, &json!({ "image_id": id }));
    }
    let mut response = empty(StatusCode::ACCEPTED);
    let link = caller.context.base.link(&format!("/image/images/{id}"));
    if let Ok(location) = HeaderValue::from_str(&link) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}
