//! Jobs whose host was full, and what brings them back.

use super::Scheduler;
use crate::ids::{HostId, ProjectId};

impl Scheduler {
    /// A host has a permit again: one parked job of *each* project that waits for it stands
    /// ready, since any of those projects may have no permit of its own. Those that find the
    /// host full again are parked again.
    pub(super) fn release_host(&mut self, host: HostId) {
        let Some(queue) = self.hosts.get_mut(&host) else {
            return;
        };
        queue.in_flight -= 1;
        if queue.parked.is_empty() {
            if queue.in_flight == 0 {
                self.hosts.remove(&host);
            }
            return;
        }
        let projects: Vec<ProjectId> = queue.parked.keys().copied().collect();
        for project in projects {
            self.return_one(host, project);
        }
    }

    /// The first parked job of a project goes back to its queue, if the host has a free permit.
    pub(super) fn return_one(&mut self, host: HostId, project: ProjectId) {
        let per_host = self.bounds.per_host;
        let popped = self
            .hosts
            .get_mut(&host)
            .filter(|queue| queue.in_flight < per_host)
            .and_then(|queue| queue.pop(project));
        if let Some((arrival, operation)) = popped {
            self.enqueue(operation, arrival);
        }
    }
}
