//! What readers see while what was decided is not durable yet.
//!
//! A row that changed is shown as it was until its new image is durable; every other row is
//! shown as it is. So only the rows that are being written cost anything: for each of them the
//! image that is shown (or that it did not exist) stands here.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use crate::ids::{HostId, IdHash, IdHasher, ProjectId, ServerId};
use crate::project::{FreeCapacity, Usage};
use crate::server::Server;

/// The images that are shown in place of the present ones.
#[derive(Debug, Clone, Default)]
pub(super) struct Published {
    /// By server; `None`: it did not exist.
    servers: HashMap<ServerId, Option<Arc<Server>>, IdHash>,
    usage: HashMap<ProjectId, Usage, BuildHasherDefault<IdHasher>>,
    capacities: HashMap<HostId, FreeCapacity, BuildHasherDefault<IdHasher>>,
}

impl Published {
    /// A row changed, and was `before` so far.
    pub(super) fn server_changes(&mut self, id: ServerId, before: Option<Arc<Server>>) {
        self.servers.entry(id).or_insert(before);
    }

    pub(super) fn usage_changes(&mut self, project: ProjectId, before: Usage) {
        self.usage.entry(project).or_insert(before);
    }

    pub(super) fn capacity_changes(&mut self, before: FreeCapacity) {
        self.capacities.entry(before.id).or_insert(before);
    }

    /// `image` is durable and is shown from here on, in place of the image that is given back.
    /// `later`: the row has changed since.
    pub(super) fn server_is_durable(
        &mut self,
        image: &Arc<Server>,
        later: bool,
    ) -> Option<Arc<Server>> {
        let before = if later {
            self.servers.insert(image.id, Some(Arc::clone(image)))
        } else {
            self.servers.remove(&image.id)
        };
        before.flatten()
    }

    /// The present row is shown from here on, if there is one. Gives back what was shown.
    pub(super) fn forget(&mut self, id: ServerId) -> Option<Arc<Server>> {
        self.servers.remove(&id).flatten()
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
}
