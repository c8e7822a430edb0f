//! Which cell each project is in, and where each user begins.

use std::collections::HashMap;
use std::sync::Arc;

use guichet_cloud::accounts::Which;
use guichet_cloud::config::Declared;

/// Which cell each project is in, and where each user begins, as it is declared.
#[derive(Debug, Default)]
pub struct Homes {
    cells: usize,
    projects: Places,
    /// The cell of each user's default project.
    users: Places,
}

#[derive(Debug, Default)]
struct Places {
    by_id: HashMap<Arc<str>, usize>,
    by_name: HashMap<Arc<str>, usize>,
}

impl Places {
    fn add(&mut self, id: &Arc<str>, name: &Arc<str>, cell: usize) {
        self.by_id.insert(Arc::clone(id), cell);
        self.by_name.insert(Arc::clone(name), cell);
    }

    fn find(&self, which: Which<&str>) -> Option<usize> {
        match which {
            Which::Id(id) => self.by_id.get(id).copied(),
            Which::Name(name) => self.by_name.get(name).copied(),
            Which::Stranger(_) => None,
        }
    }
}

impl Homes {
    /// Those of a whole declaration.
    pub fn of(declared: &Declared) -> Self {
        let cells = declared.project_cells();
        let (mut projects, mut users) = (Places::default(), Places::default());
        for (project, cell) in declared.projects.iter().zip(&cells) {
            projects.add(&project.id, &project.name, *cell);
        }
        for user in &declared.users {
            if let Some(cell) = user.default_project.and_then(|project| cells.get(project)) {
                users.add(&user.id, &user.name, *cell);
            }
        }
        Self { cells: declared.cell_names().len(), projects, users }
    }

    /// A cell that there is: of another the first stands in, which knows nothing of it.
    pub(super) const fn within(&self, cell: usize) -> usize {
        if cell < self.cells { cell } else { 0 }
    }

    pub(super) fn of_project(&self, which: Which<&str>) -> Option<usize> {
        self.projects.find(which)
    }

    pub(super) fn of_user(&self, which: Which<&str>) -> Option<usize> {
        self.users.find(which)
    }
}
