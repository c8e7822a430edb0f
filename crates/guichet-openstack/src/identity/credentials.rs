//! Application credentials: a user's own passwords for programs, each for one project. They live
//! as long as the process.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use guichet_core::limits;
use guichet_core::time::Timestamp;
use http::StatusCode;

use super::passwords::Hashed;
use crate::config::Role;
use crate::http::problem::Problem;

/// An application credential. Its `Debug` does not show the secret's hash.
pub struct Credential {
    /// 32 hexadecimal digits.
    pub id: Arc<str>,
    /// The name, one of its user's.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// Whose it is.
    pub user: usize,
    /// The project it is for.
    pub project: usize,
    /// What it was given, from the greatest; tokens have these and what they imply.
    pub roles: Vec<Role>,
    /// From when on it is worth nothing.
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

    /// Whether one of that name could be added: asked before its secret is hashed, which costs.
    ///
    /// # Errors
    /// 409 for a name its user has, 403 past [`limits::CREDENTIALS_MAX`].
    pub(super) fn check(&self, user: usize, name: &str) -> Result<(), Problem> {
        self.table.read().unwrap_or_else(PoisonError::into_inner).check(user, name)
    }

    /// # Errors
    /// As [`Self::check`].
    pub(super) fn add(&self, credential: Credential) -> Result<Arc<Credential>, Problem> {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        table.check(credential.user, &credential.name)?;
        let credential = Arc::new(credential);
        table.by_id.insert(Arc::clone(&credential.id), Arc::clone(&credential));
        table.of_user.entry(credential.user).or_default().push(Arc::clone(&credential));
        Ok(credential)
    }

    /// Deletes a user's credential and with it its tokens; false if there is none.
    pub(super) fn delete(&self, user: usize, id: &str) -> bool {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        match table.by_id.get(id) {
            Some(credential) if credential.user == user => {
                credential.is_gone.store(true, Ordering::Relaxed);
            }
            _ => return false,
        }
        table.by_id.remove(id);
        if let Some(list) = table.of_user.get_mut(&user) {
            list.retain(|credential| &*credential.id != id);
        }
        true
    }
}

impl Table {
    fn check(&self, user: usize, name: &str) -> Result<(), Problem> {
        let Some(list) = self.of_user.get(&user) else { return Ok(()) };
        if list.iter().any(|credential| credential.name == name) {
            let text = format!("Conflict: an application credential named {name} exists already.");
            return Err(Problem::new(StatusCode::CONFLICT, text));
        }
        if list.len() >= limits::CREDENTIALS_MAX {
            let most = limits::CREDENTIALS_MAX;
            let text = format!("A user has at most {most} application credentials.");
            return Err(Problem::new(StatusCode::FORBIDDEN, text));
        }
        Ok(())
    }
}
