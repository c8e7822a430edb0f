//! Which servers a search finds, as typed conditions: how a client spells them is a dialect's
//! business.

use std::sync::Arc;

use guichet_core::ids::{ClientId, FlavorId, HostId, ImageId, ServerId};
use guichet_core::limits;
use guichet_core::server::Server;
use guichet_core::state::{PowerState, Status, TaskState, VmState};
use guichet_core::time::Timestamp;
use guichet_store::Names;
use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{HirKind, Look};

use super::projects::Projects;

/// Why a text is no pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It is longer than [`limits::PATTERN_MAX`].
    #[error("a pattern has at most {} bytes", limits::PATTERN_MAX)]
    TooLong,
    /// It is no regular expression, or compiles to more than a request may take.
    #[error("it is no regular expression, or too large a one")]
    NoPattern,
}

/// A pattern to be found anywhere in a text. Its length is looked at before anything else: what is
/// short is parsed and compiled, or found to be too large, in well under a millisecond.
///
/// # Errors
/// [`PatternError`].
pub fn pattern(text: &str) -> Result<Regex, PatternError> {
    if text.len() > limits::PATTERN_MAX {
        return Err(PatternError::TooLong);
    }
    let compiled = RegexBuilder::new(text)
        .size_limit(limits::PATTERN_BYTES_MAX)
        .dfa_size_limit(limits::PATTERN_BYTES_MAX)
        .nest_limit(limits::PATTERN_DEPTH_MAX)
        .build();
    compiled.map_err(|_| PatternError::NoPattern)
}

/// How a server's tags are compared with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagMatch {
    /// It has all of them.
    All,
    /// It has at least one of them.
    Any,
    /// It does not have all of them.
    NotAll,
    /// It has none of them.
    NotAny,
}

/// The names that a pattern can find, if it begins with `^` and a text.
fn names(pattern: &str) -> Option<Names> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let HirKind::Concat(parts) = hir.kind() else {
        return None;
    };
    let [start, text, rest @ ..] = &**parts else {
        return None;
    };
    let (HirKind::Look(Look::Start), HirKind::Literal(text)) = (start.kind(), text.kind()) else {
        return None;
    };
    let text = Arc::from(std::str::from_utf8(&text.0).ok()?);
    let is_whole = matches!(rest, [end] if *end.kind() == HirKind::Look(Look::End));
    Some(if is_whole { Names::Exact(text) } else { Names::Prefix(text) })
}

/// Something that must hold of a server for a search to find it.
#[derive(Debug, Clone)]
pub enum Condition {
    /// Nothing that a server could fulfil: what was asked for is not there at all.
    Never,
    /// Something that holds of every server.
    Always,
    /// Its name has this pattern in it.
    Name(Regex),
    /// One of its IPv4 addresses has this pattern in it.
    Ipv4(Regex),
    /// One of its IPv6 addresses has this pattern in it.
    Ipv6(Regex),
    /// It is this one.
    Id(ServerId),
    /// It was made in this size.
    Flavor(FlavorId),
    /// It was made from this image.
    Image(ImageId),
    /// It was made under this reservation.
    Reservation(u32),
    /// This user asked for it.
    CreatedBy(ClientId),
    /// Its stable state is this one.
    VmState(VmState),
    /// This is being done to it.
    TaskState(TaskState),
    /// Its guest is powered so.
    Power(PowerState),
    /// It runs on this host.
    Host(HostId),
    /// The key pair of this name was put into it.
    KeyName(String),
    /// Its description is this text.
    Description(String),
    /// This hostname was asked for.
    Hostname(String),
    /// Whether its user data are on a drive of their own.
    ConfigDrive(bool),
    /// Whether it is locked.
    Locked(bool),
    /// Its tags compare so with these.
    Tags(TagMatch, Vec<String>),
}

impl Condition {
    /// The one server that can fulfil it, if there is no other.
    pub(super) const fn one(&self) -> Option<ServerId> {
        match self {
            Self::Id(id) => Some(*id),
            _ => None,
        }
    }

