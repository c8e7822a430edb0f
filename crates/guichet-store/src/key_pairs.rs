//! Key pairs: the part of a store for rows of this kind, which stand beside servers.

use std::sync::Arc;

use guichet_core::ids::UserId;
use guichet_core::key_pair::{KeyPair, KeyPairRequest};
use guichet_core::refusal::Refusal;

use crate::reply::Reply;

/// The part of a store that has key pairs. It shows what is published: what would survive.
pub trait KeyPairs {
    /// Decides a request and makes it true, as one step: the key pair that is made, or was deleted.
    fn change_key_pair(&self, request: &KeyPairRequest) -> Reply<Result<Arc<KeyPair>, Refusal>>;

    /// Whether a user may have one more, of this name; changes nothing. Whoever has to make a key
    /// before it can ask for a key pair asks this first.
    fn check_key_pair(&self, user: UserId, name: &str) -> Reply<Result<(), Refusal>>;

    /// A user's key pair of this name.
    fn key_pair_named(&self, user: UserId, name: &str) -> Option<Arc<KeyPair>>;

    /// A user's key pairs behind this name, in the order of their names: at most
    /// [`ROWS_PER_LOCK_MAX`](guichet_core::limits::ROWS_PER_LOCK_MAX), which is more than a user
    /// may have.
    fn key_pairs(&self, user: UserId, after: Option<&Arc<str>>) -> Vec<Arc<KeyPair>>;
}
