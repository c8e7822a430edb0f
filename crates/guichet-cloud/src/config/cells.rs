//! Cells: which projects and hosts are whose, and the part of a cloud that is one cell's.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use guichet_core::ids::HostId;
use guichet_core::limits;
use guichet_core::project::Host;

use super::checks::{Checked, counted, once};
use super::declared::{Declared, DeclaredCell, DeclaredUser};
use super::document::{CellTable, Text};
use super::mistake::Mistake;
use crate::accounts::Project;

/// The name of the one cell of a cloud that declares none.
const ONLY: &str = "default";

/// The cells that are declared. What none of them names is the first one's.
pub(super) fn cells(
    tables: Option<&[CellTable]>,
    projects: &[Project],
    hosts: &[Host],
    users: &[DeclaredUser],
) -> Checked<Vec<DeclaredCell>> {
    let Some(tables) = tables else { return Ok(Vec::new()) };
    counted("cells", tables, 1, limits::CELLS_MAX)?;
    let mut names = HashSet::new();
    let mut project_of = Places::new("project", projects.iter().map(|project| &*project.name));
    let mut host_of = Places::new("host", hosts.iter().map(|host| &*host.name));
    for (cell, table) in tables.iter().enumerate() {
        let name = cell_name(&table.name)?;
        once("cell", &mut names, &name, &table.name)?;
        table.projects.iter().try_for_each(|text| project_of.take(text, cell))?;
        table.hosts.iter().try_for_each(|text| host_of.take(text, cell))?;
    }
    let (project_of, host_of) = (project_of.owners(), host_of.owners());
    let mut declared = Vec::with_capacity(tables.len());
    for (cell, table) in tables.iter().enumerate() {
        let of = |owners: &[usize]| -> Vec<usize> {
            let own = owners.iter().enumerate().filter(|(_, owner)| **owner == cell);
            own.map(|(place, _)| place).collect()
        };
        let (projects, hosts) = (of(&project_of), of(&host_of));
        for (kind, is_empty) in [("project", projects.is_empty()), ("host", hosts.is_empty())] {
            if is_empty {
                let name = table.name.get_ref();
                let problem = format!("the cell `{name}` has no {kind}, expected one at least");
                return Err(Mistake::at(&table.name.span(), problem));
            }
        }
        declared.push(DeclaredCell { name: table.name.get_ref().as_str().into(), projects, hosts });
    }
    let is_several = tables.len() > 1;
    if let Some(user) = users.iter().find(|user| is_several && user.password.is_none()) {
        let problem = format!(
            "the user `{}` has no password, and each cell would draw another, expected `password` of \
             each [[user]]",
            user.name
        );
        let at: Range<usize> = tables.first().map_or(0..0, |table| table.name.span());
        return Err(Mistake::at(&at, problem));
    }
    Ok(declared)
}

fn cell_name(text: &Text) -> Checked<Arc<str>> {
    let name = text.get_ref();
    if guichet_core::cell::is_name(name) {
        return Ok(Arc::from(name.as_str()));
    }
    let most = limits::CELL_NAME_MAX;
    let expected = format!("expected a letter a-z, then a-z, 0-9 and `_`, {most} at most");
    Err(Mistake::at(&text.span(), format!("`{name}` is no name of a cell, {expected}")))
}

/// Which cell each entry of a list is of.
struct Places<'a> {
    kind: &'static str,
    /// Found by its name: a cloud has up to 100,000 hosts.
    by_name: HashMap<&'a str, usize>,
    owners: Vec<Option<usize>>,
}

impl<'a> Places<'a> {
    fn new(kind: &'static str, names: impl Iterator<Item = &'a str>) -> Self {
        let by_name: HashMap<&str, usize> =
            names.enumerate().map(|(place, name)| (name, place)).collect();
        Self { kind, owners: vec![None; by_name.len()], by_name }
    }

    /// A cell names one.
    fn take(&mut self, text: &Text, cell: usize) -> Checked<()> {
        let (kind, name) = (self.kind, text.get_ref().as_str());
        let place = self.by_name.get(name).copied();
        let owner = place.and_then(|place| self.owners.get_mut(place));
        let problem = match owner {
            Some(owner @ None) => {
                *owner = Some(cell);
                return Ok(());
            }
            Some(Some(_)) => format!("the {kind} `{name}` is in a cell already, expected once"),
            None => format!("no {kind} `{name}` is declared, expected the name of one"),
        };
        Err(Mistake::at(&text.span(), problem))
    }

    fn owners(self) -> Vec<usize> {
        self.owners.into_iter().map(Option::unwrap_or_default).collect()
    }
}

impl Declared {
    /// The names of its cells, of which there is one at least.
    pub fn cell_names(&self) -> Vec<Arc<str>> {
        if self.cells.is_empty() {
            return vec![Arc::from(ONLY)];
        }
        self.cells.iter().map(|cell| Arc::clone(&cell.name)).collect()
    }

    /// The cell of each project, by the project's position.
    pub fn project_cells(&self) -> Vec<usize> {
        let mut cells = vec![0; self.projects.len()];
        for (number, cell) in self.cells.iter().enumerate() {
            for project in &cell.projects {
                if let Some(home) = cells.get_mut(*project) {
                    *home = number;
                }
            }
        }
        cells
    }

    /// The part of it that one cell is: its projects and hosts, and all flavors, images and networks. All
    /// users are in each part, with their roles in its projects alone. Of a cloud that declares no cells
    /// the whole.
    #[must_use]
    pub fn part(&self, cell: usize) -> Self {
        let Some(of) = self.cells.get(cell) else { return self.clone() };
        let number = |project: usize| of.projects.binary_search(&project).ok();
        let user = |user: &DeclaredUser| DeclaredUser {
            default_project: user.default_project.and_then(number),
            grants: user
                .grants
                .iter()
                .filter_map(|(project, role)| Some((number(*project)?, *role)))
                .collect(),
            ..user.clone()
        };
        let projects = of.projects.iter().filter_map(|place| self.projects.get(*place));
        let hosts = of.hosts.iter().filter_map(|place| self.hosts.get(*place)).enumerate();
        let hosts = hosts.map(|(place, host)| Host { id: HostId(place as u32), ..host.clone() });
        Self {
            projects: projects.cloned().collect(),
            users: self.users.iter().map(user).collect(),
            hosts: hosts.collect(),
            cells: Vec::new(),
            cell,
            ..self.clone()
        }
    }

    /// Whether the cells are the same as in a newer declaration, and each project and host is still there, in
    /// the same cell.
    pub fn has_cells_of(&self, other: &Self) -> bool {
        self.cell_names() == other.cell_names() && stayed(&self.homes(), &other.homes())
    }

    /// The cell of each project and of each host, by kind and name.
    fn homes(&self) -> HashMap<(bool, Arc<str>), usize> {
        let mut homes = HashMap::new();
        for (number, cell) in self.cells.iter().enumerate() {
            let projects = cell.projects.iter().filter_map(|place| self.projects.get(*place));
            homes.extend(projects.map(|it| ((true, Arc::clone(&it.name)), number)));
            let hosts = cell.hosts.iter().filter_map(|place| self.hosts.get(*place));
            homes.extend(hosts.map(|it| ((false, Arc::clone(&it.name)), number)));
        }
        homes
    }
}

/// Whether all that was is where it was. What is gone could come back elsewhere, behind the back of the cell that has
/// its servers.
fn stayed(
    before: &HashMap<(bool, Arc<str>), usize>,
    now: &HashMap<(bool, Arc<str>), usize>,
) -> bool {
    before.iter().all(|(of, cell)| now.get(of) == Some(cell))
}
