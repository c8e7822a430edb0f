//! Fields that more than one request has, each read in one place. (Compute API,
//! "Create Server", "Update Server", "Server metadata", "Server tags".)

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::images::ImageState;
use guichet_cloud::network::{SECURITY_GROUP, security_group_id};
use guichet_cloud::servers::CreateError;
use guichet_cloud::servers::values;
use guichet_core::ids::ImageId;
use guichet_core::{edit, limits};
use serde_json::Value;
use uuid::Uuid;

use super::problem::{of_create, of_value};
use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::version::Version;

/// An address.
pub(super) fn address<A: std::str::FromStr>(
    object: &Object<'_>,
    name: &str,
) -> Result<Option<A>, Problem> {
    let text = object.text(name, 0, limits::TEXT_MAX)?;
    let address =
        text.map(|text| text.parse().map_err(|_| object.wrong(name, "It is no address.")));
    address.transpose()
}

/// A password for an administrator: any text that a body has place for.
pub(super) fn password<'a>(object: &Object<'a>) -> Result<Option<&'a str>, Problem> {
    object.text("adminPass", 0, usize::MAX)
}

/// What something is for, in its owner's words: a text that prints, of so many characters at most;
/// `null` is nothing.
pub(in crate::compute) fn description(
    object: &Object<'_>,
    most: usize,
) -> Result<Option<Option<Arc<str>>>, Problem> {
    let text = object.nullable("description", most)?;
    let checked = text.iter().flatten().try_for_each(|text| values::check_printable(text));
    checked.map_err(|error| object.wrong("description", of_value(error)))?;
    Ok(text)
}

/// Certificates that an image may be signed with (2.63): their form, as there are none.
pub(super) fn certificates(object: &Object<'_>) -> Result<(), Problem> {
    const NAME: &str = "trusted_image_certificates";
    if object.raw(NAME).is_some_and(Value::is_null) {
        return Ok(());
    }
    let Some(list) = object.list(NAME, limits::TRUSTED_CERTIFICATES_MAX)? else {
        return Ok(());
    };
    let ids: BTreeSet<&str> = list.iter().filter_map(Value::as_str).collect();
    if list.is_empty() || ids.len() != list.len() || ids.contains("") {
        return Err(object.wrong(NAME, "Expected different texts, one at least."));
    }
    Ok(())
}

/// A tag of a port or a device (2.32): a word as those of servers.
pub(super) fn device_tag(object: &Object<'_>) -> Result<(), Problem> {
    let tag = object.text("tag", 0, limits::TEXT_MAX)?;
    let checked = tag.map_or(Ok(()), values::check_tag);
    checked.map_err(|error| object.wrong("tag", of_value(error)))
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

/// A host's name: letters, digits, `-`, `.` and `_`.
pub(in crate::compute) fn host_name<'a>(
    object: &Object<'a>,
    field: &str,
) -> Result<Option<&'a str>, Problem> {
    let name = object.text(field, 1, limits::TEXT_MAX)?;
    let is_host = |name: &&str| values::check_hostname(name).is_ok();
    match name.filter(|name| !is_host(name)) {
        None => Ok(name),
        Some(_) => Err(object.wrong(field, "It is no name of a host.")),
    }
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

/// An image's id.
pub(super) fn image_ref(object: &Object<'_>, name: &str) -> Result<Option<Uuid>, Problem> {
    let id = object.text(name, 0, limits::TEXT_MAX)?.map(str::parse).transpose();
    id.map_err(|_| object.wrong(name, "It is no image's id."))
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
    let directory = cloud.accounts().directory();
    let project = directory.owner(caller.who.project);
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

/// A hostname: a label of letters, digits and `-`, from 2.94 on a whole name (REST API Version
/// History).
pub(super) fn hostname(server: &Object<'_>, version: Version) -> Result<Option<Arc<str>>, Problem> {
    let Some(name) = server.text("hostname", 1, limits::TEXT_MAX)? else {
        return Ok(None);
    };
    let is_label = version < Version(94);
    let check = if is_label { values::check_hostname_label } else { values::check_hostname };
    let checked = check(name);
    checked.map_err(|error| server.wrong("hostname", of_value(error)))?;
    Ok(Some(Arc::from(name)))
}

/// The zone, perhaps with a host behind a colon, which only places.
pub(super) fn zone(cloud: &Cloud, server: &Object<'_>) -> Result<Option<Arc<str>>, Problem> {
    let Some(asked) = plain_name(server, "availability_zone")? else {
        return Ok(None);
    };
    known_zone(cloud, &asked).map(Some)
}

/// A zone that there is; a host behind a colon is left out.
pub(super) fn known_zone(cloud: &Cloud, asked: &str) -> Result<Arc<str>, Problem> {
    let zone = asked.split(':').next().unwrap_or("");
    match cloud.catalogue().has_zone(zone) {
        true => Ok(Arc::from(zone)),
        false => Err(of_create(CreateError::UnknownZone)),
    }
}

/// What the guest is to read, as base64.
pub(super) fn user_data(server: &Object<'_>) -> Result<Option<Arc<str>>, Problem> {
    let Some(text) = server.text("user_data", 0, limits::USER_DATA_MAX)? else {
        return Ok(None);
    };
    values::check_user_data(text)
        .map_err(|error| Problem::bad_field("user_data", of_value(error)))?;
    Ok(Some(Arc::from(text)))
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

/// A name, of a server or an image.
pub(super) fn name(server: &Object<'_>) -> Result<Option<Arc<str>>, Problem> {
    let name = server.text("name", 1, limits::NAME_MAX)?.map(values::name).transpose();
    name.map_err(|error| server.wrong("name", of_value(error)))
}
