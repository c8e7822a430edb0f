//! What becomes of a request about a server group.

use std::sync::Arc;

use super::{GroupRequest, ServerGroup};
use crate::refusal::Refusal;
use crate::rows::Effects;
use crate::table::{RowChange, Table, TableRow};

/// Decides a request on the groups as they are: the one that is made, or was deleted. Servers of a
/// deleted one stay where they are, and nothing is asked of their places any more.
///
/// # Errors
/// A refusal, and nothing changes: of a new one, that its project has as many as one may have; of
/// a delete, that its project has none of that id.
pub fn decide(
    groups: &Table<ServerGroup>,
    request: &GroupRequest,
) -> Result<(Effects, Arc<ServerGroup>), Refusal> {
    let (row, is_made) = match request {
        GroupRequest::Create { new, most } => {
            groups.check_new(new.project, &new.id, *most)?;
            if groups.get(new.id).is_some() {
                return Err(Refusal::NameTaken {
                    what: ServerGroup::WHAT,
                    name: new.id.to_string(),
                });
            }
            (new, true)
        }
        GroupRequest::Delete { project, id } => (groups.own(*project, *id)?, false),
    };
    let change = RowChange { id: row.id, row: is_made.then(|| Arc::clone(row)) };
    let effects = Effects { group: Some(Box::new(change)), ..Effects::default() };
    Ok((effects, Arc::clone(row)))
}
