//! Fields that more than one request has, each read in one place. (Compute API,
//! "Create Server", "Update Server", "Server metadata", "Server tags".)

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::images::ImageState;
use guichet_cloud::network::{SECURITY_GROUP, security_group_id};
use guichet_cloud::servers::CreateError;
use guichet_cloud::servers::values::{self, ValueError};
use guichet_core::ids::ImageId;
use guichet_core::{edit, limits};
use serde_json::Value;
use uuid::Uuid;

use super::problem::{of_create, of_value};
use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::version::Version;

/// An address; `null` and the empty text are none.
pub(super) fn address<A: std::str::FromStr>(
    object: &Object<'_>,
    name: &str,
) -> Result<Option<Option<A>>, Problem> {
    match object.nullable(name, limits::TEXT_MAX)? {
        None => Ok(None),
        Some(text) => match text.filter(|text| !text.is_empty()) {
            None => Ok(Some(None)),
            Some(text) => {
                let address = text.parse().map_err(|_| object.wrong(name, "It is no address."))?;
                Ok(Some(Some(address)))
            }
        },
    }
}

/// A name that prints, without blanks around it: of what administrators write.
pub(in crate::compute) fn plain_name(
    object: &Object<'_>,
    field: &str,
) -> Result<Option<Arc<str>>, Problem> {
    let Some(name) = object.text(field, 1, limits::TEXT_MAX)? else {
        return Ok(None);
    };
    if name.trim() != name || values::check_printable(name).is_err() {
        return Err(object.wrong(field, "It has blanks around it, or does not print."));
    }
    Ok(Some(Arc::from(name)))
}

/// A flavor's id: as it is, as a number, or at the end of its address.
pub(super) fn flavor_ref(object: &Object<'_>) -> Result<String, Problem> {
    let value = object.raw("flavorRef").ok_or_else(|| object.missing("flavorRef"))?;
    let reference = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return Err(object.wrong("flavorRef", "It is not of type 'string', 'integer'.")),
    };
    Ok(reference.rsplit('/').next().unwrap_or("").to_owned())
}

/// An image's id: as it is, or at the end of its address. An empty text names none.
pub(super) fn image_ref(object: &Object<'_>, name: &str) -> Result<Option<Uuid>, Problem> {
    let reference = object.text(name, 0, limits::TEXT_MAX)?.unwrap_or("");
    if reference.is_empty() {
        return Ok(None);
    }
    let id = reference.rsplit('/').next().and_then(|id| id.parse().ok());
    id.map(Some).ok_or_else(|| object.wrong(name, "It is no image's id."))
}

/// The image of this id, if the caller sees it and servers can boot from it.
pub(super) fn bootable(cloud: &Cloud, caller: &Caller, id: Uuid) -> Result<ImageId, Problem> {
    match cloud.images().find(&caller.who, id) {
        Some((number, _, ImageState::Active)) => Ok(number),
        Some(_) => Err(Problem::bad_request(format!("Image {id} is not active."))),
        None => Err(of_create(CreateError::UnknownImage)),
    }
}

/// Whether a security group of this name or id is the caller's project's, which has one.
pub(super) fn is_own_group(cloud: &Cloud, caller: &Caller, group: &str) -> bool {
    let project = cloud.accounts().directory().owner(caller.who.project);
    let id = project.map(|project| security_group_id(project).to_string());
    group == SECURITY_GROUP || id.as_deref() == Some(group)
}

/// Names and values.
pub(in crate::compute) type Metadata = BTreeMap<Arc<str>, Arc<str>>;

/// Names and values, each text of so many characters.
pub(in crate::compute) fn metadata(
    object: &Object<'_>,
    name: &str,
) -> Result<Option<Metadata>, Problem> {
    let Some(value) = object.raw(name) else {
        return Ok(None);
    };
    let entries = Object::of(value, "metadata")?;
    let mut metadata = BTreeMap::new();
    for (key, _) in entries.iter() {
        values::check_metadata_name(key)
            .map_err(|error| Problem::bad_field("metadata", of_value(error)))?;
        let value = entries.text(key, 0, limits::TEXT_MAX)?.unwrap_or("");
        metadata.insert(Arc::from(key.as_str()), Arc::from(value));
    }
    edit::check_metadata(metadata.len())?;
    Ok(Some(metadata))
}

/// Tags: words without `/` and `,`, each once (Compute API, "Server tags").
pub(super) fn tags(object: &Object<'_>, name: &str) -> Result<Option<BTreeSet<Arc<str>>>, Problem> {
    let Some(list) = object.list(name, limits::TAGS_MAX)? else {
        return Ok(None);
    };
    let mut tags = BTreeSet::new();
    for tag in list {
        let tag = tag.as_str().ok_or_else(|| object.wrong(name, "A tag is a text."))?;
        values::check_tag(tag).map_err(|error| object.wrong(name, of_value(error)))?;
        tags.insert(Arc::from(tag));
    }
    Ok(Some(tags))
}

/// A hostname: a label of letters, digits and `-`, from 2.94 on more than one (REST API Version
/// History).
pub(super) fn hostname(server: &Object<'_>, version: Version) -> Result<Option<Arc<str>>, Problem> {
    let Some(name) = server.text("hostname", 1, limits::TEXT_MAX)? else {
        return Ok(None);
    };
    let has_dots = version < Version(94) && name.contains('.');
    let checked = if has_dots { Err(ValueError::Hostname) } else { values::check_hostname(name) };
    checked.map_err(|error| server.wrong("hostname", of_value(error)))?;
    Ok(Some(Arc::from(name)))
}

/// The zone, perhaps with a host behind a colon, which only places.
pub(super) fn zone(cloud: &Cloud, server: &Object<'_>) -> Result<Option<Arc<str>>, Problem> {
    let Some(asked) = server.nullable("availability_zone", limits::TEXT_MAX)?.flatten() else {
        return Ok(None);
    };
    let zone = asked.split(':').next().unwrap_or("");
    match cloud.catalogue().has_zone(zone) {
        true => Ok(Some(Arc::from(zone))),
        false => Err(of_create(CreateError::UnknownZone)),
    }
}

/// What the guest is to read, as base64.
pub(super) fn user_data(server: &Object<'_>) -> Result<Option<Arc<str>>, Problem> {
    let Some(text) = server.nullable("user_data", limits::USER_DATA_MAX)?.flatten() else {
        return Ok(None);
    };
    values::check_user_data(&text)
        .map_err(|error| Problem::bad_field("user_data", of_value(error)))?;
    Ok(Some(text))
}

/// How the disk is parted: true for AUTO.
pub(super) fn disk_config(server: &Object<'_>) -> Result<Option<bool>, Problem> {
    match server.text("OS-DCF:diskConfig", 1, limits::TEXT_MAX)? {
        None => Ok(None),
        Some("AUTO") => Ok(Some(true)),
        Some("MANUAL") => Ok(Some(false)),
        Some(_) => Err(server.wrong("OS-DCF:diskConfig", "Expected AUTO or MANUAL.")),
    }
}

/// A server's name, without blanks around it.
pub(super) fn name(server: &Object<'_>) -> Result<Option<Arc<str>>, Problem> {
    let name = server.text("name", 1, limits::NAME_MAX)?.map(values::name).transpose();
    name.map_err(|error| server.wrong("name", of_value(error)))
}
