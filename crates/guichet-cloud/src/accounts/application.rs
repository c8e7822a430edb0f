//! Application credentials, as their users and administrators manage them.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use guichet_core::time::Timestamp;

use super::credentials::Credential;
use super::error::AccountError;
use super::random::{random, random_text};
use super::role::Role;
use super::rows;
use super::service::Accounts;
use super::session::Session;
use crate::ids::hexadecimal;
use crate::records;

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
    /// What it may do: each a role that the session has; all that it has if none is named.
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
    /// The session may not, a name that is taken, too many of them, or a bound.
    pub async fn create_credential(
        &self,
        session: &Session,
        new: NewCredential<'_>,
    ) -> Result<(Arc<Credential>, String), AccountError> {
        let user = session.user;
        let project = self.may_create_credential(session, user)?;
        let most = session.project.map(|(_, role)| role);
        if new.roles.iter().any(|role| Some(*role) > most) {
            return Err(AccountError::Forbidden);
        }
        let mut roles = new.roles;
        if roles.is_empty() {
            roles.extend(most);
        }
        roles.sort_unstable_by(|one, other| other.cmp(one));
        roles.dedup();
        let reserved = self.credentials.reserve(user, new.name)?;
        let secret = match new.secret {
            Some(secret) => secret.to_owned(),
            None => random_text::<SECRET_BYTES>()?,
        };
        let hashed = self.passwords.hash(session.user, secret.clone(), random()?).await?;
        let credential = Arc::new(Credential {
            id: Arc::from(hexadecimal(&random::<16>()?)),
            name: new.name.to_owned(),
            description: new.description.map(str::to_owned),
            user,
            project,
            roles,
            made_at: self.now(),
            expires_at: new.expires_at,
            is_unrestricted: new.is_unrestricted,
            secret: hashed,
            is_gone: AtomicBool::new(false),
        });
        self.records.write_whole(rows::credential(&self.directory, &credential)).await?;
        reserved.fill(&credential);
        Ok((credential, secret))
    }

    /// A user's application credentials, in the order in which they were made.
    pub fn credentials_of(&self, user: usize) -> Vec<Arc<Credential>> {
        self.credentials.of_user(user)
    }

    /// A user's application credential of this id.
    pub fn credential(&self, user: usize, id: &str) -> Option<Arc<Credential>> {
        self.credentials.find(id).filter(|found| found.user == user)
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
        let found = self.credential(user, id).ok_or(AccountError::NoSuchCredential)?;
        let row = records::removed(records::CREDENTIAL, Arc::clone(&found.id));
        Ok(self.records.end(row, || self.credentials.delete(&found)).await?)
    }
}
