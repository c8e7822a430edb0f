//! Application credentials, decided and shown under the lock.

use std::sync::Arc;

use guichet_core::credential::{ApplicationCredential, CredentialRequest};
use guichet_core::ids::{CredentialId, UserId};
use guichet_core::limits;
use guichet_core::refusal::Refusal;

use super::store::LocalStore;
use crate::credentials::Credentials;
use crate::reply::Reply;

impl Credentials for LocalStore {
    fn change_credential(
        &self,
        request: &CredentialRequest,
    ) -> Reply<Result<Arc<ApplicationCredential>, Refusal>> {
        self.inner.decide_row(|fleet, at| fleet.credential(request, at))
    }

    fn check_credential(&self, user: UserId, name: &str) -> Reply<Result<(), Refusal>> {
        self.inner.check_row(|fleet| fleet.credentials().check_new(user, name, usize::MAX))
    }

    fn credential(&self, id: CredentialId) -> Option<Arc<ApplicationCredential>> {
        self.inner.state.with(|state| state.fleet.shown_credentials().get(id).cloned())
    }

    fn credential_named(&self, user: UserId, name: &str) -> Option<Arc<ApplicationCredential>> {
        self.inner.state.with(|state| state.fleet.shown_credentials().by_key(user, name).cloned())
    }

    fn credentials(
        &self,
        user: UserId,
        after: Option<&Arc<str>>,
    ) -> Vec<Arc<ApplicationCredential>> {
        self.inner.state.with(|state| {
            let rows = state.fleet.shown_credentials().of_owner(user, after);
            rows.take(limits::ROWS_PER_LOCK_MAX).cloned().collect()
        })
    }
}
