//! Which servers a list is to show.

use std::net::IpAddr;

use guichet_core::ids::ProjectId;
use guichet_core::server::Server;
use guichet_core::state::{PowerState, Status};
use guichet_core::time::Timestamp;
use guichet_http::query::Params;
use regex::{Regex, RegexBuilder};

use crate::cloud::Cloud;
use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;
use crate::http::truth::truth;
use crate::http::version::Version;

/// What is asked for. What is not asked for shows everything.
#[derive(Debug, Default)]
pub(super) struct Filter {
    /// Of this project; none: of all.
    pub(super) project: Option<ProjectId>,
    /// In one of these; none asked for: any. An unknown word below 2.38 leaves it empty.
    statuses: Option<Vec<Status>>,
    patterns: Vec<(Text, Regex)>,
    texts: Vec<(Text, String)>,
    tags: Vec<(Tags, Vec<String>)>,
    changed_since: Option<Timestamp>,
    changed_before: Option<Timestamp>,
    /// Deleted ones only, or none; without a say what changed is asked for decides.
    deleted: Option<bool>,
    locked: Option<bool>,
    power: Option<PowerState>,
}

/// A text that a server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Text {
    Name,
    Address4,
    Address6,
    Id,
    Flavor,
    Image,
    User,
    VmState,
    TaskState,
    Host,
    KeyName,
    Zone,
    Description,
    Hostname,
    ReservationId,
    ConfigDrive,
}

/// How tags are to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tags {
    All,
    Any,
    NotAll,
    NotAny,
}

/// Parameters that are a pattern, not anchored.
const PATTERNS: [(&str, Text); 3] =
    [("name", Text::Name), ("ip", Text::Address4), ("ip6", Text::Address6)];

/// Parameters that are a text: its name, what it is of, and the first version in which others
/// than administrators may ask for it (REST API Version History, 2.83). Before, what they ask is
/// dropped.
const TEXTS: [(&str, Text, u16); 14] = [
    ("uuid", Text::Id, 1),
    ("flavor", Text::Flavor, 1),
    ("image", Text::Image, 1),
    ("reservation_id", Text::ReservationId, 1),
    ("user_id", Text::User, 83),
    ("vm_state", Text::VmState, 83),
    ("task_state", Text::TaskState, 83),
    ("key_name", Text::KeyName, 83),
    ("availability_zone", Text::Zone, 83),
    ("description", Text::Description, 83),
    ("config_drive", Text::ConfigDrive, 83),
    ("hostname", Text::Hostname, u16::MAX),
    ("host", Text::Host, u16::MAX),
    ("node", Text::Host, u16::MAX),
];

const TAGS: [(&str, Tags); 4] = [
    ("tags", Tags::All),
    ("tags-any", Tags::Any),
    ("not-tags", Tags::NotAll),
    ("not-tags-any", Tags::NotAny),
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

/// The size of a compiled pattern, so that none takes the service's memory.
const PATTERN_BYTES_MAX: usize = 1 << 16;

impl Filter {
    /// Reads it from a query.
    pub(super) fn of(cloud: &Cloud, caller: &Caller, params: &Params) -> Result<Self, Problem> {
        let known: Vec<&str> = PATTERNS
            .iter()
            .map(|(name, _)| *name)
            .chain(TEXTS.iter().map(|(name, ..)| *name))
            .chain(TAGS.iter().map(|(name, _)| *name))
            .chain(OTHERS)
            .collect();
        params.only(caller.version(), &known)?;
        let mut filter = Self {
            project: project(cloud, caller, params)?,
            statuses: statuses(caller, params)?,
            changed_since: time(params, "changes-since")?,
            ..Self::default()
        };
        // Below 2.66 it is unknown, and what is unknown is passed over.
        if caller.version() >= Version(66) {
            filter.changed_before = time(params, "changes-before")?;
        }
        if matches!((filter.changed_since, filter.changed_before), (Some(a), Some(b)) if a > b) {
            return Err(Problem::bad_request(
                "The value of changes-since must be less than or equal to changes-before.",
            ));
        }
        filter.deleted = deleted(caller, params, filter.statuses.as_deref());
        for (name, text) in PATTERNS {
            if let Some(value) = params.get(name) {
                filter.patterns.push((text, pattern(name, value)?));
            }
        }
        for (name, text, from) in TEXTS {
            let may = caller.is_admin() || caller.version().0 >= from;
            if let Some(value) = params.get(name).filter(|_| may) {
                filter.texts.push((text, value.to_owned()));
            }
        }
        // Below 2.26 there are no tags, and what is unknown is passed over.
        for (name, how) in TAGS.iter().filter(|_| caller.version() >= Version(26)) {
            if let Some(value) = params.get(name) {
                filter.tags.push((*how, value.split(',').map(str::to_owned).collect()));
            }
        }
        if caller.version() >= Version(73) || caller.is_admin() {
            filter.locked = params.flag("locked")?;
        }
        if caller.version() >= Version(83) || caller.is_admin() {
            filter.power = power(params)?;
        }
        Ok(filter)
    }

    /// Whether it shows servers that were deleted and are still remembered. Who asks for what
    /// changed learns what went away too (Compute API, "List Servers").
    pub(super) fn wants_deleted(&self) -> bool {
        self.deleted.unwrap_or(self.changed_since.is_some() || self.changed_before.is_some())
    }

    /// Whether it shows servers that exist.
    pub(super) fn wants_existing(&self) -> bool {
        self.deleted != Some(true)
    }

    /// The one status it shows, if it shows just one: then the store does not bring the others.
    pub(super) fn status(&self) -> Option<Status> {
        match self.statuses.as_deref() {
            Some([one]) => Some(*one),
            _ => None,
        }
    }

    /// Whether it shows a server.
    pub(super) fn shows(&self, cloud: &Cloud, server: &Server) -> bool {
        self.project.is_none_or(|project| server.project == project)
            && self.statuses.as_ref().is_none_or(|list| list.contains(&server.status()))
            && self.changed_since.is_none_or(|since| server.updated >= since)
            && self.changed_before.is_none_or(|before| server.updated <= before)
            && self.locked.is_none_or(|locked| server.is_locked() == locked)
            && self.power.is_none_or(|power| server.power_state == power)
            && self.patterns.iter().all(|(text, pattern)| {
                text.of(cloud, server).iter().any(|value| pattern.is_match(value))
            })
            && self
                .texts
                .iter()
                .all(|(text, wanted)| text.of(cloud, server).iter().any(|value| value == wanted))
            && self.tags.iter().all(|(how, wanted)| how.fits(server, wanted))
    }
}

/// Whose servers: the caller's project's, unless an administrator asks for all or another's.
/// Another's without all is passed over, never honoured.
fn project(cloud: &Cloud, caller: &Caller, params: &Params) -> Result<Option<ProjectId>, Problem> {
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
        return Ok(Some(caller.project));
    }
    caller.must_be_admin("os_compute_api:servers:index:get_all_tenants")?;
    let Some(id) = params.get("project_id").or(params.get("tenant_id")) else {
        return Ok(None);
    };
    let place = cloud.declared.projects.iter().position(|project| &*project.id == id);
    // One there is none of has no servers: no project has this number.
    Ok(Some(place.map_or(ProjectId(u32::MAX), |place| ProjectId(place as u32))))
}

