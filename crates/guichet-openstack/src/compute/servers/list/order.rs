//! In which order a list shows servers.

use std::cmp::Ordering;

use guichet_core::server::Server;
use guichet_http::query::Params;

use crate::http::gate::Caller;
use crate::http::problem::Problem;

/// In which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Order {
    /// By creation, the newest first.
    Newest,
    /// By these, each ascending or not.
    By(Vec<(Key, bool)>),
}

/// What a list can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Id,
    Name,
    Created,
    Updated,
    Launched,
    VmState,
    TaskState,
    Project,
    User,
    Locked,
    Host,
    Same,
}

/// Names of sort keys. What there is nothing to tell servers apart by leaves them as they are.
const KEYS: [(&str, Key); 24] = [
    ("uuid", Key::Id),
    ("display_name", Key::Name),
    ("created_at", Key::Created),
    ("updated_at", Key::Updated),
    ("launched_at", Key::Launched),
    ("vm_state", Key::VmState),
    ("task_state", Key::TaskState),
    ("project_id", Key::Project),
    ("user_id", Key::User),
    ("locked", Key::Locked),
    ("host", Key::Host),
    ("node", Key::Host),
    ("power_state", Key::VmState),
    ("terminated_at", Key::Same),
    ("access_ip_v4", Key::Same),
    ("access_ip_v6", Key::Same),
    ("auto_disk_config", Key::Same),
    ("availability_zone", Key::Same),
    ("config_drive", Key::Same),
    ("display_description", Key::Same),
    ("image_ref", Key::Same),
    ("instance_type_id", Key::Same),
    ("key_name", Key::Same),
    ("hostname", Key::Name),
];

impl Order {
    /// Reads it from a query.
    pub(super) fn of(caller: &Caller, params: &Params) -> Result<Self, Problem> {
        let mut keys = Vec::new();
        let mut directions = params.all("sort_dir");
        for name in params.all("sort_key") {
            let known = KEYS.iter().find(|(known, _)| *known == name);
            let (_, key) = known.ok_or_else(|| {
                Problem::bad_request(format!(
                    "Invalid input for query parameters sort_key: '{name}'."
                ))
            })?;
            if matches!(key, Key::Host) && !caller.is_admin() {
                return Err(Problem::policy("sorting by host"));
            }
            let ascending = match directions.next() {
                None | Some("desc") => false,
                Some("asc") => true,
                Some(other) => {
                    return Err(Problem::bad_request(format!(
                        "Invalid input for query parameters sort_dir: '{other}', expected asc or desc."
                    )));
                }
            };
            keys.push((*key, ascending));
        }
        let usual = keys.is_empty() || keys == [(Key::Created, false)];
        Ok(if usual { Self::Newest } else { Self::By(keys) })
    }

    /// Which of two comes first.
    pub(super) fn compare(&self, one: &Server, other: &Server) -> Ordering {
        let newest = || (other.created, other.id).cmp(&(one.created, one.id));
        let Self::By(keys) = self else {
            return newest();
        };
        let by = keys.iter().map(|(key, ascending)| {
            let order = key.compare(one, other);
            if *ascending { order } else { order.reverse() }
        });
        by.fold(Ordering::Equal, Ordering::then).then_with(newest)
    }
}

impl Key {
    fn compare(self, one: &Server, other: &Server) -> Ordering {
        match self {
            Self::Id => one.id.cmp(&other.id),
            Self::Name => one.name.cmp(&other.name),
            Self::Created => one.created.cmp(&other.created),
            Self::Updated => one.updated.cmp(&other.updated),
            Self::Launched => one.launched.cmp(&other.launched),
            Self::VmState => one.vm_state.cmp(&other.vm_state),
            Self::TaskState => one.task_state.cmp(&other.task_state),
            Self::Project => one.project.cmp(&other.project),
            Self::User => one.created_by.cmp(&other.created_by),
            Self::Locked => one.is_locked().cmp(&other.is_locked()),
            Self::Host => one.host.cmp(&other.host),
            Self::Same => Ordering::Equal,
        }
    }
}
