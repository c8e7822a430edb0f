//! The key pairs of a cloud, as their users and administrators manage them.

use std::fmt;
use std::sync::Arc;

use guichet_core::ids::{KeyPairId, UserId};
use guichet_core::key_pair::{KeyKind, KeyPair, KeyPairRequest};
use guichet_core::refusal::Refusal;
use guichet_core::table::TableRow;
use guichet_core::time::Clock;
use guichet_engine::ServerManager;

use super::error::KeyError;
use super::made::{Form, Maker};
use super::public::fingerprint;
use crate::accounts::Caller;
use crate::records::Finally;
use crate::replaceable::Replaceable;

/// A key pair that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKeyPair<'a> {
    /// The user that it is for, by its position.
    pub user: usize,
    /// Its name, one of its user's. Which characters it may have is a dialect's to say.
    pub name: &'a str,
    /// What its public key is written as.
    pub kind: KeyKind,
    /// The public key; one is made if none is given.
    pub public_key: Option<&'a str>,
}

/// Key pairs: imported, made, found, deleted.
pub struct KeyPairs {
    manager: ServerManager,
    /// The ids of all users, in the order of their positions.
    users: Replaceable<Vec<Arc<str>>>,
    maker: Maker,
}

impl fmt::Debug for KeyPairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPairs").finish_non_exhaustive()
    }
}

/// A user's own, or an administrator: so has Nova it, whatever the role in a project is.
fn may(caller: &Caller, user: usize) -> Result<(), KeyError> {
    if caller.user == user || caller.is_admin() { Ok(()) } else { Err(KeyError::Forbidden) }
}

fn id_of(user: usize) -> UserId {
    UserId(u32::try_from(user).unwrap_or(u32::MAX))
}

impl KeyPairs {
    pub(crate) fn new(manager: ServerManager, users: Vec<Arc<str>>) -> Self {
        Self { manager, users: Replaceable::new(users), maker: Maker::new() }
    }

    /// Has these users as well, by their ids, behind those that there are.
    pub(crate) fn add_users(&self, ids: Vec<Arc<str>>) {
        self.users.change(|all| all.extend(ids));
    }

    /// Makes a key pair of a public key that is given, or of a new key, for a user who may have so
    /// many. Of that the private key is
    /// given back, which nobody learns again.
    ///
    /// # Errors
    /// [`KeyError`]: nothing was changed.
    pub async fn create(
        &self,
        caller: &Caller,
        new: &NewKeyPair<'_>,
        most: usize,
    ) -> Result<(Arc<KeyPair>, Option<String>), KeyError> {
        may(caller, new.user)?;
        match new.public_key {
            Some(text) => Ok((self.insert(self.row(caller, new, text)?, most).await?, None)),
            None => {
                // Before a key is made, which costs.
                let reply = self.manager.key_pairs().check_key_pair(id_of(new.user), new.name);
                ServerManager::answered(reply).await?;
                let made = self.maker.make(new.user, self.form(new)?).await?;
                let row = self.row(caller, new, &made.public)?;
                Ok((self.insert_or_undo(row, most).await?, Some(made.private)))
            }
        }
    }

    /// What the key of a new key pair is made as.
    fn form(&self, new: &NewKeyPair<'_>) -> Result<Form, KeyError> {
        Ok(match new.kind {
            KeyKind::Ssh => Form::Ssh,
            KeyKind::X509 => Form::Certificate {
                user_id: self.user_id(new.user).ok_or(KeyError::Forbidden)?,
                from: self.manager.clock().now(),
            },
        })
    }

    fn user_id(&self, user: usize) -> Option<Arc<str>> {
        self.users.look(|all| all.get(user).cloned())
    }

    fn row(
        &self,
        caller: &Caller,
        new: &NewKeyPair<'_>,
        public_key: &str,
    ) -> Result<KeyPair, KeyError> {
        let fingerprint = fingerprint(new.kind, public_key)?;
        let (_, ids) = self.manager.draw_ids(caller.client(), 1);
        let id = ids.first().map_or_else(|| caller.request.0, |id| id.0);
        Ok(KeyPair {
            id: KeyPairId(id),
            user: id_of(new.user),
            name: Arc::from(new.name),
            kind: new.kind,
            public_key: Arc::from(public_key),
            fingerprint: Arc::from(fingerprint),
            created: self.manager.clock().now(),
        })
    }

    async fn insert(&self, row: KeyPair, most: usize) -> Result<Arc<KeyPair>, KeyError> {
        let request = KeyPairRequest::Create { new: Arc::new(row), most };
        let reply = self.manager.key_pairs().change_key_pair(&request);
        Ok(ServerManager::answered(reply).await?)
    }

    /// As [`insert`](Self::insert); deletes it again if the request goes away before the answer:
    /// nobody would have its private key.
    async fn insert_or_undo(&self, row: KeyPair, most: usize) -> Result<Arc<KeyPair>, KeyError> {
        let (user, name, id) = (row.user, Arc::clone(&row.name), Some(row.id));
        let delete = KeyPairRequest::Delete { user, name, id };
        let undo = Finally::new(|| drop(self.manager.key_pairs().change_key_pair(&delete)));
        let made = self.insert(row, most).await;
        undo.leave();
        made
    }

    /// A user's key pair of this name.
    ///
    /// # Errors
    /// The caller may not see it, or there is none.
    pub fn find(&self, caller: &Caller, user: usize, name: &str) -> Result<Arc<KeyPair>, KeyError> {
        may(caller, user)?;
        let found = self.manager.key_pairs().key_pair_named(id_of(user), name);
        Ok(found.ok_or_else(|| Refusal::NoSuchRow { what: KeyPair::WHAT, id: name.to_owned() })?)
    }

    /// A user's key pairs, in the order of their names.
    ///
    /// # Errors
    /// The caller may not see them.
    pub fn list(&self, caller: &Caller, user: usize) -> Result<Vec<Arc<KeyPair>>, KeyError> {
        may(caller, user)?;
        Ok(self.manager.key_pairs().key_pairs(id_of(user), None))
    }

    /// Deletes a user's key pair. Servers that it was put into go on having it.
    ///
    /// # Errors
    /// The caller may not, there is none, or it cannot be recorded at present.
    pub async fn delete(&self, caller: &Caller, user: usize, name: &str) -> Result<(), KeyError> {
        may(caller, user)?;
        let request = KeyPairRequest::Delete { user: id_of(user), name: Arc::from(name), id: None };
        let reply = self.manager.key_pairs().change_key_pair(&request);
        ServerManager::answered(reply).await?;
        Ok(())
    }
}
