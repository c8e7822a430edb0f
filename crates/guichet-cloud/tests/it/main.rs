//! The application's own API, asked with no HTTP.

#![expect(clippy::unwrap_used, reason = "a test stops where it is surprised")]

mod accounts;
mod config;
mod documents;
mod drains;
mod drivers;
mod imports;
mod reload;
mod searches;
mod servers;
mod snapshots;
mod support;
mod turns;
