//! The names of what is declared, and their numbers.

use std::collections::HashMap;
use std::sync::Arc;

use guichet_core::server::Size;

use super::word::Named;
use crate::accounts::Role;
use crate::catalogue::Flavor;
use crate::config::Declared;
use crate::documents::FIRST;
use crate::plain::{nearest, shown};

/// Names that one which is unknown is compared with: more take a while, and nobody wrote them by hand.
const COMPARED_MAX: usize = 1_000;

/// The names of one kind.
pub(super) struct List {
    kind: &'static str,
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

impl List {
    fn new(kind: &'static str, names: impl Iterator<Item = Arc<str>>) -> Self {
        let names: Vec<Arc<str>> = names.collect();
        let numbers = (0..).zip(&names).map(|(number, name)| (Arc::clone(name), number)).collect();
        Self { kind, names, numbers }
    }

    /// The name of a number. Each row of a fleet has one that is declared.
    pub(super) fn name(&self, number: u32) -> String {
        self.names.get(number as usize).map_or_else(String::new, |name| name.to_string())
    }

    /// The number of a name.
    ///
    /// # Errors
    /// What is wrong with it: there is no such name.
    pub(super) fn number(&self, name: &str) -> Result<u32, String> {
        let found = self.numbers.get(name).copied();
        found.ok_or_else(|| {
            let near = nearest(name, self.names.iter().take(COMPARED_MAX).map(|it| &**it));
            let near = near.map_or_else(String::new, |near| format!("; the nearest is {near:?}"));
            format!("{}: {:?} is not declared in this world{near}", self.kind, shown(name))
        })
    }

    /// The name of a number that may be a record's.
    pub(super) fn named(&self, number: u32) -> Named {
        if number >= FIRST { Named::Record(number) } else { Named::Declared(self.name(number)) }
    }

    /// The only one of its kind, if there is just one.
    pub(super) fn only(&self) -> Option<u32> {
        (self.names.len() == 1).then_some(0)
    }
}

/// The names of all kinds, and what is said of them where a document says nothing.
pub(super) struct Names<'a> {
    pub(super) declared: &'a Declared,
    pub(super) projects: List,
    pub(super) users: List,
    pub(super) flavors: List,
    pub(super) images: List,
    pub(super) networks: List,
    pub(super) hosts: List,
    /// The user that rows are of which name none, and its project.
    pub(super) owner: (u32, u32),
}

impl<'a> Names<'a> {
    pub(super) fn new(declared: &'a Declared) -> Self {
        let users = &declared.users;
        let projects = declared.projects.iter().map(|it| Arc::clone(&it.name));
        Self {
            projects: List::new("project", projects),
            users: List::new("user", users.iter().map(|it| Arc::clone(&it.name))),
            flavors: List::new("flavor", declared.flavors.iter().map(|it| Arc::clone(&it.name))),
            images: List::new("image", declared.images.iter().map(|it| Arc::clone(&it.name))),
            networks: List::new("network", declared.networks.iter().map(|it| Arc::clone(&it.name))),
            hosts: List::new("host", declared.hosts.iter().map(|it| Arc::clone(&it.name))),
            owner: owner(declared),
            declared,
        }
    }

    /// The size of a declared flavor.
    pub(super) fn size(&self, flavor: u32) -> Option<Size> {
        self.declared.flavors.get(flavor as usize).map(|flavor: &Flavor| flavor.size)
    }
}

/// The first user that is no administrator, and the project that it works for.
fn owner(declared: &Declared) -> (u32, u32) {
    let mut users = declared.users.iter();
    let plain = users.position(|user| user.grants.iter().all(|(_, role)| *role < Role::Admin));
    let user = plain.unwrap_or(0);
    let project = declared.users.get(user).and_then(|user| {
        let granted = user.grants.first().map(|(project, _)| *project);
        user.default_project.or(granted)
    });
    (user as u32, project.unwrap_or(0) as u32)
}
