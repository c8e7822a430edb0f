//! Servers as clients see them: each trap of theirs is a test.

mod actions;
pub(crate) mod bench;
mod bodies;
mod create;
mod filters;
mod history;
mod keys;
mod lists;
mod parts;
mod pressure;
pub(crate) mod random;
mod roles;
mod show;
mod states;
mod types;
mod versions;

pub(crate) use bench::{Bench, Client, new, soon};
