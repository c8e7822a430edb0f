//! What becomes of a request about a key pair.

use std::sync::Arc;

use super::{KeyPair, KeyPairRequest};
use crate::refusal::Refusal;
use crate::rows::Effects;
use crate::table::{RowChange, Table, TableRow};

/// Decides a request on the key pairs as they are: the one that is made, or was deleted. Servers
/// that it was put into go on having it.
///
/// # Errors
/// A refusal, and nothing changes: of a new one, that its user has one of that name, or as many as
/// one may have; of a delete, that its user has none of that name.
pub fn decide(
    key_pairs: &Table<KeyPair>,
    request: &KeyPairRequest,
) -> Result<(Effects, Arc<KeyPair>), Refusal> {
    let (row, is_made) = match request {
        KeyPairRequest::Create { new, most } => {
            key_pairs.check_new(new.user, &*new.name, *most)?;
            if key_pairs.get(new.id).is_some() {
                let (what, name) = ("key pair with the id", new.id.to_string());
                return Err(Refusal::NameTaken { what, name });
            }
            (new, true)
        }
        KeyPairRequest::Delete { user, name, id } => {
            let found = key_pairs.by_key(*user, &**name);
            let found = found.filter(|row| id.is_none_or(|id| id == row.id));
            let none = || Refusal::NoSuchRow { what: KeyPair::WHAT, id: name.to_string() };
            (found.ok_or_else(none)?, false)
        }
    };
    let change = RowChange { id: row.id, row: is_made.then(|| Arc::clone(row)) };
    let effects = Effects { key_pair: Some(Box::new(change)), ..Effects::default() };
    Ok((effects, Arc::clone(row)))
}
