//! Users and projects, by name and by id.

use std::collections::HashMap;
use std::sync::Arc;

use guichet_core::ids::{ClientId, ProjectId};
use guichet_core::project::Quota;

use super::role::Role;

/// A user or a project, as a client names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which<T> {
    /// By its id.
    Id(T),
    /// By its name.
    Name(T),
    /// By a name that is nobody's here, such as one in another domain. It still counts in the
    /// rate of requests.
    Stranger(T),
}

impl<T: AsRef<str>> Which<T> {
    /// The text that it was named by.
    pub fn text(&self) -> &str {
        match self {
            Self::Id(text) | Self::Name(text) | Self::Stranger(text) => text.as_ref(),
        }
    }

    /// The same, looked at.
    pub fn as_ref(&self) -> Which<&str> {
        match self {
            Self::Id(text) => Which::Id(text.as_ref()),
            Self::Name(text) => Which::Name(text.as_ref()),
            Self::Stranger(text) => Which::Stranger(text.as_ref()),
        }
    }
}

/// A project: who owns servers and quota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// 32 hexadecimal digits.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Free text.
    pub description: String,
    /// What it may hold.
    pub quota: Quota,
    /// Its share of the workers.
    pub weight: u32,
}

/// A user, without its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// 32 hexadecimal digits.
    pub id: Arc<str>,
    /// The name that the user logs in with.
    pub name: Arc<str>,
    /// The project that a token is for if none is named, by its position.
    pub default_project: Option<usize>,
    /// What the user may do where: positions of projects, each with a role.
    pub grants: Vec<(usize, Role)>,
}

/// Positions in a list, by id and by name.
#[derive(Debug)]
struct Names {
    by_id: HashMap<Arc<str>, usize>,
    by_name: HashMap<Arc<str>, usize>,
}

impl Names {
    fn new<'a>(pairs: impl Iterator<Item = (&'a Arc<str>, &'a Arc<str>)>) -> Self {
        let (mut by_id, mut by_name) = (HashMap::new(), HashMap::new());
        for (position, (id, name)) in pairs.enumerate() {
            by_id.insert(Arc::clone(id), position);
            by_name.insert(Arc::clone(name), position);
        }
        Self { by_id, by_name }
    }

    fn find(&self, which: Which<&str>) -> Option<usize> {
        match which {
            Which::Id(id) => self.by_id.get(id).copied(),
            Which::Name(name) => self.by_name.get(name).copied(),
            Which::Stranger(_) => None,
        }
    }
}

/// All users and projects. A user or project is known by its position in its list, which is its
/// id in the manager.
#[derive(Debug)]
pub struct Directory {
    users: Vec<User>,
    projects: Vec<Project>,
    user_names: Names,
    project_names: Names,
}

impl Directory {
    /// A directory of these users and projects.
    pub fn new(users: Vec<User>, projects: Vec<Project>) -> Self {
        let user_names = Names::new(users.iter().map(|user| (&user.id, &user.name)));
        let project_names = projects.iter().map(|project| (&project.id, &project.name));
        Self { project_names: Names::new(project_names), user_names, users, projects }
    }

    /// All users.
    pub fn users(&self) -> &[User] {
        &self.users
    }

    /// All projects.
    pub fn projects(&self) -> &[Project] {
        &self.projects
    }

    /// The user in this position.
    pub fn user(&self, position: usize) -> Option<&User> {
        self.users.get(position)
    }

    /// The project in this position.
    pub fn project(&self, position: usize) -> Option<&Project> {
        self.projects.get(position)
    }

    /// The user that made a request, as servers and operations remember it.
    pub fn client(&self, client: ClientId) -> Option<&User> {
        self.users.get(client.index())
    }

    /// The project that owns a server.
    pub fn owner(&self, project: ProjectId) -> Option<&Project> {
        self.projects.get(project.index())
    }

    /// The position of a user.
    pub fn find_user(&self, which: Which<&str>) -> Option<usize> {
        self.user_names.find(which)
    }

    /// The position of a project.
    pub fn find_project(&self, which: Which<&str>) -> Option<usize> {
        self.project_names.find(which)
    }

    /// The position of the user with this id, or else with this name.
    pub fn user_called(&self, text: &str) -> Option<usize> {
        self.find_user(Which::Id(text)).or_else(|| self.find_user(Which::Name(text)))
    }

    /// The id in the manager of the project with this id, or else with this name.
    pub fn project_called(&self, text: &str) -> Option<ProjectId> {
        let by_name = || self.find_project(Which::Name(text));
        let position = self.find_project(Which::Id(text)).or_else(by_name)?;
        Some(ProjectId(position as u32))
    }

    /// The id in the manager of the project with this id.
    pub fn project_id(&self, id: &str) -> Option<ProjectId> {
        self.find_project(Which::Id(id)).map(|position| ProjectId(position as u32))
    }

    /// What a user may do in a project.
    pub fn role(&self, user: usize, project: usize) -> Option<Role> {
        let grants = &self.users.get(user)?.grants;
        grants.iter().find(|(granted, _)| *granted == project).map(|(_, role)| *role)
    }

    /// Whether what a token is for is still what its user may do there.
    pub(super) fn allows(&self, user: usize, scope: Option<(usize, Role)>) -> bool {
        scope.is_none_or(|(project, role)| self.role(user, project) >= Some(role))
    }

    /// The projects in which a user has a role.
    pub fn projects_of(&self, user: usize) -> impl Iterator<Item = usize> {
        let grants = self.users.get(user).map_or(&[][..], |user| &user.grants[..]);
        grants.iter().map(|(project, _)| *project)
    }

    /// The project that a user's token is for if none is named, and what the user may do there.
    pub fn default_scope(&self, user: usize) -> Option<(usize, Role)> {
        let project = self.users.get(user)?.default_project?;
        Some((project, self.role(user, project)?))
    }
}
