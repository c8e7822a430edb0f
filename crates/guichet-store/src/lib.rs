//! Where the fleet is held.
//!
//! A [`Store`] supplies exclusion and durability to the rules of `guichet-core`; it has none of
//! its own. What it offers is split by who uses it:
//!
//! | trait | who uses it | what for |
//! | --- | --- | --- |
//! | [`Decide`] | whoever serves clients | takes a request or an edit in one step |
//! | [`Work`] | workers | hands out operations in fair order, takes their outcomes |
//! | [`Read`] | everybody | shows what is published: what would survive |
//! | [`Credentials`] | whoever has users | has application credentials, which are rows of the fleet beside servers |
//! | [`KeyPairs`] | whoever has users | has key pairs, rows of the same sort |
//! | [`Groups`] | whoever places servers by each other | has server groups, rows of the same sort |
//! | [`Records`] | whoever has rows of its own | makes rows durable that the fleet does not know |
//! | [`Lifecycle`] | whoever opened the store | waits for the disk, closes, audits |
//!
//! * [`local::LocalStore`]: the fleet in memory behind one lock, with a journal or without.
//! * [`journal`]: where a durable store writes to.
//! * [`hub`]: what happened, in order, for whoever reads events.
//!
//! With the feature `contract` there is also the suite that every store must pass.

#[cfg(feature = "contract")]
pub mod contract;
mod credentials;
mod decide;
mod figures;
mod groups;
pub mod hub;
pub mod journal;
mod key_pairs;
mod lifecycle;
pub mod local;
mod read;
mod records;
mod reply;
mod store;
mod sync;
pub mod wake;
mod work;

pub use credentials::Credentials;
pub use decide::{Decide, Decided};
pub use figures::{Detail, Figures, JournalFigures};
pub use groups::Groups;
pub use guichet_core::fleet::{ChangePage, ListOrder, Names};
pub use key_pairs::KeyPairs;
pub use lifecycle::Lifecycle;
pub use read::{Page, Query, Read};
pub use records::Records;
pub use reply::{Completion, OnEnd, Reply, Watch, Watcher};
pub use store::Store;
pub use work::{NextJob, Settled, Work};
