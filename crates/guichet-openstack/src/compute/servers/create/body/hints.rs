//! Hints for the scheduler: the group that servers are to be in. What else there is promises
//! nothing, and is checked. (Compute API, "Create Server", `os:scheduler_hints`.)

use guichet_core::ids::GroupId;
use guichet_core::limits;
use serde_json::Value;
use uuid::Uuid;

use super::super::super::values::{address, plain_name};
use crate::http::problem::Problem;
use crate::http::read::Object;

/// Where they are: the name of today, and the older one.
pub(super) const NAMES: [&str; 2] = ["os:scheduler_hints", "OS-SCH-HNT:scheduler_hints"];

/// The group.
pub(super) fn read(whole: &Object<'_>) -> Result<Option<GroupId>, Problem> {
    let mut found = None;
    for name in NAMES {
        let Some(hints) = whole.object(name)? else { continue };
        check(&hints)?;
        if let Some(text) = hints.text("group", 0, limits::TEXT_MAX)? {
            found = found.or(Some(GroupId(uuid(&hints, "group", text)?)));
        }
    }
    Ok(found)
}

fn uuid(hints: &Object<'_>, name: &str, text: &str) -> Result<Uuid, Problem> {
    text.parse().map_err(|_| hints.wrong(name, "It is no uuid."))
}

/// What is beside the group.
fn check(hints: &Object<'_>) -> Result<(), Problem> {
    // A text is one of the uuids but in `same_host`, whose text nobody looks at.
    for (name, is_uuid) in [("different_host", true), ("same_host", false)] {
        match hints.raw(name) {
            None => {}
            Some(Value::String(text)) if is_uuid => drop(uuid(hints, name, text)?),
            Some(Value::String(_)) => {}
            Some(_) => {
                for id in hints.list(name, limits::SERVERS_PER_REQUEST_MAX)?.unwrap_or_default() {
                    let id = id.as_str().ok_or_else(|| hints.wrong(name, "It is no uuid."))?;
                    uuid(hints, name, id)?;
                }
            }
        }
    }
    match hints.raw("query") {
        None | Some(Value::String(_) | Value::Object(_)) => {}
        Some(_) => return Err(hints.wrong("query", "It is not of type 'string', 'object'.")),
    }
    match hints.raw("different_cell") {
        None | Some(Value::String(_)) => {}
        Some(_) => {
            let cells = hints.list("different_cell", limits::SERVERS_PER_REQUEST_MAX)?;
            if !cells.unwrap_or_default().iter().all(Value::is_string) {
                return Err(hints.wrong("different_cell", "Expected texts."));
            }
        }
    }
    plain_name(hints, "target_cell")?;
    address::<std::net::IpAddr>(hints, "build_near_host_ip")?;
    check_cidr(hints)
}

/// A mask: a slash, and what is in addresses.
fn check_cidr(hints: &Object<'_>) -> Result<(), Problem> {
    let Some(text) = hints.text("cidr", 0, limits::TEXT_MAX)? else { return Ok(()) };
    let rest = text.strip_prefix('/').unwrap_or_default();
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'.' | b':');
    match !rest.is_empty() && rest.bytes().all(is_digit) {
        true => Ok(()),
        false => Err(hints.wrong("cidr", "It is no mask.")),
    }
}
