//! What outlives the process beside the fleet: rows that the manager keeps, as text and back.
//!
//! | kind | id | what |
//! | --- | --- | --- |
//! | `token` | SHA-256 of the token, hexadecimal | the session it stands for |
//! | `application_credential` | its id | whose it is, for what, its secret's hash |
//! | `user` | the user's id | the hash of a password that was drawn |
//! | `secret` | `admin_pass` | the key of the passwords of servers' administrators |
//!
//! Users and projects are named by their ids, never by their places: lists may be in another order
//! at the next start. A row that cannot be read is skipped with a warning: a service that does not
//! start because of one damaged row helps nobody. A field that is not known makes a row unreadable,
//! too: it may say what the row does not allow.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use guichet_core::limits;
use guichet_core::time::Timestamp;
use guichet_store::journal::{RecordChange, StoredRecord};
use serde::{Deserialize, Serialize};

use crate::config::Role;
use crate::identity::{AuditId, Hashed, Methods};

pub(crate) const TOKEN: &str = "token";
pub(crate) const CREDENTIAL: &str = "application_credential";
pub(crate) const USER: &str = "user";
pub(crate) const SECRET: &str = "secret";
/// The id of the only secret.
pub(crate) const ADMIN_PASS: &str = "admin_pass";

/// The digest of a token.
pub(crate) type Digest = [u8; 32];

/// A token. Instants are µs since 1970.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Token<'a> {
    #[serde(borrow)]
    pub(crate) user: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) project: Option<Scope<'a>>,
    pub(crate) methods: Methods,
    pub(crate) audit: AuditId,
    pub(crate) audit_root: Option<AuditId>,
    pub(crate) issued_at_us: u64,
    pub(crate) expires_at_us: u64,
    /// The application credential it came by.
    pub(crate) credential: Option<Cow<'a, str>>,
}

/// A project, and the most that may be done there.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scope<'a> {
    #[serde(borrow)]
    pub(crate) id: Cow<'a, str>,
    pub(crate) role: Role,
}

/// An application credential.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credential<'a> {
    #[serde(borrow)]
    pub(crate) name: Cow<'a, str>,
    pub(crate) description: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(crate) user: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) project: Cow<'a, str>,
    pub(crate) roles: Cow<'a, [Role]>,
    pub(crate) made_at_us: u64,
    pub(crate) expires_at_us: Option<u64>,
    pub(crate) unrestricted: bool,
    pub(crate) hash: Hashed,
}

/// A user whose password was drawn.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct User {
    pub(crate) hash: Hashed,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Secret<'a> {
    #[serde(borrow)]
    key: Cow<'a, str>,
}

const _: () = assert!(
    // A character is six bytes at most: `\u0000`.
    2 * 6 * limits::NAME_MAX + 1_024 < limits::RECORD_BODY_MAX,
    "the longest row, a credential with name and description, is kept"
);

/// A row to be kept.
pub(crate) fn row(
    kind: &'static str,
    id: Arc<str>,
    body: &impl Serialize,
    expires: Option<Timestamp>,
) -> RecordChange {
    let body = serde_json::to_string(body).expect("rows have fields and no maps");
    RecordChange { kind, id, body: Some(Arc::from(body)), expires }
}

/// A row to be forgotten.
pub(crate) fn forget(kind: &'static str, id: Arc<str>) -> RecordChange {
    RecordChange { kind, id, body: None, expires: None }
}

/// The row of the key that passwords of administrators are derived from.
pub(crate) fn secret(key: &[u8; 32]) -> RecordChange {
    let body = Secret { key: BASE64_URL_SAFE_NO_PAD.encode(key).into() };
    row(SECRET, Arc::from(ADMIN_PASS), &body, None)
}

/// The id of a token's row.
pub(crate) fn token_id(digest: &Digest) -> Arc<str> {
    let mut id = String::with_capacity(2 * digest.len());
    for byte in digest {
        // Writing to a string cannot fail.
        let _ = write!(id, "{byte:02x}");
    }
    Arc::from(id)
}

/// The digest that a token's row has for an id.
fn digest(id: &str) -> Option<Digest> {
    let mut digest = Digest::default();
    if id.len() != 2 * digest.len() || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (place, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&id[2 * place..2 * place + 2], 16).ok()?;
    }
    Some(digest)
}

/// All that was found at the start and could be read.
#[derive(Default)]
pub(crate) struct Rows<'a> {
    pub(crate) tokens: Vec<(Digest, Token<'a>)>,
    pub(crate) credentials: Vec<(&'a str, Credential<'a>)>,
    /// Hashes of drawn passwords, by the user's id.
    pub(crate) users: HashMap<&'a str, Hashed>,
    pub(crate) secret: Option<[u8; 32]>,
}

impl<'a> Rows<'a> {
    /// Reads what was found. What cannot be read is said and left out; its text never is said:
    /// it may be a secret's.
    pub(crate) fn read(found: &'a [StoredRecord]) -> Self {
        let mut rows = Self::default();
        for found in found {
            if rows.take(found).is_none() {
                tracing::warn!(
                    kind = ?found.kind,
                    id = ?found.id,
                    "a kept row cannot be read and is left out"
                );
            }
        }
        rows
    }

    fn take(&mut self, found: &'a StoredRecord) -> Option<()> {
        match found.kind.as_str() {
            TOKEN => self.tokens.push((digest(&found.id)?, body(found)?)),
            CREDENTIAL => self.credentials.push((&found.id, body(found)?)),
            USER => drop(self.users.insert(&found.id, body::<User>(found)?.hash)),
            SECRET if found.id == ADMIN_PASS => {
                let key = BASE64_URL_SAFE_NO_PAD.decode(&*body::<Secret<'_>>(found)?.key).ok()?;
                self.secret = Some(key.try_into().ok()?);
            }
            _ => return None,
        }
        Some(())
    }
}

fn body<'a, T: Deserialize<'a>>(found: &'a StoredRecord) -> Option<T> {
    let is_short = found.body.len() <= limits::RECORD_BODY_MAX;
    is_short.then(|| serde_json::from_str(&found.body).ok())?
}

/// Whether a drawn password of this user is known from an earlier start.
pub(crate) fn has_password(found: &[StoredRecord], user: &str) -> bool {
    let of_user = |row: &&StoredRecord| row.kind == USER && row.id == user;
    found.iter().filter(of_user).any(|row| body::<User>(row).is_some())
}

#[cfg(test)]
mod tests;
