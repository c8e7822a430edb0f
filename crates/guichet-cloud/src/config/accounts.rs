//! Projects and users: from a file's tables to what is declared.

use std::collections::{HashMap, HashSet};

use guichet_core::limits;
use guichet_core::project::Quota;
use toml::Spanned;

use super::checks::{Checked, counted, name, once, text};
use super::declared::DeclaredUser;
use super::document::{GrantTable, ProjectTable, QuotaTable, Text, UserTable};
use super::mistake::Mistake;
use super::number::{self, Most};
use crate::accounts::{Project, Role};
use crate::ids;

/// What the table says of a quota, and for the rest what holds otherwise.
pub(super) fn quota(table: Option<QuotaTable>, otherwise: Quota) -> Quota {
    let table = table.unwrap_or_default();
    let most = |limit: Option<Most<0>>, otherwise| {
        limit.map_or(otherwise, |Most(most)| most.map(u64::from))
    };
    Quota {
        instances: most(table.instances, otherwise.instances),
        cores: most(table.cores, otherwise.cores),
        ram_mib: most(table.ram_mib, otherwise.ram_mib),
    }
}

/// The projects that are declared; a quota that one leaves out is the default.
pub(super) fn projects(tables: &[ProjectTable], default_quota: Quota) -> Checked<Vec<Project>> {
    counted("project", tables, 1, limits::PROJECTS_MAX)?;
    let mut seen = HashSet::new();
    tables
        .iter()
        .map(|table| {
            let name = name("name", &table.name)?;
            once("project", &mut seen, &name, &table.name)?;
            let weight = match &table.weight {
                Some(weight) => {
                    number::within("weight", weight, 1, limits::WEIGHT_MAX.into())? as u32
                }
                None => 1,
            };
            Ok(Project {
                id: ids::hex("project", &name),
                description: text(table.description.as_ref()).unwrap_or_default(),
                quota: quota(table.quota, default_quota),
                weight,
                name,
            })
        })
        .collect()
}

/// The users that are declared, with their roles in these projects.
pub(super) fn users(tables: Vec<UserTable>, projects: &[Project]) -> Checked<Vec<DeclaredUser>> {
    // Without any there would be nobody to ask for a token.
    counted("user", &tables, 1, limits::FLAVORS_MAX)?;
    let numbers: HashMap<&str, usize> =
        projects.iter().enumerate().map(|(number, project)| (&*project.name, number)).collect();
    let project_number = |text: &Text| {
        numbers.get(text.get_ref().as_str()).copied().ok_or_else(|| {
            let problem = format!("no project `{}` is declared", text.get_ref());
            Mistake::at(&text.span(), format!("{problem}, expected the name of a [[project]]"))
        })
    };
    let mut seen = HashSet::new();
    tables
        .into_iter()
        .map(|table| {
            let name = name("name", &table.name)?;
            once("user", &mut seen, &name, &table.name)?;
            let grants = grants(&table.roles, project_number)?;
            let default_project = table.default_project.as_ref().map(project_number).transpose()?;
            if let (Some(number), Some(text)) = (default_project, &table.default_project)
                && !grants.iter().any(|(granted, _)| *granted == number)
            {
                let problem = format!("the user `{name}` has no role in `{}`", text.get_ref());
                let expected = "expected a project that is among its `roles`";
                return Err(Mistake::at(&text.span(), format!("{problem}, {expected}")));
            }
            let password = table.password.as_ref().map(password).transpose()?;
            let id = ids::hex("user", &name);
            Ok(DeclaredUser { id, name, password, is_drawn: false, default_project, grants })
        })
        .collect()
}

/// What a user may do where: each project once.
fn grants(
    tables: &[GrantTable],
    project_number: impl Fn(&Text) -> Checked<usize>,
) -> Checked<Vec<(usize, Role)>> {
    let mut grants = Vec::with_capacity(tables.len());
    for table in tables {
        let project = project_number(&table.project)?;
        if grants.iter().any(|(granted, _)| *granted == project) {
            let name = table.project.get_ref();
            let problem = format!("two roles in `{name}`, expected one: each includes the lesser");
            return Err(Mistake::at(&table.project.span(), problem));
        }
        grants.push((project, table.role));
    }
    Ok(grants)
}

/// A password that is declared, which must not be empty.
fn password(text: &Spanned<String>) -> Checked<String> {
    if text.get_ref().is_empty() {
        let expected = "expected some characters, or no `password` to have one drawn at start";
        return Err(Mistake::at(&text.span(), format!("`password` is empty, {expected}")));
    }
    Ok(text.get_ref().clone())
}

/// The embedded users where a file declares projects but nobody to use them: each is in every
/// project what it was in the embedded one, and the first project is where it begins.
pub(super) fn everywhere(users: &[DeclaredUser], projects: usize) -> Vec<DeclaredUser> {
    users
        .iter()
        .map(|user| {
            let role = user.grants.first().map_or(Role::Member, |(_, role)| *role);
            DeclaredUser {
                default_project: Some(0),
                grants: (0..projects).map(|project| (project, role)).collect(),
                ..user.clone()
            }
        })
        .collect()
}
