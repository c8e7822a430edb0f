//! Key pairs in a fleet.

use std::sync::Arc;

use super::Fleet;
use crate::key_pair::{self, KeyPair, KeyPairRequest};
use crate::refusal::Refusal;
use crate::rows::Effects;
use crate::table::{RowChange, Table};
use crate::time::Timestamp;

impl Fleet {
    /// Decides a request about a key pair and makes it true, as one step: the one that is made, or
    /// was deleted.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub fn key_pair(
        &mut self,
        request: &KeyPairRequest,
        at: Timestamp,
    ) -> Result<(Effects, Arc<KeyPair>), Refusal> {
        let (mut effects, row) = key_pair::decide(self.key_pairs(), request)?;
        self.apply(&mut effects, at);
        Ok((effects, row))
    }

    /// The key pairs as they are: what rules see.
    pub const fn key_pairs(&self) -> &Table<KeyPair> {
        self.key_pairs.present()
    }

    /// The key pairs that readers are shown: everything that is durable.
    pub fn shown_key_pairs(&self) -> &Table<KeyPair> {
        self.key_pairs.shown()
    }

    pub(super) fn put_key_pair(&mut self, change: &RowChange<KeyPair>) {
        self.key_pairs.apply(change);
        if let Some(journal) = &mut self.journal {
            journal.changes.key_pairs.insert(change.id, change.row.clone());
        }
    }
}
