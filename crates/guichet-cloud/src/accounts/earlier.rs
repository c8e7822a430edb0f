//! Application credentials as versions before 4 of the data directory have them: records, in which
//! users and projects are named by their ids. They become rows of the fleet at the first start that
//! knows the user and the project; until then they stay what they are.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use guichet_core::credential::{ApplicationCredential, RoleName, SecretDigest};
use guichet_core::ids::{CredentialId, ProjectId, UserId};
use guichet_core::table::Table;
use guichet_core::time::Timestamp;
use guichet_store::journal::StoredRecord;
use serde::Deserialize;

use super::hash::Hashed;
use super::role::Role;
use crate::records;

/// An application credential. Instants are µs since 1970.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CredentialRow<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    description: Option<Cow<'a, str>>,
    #[serde(borrow)]
    user: Cow<'a, str>,
    #[serde(borrow)]
    project: Cow<'a, str>,
    roles: Vec<Role>,
    made_at_us: u64,
    expires_at_us: Option<u64>,
    unrestricted: bool,
    hash: Hashed,
}

/// The rows that records of an earlier version become beside those that are there, with the ids of
/// the users and of the projects in the order in which these are declared. A record is left out,
/// with a warning, if it cannot be read, or if its user has one of its name or no place for more.
pub(crate) fn credentials(
    found: &[StoredRecord],
    users: &[Arc<str>],
    projects: &[Arc<str>],
    there: &[Arc<ApplicationCredential>],
) -> Vec<Arc<ApplicationCredential>> {
    let (users, projects) = (places(users), places(projects));
    let mut table: Table<ApplicationCredential> = there.iter().cloned().collect();
    let mut rows = Vec::new();
    for (id, record) in records::of_kind(found, records::CREDENTIAL, read) {
        let place = users.get(&*record.user).zip(projects.get(&*record.project));
        let Some((user, project)) = place else { continue };
        let row = Arc::new(row(id, record, UserId(*user), ProjectId(*project)));
        let allowed = table.check_new(row.user, &*row.name, usize::MAX);
        if table.get(id).is_some() || allowed.is_err() || row.roles.is_empty() {
            tracing::warn!(%id, "an application credential of an earlier version is left out");
            continue;
        }
        table.set(id, Some(Arc::clone(&row)));
        rows.push(row);
    }
    rows
}

fn read(found: &StoredRecord) -> Option<(CredentialId, CredentialRow<'_>)> {
    Some((CredentialId::parse(&found.id)?, records::body(found)?))
}

fn row(
    id: CredentialId,
    record: CredentialRow<'_>,
    user: UserId,
    project: ProjectId,
) -> ApplicationCredential {
    let role = |role: &Role| RoleName(Arc::from(role.as_str()));
    ApplicationCredential {
        id,
        user,
        project,
        name: Arc::from(record.name),
        description: record.description.map(Arc::from),
        roles: record.roles.iter().map(role).collect(),
        secret: SecretDigest(Arc::from(record.hash.to_string())),
        is_unrestricted: record.unrestricted,
        created: Timestamp::from_micros(record.made_at_us),
        expires: record.expires_at_us.map(Timestamp::from_micros),
    }
}

/// The place of each id in a list.
fn places(ids: &[Arc<str>]) -> HashMap<&str, u32> {
    ids.iter().zip(0..).map(|(id, place)| (&**id, place)).collect()
}

/// The records that rows were made of: those that are to be removed.
pub(crate) fn replaced<'a>(
    found: &'a [StoredRecord],
    rows: &[Arc<ApplicationCredential>],
) -> impl Iterator<Item = &'a StoredRecord> {
    let ids: HashSet<String> = rows.iter().map(|row| row.id.to_string()).collect();
    found.iter().filter(move |found| found.kind == records::CREDENTIAL && ids.contains(&found.id))
}

#[cfg(test)]
mod tests;
