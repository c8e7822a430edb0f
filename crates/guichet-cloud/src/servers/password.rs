//! Passwords of servers' administrators: a function of the cloud's secret key and the server, so
//! that a repeated create gives the same one and none is recorded.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use guichet_core::ids::ServerId;
use guichet_store::journal::{RecordChange, StoredRecord};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::borrow::Cow;
use std::fmt;

use crate::random::random;
use crate::records;

/// The id of the key's record: the only secret.
const ID: &str = "admin_pass";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyRow<'a> {
    #[serde(borrow)]
    key: Cow<'a, str>,
}

/// The key that all of a cloud's passwords of administrators are derived from.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct AdminKey([u8; 32]);

impl fmt::Debug for AdminKey {
    /// Without the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AdminKey")
    }
}

impl AdminKey {
    /// Draws a key.
    pub(crate) fn draw() -> Result<Self, getrandom::Error> {
        random().map(Self)
    }

    /// The key of an earlier process, if it is among what was found.
    pub(crate) fn read(found: &[StoredRecord]) -> Option<Self> {
        let key = |found: &StoredRecord| {
            let row: KeyRow<'_> = (found.id == ID).then(|| records::body(found))??;
            let key = BASE64_URL_SAFE_NO_PAD.decode(&*row.key).ok()?;
            Some(Self(key.try_into().ok()?))
        };
        records::of_kind(found, records::SECRET, key).last()
    }

    /// The key as a record.
    pub(crate) fn record(&self) -> RecordChange {
        let row = KeyRow { key: BASE64_URL_SAFE_NO_PAD.encode(self.0).into() };
        records::written(records::SECRET, Arc::from(ID), &row, None)
    }

    /// The password of a server's administrator.
    pub(super) fn password(&self, server: ServerId) -> String {
        const LETTERS: &[u8; 56] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz2345678";
        /// As long as others draw them.
        const LENGTH: usize = 12;
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length is taken");
        mac.update(server.0.as_bytes());
        let digest = mac.finalize().into_bytes();
        // Two bytes a letter, so that none is noticeably likelier than another.
        let letter = |pair: &[u8]| {
            let number = usize::from(pair[0]) << 8 | usize::from(pair[1]);
            char::from(LETTERS[number % LETTERS.len()])
        };
        digest.chunks_exact(2).take(LENGTH).map(letter).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let key = AdminKey([7; 32]);
        let change = key.record();
        let found = StoredRecord {
            kind: change.kind.to_owned(),
            id: change.id.to_string(),
            body: change.body.as_deref().expect("it is written").to_owned(),
            expires: None,
        };
        assert_eq!(AdminKey::read(&[found]), Some(key));
    }
}
