//! Application credentials: a user's own passwords for programs, each for one project. One is made
//! durable before it is listed here: a place in the table is reserved for it until then.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use guichet_core::limits;
use guichet_core::time::Timestamp;

use super::error::AccountError;
use super::hash::Hashed;
use super::role::Role;

/// An application credential. Its `Debug` does not show the secret's hash.
pub struct Credential {
    /// 32 hexadecimal digits.
    pub id: Arc<str>,
    /// The name, one of its user's.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// The user that made it, by its position.
    pub user: usize,
    /// The project it is for, by its position.
    pub project: usize,
    /// What it was given, from the greatest; tokens have these and what they imply.
    pub roles: Vec<Role>,
    /// The instant at which it was made.
    pub made_at: Timestamp,
    /// The instant from which on it is worth nothing; none: it does not expire.
    pub expires_at: Option<Timestamp>,
    /// Whether its tokens may make and delete application credentials.
    pub is_unrestricted: bool,
    pub(super) secret: Hashed,
    /// Set once, when it is deleted: its tokens look here, so they end with it. Relaxed: a request
    /// at the very instant of the deletion may go either way.
    pub(super) is_gone: AtomicBool,
}

impl Credential {
    /// Whether it was not deleted and has not expired.
    pub fn is_good(&self, now: Timestamp) -> bool {
        !self.is_gone.load(Ordering::Relaxed) && self.expires_at.is_none_or(|end| now < end)
    }

    /// The greatest of its roles.
    pub fn role(&self) -> Role {
        self.roles.iter().copied().max().unwrap_or(Role::Reader)
    }
}

impl PartialEq for Credential {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Credential {}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("user", &self.user)
            .field("project", &self.project)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Table {
    by_id: HashMap<Arc<str>, Arc<Credential>>,
    /// By user, in the order in which they were made.
    of_user: HashMap<usize, Vec<Arc<Credential>>>,
    /// Users and names of those that are being made: no more than there are requests.
    reserved: Vec<(usize, String)>,
}

/// All application credentials.
#[derive(Default)]
pub(super) struct Credentials {
    /// Read by logins and lists for one look-up or one copy of pointers; written for one entry.
    /// Never held across a wait.
    table: RwLock<Table>,
}

impl Credentials {
    pub(super) fn find(&self, id: &str) -> Option<Arc<Credential>> {
        self.table.read().unwrap_or_else(PoisonError::into_inner).by_id.get(id).cloned()
    }

    pub(super) fn named(&self, user: usize, name: &str) -> Option<Arc<Credential>> {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        table.of_user.get(&user)?.iter().find(|credential| credential.name == name).cloned()
    }

    pub(super) fn of_user(&self, user: usize) -> Vec<Arc<Credential>> {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        table.of_user.get(&user).cloned().unwrap_or_default()
    }

    /// With the credentials of earlier processes.
    pub(super) fn new(mut found: Vec<Credential>) -> Self {
        found.sort_by(|one, other| (one.made_at, &one.id).cmp(&(other.made_at, &other.id)));
        let mut table = Table::default();
        found.into_iter().for_each(|credential| table.add(Arc::new(credential)));
        Self { table: RwLock::new(table) }
    }

    /// Reserves a place for one of that name: before its secret is hashed, which costs.
    ///
    /// # Errors
    /// The user has one of that name, or [`limits::CREDENTIALS_MAX`].
    pub(super) fn reserve(&self, user: usize, name: &str) -> Result<Reserved<'_>, AccountError> {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        table.check(user, name)?;
        table.reserved.push((user, name.to_owned()));
        Ok(Reserved { credentials: self, user, name: name.to_owned() })
    }

    /// Deletes a credential and with it its tokens.
    pub(super) fn delete(&self, credential: &Credential) {
        credential.is_gone.store(true, Ordering::Relaxed);
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        table.by_id.remove(&credential.id);
        if let Some(list) = table.of_user.get_mut(&credential.user) {
            list.retain(|listed| listed.id != credential.id);
        }
    }
}

/// A reserved place in the table, for a credential that is being made; given back when dropped.
pub(super) struct Reserved<'a> {
    credentials: &'a Credentials,
    user: usize,
    name: String,
}

impl Reserved<'_> {
    /// Puts the credential in the reserved place: it is of that user and has that name.
    pub(super) fn fill(self, credential: &Arc<Credential>) {
        let mut table = self.credentials.table.write().unwrap_or_else(PoisonError::into_inner);
        table.add(Arc::clone(credential));
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        let mut table = self.credentials.table.write().unwrap_or_else(PoisonError::into_inner);
        let mut reserved = table.reserved.iter();
        let mine = reserved.position(|(user, name)| *user == self.user && *name == self.name);
        if let Some(position) = mine {
            table.reserved.swap_remove(position);
        }
    }
}

impl Table {
    fn add(&mut self, credential: Arc<Credential>) {
        self.by_id.insert(Arc::clone(&credential.id), Arc::clone(&credential));
        self.of_user.entry(credential.user).or_default().push(credential);
    }

    fn check(&self, user: usize, name: &str) -> Result<(), AccountError> {
        let list = self.of_user.get(&user).map_or(&[][..], Vec::as_slice);
        let reserved = || self.reserved.iter().filter(|(of, _)| *of == user);
        let mut names = list.iter().map(|credential| &credential.name);
        if names.any(|taken| taken == name) || reserved().any(|(_, taken)| taken == name) {
            return Err(AccountError::CredentialNameTaken { name: name.to_owned() });
        }
        if list.len() + reserved().count() >= limits::CREDENTIALS_MAX {
            return Err(AccountError::TooManyCredentials { most: limits::CREDENTIALS_MAX });
        }
        Ok(())
    }
}
