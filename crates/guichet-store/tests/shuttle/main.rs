//! Schedules of the store's lock, of wake-ups and of the hub, explored.
//!
//! ```text
//! cargo test -p guichet-store --features shuttle --test shuttle
//! ```
//!
//! A failure prints the schedule; `shuttle::replay` runs it again. The last test of `steps` shows
//! that a step which is *not* one step is found out.
#![cfg(feature = "shuttle")]

mod hub;
mod journal;
mod steps;
mod support;
mod wake;
