//! Rows beside servers. The manager knows nothing of them: it has the store that they are in.

use guichet_core::fleet::Saved;
use guichet_core::refusal::Refusal;
use guichet_core::setting::Setting;
use guichet_driver::profile::Profile;
use guichet_store::journal::NewName;
use guichet_store::{Credentials, Groups, KeyPairs, Reply};

use super::handle::ServerManager;
use super::submit::gone;

impl ServerManager {
    /// The application credentials in the store. What changes them is answered by a [`Reply`]: see
    /// [`answered`](Self::answered).
    pub fn credentials(&self) -> &dyn Credentials {
        &*self.shared.store
    }

    /// The key pairs in the store; as [`credentials`](Self::credentials).
    pub fn key_pairs(&self) -> &dyn KeyPairs {
        &*self.shared.store
    }

    /// The server groups in the store; as [`credentials`](Self::credentials).
    pub fn groups(&self) -> &dyn Groups {
        &*self.shared.store
    }

    /// Goes by this setting from now on, until this manager ends.
    pub fn set(&self, setting: Setting) {
        let added = match &setting {
            Setting::Project(project) => Some(project.id),
            Setting::Quota { .. } | Setting::Host { .. } => None,
        };
        self.shared.store.set(setting);
        if let Some(project) = added {
            self.shared.admission.add_project(project);
        }
    }

    /// Has rows name these from now on: the next numbers of their kinds, in this order. They are
    /// durable when this returns, and no row may name one before. What was taken is to be waited for
    /// and used: the next names get the numbers behind.
    ///
    /// # Errors
    /// A refusal: none has a number.
    pub async fn put_names(&self, names: Vec<NewName>) -> Result<(), Refusal> {
        Self::answered(self.shared.store.put_names(names)).await
    }

    /// Has the driver go by another profile from its next call on. False: it has none.
    pub fn behave(&self, profile: &Profile) -> bool {
        self.shared.driver.behave(profile)
    }

    /// A copy of all rows as they are at one moment, once they are durable; none if the store was
    /// gone before. They are copied before this returns, in some 0.1 µs a server: not to be called
    /// where nothing may take so long.
    pub fn saved(&self) -> impl Future<Output = Option<Saved>> + use<> {
        let reply = self.shared.store.saved();
        async { reply.wait().await }
    }

    /// Waits for the answer about a row beside servers: what it says is durable then.
    ///
    /// # Errors
    /// The refusal of the store; that the service stops, if it was gone before it answered.
    pub async fn answered<T>(reply: Reply<Result<T, Refusal>>) -> Result<T, Refusal> {
        match reply.wait().await {
            Some(answer) => answer,
            None => Err(gone()),
        }
    }
}
