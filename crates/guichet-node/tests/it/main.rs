//! Nodes in one process, over real connections.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod cells;
mod connections;
mod forward;
mod support;
