//! Key pairs, decided and shown under the lock.

use std::sync::Arc;

use guichet_core::ids::UserId;
use guichet_core::key_pair::{KeyPair, KeyPairRequest};
use guichet_core::limits;
use guichet_core::refusal::Refusal;

use super::store::LocalStore;
use crate::key_pairs::KeyPairs;
use crate::reply::Reply;

impl KeyPairs for LocalStore {
    fn change_key_pair(&self, request: &KeyPairRequest) -> Reply<Result<Arc<KeyPair>, Refusal>> {
        self.inner.decide_row(|fleet, at| fleet.key_pair(request, at))
    }

    fn check_key_pair(&self, user: UserId, name: &str) -> Reply<Result<(), Refusal>> {
        self.inner.check_row(|fleet| fleet.key_pairs().check_new(user, name, usize::MAX))
    }

    fn key_pair_named(&self, user: UserId, name: &str) -> Option<Arc<KeyPair>> {
        self.inner.state.with(|state| state.fleet.shown_key_pairs().by_key(user, name).cloned())
    }

    fn key_pairs(&self, user: UserId, after: Option<&Arc<str>>) -> Vec<Arc<KeyPair>> {
        self.inner.state.with(|state| {
            let rows = state.fleet.shown_key_pairs().of_owner(user, after);
            rows.take(limits::ROWS_PER_LOCK_MAX).cloned().collect()
        })
    }
}
