//! Worlds over HTTP, with no socket.
#![expect(clippy::unwrap_used, reason = "a test stops where it is surprised")]

mod access;
mod admin;
mod audit;
mod clock;
mod console;
mod document;
mod documents;
mod drains;
mod faults;
mod hosts;
mod inputs;
mod journal;
mod nodes;
mod record;
mod requests;
mod round_trips;
mod snapshots;
mod support;
mod watch;
mod worlds;
