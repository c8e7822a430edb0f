//! Whose servers a caller looks at, and whether it may.

use guichet_core::ids::ProjectId;
use guichet_core::server::Server;

use crate::accounts::Caller;

/// Whose servers are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Projects {
    /// Those of the project that the caller's session is for.
    #[default]
    Own,
    /// Those of every project that the caller sees: an administrator sees all, others their own.
    Visible,
    /// Those of all projects, which only an administrator may ask for.
    All,
    /// Those of this project; if it is not the caller's own, only an administrator may ask for
    /// them.
    One(ProjectId),
}

/// The caller asks for servers of projects that it does not see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("only an administrator sees the servers of other projects")]
pub struct NotVisible;

/// Whether a server is among those that are looked at: of this project, or of any.
pub(super) fn is_of(project: Option<ProjectId>, server: &Server) -> bool {
    project.is_none_or(|own| own == server.project)
}

impl Projects {
    /// The one project whose servers are looked at; none: all of them.
    ///
    /// # Errors
    /// [`NotVisible`].
    pub(super) fn seen_by(self, caller: &Caller) -> Result<Option<ProjectId>, NotVisible> {
        match self {
            Self::Own => Ok(Some(caller.project)),
            Self::Visible => Ok(caller.scope()),
            Self::One(project) if caller.sees(project) => Ok(Some(project)),
            Self::All if caller.is_admin() => Ok(None),
            Self::One(_) | Self::All => Err(NotVisible),
        }
    }
}
