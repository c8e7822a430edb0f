//! What the two services that show images have in common: which one is meant, what it has beside
//! its own fields, its removal.

use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::catalogue::{Image, Why};
use guichet_cloud::images::ImageState;
use guichet_cloud::servers::ServerError;
use guichet_core::ids::ImageId;
use guichet_core::time::Timestamp;
use http::StatusCode;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::http::gate::Caller;
use crate::http::problem::Problem;

/// An image that was found: its number, itself, how far it is.
pub(crate) type Found = (ImageId, Arc<Image>, ImageState);

/// The image of exactly this id, which is no name: clients try names as ids, and go on after 404.
pub(crate) fn find(cloud: &Cloud, caller: &Caller, id: &str) -> Option<Found> {
    let parsed = id.parse::<Uuid>().ok().filter(|parsed| parsed.to_string() == id)?;
    cloud.images().find(&caller.who, parsed)
}

/// What an image has beside its own fields: whose it is, what it was made of, what was written on
/// it.
pub(crate) fn properties(image: &Image) -> Map<String, Value> {
    let mut properties = Map::new();
    let Some(made) = &image.made else {
        return properties;
    };
    for (name, value) in &made.properties {
        properties.insert(name.to_string(), json!(value));
    }
    let mut put = |name: &str, value: String| {
        properties.insert(name.to_owned(), Value::String(value));
    };
    let kind = if matches!(made.why, Why::Backup { .. }) { "backup" } else { "snapshot" };
    put("image_type", kind.to_owned());
    put("instance_uuid", made.server.0.to_string());
    put("user_id", made.user.to_string());
    put("owner_id", made.project.to_string());
    if let Some(base) = made.base {
        put("base_image_ref", base.to_string());
    }
    if let Why::Backup { kind } = &made.why {
        put("backup_type", kind.to_string());
    }
    properties
}

/// When an image came to be.
pub(crate) fn created(cloud: &Cloud, image: &Image) -> Timestamp {
    let made = image.made.as_ref();
    made.map_or_else(|| cloud.started(), |made| Timestamp::from_micros(made.created_us))
}

/// Removes an image that was made of a server.
///
/// # Errors
/// 403 for a reader; 501 for what is declared; that of a request that cannot be recorded.
pub(crate) async fn remove(
    cloud: &Cloud,
    caller: &Caller,
    (number, image): (ImageId, &Image),
) -> Result<(), Problem> {
    caller.must_write("delete_image")?;
    if image.made.is_none() {
        return Err(if caller.is_admin() { declared() } else { Problem::policy("delete_image") });
    }
    match cloud.images().delete(number).await {
        Ok(()) => Ok(()),
        Err(ServerError::Refused(refusal)) => Err(refusal.into()),
        Err(error) => Err(Problem::bad_request(error.to_string())),
    }
}

/// What is declared is changed in the configuration alone.
pub(crate) fn declared() -> Problem {
    Problem::new(
        StatusCode::NOT_IMPLEMENTED,
        "Images cannot be changed while this cloud runs: declare them in its configuration.",
    )
}
