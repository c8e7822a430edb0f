//! Application credentials: a user's own passwords for programs, each for one project. The rules
//! are in `credential/rules`.

mod rules;

use std::fmt;
use std::sync::Arc;

pub use rules::decide;

use crate::ids::{CredentialId, ProjectId, UserId};
use crate::limits;
use crate::table::TableRow;
use crate::time::Timestamp;

/// The name of a role that a credential was given. Which roles there are, and what each may do, is
/// the application's to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleName(pub Arc<str>);

/// What is stored of a secret: enough to check one, and not the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretDigest(pub Arc<str>);

impl fmt::Debug for SecretDigest {
    /// Without the digest: whoever has it can try secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretDigest(..)")
    }
}

/// An application credential, as it was made: nothing of it changes until it is deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationCredential {
    /// Its id.
    pub id: CredentialId,
    /// The user that made it, and for whom it logs in.
    pub user: UserId,
    /// The project it is for.
    pub project: ProjectId,
    /// Its name, one of its user's.
    pub name: Arc<str>,
    /// Free text.
    pub description: Option<Arc<str>>,
    /// What it was given.
    pub roles: Vec<RoleName>,
    /// What is stored of its secret.
    pub secret: SecretDigest,
    /// Whether its tokens may make and delete application credentials.
    pub is_unrestricted: bool,
    /// The instant at which it was made, by the clock that tokens go by.
    pub created: Timestamp,
    /// The instant from which on it is worth nothing, by the same clock; none: it does not expire.
    pub expires: Option<Timestamp>,
}

impl ApplicationCredential {
    /// Whether it has expired. One that has stays until it is deleted.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|end| end <= now)
    }
}

impl TableRow for ApplicationCredential {
    type Id = CredentialId;
    type Owner = UserId;
    type Key = Arc<str>;
    const WHAT: &'static str = "application credential";
    const MAX: usize = limits::CREDENTIALS_MAX;

    fn id(&self) -> CredentialId {
        self.id
    }

    fn owner(&self) -> UserId {
        self.user
    }

    fn key(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }
}

/// What is asked for an application credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialRequest {
    /// A new one, complete with its id.
    Create(Arc<ApplicationCredential>),
    /// That one goes.
    Delete {
        /// Whose it is.
        user: UserId,
        /// Which.
        id: CredentialId,
    },
}
