//! Hosts that are being emptied: they take no more servers, and those that they have are moved to others.
//!
//! ```text
//! HostState::drain = Moving ─▶ all servers that hold something of the host, once
//!       │                             │ so many at once, one after the other
//!       │                             ▼
//!       │              ACTIVE, PAUSED: live migration ─┐
//!       │              SHUTOFF: migration, confirmed   ├─▶ looked at again until it holds nothing of it
//!       │              SHELVED: offloaded              │
//!       │              of a host that is down: evacuation
//!       │              anything else: stays, with a reason, and is looked at again after a while
//!       ▼
//! none left, and none found ─▶ HostState::drain = Done
//! ```
//!
//! That a host is being emptied is recorded with what else is set of it; how far that is, is seen by looking
//! at its servers. So a drain goes on after a restart as if it began then. Each move is a request like any
//! other, decided by the same rules; its id says that a drain asked for it.

mod emptied;
mod room;
mod run;
mod step;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use guichet_core::ids::{HostId, RequestId};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use emptied::Progress;
pub use step::Stuck;

/// Hosts of a cloud that are being emptied.
#[derive(Debug, Default)]
pub(crate) struct Drains {
    /// How far each is. Held to write down or copy one, never across a wait.
    progress: Mutex<BTreeMap<HostId, Progress>>,
    /// Whether somebody empties them: one at a time does. Taken and given back with the same ordering, and
    /// whoever gives it back looks once more whether there is something to do.
    is_driven: AtomicBool,
    /// Wakes whoever empties them once something else is set of a host.
    changed: Notify,
    /// Cancelled when the cloud stops.
    stop: CancellationToken,
}

impl Drains {
    fn progress(&self) -> MutexGuard<'_, BTreeMap<HostId, Progress>> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far the emptying of a host is, if it goes on.
    pub(crate) fn of(&self, host: HostId) -> Option<Progress> {
        self.progress().get(&host).cloned()
    }

    /// Something else is set of a host.
    pub(crate) fn tell(&self) {
        self.changed.notify_one();
    }

    /// Nothing is moved any more.
    pub(crate) fn stop(&self) {
        self.stop.cancel();
    }

    fn begin(&self) -> bool {
        !self.is_driven.swap(true, Ordering::AcqRel)
    }

    fn end(&self) {
        self.is_driven.store(false, Ordering::Release);
    }
}

/// How the ids of requests end that a drain makes: four bytes of 16 that are drawn otherwise.
const MARK: u32 = u32::from_be_bytes(*b"drai");

/// The id of a request that a drain makes, from one that was drawn.
fn marked(drawn: RequestId) -> RequestId {
    RequestId::from_bits(drawn.0.as_u128() & !u128::from(u32::MAX) | u128::from(MARK))
}

/// Whether a drain made the request of this id.
pub fn is_of_drain(request: RequestId) -> bool {
    request.0.as_u128() as u32 == MARK
}
