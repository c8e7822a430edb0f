//! In which order a search shows servers.

use std::cmp::Ordering;

use guichet_core::server::Server;

/// The order of a list of servers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Order {
    /// By creation, the newest first.
    #[default]
    Newest,
    /// By these keys, each ascending or not; where they say nothing, the newest first.
    By(Vec<(SortKey, bool)>),
}

/// What a list can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKey {
    /// The id.
    Id,
    /// The name.
    Name,
    /// The instant of its creation.
    Created,
    /// The instant of its last change.
    Updated,
    /// The instant from which on it ran.
    Launched,
    /// The stable state.
    VmState,
    /// What is being done to it.
    TaskState,
    /// The project that owns it.
    Project,
    /// The user that asked for it.
    User,
    /// Whether it is locked.
    Locked,
    /// The host it runs on.
    Host,
    /// The name of the key pair put into it.
    KeyName,
    /// Something that is the same for all servers here.
    Same,
}

impl Order {
    /// The order by these keys.
    pub fn by(keys: Vec<(SortKey, bool)>) -> Self {
        let is_newest = keys.is_empty() || keys == [(SortKey::Created, false)];
        if is_newest { Self::Newest } else { Self::By(keys) }
    }

    /// Which of two servers comes first.
    pub(super) fn compare(&self, one: &Server, other: &Server) -> Ordering {
        let newest = || (other.created, other.id).cmp(&(one.created, one.id));
        let Self::By(keys) = self else {
            return newest();
        };
        let by = keys.iter().map(|(key, is_ascending)| {
            let order = key.compare(one, other);
            if *is_ascending { order } else { order.reverse() }
        });
        by.fold(Ordering::Equal, Ordering::then).then_with(newest)
    }
}

impl SortKey {
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
            Self::KeyName => key_name(one).cmp(&key_name(other)),
            Self::Same => Ordering::Equal,
        }
    }
}

fn key_name(server: &Server) -> Option<&str> {
    server.details.as_ref()?.key_name.as_deref()
}
