//! Application credentials: a user's own passwords for programs, each for one project. They are
//! rows of the fleet, whose rules say which may be made; here is what one is good for, and how they
//! are reached.

use std::fmt;
use std::sync::Arc;

use guichet_core::credential::{ApplicationCredential, CredentialRequest};
use guichet_core::ids::{CredentialId, UserId};
use guichet_core::limits;
use guichet_core::time::Timestamp;
use guichet_engine::ServerManager;

use super::directory::Directory;
use super::error::AccountError;
use super::hash::Hashed;
use super::role::Role;
use crate::records::Finally;

/// An application credential, and what of that its user may still do.
#[derive(Clone)]
pub struct Credential {
    /// 32 hexadecimal digits.
    pub id: Arc<str>,
    /// The name, one of its user's.
    pub name: Arc<str>,
    /// Free text.
    pub description: Option<Arc<str>>,
    /// The user that made it, by its position.
    pub user: usize,
    /// The project it is for, by its position; of one that is not declared any more a position
    /// that no project has.
    pub project: usize,
    /// What it was given and its user still has there, from the greatest; tokens have these and
    /// what they imply. None: it is good for nothing until its user has one of them again.
    pub roles: Vec<Role>,
    /// The instant from which on it is worth nothing; none: it does not expire.
    pub expires_at: Option<Timestamp>,
    /// Whether its tokens may make and delete application credentials.
    pub is_unrestricted: bool,
    row: Arc<ApplicationCredential>,
}

impl Credential {
    /// What there is to say of a row. What is declared now decides: a role that is less than it was
    /// makes less of the credential, and one that is more does not make more of it.
    pub(super) fn of(directory: &Directory, row: Arc<ApplicationCredential>) -> Self {
        let (user, project) = (row.user.index(), row.project.index());
        let most = directory.role(user, project);
        let given = row.roles.iter().filter_map(|name| Role::named(&name.0));
        Self {
            id: Arc::from(row.id.to_string()),
            name: Arc::clone(&row.name),
            description: row.description.clone(),
            user,
            project,
            roles: given.filter(|role| Some(*role) <= most).collect(),
            expires_at: row.expires,
            is_unrestricted: row.is_unrestricted,
            row,
        }
    }

    /// Whether it has not expired, and its user still has one of its roles.
    pub fn is_good(&self, now: Timestamp) -> bool {
        !self.row.has_expired(now) && !self.roles.is_empty()
    }

    /// The greatest of its roles.
    pub fn role(&self) -> Role {
        self.roles.iter().copied().max().unwrap_or(Role::Reader)
    }

    /// What its secret is checked by; none of one that was hashed at another cost.
    pub(super) fn secret(&self) -> Option<Hashed> {
        Hashed::parse(&self.row.secret.0)
    }
}

impl PartialEq for Credential {
    fn eq(&self, other: &Self) -> bool {
        self.row.id == other.row.id
    }
}

impl Eq for Credential {}

impl fmt::Debug for Credential {
    /// Without what is stored of the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("row", &self.row).field("roles", &self.roles).finish()
    }
}

/// The application credentials in the store of a manager.
#[derive(Debug)]
pub(super) struct Credentials {
    manager: ServerManager,
}

impl Credentials {
    pub(super) const fn new(manager: ServerManager) -> Self {
        Self { manager }
    }

    pub(super) fn find(&self, id: &str) -> Option<Arc<ApplicationCredential>> {
        self.manager.credentials().credential(CredentialId::parse(id)?)
    }

    /// Whether a credential was not deleted.
    pub(super) fn has(&self, credential: &Credential) -> bool {
        self.manager.credentials().credential(credential.row.id).is_some()
    }

    pub(super) fn named(&self, user: usize, name: &str) -> Option<Arc<ApplicationCredential>> {
        self.manager.credentials().credential_named(user_id(user), name)
    }

    /// A user's, in the order in which they were made. Not one instant if there are more than
    /// [`limits::ROWS_PER_LOCK_MAX`].
    pub(super) fn of_user(&self, user: usize) -> Vec<Arc<ApplicationCredential>> {
        let mut all: Vec<Arc<ApplicationCredential>> = Vec::new();
        loop {
            let after = all.last().map(|row| &row.name);
            let more = self.manager.credentials().credentials(user_id(user), after);
            let is_last = more.len() < limits::ROWS_PER_LOCK_MAX;
            all.extend(more);
            if is_last {
                all.sort_unstable_by_key(|row| (row.created, row.id));
                return all;
            }
        }
    }

    pub(super) async fn check(&self, user: usize, name: &str) -> Result<(), AccountError> {
        let reply = self.manager.credentials().check_credential(user_id(user), name);
        ServerManager::answered(reply).await.map_err(AccountError::of_credential)
    }

    /// Makes one durable, and deletes it again if the request goes away before the answer: nobody
    /// would know its secret.
    pub(super) async fn create(
        &self,
        new: ApplicationCredential,
    ) -> Result<Arc<ApplicationCredential>, AccountError> {
        let delete = CredentialRequest::Delete { user: new.user, id: new.id };
        let reply =
            self.manager.credentials().change_credential(&CredentialRequest::Create(Arc::new(new)));
        let undo = Finally::new(|| drop(self.manager.credentials().change_credential(&delete)));
        let made = ServerManager::answered(reply).await;
        undo.leave();
        made.map_err(AccountError::of_credential)
    }

    pub(super) async fn delete(&self, user: usize, id: &str) -> Result<(), AccountError> {
        let id = CredentialId::parse(id).ok_or(AccountError::NoSuchCredential)?;
        let request = CredentialRequest::Delete { user: user_id(user), id };
        let reply = self.manager.credentials().change_credential(&request);
        let deleted = ServerManager::answered(reply).await;
        deleted.map(drop).map_err(AccountError::of_credential)
    }
}

/// The id in the fleet of the user in this position.
pub(super) fn user_id(position: usize) -> UserId {
    UserId(u32::try_from(position).unwrap_or(u32::MAX))
}
