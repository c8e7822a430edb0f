//! Server groups in a database. All rows are read, also those of projects and users that are not
//! declared any more, as application credentials are.

use std::sync::Arc;

use guichet_core::audit::Audit;
use guichet_core::group::{Policy, ServerGroup};
use guichet_core::ids::{GroupId, ProjectId, UserId};

use super::beside::{self, Beside};
use super::cells::Cells;
use super::error::OpenError;
use super::kind::Kind;
use super::names::Maps;
use super::row::Row;
use super::tables::{self, Table};
use super::values::Values;

impl Beside for ServerGroup {
    const TABLE: &'static Table = &tables::GROUP;

    fn put<V: Values>(&self, values: &mut V, maps: &Maps) -> Result<(), V::Error> {
        values.put(self.id.0)?;
        values.put(maps.to_file(Kind::Project, self.project.0))?;
        values.put(maps.to_file(Kind::User, self.user.0))?;
        values.put(&*self.name)?;
        values.put(self.policy.as_str())?;
        let max_per_host = match self.policy {
            Policy::AntiAffinity { max_per_host } if self.has_rules => Some(max_per_host),
            _ => None,
        };
        values.put(max_per_host)?;
        values.put(self.created)
    }

    fn read(row: &dyn Row, maps: &Maps) -> Result<Self, OpenError> {
        let mut cells = Cells::of(row, &tables::GROUP)?;
        let id = GroupId(cells.uuid()?);
        let project = ProjectId(maps.finished(Kind::Project, cells.u32()?));
        let user = UserId(maps.finished(Kind::User, cells.u32()?));
        let name = Arc::from(cells.text()?);
        let (policy, has_rules) = policy(&mut cells)?;
        Ok(Self { id, project, user, name, policy, has_rules, created: cells.time()? })
    }
}

fn policy(cells: &mut Cells<'_>) -> Result<(Policy, bool), OpenError> {
    let word = cells.text()?;
    let policy = Policy::of_word(&word);
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
pub(crate) fn check(audit: &mut Audit, maps: &Maps, rows: &[Arc<ServerGroup>]) {
    beside::check(audit, maps, rows, |row| {
        [(Kind::User, row.user.0), (Kind::Project, row.project.0)]
    });
}
