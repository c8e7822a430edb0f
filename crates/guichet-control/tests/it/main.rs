//! Worlds over HTTP, with no socket.
#![expect(clippy::unwrap_used, reason = "a test stops where it is surprised")]

mod access;
mod admin;
mod clock;
mod document;
mod documents;
mod faults;
mod hosts;
mod inputs;
mod journal;
mod record;
mod requests;
mod snapshots;
mod support;
mod watch;
mod worlds;
