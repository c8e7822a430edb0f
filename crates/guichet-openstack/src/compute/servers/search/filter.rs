//! Which servers a list is to show: Nova's parameters as the application's conditions.

use guichet_cloud::Cloud;
use guichet_cloud::accounts::Which;
use guichet_cloud::catalogue::Viewer;
use guichet_cloud::servers::{self, Condition, Filter, PatternError, Projects, TagMatch};
use guichet_core::ids::{ClientId, HostId, ProjectId};
use guichet_core::limits;
use guichet_core::state::{PowerState, Status};
use guichet_http::query::Params;
use regex::Regex;

use super::super::fields::reservation_text;
use super::super::find::parse;
use super::super::time::changes;
use uuid::Uuid;

use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;
use crate::http::truth::truth;
use crate::http::version::Version;

/// What makes a condition of a pattern.
type OfPattern = fn(Regex) -> Condition;

/// Parameters that are a pattern, not anchored.
const PATTERNS: [(&str, OfPattern); 3] =
    [("name", Condition::Name), ("ip", Condition::Ipv4), ("ip6", Condition::Ipv6)];

/// Parameters that must be a pattern, and are compared as they are (`nova.api.openstack.compute`,
/// `schemas/servers.py`).
const LOOK_LIKE_PATTERNS: [&str; 25] = [
    "kernel_id",
    "ramdisk_id",
    "hostname",
    "key_name",
    "power_state",
    "node",
    "flavor",
    "reservation_id",
    "launched_at",
    "terminated_at",
    "availability_zone",
    "display_name",
    "description",
    "display_description",
    "locked_by",
    "root_device_name",
    "config_drive",
    "access_ip_v4",
    "access_ip_v6",
    "auto_disk_config",
    "progress",
    "name",
    "ip",
    "ip6",
    "created_at",
];

/// What makes a condition of a text; `None` if no server can fulfil it.
type OfText = fn(&Cloud, &str) -> Option<Condition>;

/// Parameters that are a text: its name, the condition it stands for, and the first version in
/// which others than administrators may ask for it (REST API Version History, 2.83). Before, what
/// they ask is dropped.
const TEXTS: [(&str, OfText, u16); 16] = [
    ("uuid", id, 1),
    ("flavor", flavor, 1),
    ("image", image, 1),
    ("image_ref", image, 1),
    ("reservation_id", reservation, 1),
    ("user_id", user, 83),
    ("vm_state", |_, text| text.parse().ok().map(Condition::VmState), 83),
    ("task_state", |_, text| text.parse().ok().map(Condition::TaskState), 83),
    ("key_name", |_, text| Some(Condition::KeyName(text.to_owned())), 83),
    ("availability_zone", zone, 83),
    ("description", |_, text| Some(Condition::Description(text.to_owned())), 83),
    ("display_description", |_, text| Some(Condition::Description(text.to_owned())), 83),
    ("config_drive", config_drive, 83),
    ("hostname", |_, text| Some(Condition::Hostname(text.to_owned())), u16::MAX),
    ("host", host, u16::MAX),
    ("node", host, u16::MAX),
];

/// From here on servers have tags.
const TAGGED: Version = Version(26);

const TAGS: [(&str, TagMatch); 4] = [
    ("tags", TagMatch::All),
    ("tags-any", TagMatch::Any),
    ("not-tags", TagMatch::NotAll),
    ("not-tags-any", TagMatch::NotAny),
];

/// Everything else that Nova knows; some of it there is nothing here to tell servers apart by.
const OTHERS: [&str; 28] = [
    "limit",
    "marker",
    "sort_key",
    "sort_dir",
    "all_tenants",
    "all_projects",
    "status",
    "deleted",
    "changes-since",
    "changes-before",
    "project_id",
    "tenant_id",
    "locked",
    "power_state",
    "access_ip_v4",
    "access_ip_v6",
    "auto_disk_config",
    "created_at",
    "launched_at",
    "terminated_at",
    "launch_index",
    "locked_by",
    "progress",
    "root_device_name",
    "kernel_id",
    "ramdisk_id",
    "soft_deleted",
    "display_name",
];

