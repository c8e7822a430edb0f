//! `guichet race`: what goes wrong without the lock.
//!
//! The unlocked manager is one whose every single read and write of a shared row is whole, while
//! the sequence of them is not. It reads the rows that production's `reads` names one at a time
//! (`reads`, `snapshot`), has production's `decide` decide on what it has read, and writes the
//! effects one cell at a time (`client`, `effects`, `cells`). No rule is written a second time here.
//!
//! It is raced by real [`threads`], which shows that harm comes by itself, and then [`explore`]d:
//! every schedule of every [`case`] of a [`scope`], which shows all the harm there is and the
//! shortest way to each; the locked manager goes through the same, and nothing of it breaks. What
//! counts as harm is in [`anomaly`]. A [`schedule`] is a text that shows a way again
//! ([`replay`], [`timeline`]).

pub mod anomaly;
pub mod case;
mod cells;
mod client;
mod effects;
pub mod explore;
#[cfg(test)]
mod fleet_tests;
mod hash;
mod interner;
mod naming;
mod opening;
mod outcome;
pub mod play;
mod reads;
mod replay;
mod report;
pub mod schedule;
pub mod scope;
mod snapshot;
pub mod state;
mod text;
pub mod threads;
pub mod timeline;
mod wording;
mod worker;
mod world;

pub use outcome::{Options, Outcome, Part, RaceError, run};
pub use replay::{Replay, replay};
pub use report::page;
