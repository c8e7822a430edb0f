//! The journal in SQLite.

mod copies;
mod declared;
mod directory;
mod figures;
mod kept;
mod round_trip;
mod support;
mod verified;
