//! What readers see while what was decided is not durable yet.
//!
//! A row that changed is shown as it was until its new image is durable; every other row is
//! shown as it is. So only the rows that are being written cost anything: for each of them the
//! image that is shown (or that it did not exist) stands here.

use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use crate::ids::{HostId, IdHash, IdHasher, ProjectId, ServerId};
use crate::project::{FreeCapacity, Usage};
use crate::server::Server;
use crate::time::Timestamp;

/// A server's place in lists.
pub(super) type Marker = (ProjectId, Timestamp, ServerId);

pub(super) fn marker(server: &Server) -> Marker {
    (server.project, server.created, server.id)
}

/// The images that are shown in place of the present ones.
#[derive(Debug, Clone, Default)]
pub(super) struct Published {
    /// By server; `None`: it did not exist.
    servers: HashMap<ServerId, Option<Arc<Server>>, IdHash>,
    /// Those of them that are shown and exist no more: lists find them here.
    leaving: BTreeSet<Marker>,
    usage: HashMap<ProjectId, Usage, BuildHasherDefault<IdHasher>>,
    capacities: HashMap<HostId, FreeCapacity, BuildHasherDefault<IdHasher>>,
}

impl Published {
    /// A row is about to change from `before` to `now`.
    pub(super) fn server_changes(&mut self, before: Option<Arc<Server>>, now: &Server) {
        let shown = self.servers.entry(now.id).or_insert(before);
        if now.is_deleted() && shown.as_ref().is_some_and(|server| !server.is_deleted()) {
            self.leaving.insert(marker(now));
        }
    }

    pub(super) fn usage_changes(&mut self, project: ProjectId, before: Usage) {
        self.usage.entry(project).or_insert(before);
    }

    pub(super) fn capacity_changes(&mut self, before: FreeCapacity) {
        self.capacities.entry(before.id).or_insert(before);
    }

    /// `image` is durable and is shown from here on. `later` is the present row if that has
    /// changed since.
    pub(super) fn server_is_durable(&mut self, image: &Arc<Server>, later: Option<&Server>) {
        match later {
            Some(now) => {
                self.servers.insert(image.id, Some(Arc::clone(image)));
                if now.is_deleted() && !image.is_deleted() {
                    self.leaving.insert(marker(image));
                }
            }
            None => self.forget(image),
        }
    }

    /// The present row is shown from here on, if there is one.
    pub(super) fn forget(&mut self, server: &Server) {
        self.servers.remove(&server.id);
        self.leaving.remove(&marker(server));
    }

    /// A project's usage is durable; `later`: it has changed since.
    pub(super) fn usage_is_durable(&mut self, project: ProjectId, usage: Usage, later: bool) {
        if later {
            self.usage.insert(project, usage);
        } else {
            self.usage.remove(&project);
        }
    }

    /// A host's room is durable; `later`: it has changed since.
    pub(super) fn capacity_is_durable(&mut self, capacity: FreeCapacity, later: bool) {
        if later {
            self.capacities.insert(capacity.id, capacity);
        } else {
            self.capacities.remove(&capacity.id);
        }
    }

    /// A server's image, if another one than the present is shown.
    pub(super) fn server(&self, id: ServerId) -> Option<Option<&Arc<Server>>> {
        if self.servers.is_empty() {
            return None;
        }
        self.servers.get(&id).map(Option::as_ref)
    }

    pub(super) fn usage(&self, project: ProjectId) -> Option<Usage> {
        self.usage.get(&project).copied()
    }

    pub(super) fn capacity(&self, host: HostId) -> Option<FreeCapacity> {
        self.capacities.get(&host).copied()
    }

    /// Servers that are shown and exist no more.
    pub(super) const fn leaving(&self) -> &BTreeSet<Marker> {
        &self.leaving
    }
}