/// What administrators say of deleted servers: of others it is passed over. What is no flag is no,
/// as in Nova, and so is `status=deleted` alone a yes.
fn deleted(caller: &Caller, params: &Params, statuses: Option<&[Status]>) -> Option<bool> {
    if !caller.is_admin() {
        return None;
    }
    let said = params.get("deleted").map(|word| truth(word).unwrap_or(false));
    if statuses == Some(&[Status::Deleted]) { Some(true) } else { said }
}

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
            Some(status) => statuses.push(*status),
            None if caller.version() >= Version(38) => {
                return Err(Problem::bad_request(format!("Invalid status value {word}")));
            }
            None => {}
        }
    }
    Ok(Some(statuses))
}

/// A parameter that is a time.
pub(in super::super) fn time(params: &Params, name: &str) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = params.get(name) else {
        return Ok(None);
    };
    let parsed = text.parse::<jiff::Timestamp>().or_else(|error| {
        // Without a zone it is UTC.
        format!("{text}Z").parse::<jiff::Timestamp>().map_err(|_| error)
    });
    let instant = parsed.map_err(|_| {
        Problem::bad_request(format!("Invalid input for query parameters {name}: no time."))
    })?;
    let micros = u64::try_from(instant.as_microsecond()).unwrap_or(0);
    Ok(Some(Timestamp::from_micros(micros)))
}

fn pattern(name: &str, text: &str) -> Result<Regex, Problem> {
    let built = RegexBuilder::new(text).size_limit(PATTERN_BYTES_MAX).build();
    built.map_err(|_| {
        Problem::bad_request(format!(
            "Invalid input for query parameters {name}: not a valid regular expression."
        ))
    })
}

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

impl Text {
    /// What a server has of it.
    fn of(self, cloud: &Cloud, server: &Server) -> Vec<String> {
        let details = server.details.as_deref();
        let declared = &cloud.declared;
        let one = |text: Option<&str>| text.map(str::to_owned).into_iter().collect();
        match self {
            Self::Name => vec![server.name.to_string()],
            Self::Id => vec![server.id.0.to_string()],
            Self::Address4 | Self::Address6 => {
                let fits = |address: &IpAddr| address.is_ipv4() == (self == Self::Address4);
                let ports = details.into_iter().flat_map(|details| &details.ports);
                ports.map(|port| port.address).filter(fits).map(|a| a.to_string()).collect()
            }
            Self::Flavor => one(declared.flavors.get(server.flavor.index()).map(|f| &*f.id)),
            Self::Image => declared
                .images
                .get(server.image.index())
                .map(|i| i.id.to_string())
                .into_iter()
                .collect(),
            Self::User => one(declared.users.get(server.created_by.index()).map(|u| &*u.id)),
            Self::VmState => vec![server.vm_state.as_str().to_owned()],
            Self::TaskState => one(server.task_state.map(|task| task.as_str())),
            Self::Host => {
                let host = server.host.and_then(|host| declared.hosts.get(host.index()));
                one(host.map(|host| &*host.name))
            }
            Self::KeyName => one(details.and_then(|details| details.key_name.as_deref())),
            Self::Zone => vec![declared.zone.to_string()],
            Self::Description => one(details.and_then(|details| details.description.as_deref())),
            Self::Hostname => one(details.and_then(|details| details.hostname.as_deref())),
            Self::ReservationId => vec![super::super::fields::reservation(server)],
            Self::ConfigDrive => {
                vec![if details.is_some_and(|d| d.config_drive) { "True" } else { "" }.to_owned()]
            }
        }
    }
}

impl Tags {
    fn fits(self, server: &Server, wanted: &[String]) -> bool {
        let has = |tag: &String| {
            server.details.as_ref().is_some_and(|details| details.tags.contains(tag.as_str()))
        };
        match self {
            Self::All => wanted.iter().all(has),
            Self::Any => wanted.iter().any(has),
            Self::NotAll => !wanted.iter().all(has),
            Self::NotAny => !wanted.iter().any(has),
        }
    }
}
