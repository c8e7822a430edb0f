//! What becomes of a request about an application credential.

use std::sync::Arc;

use super::{ApplicationCredential, CredentialRequest};
use crate::refusal::Refusal;
use crate::rows::Effects;
use crate::table::{RowChange, Table};

/// Decides a request on the credentials as they are: the one that is made, or was deleted.
///
/// # Errors
/// A refusal, and nothing changes: of a new one, that it has expired already, that its user has
/// one of that name, or as many as one may have; of a delete, that its user has none of that id.
pub fn decide(
    credentials: &Table<ApplicationCredential>,
    request: &CredentialRequest,
) -> Result<(Effects, Arc<ApplicationCredential>), Refusal> {
    let (row, is_made) = match request {
        CredentialRequest::Create(new) => {
            check_expiry(new)?;
            credentials.check_new(new.user, &*new.name, usize::MAX)?;
            if credentials.get(new.id).is_some() {
                let (what, name) = ("application credential with the id", new.id.to_string());
                return Err(Refusal::NameTaken { what, name });
            }
            (new, true)
        }
        CredentialRequest::Delete { user, id } => (credentials.own(*user, *id)?, false),
    };
    let change = RowChange { id: row.id, row: is_made.then(|| Arc::clone(row)) };
    let effects = Effects { credential: Some(Box::new(change)), ..Effects::default() };
    Ok((effects, Arc::clone(row)))
}

/// One that is worth nothing when it is made is a mistake of who asks.
fn check_expiry(new: &ApplicationCredential) -> Result<(), Refusal> {
    if new.has_expired(new.created) {
        let problem = "it has passed, a time to come is expected".to_owned();
        return Err(Refusal::Invalid { field: "expires_at", problem });
    }
    Ok(())
}
