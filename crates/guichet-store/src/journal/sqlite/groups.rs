//! Server groups in the file. All rows are read, also those of projects and users that are not
//! declared any more, as application credentials are.

use std::sync::Arc;

use guichet_core::audit::Audit;
use guichet_core::group::{Policy, ServerGroup};
use guichet_core::ids::{GroupId, ProjectId, UserId};
use guichet_core::table::Images;
use rusqlite::{Connection, Row};

use super::beside;
use super::cells::Cells;
use super::error::{OpenError, Report};
use super::kind::Kind;
use super::names::Maps;
use super::statements as sql;
use super::values::Values;

/// Writes the rows as they are now.
pub(super) fn write(
    connection: &Connection,
    maps: &Maps,
    images: &Images<ServerGroup>,
) -> rusqlite::Result<()> {
    for (id, row) in images {
        let Some(row) = row else {
            connection.prepare_cached(sql::DROP_GROUP)?.execute([id.to_string()])?;
            continue;
        };
        let mut statement = connection.prepare_cached(sql::REPLACE_GROUP)?;
        let mut values = Values::of(&mut statement);
        // No id: the next one.
        values.put(rusqlite::types::Null)?;
        values.put_id(row.id.0)?;
        values.put(maps.to_file(Kind::Project, row.project.0))?;
        values.put(maps.to_file(Kind::User, row.user.0))?;
        values.put(&*row.name)?;
        values.put(row.policy.as_str())?;
        let max_per_host = match row.policy {
            Policy::AntiAffinity { max_per_host } if row.has_rules => Some(max_per_host),
            _ => None,
        };
        values.put(max_per_host)?;
        values.put_time(row.created)?;
        values.run()?;
    }
    Ok(())
}

/// Reads all rows, in the order in which they were written.
pub(super) fn load(
    connection: &Connection,
    maps: &Maps,
    failed: &dyn Fn(rusqlite::Error) -> OpenError,
    report: Report<'_>,
) -> Result<Vec<Arc<ServerGroup>>, OpenError> {
    beside::load(connection, sql::SELECT_GROUPS, failed, report, |row| read(row, maps))
}

fn read(row: &Row<'_>, maps: &Maps) -> Result<ServerGroup, OpenError> {
    let mut cells = Cells::of(row, "server_group", sql::GROUP)?;
    let id = GroupId(cells.uuid()?);
    let project = ProjectId(maps.finished(Kind::Project, cells.u32()?));
    let user = UserId(maps.finished(Kind::User, cells.u32()?));
    let name = Arc::from(cells.text()?);
    let (policy, has_rules) = policy(&mut cells)?;
    Ok(ServerGroup { id, project, user, name, policy, has_rules, created: cells.time()? })
}

fn policy(cells: &mut Cells<'_>) -> Result<(Policy, bool), OpenError> {
    let word = cells.text()?;
    let policy = Policy::of_word(word);
    let policy = policy.ok_or_else(|| cells.wrong(format!("{word:?} is no policy")))?;
    match (policy, cells.maybe_u32()?) {
        (policy, None) => Ok((policy, false)),
        (Policy::AntiAffinity { .. }, Some(max_per_host)) if max_per_host > 0 => {
            Ok((Policy::AntiAffinity { max_per_host }, true))
        }
        (_, Some(other)) => Err(cells.wrong(format!("{other}, with the policy {word}"))),
    }
}

/// What must hold between the rows: what holds of those in memory, and that projects and users
/// have names.
pub(super) fn check(audit: &mut Audit, maps: &Maps, rows: &[Arc<ServerGroup>]) {
    beside::check(audit, maps, rows, |row| {
        [(Kind::User, row.user.0), (Kind::Project, row.project.0)]
    });
}
