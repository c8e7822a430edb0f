//! The journal in SQLite.

mod added;
mod copies;
mod credentials;
mod declared;
mod directory;
mod figures;
mod key_pairs;
mod records;
pub(crate) mod support;
mod verified;
