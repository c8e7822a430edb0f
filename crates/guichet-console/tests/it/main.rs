//! The console as a browser meets it, with no socket.
#![expect(clippy::unwrap_used, reason = "a test stops where it is surprised")]

mod admin;
mod csrf;
mod headers;
mod isolation;
mod servers;
mod sessions;
mod support;
