//! What is declared, for a node that reads rows before it leads: rows are decoded by it.

use std::sync::Arc;

use guichet_core::project::Project;

use super::names::Names;

/// The same as [`Names`], whoever declared it may be gone.
#[derive(Debug, Clone)]
pub(crate) struct Declared {
    projects: Vec<Project>,
    /// Hosts, flavors, images, networks and users.
    others: [Vec<Arc<str>>; 5],
}

impl Declared {
    /// A copy.
    pub(crate) fn of(names: &Names<'_>) -> Self {
        let Names { projects, hosts, flavors, images, networks, users } = names.clone();
        Self { projects: projects.to_vec(), others: [hosts, flavors, images, networks, users] }
    }

    /// What it was made of.
    pub(crate) fn names(&self) -> Names<'_> {
        let [hosts, flavors, images, networks, users] = self.others.clone();
        Names { projects: &self.projects, hosts, flavors, images, networks, users }
    }

    /// Whether rows that were decoded by this are the same by `names`: what else is said of projects
    /// changes no row.
    pub(crate) fn fits(&self, names: &Names<'_>) -> bool {
        let other = Self::of(names);
        let projects = |of: &Self| of.projects.iter().map(|one| Arc::clone(&one.name)).collect();
        let (here, there): (Vec<_>, Vec<_>) = (projects(self), projects(&other));
        here == there && self.others == other.others
    }
}
