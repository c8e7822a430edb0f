//! What two rows of a document cannot both have. A fleet would take the later one for the earlier, and
//! nobody would miss that.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use guichet_core::fleet::Saved;
use guichet_core::ids::{GroupId, IdHash, ServerId};
use guichet_core::limits;
use guichet_core::rows::KeyRow;
use guichet_core::table::TableRow;

use crate::plain::shown;
use crate::snapshot::error::DocumentError;

/// Whether all rows are rows of their own.
pub(super) fn check(saved: &Saved) -> Result<(), DocumentError> {
    check_servers(saved)?;
    check_rows("key_pairs", &saved.key_pairs, |row| &row.name)?;
    check_rows("server_groups", &saved.groups, |row| &row.name)?;
    check_rows("application_credentials", &saved.credentials, |row| &row.name)?;
    check_keys(&saved.keys)
}

/// Each server has an id of its own, and no group more of them than one may have.
fn check_servers(saved: &Saved) -> Result<(), DocumentError> {
    let mut seen: HashSet<ServerId, IdHash> = HashSet::default();
    let mut members: HashMap<GroupId, usize, IdHash> = HashMap::default();
    for (number, row) in saved.rows.iter().enumerate() {
        let server = &row.server;
        let wrong = |problem| DocumentError::row("servers", number, &server.name, problem);
        if !seen.insert(server.id) {
            return Err(wrong(format!("id: {} is another's", server.id)));
        }
        if let Some(group) = server.group().filter(|_| !server.is_deleted()) {
            let (count, most) =
                (members.entry(group).or_default(), limits::SERVER_GROUP_MEMBERS_MAX);
            *count += 1;
            if *count > most {
                return Err(wrong(format!("server_group: {group} has {most} servers before it")));
            }
        }
    }
    Ok(())
}

/// Each row has an id of its own, and a name that is no other one's of its owner.
fn check_rows<R: TableRow>(
    list: &str,
    rows: &[Arc<R>],
    name: impl Fn(&R) -> &str,
) -> Result<(), DocumentError> {
    let (mut ids, mut keys) = (BTreeSet::new(), BTreeSet::new());
    for (number, row) in rows.iter().enumerate() {
        let wrong = |problem| DocumentError::row(list, number, name(row), problem);
        if !ids.insert(row.id()) {
            return Err(wrong(format!("id: {} is another's", row.id())));
        }
        if !keys.insert((row.owner(), row.key())) {
            return Err(wrong("name: its owner has another of that name".to_owned()));
        }
    }
    Ok(())
}

/// Each key is one of its project's, and of no project are there more than it may have.
fn check_keys(keys: &[KeyRow]) -> Result<(), DocumentError> {
    let (mut seen, mut counts) = (HashSet::new(), HashMap::new());
    for (number, row) in keys.iter().enumerate() {
        let key = &row.key.0;
        let wrong = |problem| DocumentError::row("idempotency_keys", number, key, problem);
        if !seen.insert((row.project, &row.key)) {
            return Err(wrong(format!("key: {:?} is there twice", shown(key))));
        }
        let (count, most) = (counts.entry(row.project).or_insert(0), limits::KEYS_PER_PROJECT_MAX);
        *count += 1;
        if *count > most {
            return Err(wrong(format!("expected {most} of one project at most")));
        }
    }
    Ok(())
}
