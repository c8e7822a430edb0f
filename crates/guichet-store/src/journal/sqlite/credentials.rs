//! Application credentials in the file.
//!
//! All rows are read, also those of users and projects that are not declared any more: those have
//! numbers then that nothing declared has. So a name stays taken, and a user that is declared again
//! has its credentials again.

use std::sync::Arc;

use guichet_core::audit::Audit;
use guichet_core::credential::{ApplicationCredential, RoleName, SecretDigest};
use guichet_core::ids::{CredentialId, ProjectId, UserId};
use guichet_core::table::Images;
use rusqlite::{Connection, Row};

use super::beside;
use super::cells::Cells;
use super::error::{OpenError, Report};
use super::kind::Kind;
use super::names::Maps;
use super::statements as sql;
use super::values::{Values, as_text, to_json};

/// Writes the rows as they are now: those that are no more go first, for their names may be taken
/// by others.
pub(super) fn write(
    connection: &Connection,
    maps: &Maps,
    images: &Images<ApplicationCredential>,
) -> rusqlite::Result<()> {
    for (id, _) in images.iter().filter(|(_, row)| row.is_none()) {
        connection.prepare_cached(sql::DROP_CREDENTIAL)?.execute([id.to_string()])?;
    }
    let mut text = Vec::new();
    for row in images.values().flatten() {
        let mut statement = connection.prepare_cached(sql::REPLACE_CREDENTIAL)?;
        let mut values = Values::of(&mut statement);
        // No id: the next one.
        values.put(rusqlite::types::Null)?;
        values.put(row.id.to_string())?;
        values.put(maps.to_file(Kind::User, row.user.0))?;
        values.put(maps.to_file(Kind::Project, row.project.0))?;
        values.put(&*row.name)?;
        values.put(row.description.as_deref())?;
        text.clear();
        let roles: Vec<&str> = row.roles.iter().map(|role| &*role.0).collect();
        to_json(&mut text, &roles)?;
        values.put(as_text(&text)?)?;
        values.put(&*row.secret.0)?;
        values.put(row.is_unrestricted)?;
        values.put_time(row.created)?;
        values.put_times([row.expires])?;
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
) -> Result<Vec<Arc<ApplicationCredential>>, OpenError> {
    beside::load(connection, sql::SELECT_CREDENTIALS, failed, report, |row| read(row, maps))
}

fn read(row: &Row<'_>, maps: &Maps) -> Result<ApplicationCredential, OpenError> {
    let mut cells = Cells::of(row, "application_credential", sql::CREDENTIAL)?;
    let id = CredentialId::parse(cells.text()?);
    Ok(ApplicationCredential {
        id: id.ok_or_else(|| cells.wrong("32 hexadecimal digits are expected"))?,
        user: UserId(maps.finished(Kind::User, cells.u32()?)),
        project: ProjectId(maps.finished(Kind::Project, cells.u32()?)),
        name: Arc::from(cells.text()?),
        description: cells.maybe_text()?.map(Arc::from),
        roles: roles(&mut cells)?,
        secret: SecretDigest(Arc::from(cells.text()?)),
        is_unrestricted: cells.flag()?,
        created: cells.time()?,
        expires: cells.maybe_time()?,
    })
}

fn roles(cells: &mut Cells<'_>) -> Result<Vec<RoleName>, OpenError> {
    let text = cells.text()?;
    let roles: Vec<Arc<str>> = cells.json(text)?;
    if roles.is_empty() {
        return Err(cells.wrong("a credential for nothing"));
    }
    Ok(roles.into_iter().map(RoleName).collect())
}

/// What must hold between the rows: what holds of those in memory, and that users and projects have
/// names.
pub(super) fn check(audit: &mut Audit, maps: &Maps, rows: &[Arc<ApplicationCredential>]) {
    beside::check(audit, maps, rows, |row| {
        [(Kind::User, row.user.0), (Kind::Project, row.project.0)]
    });
}
