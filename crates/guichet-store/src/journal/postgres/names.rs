//! The numbers of names, as the database has them.

use guichet_core::project::Project;

use super::classify::Trouble;
use super::columns::{Column, Columns};
use super::session::{Session, Step};
use super::statements as sql;
use crate::journal::rows::kind::Kind;
use crate::journal::rows::names::{Maps, NUMBERS_MAX, Names};
use crate::journal::rows::tables::Type::{Number, Text};
use crate::journal::rows::values::{Values, integer};
use crate::records::NewName;

/// Names that were added while the service runs.
pub(super) fn added(maps: &Maps, names: &[NewName]) -> Result<Vec<Step>, serde_json::Error> {
    let (mut projects, mut others) = (Vec::new(), Vec::new());
    for (kind, place, added) in maps.places(names) {
        match added {
            NewName::Project(project) => projects.push((place, project)),
            NewName::Flavor(name) | NewName::Image(name) | NewName::User(name) => {
                others.push((kind, place, &**name));
            }
        }
    }
    steps(&others, projects)
}

/// New names, and quotas as they are declared at this start.
pub(super) fn declared(maps: &Maps, names: &Names<'_>) -> Result<Vec<Step>, serde_json::Error> {
    steps(&maps.new_names().collect::<Vec<_>>(), maps.projects(names).collect())
}

fn steps(
    names: &[(Kind, u32, &str)],
    projects: Vec<(u32, &Project)>,
) -> Result<Vec<Step>, serde_json::Error> {
    let mut steps = Vec::new();
    if !names.is_empty() {
        let columns = vec![
            Column::texts(names.iter().map(|(kind, ..)| kind.as_str())),
            Column::numbers(names.iter().map(|(_, place, _)| i64::from(*place))),
            Column::texts(names.iter().map(|(.., name)| *name)),
        ];
        steps.push(Step { sql: sql::PUT_NAMES, columns });
    }
    if !projects.is_empty() {
        let mut columns = Columns::new([Number, Text, Number, Number, Number, Number]);
        for (number, project) in projects {
            let quota = &project.quota;
            columns.put(number)?;
            columns.put(&*project.name)?;
            for most in [quota.instances, quota.cores, quota.ram_mib] {
                columns.put(most.map(integer))?;
            }
            columns.put(project.weight)?;
        }
        steps.push(Step { sql: sql::PUT_PROJECTS, columns: columns.finish() });
    }
    Ok(steps)
}

/// The names of a kind that the database has.
pub(super) async fn known(session: &Session, kind: Kind) -> Result<Vec<(u32, String)>, Trouble> {
    let rows = match kind {
        Kind::Project => session.query(sql::KNOWN_PROJECTS, &[]).await?,
        _ => session.query(sql::KNOWN_NAMES, &[&kind.as_str()]).await?,
    };
    let of_row = |row: &tokio_postgres::Row| {
        let number: i64 = row.try_get(0)?;
        let number = u32::try_from(number).ok().filter(|number| *number < NUMBERS_MAX);
        let wrong = || Trouble::Broken(format!("a {kind} has a number that there is not"));
        Ok((number.ok_or_else(wrong)?, row.try_get(1)?))
    };
    rows.iter().map(of_row).collect()
}