/// Reads the filter from a query.
pub(super) fn read(cloud: &Cloud, caller: &Caller, params: &Params) -> Result<Filter, Problem> {
    let known: Vec<&str> = PATTERNS
        .iter()
        .map(|(name, _)| *name)
        .chain(TEXTS.iter().map(|(name, ..)| *name))
        .chain(TAGS.iter().map(|(name, _)| *name))
        .chain(OTHERS)
        .collect();
    params.only(caller.version(), &known)?;
    let mut conditions = patterns(caller.version(), params)?;
    let mut filter = Filter {
        projects: projects(cloud, params)?,
        statuses: statuses(caller, params)?,
        ..Filter::default()
    };
    (filter.changed_since, filter.changed_before) = changes(caller.version(), params)?;
    filter.deleted = deleted(caller, params, filter.statuses.as_deref());
    conditions.extend(others(cloud, caller, params)?);
    filter.conditions = conditions;
    Ok(filter)
}

/// What must hold of a server by patterns: of those that came several times the last one counts.
/// Whatever must be a pattern is one, every time that it came.
fn patterns(version: Version, params: &Params) -> Result<Vec<Condition>, Problem> {
    let mut conditions = Vec::new();
    let tags = TAGS.iter().map(|(name, _)| *name).filter(|_| version >= TAGGED);
    for name in LOOK_LIKE_PATTERNS.into_iter().chain(tags) {
        let mut last = None;
        for value in params.all(name) {
            last = Some(pattern(name, value)?);
        }
        let condition = PATTERNS.iter().find(|(known, _)| *known == name);
        conditions.extend(condition.zip(last).map(|((_, condition), last)| condition(last)));
    }
    Ok(conditions)
}

/// What else must hold of a server.
fn others(cloud: &Cloud, caller: &Caller, params: &Params) -> Result<Vec<Condition>, Problem> {
    let version = caller.version();
    let mut conditions = Vec::new();
    for (name, condition, from) in TEXTS {
        let may = caller.is_admin() || version.0 >= from;
        if let Some(value) = params.get(name).filter(|_| may) {
            conditions.push(condition(cloud, value).unwrap_or(Condition::Never));
        }
    }
    // Below 2.26 there are no tags, and what is unknown is passed over.
    for (name, how) in TAGS.iter().filter(|_| version >= TAGGED) {
        if let Some(value) = params.get(name) {
            let tags: Vec<String> = value.split(',').map(str::to_owned).collect();
            if tags.len() > limits::TAGS_MAX {
                return Err(Problem::bad_request(format!(
                    "Invalid input for query parameters {name}: more than {} tags.",
                    limits::TAGS_MAX
                )));
            }
            conditions.push(Condition::Tags(*how, tags));
        }
    }
    if version >= Version(73) || caller.is_admin() {
        conditions.extend(params.flag("locked")?.map(Condition::Locked));
    }
    if version >= Version(83) || caller.is_admin() {
        conditions.extend(power(params)?.map(Condition::Power));
    }
    Ok(conditions)
}

/// A server's id, exactly as answers write it.
fn id(_: &Cloud, text: &str) -> Option<Condition> {
    parse(text).filter(|id| id.0.to_string() == text).map(Condition::Id)
}

fn flavor(cloud: &Cloud, text: &str) -> Option<Condition> {
    cloud.catalogue().find_flavor(text, Viewer::Admin).map(|(id, _)| Condition::Flavor(id))
}

fn image(cloud: &Cloud, text: &str) -> Option<Condition> {
    let id = text.parse().ok().filter(|id: &Uuid| id.to_string() == text)?;
    cloud.catalogue().find_image(id, Viewer::Admin).map(|(id, _)| Condition::Image(id))
}

/// `r-` and eight digits, as answers write a reservation's id.
fn reservation(_: &Cloud, text: &str) -> Option<Condition> {
    let number = u32::from_str_radix(text.strip_prefix("r-")?, 16).ok()?;
    (reservation_text(number) == text).then_some(Condition::Reservation(number))
}

fn user(cloud: &Cloud, text: &str) -> Option<Condition> {
    let user = cloud.accounts().directory().find_user(Which::Id(text))?;
    Some(Condition::CreatedBy(ClientId(user as u32)))
}

/// All servers are in the one zone there is.
fn zone(cloud: &Cloud, text: &str) -> Option<Condition> {
    (**cloud.catalogue().zone() == *text).then_some(Condition::Always)
}

