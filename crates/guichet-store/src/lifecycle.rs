//! What whoever opened a store does with it: waits for the disk, closes it, checks it.

use guichet_core::audit::Audit;
use guichet_core::fleet::Saved;
use guichet_core::setting::Setting;

use crate::journal::log::LogError;
use crate::reply::Reply;

/// The part of a store that is about the store itself.
pub trait Lifecycle {
    /// Comes when all that was decided so far is durable, and shown to readers.
    fn durable(&self) -> Reply<()>;

    /// The end: what was decided is made durable, and nothing is decided any more. Comes when
    /// that is so.
    fn close(&self) -> Reply<Result<(), LogError>>;

    /// Goes by this setting from now on. The store does not keep it.
    fn set(&self, setting: Setting);

    /// A copy of all rows as they are at this moment: see [`Fleet::saved`](guichet_core::fleet::Fleet::saved).
    /// It comes when they are durable. Everything else stops while they are copied (about 0.1 µs a
    /// server).
    fn saved(&self) -> Reply<Saved>;

    /// Checks every invariant. It stops everything else while it looks (about 1 µs a server):
    /// for the end of a run, and for tests.
    fn audit(&self) -> Audit;
}
