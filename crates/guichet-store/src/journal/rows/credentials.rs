//! Application credentials in a database.
//!
//! All rows are read, also those of users and projects that are not declared any more: those have
//! numbers then that nothing declared has. So a name stays taken, and a user that is declared again
//! has its credentials again.

use std::sync::Arc;

use guichet_core::audit::Audit;
use guichet_core::credential::{ApplicationCredential, RoleName, SecretDigest};
use guichet_core::ids::{CredentialId, ProjectId, UserId};

use super::beside::{self, Beside};
use super::cells::Cells;
use super::error::OpenError;
use super::kind::Kind;
use super::names::Maps;
use super::row::Row;
use super::tables::{self, Table};
use super::values::Values;

impl Beside for ApplicationCredential {
    const TABLE: &'static Table = &tables::CREDENTIAL;

    fn put<V: Values>(&self, values: &mut V, maps: &Maps) -> Result<(), V::Error> {
        values.put(&*self.id.to_string())?;
        values.put(maps.to_file(Kind::User, self.user.0))?;
        values.put(maps.to_file(Kind::Project, self.project.0))?;
        values.put(&*self.name)?;
        values.put(self.description.as_deref())?;
        let roles: Vec<&str> = self.roles.iter().map(|role| &*role.0).collect();
        values.put_json(&roles, &mut Vec::new())?;
        values.put(&*self.secret.0)?;
        values.put(self.is_unrestricted)?;
        values.put(self.created)?;
        values.put(self.expires)
    }

    fn read(row: &dyn Row, maps: &Maps) -> Result<Self, OpenError> {
        let mut cells = Cells::of(row, &tables::CREDENTIAL)?;
        let id = CredentialId::parse(&cells.text()?);
        Ok(Self {
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
}

fn roles(cells: &mut Cells<'_>) -> Result<Vec<RoleName>, OpenError> {
    let text = cells.text()?;
    let roles: Vec<Arc<str>> = cells.json(&text)?;
    if roles.is_empty() {
        return Err(cells.wrong("a credential for nothing"));
    }
    Ok(roles.into_iter().map(RoleName).collect())
}

/// What must hold between the rows: what holds of those in memory, and that users and projects have
/// names.
pub(crate) fn check(audit: &mut Audit, maps: &Maps, rows: &[Arc<ApplicationCredential>]) {
    beside::check(audit, maps, rows, |row| {
        [(Kind::User, row.user.0), (Kind::Project, row.project.0)]
    });
}
