//! The numbers of names, as the file has them.

use guichet_core::project::Project;
use rusqlite::{Connection, Statement, params};

use crate::journal::rows::kind::Kind;
use crate::journal::rows::names::{Maps, NUMBERS_MAX, Names};
use crate::journal::rows::values;
use crate::records::NewName;

/// Writes down names that were added. Part of a transaction.
pub(super) fn write_added(
    maps: &Maps,
    connection: &Connection,
    names: &[NewName],
) -> rusqlite::Result<()> {
    for (kind, place, added) in maps.places(names) {
        match added {
            NewName::Project(project) => {
                let mut upsert = connection.prepare_cached(PUT_PROJECT)?;
                put_project(&mut upsert, place, project)?;
            }
            NewName::Flavor(name) | NewName::Image(name) | NewName::User(name) => {
                let mut insert = connection.prepare_cached(PUT_NAME)?;
                insert.execute(params![kind.as_str(), place, &**name])?;
            }
        }
    }
    Ok(())
}

/// Writes down new names, and quotas as they are declared. Part of a transaction.
pub(super) fn write(
    maps: &Maps,
    connection: &Connection,
    names: &Names<'_>,
) -> rusqlite::Result<()> {
    let mut insert = connection.prepare(PUT_NAME)?;
    for (kind, number, name) in maps.new_names() {
        insert.execute(params![kind.as_str(), number, name])?;
    }
    let mut upsert = connection.prepare(PUT_PROJECT)?;
    for (number, project) in maps.projects(names) {
        put_project(&mut upsert, number, project)?;
    }
    Ok(())
}

/// A name of the file; one that has its place already keeps it.
const PUT_NAME: &str = "INSERT OR IGNORE INTO name (kind, place, name) VALUES (?1, ?2, ?3)";

/// A project of the file, with its quota as it is declared now.
const PUT_PROJECT: &str =
    "INSERT INTO project (id, name, instances_max, cores_max, ram_mib_max, weight)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6)
     ON CONFLICT (id) DO UPDATE SET instances_max = excluded.instances_max,
     cores_max = excluded.cores_max, ram_mib_max = excluded.ram_mib_max,
     weight = excluded.weight";

fn put_project(
    upsert: &mut Statement<'_>,
    number: u32,
    project: &Project,
) -> rusqlite::Result<usize> {
    let most = |limit: Option<u64>| limit.map(values::integer);
    upsert.execute(params![
        number,
        &*project.name,
        most(project.quota.instances),
        most(project.quota.cores),
        most(project.quota.ram_mib),
        project.weight,
    ])
}

/// The names of a kind that the file has.
pub(super) fn known(connection: &Connection, kind: Kind) -> rusqlite::Result<Vec<(u32, String)>> {
    let sql = match kind {
        Kind::Project => "SELECT id, name FROM project WHERE ?1 = 'project' ORDER BY id",
        _ => "SELECT place, name FROM name WHERE kind = ?1 ORDER BY place",
    };
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([kind.as_str()], |row| {
        let number = row.get::<_, u32>(0)?;
        if number >= NUMBERS_MAX {
            return Err(rusqlite::Error::IntegralValueOutOfRange(0, i64::from(number)));
        }
        Ok((number, row.get(1)?))
    })?;
    rows.collect()
}
