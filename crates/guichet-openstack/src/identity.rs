//! Identity v3: who asks, for which project, with which role.

use std::sync::Arc;

use guichet_core::ids::ProjectId;

use crate::config::Role;

/// What a token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The user's place in the list of users.
    pub user: usize,
    /// The project it is for, with the most its user may do there; none: unscoped.
    pub project: Option<(usize, Role)>,
}

impl Session {
    /// The project and the role, if it is for one.
    pub fn scope(&self) -> Option<(ProjectId, Role)> {
        self.project.map(|(project, role)| (ProjectId(project as u32), role))
    }
}

/// Users and tokens.
#[derive(Debug)]
pub struct Identity {}

impl Identity {
    /// The session behind a token, if it is good.
    pub fn session(&self, _token: &str) -> Option<Arc<Session>> {
        None
    }

    /// A user's name.
    pub fn user_name(&self, _user: usize) -> &str {
        "-"
    }
}

/// Its routes, below its prefix.
pub fn routes() -> axum::Router<Arc<crate::cloud::Cloud>> {
    axum::Router::new()
}