    /// Whether it holds of a server.
    fn holds(&self, server: &Server) -> bool {
        let details = server.details.as_deref();
        match self {
            Self::Never => false,
            Self::Always => true,
            Self::Name(pattern) => pattern.is_match(&server.name),
            Self::Ipv4(pattern) => has_address(server, pattern, true),
            Self::Ipv6(pattern) => has_address(server, pattern, false),
            Self::Id(id) => server.id == *id,
            Self::Flavor(flavor) => server.flavor == *flavor,
            Self::Image(image) => server.image == *image,
            Self::Reservation(number) => reservation(server) == *number,
            Self::CreatedBy(client) => server.created_by == *client,
            Self::VmState(state) => server.vm_state == *state,
            Self::TaskState(state) => server.task_state == Some(*state),
            Self::Power(state) => server.power_state == *state,
            Self::Host(host) => server.host == Some(*host),
            Self::KeyName(name) => {
                details.and_then(|details| details.key_name.as_deref()) == Some(name)
            }
            Self::Description(text) => {
                details.and_then(|details| details.description.as_deref()) == Some(text)
            }
            Self::Hostname(name) => {
                details.and_then(|details| details.hostname.as_deref()) == Some(name)
            }
            Self::ConfigDrive(has_one) => {
                details.is_some_and(|details| details.config_drive) == *has_one
            }
            Self::Locked(is_locked) => server.is_locked() == *is_locked,
            Self::Tags(how, tags) => how.holds(server, tags),
        }
    }
}

/// Whether an address of this kind has the pattern in it.
fn has_address(server: &Server, pattern: &Regex, is_ipv4: bool) -> bool {
    let addresses = server.ports().iter().map(|port| port.address);
    let mut addresses = addresses.filter(|address| address.is_ipv4() == is_ipv4);
    addresses.any(|address| pattern.is_match(&address.to_string()))
}

impl TagMatch {
    fn holds(self, server: &Server, tags: &[String]) -> bool {
        let has = |tag: &String| {
            server.details.as_ref().is_some_and(|details| details.tags.contains(tag.as_str()))
        };
        match self {
            Self::All => tags.iter().all(has),
            Self::Any => tags.iter().any(has),
            Self::NotAll => !tags.iter().all(has),
            Self::NotAny => !tags.iter().any(has),
        }
    }
}

/// The number of the reservation that a server was made under: the same for all of one create, as
/// they were made at the same instant by the same user.
pub fn reservation(server: &Server) -> u32 {
    (server.created.micros() ^ u64::from(server.created_by.0)) as u32
}

/// Which servers a search finds. What is left out finds every server of the caller's project.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Whose servers.
    pub projects: Projects,
    /// Only servers with one of these statuses; an empty list finds none.
    pub statuses: Option<Vec<Status>>,
    /// Only servers that changed at this instant or later.
    pub changed_since: Option<Timestamp>,
    /// Only servers that changed at this instant or before.
    pub changed_before: Option<Timestamp>,
    /// Deleted servers only, or none of them; if left out, asking for changes decides.
    pub deleted: Option<bool>,
    /// What else must hold, all of it.
    pub conditions: Vec<Condition>,
}

impl Filter {
    /// Whether it finds servers that were deleted and are still remembered. Who asks for changes
    /// learns what went away, too.
    pub fn wants_deleted(&self) -> bool {
        self.deleted.unwrap_or(self.changed_since.is_some() || self.changed_before.is_some())
    }

    /// Whether it finds servers that exist.
    pub fn wants_existing(&self) -> bool {
        self.deleted != Some(true)
    }

    /// Names of which it finds no others, as far as an index of names can tell.
    pub(super) fn names(&self) -> Option<Names> {
        self.conditions.iter().find_map(|condition| match condition {
            Condition::Name(pattern) => names(pattern.as_str()),
            _ => None,
        })
    }

    /// Whether it finds a server of the projects that are looked at.
    pub(super) fn finds(&self, server: &Server) -> bool {
        self.statuses.as_ref().is_none_or(|list| list.contains(&server.status()))
            && self.changed_since.is_none_or(|since| server.updated >= since)
            && self.changed_before.is_none_or(|before| server.updated <= before)
            && (server.vm_state != VmState::SoftDeleted || self.finds_soft_deleted())
            && self.conditions.iter().all(|condition| condition.holds(server))
    }

    /// Whether it finds servers that wait to be deleted for good: only where deleted ones are
    /// looked for, or that status by its name.
    fn finds_soft_deleted(&self) -> bool {
        let named = |list: &Vec<Status>| list.contains(&Status::SoftDeleted);
        self.wants_deleted() || self.statuses.as_ref().is_some_and(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_pattern_says_of_names() {
        let prefix = |text: &str| Some(Names::Prefix(Arc::from(text)));
        let exact = |text: &str| Some(Names::Exact(Arc::from(text)));
        for (pattern, expected) in [
            ("^web$", exact("web")),
            ("^web-1\\.example$", exact("web-1.example")),
            ("^web", prefix("web")),
            ("^web.*", prefix("web")),
            ("^web[0-9]+$", prefix("web")),
            ("^webs?", prefix("web")),
            ("^(web)", None),
            ("^web|db", None),
            ("^web|^db", None),
            ("(?i)^web", None),
            ("^", None),
            ("^$", None),
            ("web", None),
            ("web$", None),
            ("(?m)^web$", None),
        ] {
            assert_eq!(names(pattern), expected, "{pattern}");
        }
    }
}
