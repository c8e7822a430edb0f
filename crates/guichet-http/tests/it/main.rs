//! What is sent over a socket or as a request, and what comes of it.
#![expect(clippy::unwrap_used, reason = "a test stops where it is surprised")]

mod body;
mod crowd;
mod end;
mod framing;
mod memory;
mod rest;
mod serve;
mod service;
mod slow;
#[cfg(feature = "tls")]
mod tls;
