//! Settings of a running fleet: what an administrator changes of what was declared. They say what
//! is decided from now on, and change no server. Whoever sets them keeps them, and sets them again
//! at the next start.

use crate::ids::{HostId, ProjectId};
use crate::project::{Project, Quota};

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// A project more, behind those that there are: of another place in the table it does nothing.
    Project(Project),
    /// What a project may hold. What it holds already stays, also beyond that.
    Quota {
        /// The project.
        project: ProjectId,
        /// Its quota.
        quota: Quota,
    },
    /// Whether servers are placed on a host. Those that are there stay.
    Host {
        /// The host.
        host: HostId,
        /// Whether it takes servers.
        is_open: bool,
    },
}
