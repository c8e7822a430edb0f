//! Application credentials: a user's own passwords for programs, each for one project. They are
//! rows of the fleet, whose rules say which may be made; here is who may make and delete them, and
//! what one is good for.

use std::fmt;
use std::sync::Arc;

use guichet_core::credential::{ApplicationCredential, CredentialRequest, RoleName, SecretDigest};
use guichet_core::ids::{CredentialId, ProjectId, UserId};
use guichet_core::limits;
use guichet_core::time::Timestamp;
use guichet_engine::ServerManager;
use uuid::Uuid;

use super::directory::Directory;
use super::error::AccountError;
use super::hash::Hashed;
use super::random::{random, random_text};
use super::role::Role;
use super::service::Accounts;
use super::session::Session;
use crate::records::Finally;

/// Bytes of a secret that is drawn.
const SECRET_BYTES: usize = 32;

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
    fn of_user(&self, user: usize) -> Vec<Arc<ApplicationCredential>> {
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

    async fn check(&self, user: usize, name: &str) -> Result<(), AccountError> {
        let reply = self.manager.credentials().check_credential(user_id(user), name);
        ServerManager::answered(reply).await.map_err(AccountError::of_credential)
    }

    /// Makes one durable, and deletes it again if the request goes away before the answer: nobody
    /// would know its secret.
    async fn create(
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

    async fn delete(&self, user: usize, id: &str) -> Result<(), AccountError> {
        let id = CredentialId::parse(id).ok_or(AccountError::NoSuchCredential)?;
        let request = CredentialRequest::Delete { user: user_id(user), id };
        let reply = self.manager.credentials().change_credential(&request);
        let deleted = ServerManager::answered(reply).await;
        deleted.map(drop).map_err(AccountError::of_credential)
    }
}

/// The id in the fleet of the user in this position.
fn user_id(position: usize) -> UserId {
    UserId(u32::try_from(position).unwrap_or(u32::MAX))
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
        Ok((Credential::of(&self.directory, made), secret))
    }

    /// A user's application credentials, in the order in which they were made.
    pub fn credentials_of(&self, user: usize) -> Vec<Credential> {
        let rows = self.credentials.of_user(user).into_iter();
        rows.map(|row| Credential::of(&self.directory, row)).collect()
    }

    /// A user's application credential of this id.
    pub fn credential(&self, user: usize, id: &str) -> Option<Credential> {
        let found = self.credentials.find(id).filter(|row| row.user.index() == user)?;
        Some(Credential::of(&self.directory, found))
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
        wanted.extend(most);
    }
    wanted.sort_unstable_by(|one, other| other.cmp(one));
    wanted.dedup();
    Ok(wanted)
}
