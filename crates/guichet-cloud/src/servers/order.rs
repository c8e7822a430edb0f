//! In which order a search shows servers.

use std::cmp::Ordering;

use guichet_core::server::Server;
use guichet_store::{ListOrder, Names};

/// The order of a list of servers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Order {
    /// By creation, the newest first.
    #[default]
    Newest,
    /// By these keys, each ascending or not: see [`Order::by`].
    By(Vec<(SortKey, bool)>),
}

/// What a list can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKey {
    /// The id.
    Id,
    /// The name.
    Name,
    /// Its age: the instant of its creation, and where that is the same the id.
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
    /// The order by these keys, and where they say nothing by age, in the direction of the first of
    /// them. (So Nova does: `process_sort_params`.)
    pub fn by(mut keys: Vec<(SortKey, bool)>) -> Self {
        let ascending = keys.first().is_some_and(|(_, ascending)| *ascending);
        keys.retain(|(key, _)| *key != SortKey::Same);
        match keys.iter().position(|(key, _)| *key == SortKey::Created) {
            // No two are of the same age: what comes behind it says nothing more.
            Some(end) => keys.truncate(end + 1),
            None => keys.push((SortKey::Created, ascending)),
        }
        if keys == [(SortKey::Created, false)] { Self::Newest } else { Self::By(keys) }
    }

    /// The order of a list that has these names, or all, and whether it is this order.
    pub(super) fn list(&self, names: Option<Names>) -> (ListOrder, bool) {
        let ascending = match (self.keys(), &names) {
            ([(SortKey::Created, ascending)], None) => {
                return (ListOrder::Age { ascending: *ascending }, true);
            }
            // Servers of one name are in the order of their age.
            ([(SortKey::Created, ascending)], Some(Names::Exact(_))) => Some(*ascending),
            ([(SortKey::Name, ascending), (SortKey::Created, too)], _) if ascending == too => {
                Some(*ascending)
            }
            (_, None) => return (ListOrder::Age { ascending: false }, false),
            (_, Some(_)) => None,
        };
        let names = names.unwrap_or(Names::All);
        let order = ListOrder::Name { names, ascending: ascending.unwrap_or(true) };
        (order, ascending.is_some())
    }

    fn keys(&self) -> &[(SortKey, bool)] {
        match self {
            Self::Newest => &[(SortKey::Created, false)],
            Self::By(keys) => keys,
        }
    }

    /// Which of two servers comes first.
    pub(super) fn compare(&self, one: &Server, other: &Server) -> Ordering {
        let by = self.keys().iter().map(|(key, ascending)| {
            let order = key.compare(one, other);
            if *ascending { order } else { order.reverse() }
        });
        by.fold(Ordering::Equal, Ordering::then)
    }
}

impl SortKey {
    fn compare(self, one: &Server, other: &Server) -> Ordering {
        match self {
            Self::Id => one.id.cmp(&other.id),
            Self::Name => one.name.cmp(&other.name),
            Self::Created => (one.created, one.id).cmp(&(other.created, other.id)),
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
