//! The fleet in memory behind one lock.
//!
//! One lock, because a request changes several things that must change together (quota, host,
//! server, queue), and because it is held for well under a microsecond: sharding gains nothing
//! and loses the single step. What is done under it: decide, apply, number events, append them
//! to the hub. What is deferred until it is released: wake a worker, cancel a call that is to
//! stop, complete those who watch.
//!
//! Without a journal what is decided is published in the same step, so one image serves the
//! rules and the readers. With one, the step leaves what changed for the writer, and whoever
//! asked waits; see [`crate::journal`].

mod beside;
mod credentials;
mod decide;
mod groups;
mod inner;
mod key_pairs;
mod lifecycle;
mod pending;
mod publications;
mod read;
mod records;
mod signal;
mod state;
mod store;
mod work;
mod writer;

pub use store::LocalStore;
