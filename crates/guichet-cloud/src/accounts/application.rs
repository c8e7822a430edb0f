//! Application credentials, as their users and administrators manage them.

use std::sync::Arc;

use guichet_core::credential::{ApplicationCredential, RoleName, SecretDigest};
use guichet_core::ids::{CredentialId, ProjectId};
use guichet_core::time::Timestamp;
use uuid::Uuid;

use super::credentials::{Credential, user_id};
use super::error::AccountError;
use super::role::Role;
use super::service::Accounts;
use super::session::Session;
use crate::random::{random, random_text};

/// Bytes of a secret that is drawn.
const SECRET_BYTES: usize = 32;

/// An application credential that is asked for. It has no `Debug`: a secret may be in it.
#[expect(missing_debug_implementations, reason = "a secret may be in it")]
pub struct NewCredential<'a> {
    /// Its name, one of its user's.
    pub name: &'a str,
    /// Free text.
    pub description: Option<&'a str>,
    /// The secret; one is drawn if none is given.
    pub secret: Option<&'a str>,
    /// The instant from which on it is worth nothing.
    pub expires_at: Option<Timestamp>,
    /// What it may do: each a role that the session has; all that it has, with
    /// what they imply, if none is named.
    pub roles: Vec<Role>,
    /// Whether its tokens may make and delete application credentials.
    pub is_unrestricted: bool,
}

/// A restricted credential does not make or delete credentials: who steals it cannot stay.
fn may_manage(session: &Session) -> Result<(), AccountError> {
    match &session.credential {
        Some(credential) if !credential.is_unrestricted => Err(AccountError::Forbidden),
        _ => Ok(()),
    }
}

impl Accounts {
    /// Whether a session may make an application credential for a user, and for which project.
    /// For others not even an administrator makes one: it would know their secret.
    ///
    /// # Errors
    /// [`AccountError::Forbidden`].
    pub fn may_create_credential(
        &self,
        session: &Session,
        user: usize,
    ) -> Result<usize, AccountError> {
        may_manage(session)?;
        let own = session.project.filter(|_| user == session.user);
        own.map(|(project, _)| project).ok_or(AccountError::Forbidden)
    }

    /// Makes an application credential, and gives its secret, which nobody learns again.
    ///
    /// # Errors
    /// The session may not, a name that is taken, too many of them, an end that has passed, or a
    /// bound.
    pub async fn create_credential(
        &self,
        session: &Session,
        new: NewCredential<'_>,
    ) -> Result<(Credential, String), AccountError> {
        let user = session.user;
        let project = self.may_create_credential(session, user)?;
        let roles = roles(session, new.roles)?;
        // Before its secret is hashed, which costs.
        self.credentials.check(user, new.name).await?;
        let secret = match new.secret {
            Some(secret) => secret.to_owned(),
            None => random_text::<SECRET_BYTES>()?,
        };
        let hashed = self.passwords.hash(user, secret.clone(), random()?).await?;
        let row = ApplicationCredential {
            id: CredentialId(Uuid::from_bytes(random()?)),
            user: user_id(user),
            project: ProjectId(u32::try_from(project).unwrap_or(u32::MAX)),
            name: Arc::from(new.name),
            description: new.description.map(Arc::from),
            roles: roles.iter().map(|role| RoleName(Arc::from(role.as_str()))).collect(),
            secret: SecretDigest(Arc::from(hashed.to_string())),
            is_unrestricted: new.is_unrestricted,
            created: self.now(),
            expires: new.expires_at,
        };
        let made = self.credentials.create(row).await?;
        Ok((Credential::of(&self.directory(), made), secret))
    }

    /// A user's application credentials, in the order in which they were made.
    pub fn credentials_of(&self, user: usize) -> Vec<Credential> {
        let rows = self.credentials.of_user(user).into_iter();
        rows.map(|row| Credential::of(&self.directory(), row)).collect()
    }

    /// A user's application credential of this id.
    pub fn credential(&self, user: usize, id: &str) -> Option<Credential> {
        let found = self.credentials.find(id).filter(|row| row.user.index() == user)?;
        Some(Credential::of(&self.directory(), found))
    }

    /// Deletes a user's application credential; its tokens end with it.
    ///
    /// # Errors
    /// The session may not, there is no such credential, or it cannot be recorded at present.
    pub async fn delete_credential(
        &self,
        session: &Session,
        user: usize,
        id: &str,
    ) -> Result<(), AccountError> {
        may_manage(session)?;
        self.credentials.delete(user, id).await
    }
}

/// The roles of a new credential, from the greatest.
fn roles(session: &Session, mut wanted: Vec<Role>) -> Result<Vec<Role>, AccountError> {
    let most = session.project.map(|(_, role)| role);
    if wanted.iter().any(|role| Some(*role) > most) {
        return Err(AccountError::Forbidden);
    }
    if wanted.is_empty() {
        wanted.extend(most.into_iter().flat_map(Role::with_implied));
    }
    wanted.sort_unstable_by(|one, other| other.cmp(one));
    wanted.dedup();
    Ok(wanted)
}
