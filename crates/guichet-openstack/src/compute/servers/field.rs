//! Fields that more than one request has, each read and checked in one place. (Compute API,
//! "Create Server", "Update Server", "Server metadata", "Server tags".)

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine as _;
use guichet_core::{edit, limits};

use crate::cloud::Cloud;
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::version::Version;

/// The longest description, metadata name or value, or hostname.
pub(super) const TEXT_MAX: usize = 255;
/// The longest tag.
const TAG_MAX: usize = 60;
/// The longest user data, base64, as in Nova.
const USER_DATA_MAX: usize = 65_535;

/// An address; `null` and the empty text are none.
pub(super) fn address<A: std::str::FromStr>(
    object: &Object<'_>,
    name: &str,
) -> Result<Option<Option<A>>, Problem> {
    match object.nullable(name, TEXT_MAX)? {
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

/// Names and values.
pub(super) type Metadata = BTreeMap<Arc<str>, Arc<str>>;

/// Names and values, each text of so many characters.
pub(super) fn metadata(object: &Object<'_>, name: &str) -> Result<Option<Metadata>, Problem> {
    let Some(value) = object.raw(name) else {
        return Ok(None);
    };
    let entries = Object::of(value, "metadata")?;
    let mut metadata = BTreeMap::new();
    for (key, _) in entries.iter() {
        let length = key.chars().count();
        if !(1..=TEXT_MAX).contains(&length) {
            return Err(Problem::bad_field("metadata", "A name has 1 to 255 characters."));
        }
        let value = entries.text(key, 0, TEXT_MAX)?.unwrap_or("");
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
        check_tag(tag).map_err(|problem| object.wrong(name, problem))?;
        tags.insert(Arc::from(tag));
    }
    Ok(Some(tags))
}

/// Whether a text is a tag.
pub(super) fn check_tag(tag: &str) -> Result<(), &'static str> {
    if !(1..=TAG_MAX).contains(&tag.chars().count()) {
        return Err("A tag has 1 to 60 characters.");
    }
    if tag.contains(['/', ',']) {
        return Err("A tag has no '/' and no ','.");
    }
    Ok(())
}

/// A hostname: a label of letters, digits and `-`, from 2.94 on more than one (REST API Version
/// History).
pub(super) fn hostname(server: &Object<'_>, version: Version) -> Result<Option<Arc<str>>, Problem> {
    let Some(name) = server.text("hostname", 1, TEXT_MAX)? else {
        return Ok(None);
    };
    let label = |label: &str| {
        let letters = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=63).contains(&label.len())
            && letters
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let dotted = version < Version(94) && name.contains('.');
    if !dotted && name.split('.').all(label) {
        Ok(Some(Arc::from(name)))
    } else {
        Err(server.wrong("hostname", "It is no hostname."))
    }
}

/// The zone, perhaps with a host behind a colon, which only places.
pub(super) fn zone(cloud: &Cloud, server: &Object<'_>) -> Result<Option<Arc<str>>, Problem> {
    let Some(asked) = server.nullable("availability_zone", TEXT_MAX)?.flatten() else {
        return Ok(None);
    };
    let zone = asked.split(':').next().unwrap_or("");
    if zone == &*cloud.declared.zone {
        Ok(Some(Arc::clone(&cloud.declared.zone)))
    } else {
        Err(Problem::bad_request("The requested availability zone is not available"))
    }
}

pub(super) fn user_data(server: &Object<'_>) -> Result<Option<Arc<str>>, Problem> {
    let Some(text) = server.nullable("user_data", USER_DATA_MAX)?.flatten() else {
        return Ok(None);
    };
    let engine = base64::engine::general_purpose::STANDARD;
    match engine.decode(&*text) {
        Ok(_) => Ok(Some(text)),
        Err(_) => Err(Problem::bad_field("user_data", "It is not base64.")),
    }
}

/// How the disk is parted: true for AUTO.
pub(super) fn disk_config(server: &Object<'_>) -> Result<Option<bool>, Problem> {
    match server.text("OS-DCF:diskConfig", 1, TEXT_MAX)? {
        None => Ok(None),
        Some("AUTO") => Ok(Some(true)),
        Some("MANUAL") => Ok(Some(false)),
        Some(_) => Err(server.wrong("OS-DCF:diskConfig", "Expected AUTO or MANUAL.")),
    }
}
