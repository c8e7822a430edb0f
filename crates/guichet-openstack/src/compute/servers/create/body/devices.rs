//! Block devices of a create. There are no volumes: an image that is copied to a local disk is what a
//! server boots from anyway, and some clients say so. (Compute API, "Create Server",
//! `block_device_mapping_v2`.)

use guichet_core::limits;
use serde_json::Value;
use uuid::Uuid;

use super::super::super::values::device_tag;
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::version::Version;

/// What a device of the newer form may have, and the first version that has it.
const FIELDS: [(&str, u16); 18] = [
    ("boot_index", 1),
    ("connection_info", 1),
    ("delete_on_termination", 1),
    ("destination_type", 1),
    ("device_name", 1),
    ("device_type", 1),
    ("disk_bus", 1),
    ("guest_format", 1),
    ("image_id", 1),
    ("no_device", 1),
    ("snapshot_id", 1),
    ("source_type", 1),
    ("uuid", 1),
    ("virtual_name", 1),
    ("volume_id", 1),
    ("volume_size", 1),
    ("tag", 32),
    ("volume_type", 67),
];

/// Texts among them, the least and the most characters of each, and what it may have beside letters
/// and digits; nothing: anything.
const TEXTS: [(&str, usize, usize, &str); 7] = [
    ("connection_info", 0, usize::MAX, ""),
    ("device_name", 1, limits::TEXT_MAX, "._/-"),
    ("device_type", 0, limits::TEXT_MAX, ""),
    ("disk_bus", 0, limits::TEXT_MAX, ""),
    ("guest_format", 0, limits::TEXT_MAX, ""),
    ("uuid", 1, limits::TEXT_MAX, "._-"),
    ("virtual_name", 0, limits::TEXT_MAX, ""),
];

/// Words that some may have.
const WORDS: [(&str, &[&str]); 2] = [
    ("destination_type", &["local", "volume"]),
    ("source_type", &["volume", "image", "snapshot", "blank"]),
];

/// Whether any are named, as they are where a server is to boot from a volume.
pub(super) fn are_there(server: &Object<'_>) -> bool {
    let is_list = |name: &str| {
        server.raw(name).and_then(Value::as_array).is_some_and(|list| !list.is_empty())
    };
    is_list("block_device_mapping") || is_list("block_device_mapping_v2")
}

/// Whether they say no more than what is so without them.
pub(super) fn check(server: &Object<'_>, version: Version) -> Result<(), Problem> {
    let most = limits::NETWORKS_PER_SERVER_MAX;
    let volumes = server.list("block_device_mapping", most)?.unwrap_or_default();
    let devices = server.list("block_device_mapping_v2", most)?.unwrap_or_default();
    let mut is_image = devices.len() <= 1 && volumes.is_empty();
    for device in devices {
        let device = Object::of(device, "block_device_mapping_v2")?;
        check_fields(&device, version)?;
        let is = |name: &str, word: &str| device.raw(name).is_some_and(|value| value == word);
        is_image &= is("source_type", "image") && is("destination_type", "local");
    }
    match is_image {
        true => Ok(()),
        false => Err(Problem::bad_request(
            "Block Device Mapping is Invalid: there are no volumes here; boot from an image.",
        )),
    }
}

fn check_fields(device: &Object<'_>, version: Version) -> Result<(), Problem> {
    // Tags were forgotten from 2.33 on, and came back with 2.42.
    let has_tags = !matches!(version.0, 33..=41);
    let there =
        FIELDS.iter().filter(|(name, from)| version.0 >= *from && (*name != "tag" || has_tags));
    let names: Vec<&str> = there.map(|(name, _)| *name).collect();
    device.known(&names)?;
    for (name, least, most, beside) in TEXTS {
        let text = device.text(name, least, most)?.unwrap_or_default();
        let is_sound = |letter: char| letter.is_ascii_alphanumeric() || beside.contains(letter);
        if !beside.is_empty() && !text.chars().all(is_sound) {
            return Err(device.wrong(name, "It has a character that it cannot have."));
        }
    }
    for (name, words) in WORDS {
        let word = device.text(name, 0, limits::TEXT_MAX)?;
        if word.is_some_and(|word| !words.contains(&word)) {
            return Err(device.wrong(name, &format!("Expected one of {}.", words.join(", "))));
        }
    }
    for name in ["image_id", "snapshot_id", "volume_id"] {
        let id = device.text(name, 0, limits::TEXT_MAX)?;
        if id.is_some_and(|id| id.parse::<Uuid>().is_err()) {
            return Err(device.wrong(name, "It is no uuid."));
        }
    }
    device.nullable("volume_type", limits::TEXT_MAX)?;
    device.flag("delete_on_termination")?;
    device_tag(device)?;
    match device.raw("boot_index") {
        None | Some(Value::Null) => {}
        Some(Value::Number(number)) if number.as_f64().is_some_and(|it| it.fract() == 0.0) => {}
        Some(Value::String(text)) if is_whole(text) => {}
        Some(_) => return Err(device.wrong("boot_index", "It is no whole number.")),
    }
    match device.raw("volume_size") {
        None => Ok(()),
        Some(Value::String(text)) if text.is_empty() => {
            Err(device.wrong("volume_size", "It is no whole number."))
        }
        Some(_) => device.number("volume_size", 1..=i32::MAX as u64).map(drop),
    }
}

/// Digits, perhaps behind a minus.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
