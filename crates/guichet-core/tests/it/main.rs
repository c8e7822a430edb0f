//! What the rules of the core promise, seen from outside.
//!
//! `table`, `refusals`, `keys`, `creates`, `deletes`, `outcomes`, `lists`: one rule a test.
//! `reads`: no decision looks further than [`reads`](guichet_core::request::reads) says.
//! `properties`: long random runs, checked after every step against a model of their own.

mod addresses;
mod creates;
mod credentials;
mod deletes;
mod edits;
mod groups;
mod growing;
mod key_pairs;
mod keys;
mod lists;
mod observations;
mod orders;
mod outcomes;
mod properties;
mod reads;
mod refusals;
mod resize;
mod support;
mod table;
