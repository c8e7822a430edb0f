//! Who and what there is, by name and by id.

use std::collections::HashMap;
use std::sync::Arc;

use super::ask::Which;
use crate::config::{Declared, Role};

struct Names {
    by_id: HashMap<Arc<str>, usize>,
    by_name: HashMap<Arc<str>, usize>,
}

impl Names {
    fn new<'a>(pairs: impl Iterator<Item = (&'a Arc<str>, &'a Arc<str>)>) -> Self {
        let (mut by_id, mut by_name) = (HashMap::new(), HashMap::new());
        for (place, (id, name)) in pairs.enumerate() {
            by_id.insert(Arc::clone(id), place);
            by_name.insert(Arc::clone(name), place);
        }
        Self { by_id, by_name }
    }

    fn find(&self, which: &Which<'_>) -> Option<usize> {
        match *which {
            Which::Id(id) => self.by_id.get(id).copied(),
            Which::Name(name, true) => self.by_name.get(name).copied(),
            Which::Name(_, false) => None,
        }
    }
}

struct Person {
    id: Arc<str>,
    name: Arc<str>,
    default_project: Option<usize>,
    grants: Vec<(usize, Role)>,
}

/// Users and projects.
pub(super) struct Directory {
    users: Names,
    projects: Names,
    persons: Vec<Person>,
    project_ids: Vec<Arc<str>>,
}

impl Directory {
    pub(super) fn new(declared: &Declared) -> Self {
        Self {
            users: Names::new(declared.users.iter().map(|user| (&user.id, &user.name))),
            projects: Names::new(
                declared.projects.iter().map(|project| (&project.id, &project.name)),
            ),
            persons: declared
                .users
                .iter()
                .map(|user| Person {
                    id: Arc::clone(&user.id),
                    name: Arc::clone(&user.name),
                    default_project: user.default_project,
                    grants: user.grants.clone(),
                })
                .collect(),
            project_ids: declared.projects.iter().map(|project| Arc::clone(&project.id)).collect(),
        }
    }

    /// The id of the user in this place; of none it is empty.
    pub(super) fn user_id(&self, user: usize) -> &str {
        self.persons.get(user).map_or("", |person| &person.id)
    }

    /// The id of the project in this place; of none it is empty.
    pub(super) fn project_id(&self, project: usize) -> &str {
        self.project_ids.get(project).map_or("", |id| id)
    }

    pub(super) fn user(&self, which: &Which<'_>) -> Option<usize> {
        self.users.find(which)
    }

    pub(super) fn project(&self, which: &Which<'_>) -> Option<usize> {
        self.projects.find(which)
    }

    pub(super) fn user_name(&self, user: usize) -> Option<&str> {
        self.persons.get(user).map(|person| &*person.name)
    }

    pub(super) fn users(&self) -> usize {
        self.persons.len()
    }

    /// What a user may do in a project.
    pub(super) fn role(&self, user: usize, project: usize) -> Option<Role> {
        let grants = &self.persons.get(user)?.grants;
        grants.iter().find(|(granted, _)| *granted == project).map(|(_, role)| *role)
    }

    /// Where a user begins, and what it may do there.
    pub(super) fn beginning(&self, user: usize) -> Option<(usize, Role)> {
        let project = self.persons.get(user)?.default_project?;
        Some((project, self.role(user, project)?))
    }
}