/// `True` or nothing, as answers write it.
fn config_drive(_: &Cloud, text: &str) -> Option<Condition> {
    match text {
        "True" => Some(Condition::ConfigDrive(true)),
        "" => Some(Condition::ConfigDrive(false)),
        _ => None,
    }
}

fn host(cloud: &Cloud, text: &str) -> Option<Condition> {
    let mut hosts = cloud.catalogue().hosts().iter();
    let number = hosts.position(|host| *host.name == *text)?;
    Some(Condition::Host(HostId(number as u32)))
}

/// Whose servers: the caller's project's, unless all or another's are asked for, which the
/// application allows or not. Another's without all is passed over, never honoured.
fn projects(cloud: &Cloud, params: &Params) -> Result<Projects, Problem> {
    let all = match params.get("all_tenants").or(params.get("all_projects")) {
        None => false,
        // A flag without a value says yes.
        Some("") => true,
        Some(_) => {
            let flags = [params.flag("all_tenants")?, params.flag("all_projects")?];
            flags.into_iter().flatten().any(|flag| flag)
        }
    };
    if !all {
        return Ok(Projects::Own);
    }
    let Some(id) = params.get("project_id").or(params.get("tenant_id")) else {
        return Ok(Projects::All);
    };
    // One there is none of has no servers: no project has this number.
    let project = cloud.accounts().directory().project_id(id).unwrap_or(ProjectId(u32::MAX));
    Ok(Projects::One(project))
}

/// Whether administrators ask for deleted servers; from others the parameter is passed over. What
/// is no flag counts as no, as in Nova, and `status=deleted` alone as a yes.
fn deleted(caller: &Caller, params: &Params, statuses: Option<&[Status]>) -> Option<bool> {
    if !caller.is_admin() {
        return None;
    }
    let flag = params.get("deleted").map(|word| truth(word).unwrap_or(false));
    if statuses == Some(&[Status::Deleted]) { Some(true) } else { flag }
}

/// The statuses that are asked for. An unknown word below 2.38 is none.
fn statuses(caller: &Caller, params: &Params) -> Result<Option<Vec<Status>>, Problem> {
    if !params.has("status") {
        return Ok(None);
    }
    let mut statuses = Vec::new();
    for word in params.all("status") {
        if word.eq_ignore_ascii_case("deleted") && !caller.is_admin() {
            return Err(Problem::policy("listing deleted servers"));
        }
        match Status::ALL.iter().find(|status| status.as_str().eq_ignore_ascii_case(word)) {
            // Named twice it is still one to compare with.
            Some(status) if statuses.contains(status) => {}
            Some(status) => statuses.push(*status),
            None if caller.version() >= Version(38) => {
                return Err(Problem::bad_request(format!("Invalid status value {word}")));
            }
            None => {}
        }
    }
    Ok(Some(statuses))
}

/// A pattern that a text must have in it. An empty one would be in every text: Nova takes none.
fn pattern(name: &str, text: &str) -> Result<Regex, Problem> {
    let wrong = |what: &str| {
        Problem::bad_request(format!(
            "Invalid input for query parameters {name}. Value: {text}. {what}"
        ))
    };
    let no_pattern = || wrong(&format!("'{text}' is not a 'regex'"));
    if text.is_empty() {
        return Err(no_pattern());
    }
    servers::pattern(text).map_err(|error| match error {
        PatternError::TooLong => Problem::bad_request(format!(
            "Invalid input for query parameters {name}: a regular expression has at most {} bytes.",
            limits::PATTERN_MAX
        )),
        PatternError::NoPattern => no_pattern(),
    })
}

/// Nova's numbers of power states.
fn power(params: &Params) -> Result<Option<PowerState>, Problem> {
    match params.get("power_state") {
        None => Ok(None),
        Some("0") => Ok(Some(PowerState::None)),
        Some("1") => Ok(Some(PowerState::Running)),
        Some("3") => Ok(Some(PowerState::Paused)),
        Some("4") => Ok(Some(PowerState::Shutdown)),
        Some(_) => Err(Problem::bad_request(
            "Invalid input for query parameters power_state: expected 0, 1, 3 or 4.",
        )),
    }
}
