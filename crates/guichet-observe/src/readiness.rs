//! Whether a service takes requests, and why not.

use guichet_cloud::worlds::Worlds;
use serde::Serialize;

/// Whether a service takes requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// Whether it does.
    ready: bool,
    /// Why not.
    reason: Option<&'static str>,
}

impl Readiness {
    /// Of the service's own cloud, which is loaded by the time that anybody can ask.
    pub fn of(worlds: &Worlds) -> Self {
        let reason = if worlds.is_closing() {
            Some("The service stops: it finishes what it accepted, and takes nothing more.")
        } else if worlds.first().cloud().manager().figures().is_stalled() {
            Some("Nothing can be written to the data directory: its disk is full.")
        } else {
            None
        };
        Self { ready: reason.is_none(), reason }
    }

    /// Whether it does.
    pub const fn is_ready(self) -> bool {
        self.ready
    }
}
