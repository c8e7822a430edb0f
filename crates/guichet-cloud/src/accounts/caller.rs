//! Who asks for something to be done with servers.

use guichet_core::ids::{ClientId, ProjectId, RequestId};

use super::role::Role;
use super::session::Session;

/// Who asks, for which project, in which request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The id of the request, under which operations are recorded.
    pub request: RequestId,
    /// The user, by its position.
    pub user: usize,
    /// The project that its session is for.
    pub project: ProjectId,
    /// The most that the user may do there.
    pub role: Role,
}

impl Caller {
    /// The caller of a session, if that is for a project.
    pub fn of(session: &Session, request: RequestId) -> Option<Self> {
        let (project, role) = session.scope()?;
        Some(Self { request, user: session.user, project, role })
    }

    /// The user, as servers and operations remember it.
    pub const fn client(&self) -> ClientId {
        ClientId(self.user as u32)
    }

    /// Whether it may look at and change what is not its project's.
    pub fn is_admin(&self) -> bool {
        self.role >= Role::Admin
    }

    /// Whether it may change what is its project's: a reader may not.
    pub fn may_write(&self) -> bool {
        self.role >= Role::Member
    }

    /// Whose servers it sees: those of its project, or of all (`None`).
    pub fn scope(&self) -> Option<ProjectId> {
        if self.is_admin() { None } else { Some(self.project) }
    }

    /// Whether it sees what belongs to this project.
    pub fn sees(&self, project: ProjectId) -> bool {
        self.is_admin() || project == self.project
    }
}
