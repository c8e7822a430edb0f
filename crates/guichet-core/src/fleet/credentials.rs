//! Application credentials in a fleet.

use std::sync::Arc;

use super::Fleet;
use crate::credential::{self, ApplicationCredential, CredentialRequest};
use crate::refusal::Refusal;
use crate::rows::Effects;
use crate::table::{RowChange, Table};
use crate::time::Timestamp;

impl Fleet {
    /// Decides a request about an application credential and makes it true, as one step: the one
    /// that is made, or was deleted.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub fn credential(
        &mut self,
        request: &CredentialRequest,
        at: Timestamp,
    ) -> Result<(Effects, Arc<ApplicationCredential>), Refusal> {
        let (mut effects, row) = credential::decide(self.credentials(), request)?;
        self.apply(&mut effects, at);
        Ok((effects, row))
    }

    /// The application credentials as they are: what rules see.
    pub const fn credentials(&self) -> &Table<ApplicationCredential> {
        self.credentials.present()
    }

    /// The application credentials that readers are shown: everything that is durable.
    pub fn shown_credentials(&self) -> &Table<ApplicationCredential> {
        self.credentials.shown()
    }

    pub(super) fn put_credential(&mut self, change: &RowChange<ApplicationCredential>) {
        self.credentials.apply(change);
        if let Some(journal) = &mut self.journal {
            journal.changes.credentials.insert(change.id, change.row.clone());
        }
    }
}
