//! Application credentials: the part of a store for rows of this kind, which stand beside servers.

use std::sync::Arc;

use guichet_core::credential::{ApplicationCredential, CredentialRequest};
use guichet_core::ids::{CredentialId, UserId};
use guichet_core::refusal::Refusal;

use crate::reply::Reply;

/// The part of a store that has application credentials. It shows what is published: what would
/// survive.
pub trait Credentials {
    /// Decides a request and makes it true, as one step: the credential that is made, or was
    /// deleted.
    fn change_credential(
        &self,
        request: &CredentialRequest,
    ) -> Reply<Result<Arc<ApplicationCredential>, Refusal>>;

    /// Whether a user may have one more, of this name; changes nothing. Whoever has to do
    /// something costly before it can ask for a credential asks this first.
    fn check_credential(&self, user: UserId, name: &str) -> Reply<Result<(), Refusal>>;

    /// The credential of this id.
    fn credential(&self, id: CredentialId) -> Option<Arc<ApplicationCredential>>;

    /// A user's credential of this name.
    fn credential_named(&self, user: UserId, name: &str) -> Option<Arc<ApplicationCredential>>;

    /// A user's credentials behind this name, in the order of their names: at most
    /// [`ROWS_PER_LOCK_MAX`](guichet_core::limits::ROWS_PER_LOCK_MAX), and fewer only where they
    /// end.
    fn credentials(
        &self,
        user: UserId,
        after: Option<&Arc<str>>,
    ) -> Vec<Arc<ApplicationCredential>>;
}
