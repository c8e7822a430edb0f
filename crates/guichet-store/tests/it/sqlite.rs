//! The journal in SQLite.

mod added;
mod copies;
mod credentials;
mod declared;
mod directory;
mod figures;
mod key_pairs;
mod records;
mod round_trip;
mod support;
mod verified;
