//! Key pairs: public keys that their users have put into new servers. The rules are in
//! `key_pair/rules`. A private key is never here.

mod rules;

use std::sync::Arc;

pub use rules::decide;

use serde::Serialize;

use crate::ids::{KeyPairId, UserId};
use crate::limits;
use crate::state::text_enum;
use crate::table::TableRow;
use crate::time::Timestamp;

text_enum!(
    /// What a public key is written as.
    KeyKind {
        /// A line as OpenSSH has it in `authorized_keys`.
        Ssh = "ssh",
        /// A certificate, as PEM.
        X509 = "x509",
    }
);

/// A key pair, as it was made: nothing of it changes until it is deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPair {
    /// Its id.
    pub id: KeyPairId,
    /// The user that it is of.
    pub user: UserId,
    /// Its name, one of its user's.
    pub name: Arc<str>,
    /// What its public key is written as.
    pub kind: KeyKind,
    /// The public key, as it was given or made.
    pub public_key: Arc<str>,
    /// A digest of the public key, as people compare it.
    pub fingerprint: Arc<str>,
    /// The instant at which it was made.
    pub created: Timestamp,
}

impl TableRow for KeyPair {
    type Id = KeyPairId;
    type Owner = UserId;
    type Key = Arc<str>;
    const WHAT: &'static str = "key pair";
    const MAX: usize = limits::KEY_PAIRS_MAX;

    fn id(&self) -> KeyPairId {
        self.id
    }

    fn owner(&self) -> UserId {
        self.user
    }

    fn key(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }
}

impl KeyPairRequest {
    /// A new one of a user who may have as many as anybody.
    pub const fn create(new: Arc<KeyPair>) -> Self {
        Self::Create { new, most: limits::KEY_PAIRS_MAX }
    }
}

/// What is asked for a key pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPairRequest {
    /// A new one, complete with its id.
    Create {
        /// It.
        new: Arc<KeyPair>,
        /// How many its user may have; more than [`limits::KEY_PAIRS_MAX`] nobody may.
        most: usize,
    },
    /// The one of this name goes.
    Delete {
        /// Whose it is.
        user: UserId,
        /// Its name.
        name: Arc<str>,
        /// Only if it is still this one; none: whichever has the name.
        id: Option<KeyPairId>,
    },
}
