//! Sessions and passwords as records, and back.
//!
//! What is declared now decides: a user or a project that is not declared any more takes its
//! records out of use, and a role that is less than it was makes theirs less.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use guichet_core::time::Timestamp;
use guichet_store::journal::{RecordChange, StoredRecord};
use serde::{Deserialize, Serialize};

use super::credentials::{Credential, Credentials};
use super::digest::Digest;
use super::directory::{Directory, Which};
use super::hash::Hashed;
use super::role::Role;
use super::session::{AuditId, Methods, Session};

use crate::ids::hexadecimal;
use crate::records;

/// A token. Instants are µs since 1970.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenRow<'a> {
    #[serde(borrow)]
    pub(super) user: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) project: Option<ScopeRow<'a>>,
    pub(super) methods: Methods,
    pub(super) audit: AuditId,
    pub(super) audit_root: Option<AuditId>,
    pub(super) issued_at_us: u64,
    pub(super) expires_at_us: u64,
    /// The application credential it came by.
    pub(super) credential: Option<Cow<'a, str>>,
    /// The digest of the token it was got by, hexadecimal. Rows of before 0.2 have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) parent: Option<Cow<'a, str>>,
}

/// A project, and the most that may be done there.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScopeRow<'a> {
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    pub(super) role: Role,
}

/// A user whose password was drawn.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserRow {
    pub(super) hash: Hashed,
}

/// All accounts' records that were found at the start and could be read.
#[derive(Default)]
pub(crate) struct Rows<'a> {
    pub(super) tokens: Vec<(Digest, TokenRow<'a>)>,
    /// Hashes of drawn passwords, by the user's id.
    pub(super) users: HashMap<&'a str, Hashed>,
}

impl<'a> Rows<'a> {
    /// Reads what was found. What cannot be read is logged and left out.
    pub(crate) fn read(found: &'a [StoredRecord]) -> Self {
        let token = |found: &'a StoredRecord| Some((digest(&found.id)?, records::body(found)?));
        let user =
            |found: &'a StoredRecord| Some((&*found.id, records::body::<UserRow>(found)?.hash));
        Self {
            tokens: records::of_kind(found, records::TOKEN, token).collect(),
            users: records::of_kind(found, records::USER, user).collect(),
        }
    }

    /// The ids of the users whose drawn passwords are recorded.
    pub(crate) fn users_with_passwords(&self) -> impl Iterator<Item = &'a str> {
        self.users.keys().copied()
    }
}

/// Whether a drawn password of this user is known from an earlier start.
pub(crate) fn has_password(found: &[StoredRecord], user: &str) -> bool {
    let of_user = |row: &&StoredRecord| row.kind == records::USER && row.id == user;
    found.iter().filter(of_user).any(|row| records::body::<UserRow>(row).is_some())
}

/// The removal of a user's drawn password.
pub(crate) fn password_removed(user: &str) -> RecordChange {
    records::removed(records::USER, Arc::from(user))
}

/// The hash of a user's drawn password, as a record.
pub(super) fn password(directory: &Directory, user: usize, hash: Hashed) -> RecordChange {
    let id = Arc::from(user_id(directory, user));
    records::written(records::USER, id, &UserRow { hash }, None)
}

/// The id of the user in this position; of none it is empty.
fn user_id(directory: &Directory, user: usize) -> &str {
    directory.user(user).map_or("", |user| &user.id)
}

/// The id of the project in this position; of none it is empty.
fn project_id(directory: &Directory, project: usize) -> &str {
    directory.project(project).map_or("", |project| &project.id)
}

/// The removal of a token's record.
pub(super) fn token_removed(digest: &Digest) -> RecordChange {
    records::removed(records::TOKEN, token_id(digest))
}

/// The id of a token's record.
fn token_id(digest: &Digest) -> Arc<str> {
    Arc::from(hexadecimal(digest))
}

/// The digest that a token's record has for an id.
fn digest(id: &str) -> Option<Digest> {
    let mut digest = Digest::default();
    if id.len() != 2 * digest.len() || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (position, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&id[2 * position..2 * position + 2], 16).ok()?;
    }
    Some(digest)
}

/// A token's row.
pub(super) fn token(directory: &Directory, digest: &Digest, session: &Session) -> RecordChange {
    let project = session
        .project
        .map(|(project, role)| ScopeRow { id: project_id(directory, project).into(), role });
    let body = TokenRow {
        user: user_id(directory, session.user).into(),
        project,
        methods: session.methods,
        audit: session.audit,
        audit_root: session.audit_root,
        issued_at_us: session.issued_at.micros(),
        expires_at_us: session.expires_at.micros(),
        credential: session.credential.as_ref().map(|credential| (*credential.id).into()),
        parent: session.parent.as_ref().map(|parent| hexadecimal(parent).into()),
    };
    records::written(records::TOKEN, token_id(digest), &body, Some(session.expires_at))
}

/// The session of a row, if what is declared and which credentials there are still allow it. One
/// that came by a credential without a role is not good, and may be again: see [`Credential::of`].
pub(super) fn session(
    directory: &Directory,
    credentials: &Credentials,
    row: &TokenRow<'_>,
) -> Option<Session> {
    let user = directory.find_user(Which::Id(&row.user))?;
    let credential = match &row.credential {
        Some(id) => {
            let row = credentials.find(id).filter(|row| row.user.index() == user)?;
            Some(Arc::new(Credential::of(directory, row)))
        }
        None => None,
    };
    let project = match (&row.project, &credential) {
        (_, Some(credential)) => Some((credential.project, credential.role())),
        (None, None) => None,
        (Some(scope), None) => {
            let project = directory.find_project(Which::Id(&scope.id))?;
            Some((project, directory.role(user, project)?.min(scope.role)))
        }
    };
    let parent = match &row.parent {
        Some(text) => Some(digest(text)?),
        None => None,
    };
    Some(Session {
        user,
        project,
        methods: row.methods,
        audit: row.audit,
        audit_root: row.audit_root,
        issued_at: Timestamp::from_micros(row.issued_at_us),
        expires_at: Timestamp::from_micros(row.expires_at_us),
        credential,
        parent,
    })
}

#[cfg(test)]
mod tests;
