//! What one client's address has of what a node has for all, at once.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use guichet_core::limits;
use guichet_http::origin::Source;
use http::Extensions;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The permits of each address that has any, or waits for one.
#[derive(Debug)]
pub(crate) struct Shares {
    /// How many an address has at most.
    each: usize,
    /// Held to look one up.
    all: Mutex<HashMap<IpAddr, Weak<Semaphore>>>,
}

impl Shares {
    pub(crate) fn new(each: usize) -> Self {
        Self { each, all: Mutex::default() }
    }

    /// Those of an address.
    pub(crate) fn of(&self, client: IpAddr) -> Arc<Semaphore> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(share) = all.get(&client).and_then(Weak::upgrade) {
            return share;
        }
        // As many are left as addresses have requests here.
        all.retain(|_, share| share.strong_count() > 0);
        let share = Arc::new(Semaphore::new(self.each));
        all.insert(client, Arc::downgrade(&share));
        share
    }
}

/// Places for what goes from cell to cell: [`limits::ACROSS_AT_ONCE`], of which an address has
/// [`limits::ACROSS_SHARE`].
#[derive(Debug)]
pub(crate) struct Places {
    all: Arc<Semaphore>,
    shares: Shares,
}

/// A place. Whoever has it gives it back by dropping it.
#[derive(Debug)]
pub(crate) struct Place {
    _of_all: OwnedSemaphorePermit,
    _of_the_address: Option<OwnedSemaphorePermit>,
}

impl Places {
    pub(crate) fn new() -> Self {
        let all = Arc::new(Semaphore::new(limits::ACROSS_AT_ONCE));
        Self { all, shares: Shares::new(limits::ACROSS_SHARE) }
    }

    /// A place for whoever asks, if there is one. It is taken once nothing of the request is waited for any more.
    pub(crate) fn take(&self, asker: &Extensions) -> Option<Place> {
        let of_the_address = match Source::of(asker).0 {
            Some(client) => Some(self.shares.of(client).try_acquire_owned().ok()?),
            None => None,
        };
        let of_all = Arc::clone(&self.all).try_acquire_owned().ok()?;
        Some(Place { _of_all: of_all, _of_the_address: of_the_address })
    }
}
