//! What all pages work with.

use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::worlds::Worlds;
use guichet_core::time::{Clock, Timestamp};

use crate::attempts::Attempts;
use crate::sessions::Sessions;

/// What all pages work with.
pub(crate) struct State {
    pub(crate) worlds: Arc<Worlds>,
    pub(crate) sessions: Sessions,
    pub(crate) attempts: Attempts,
}

/// What all pages work with, as handlers have it.
pub(crate) type Shared = Arc<State>;

/// The user who signed in, by its position, among an answer's extensions: for the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct By(pub(crate) usize);

impl State {
    /// The cloud that the console is of.
    pub(crate) fn cloud(&self) -> Arc<Cloud> {
        self.worlds.first().cloud()
    }

    /// The present, by the process's time.
    pub(crate) fn now(&self) -> Timestamp {
        self.worlds.clock().now()
    }

    /// Whether browsers reach this service over TLS.
    pub(crate) fn is_secure(&self) -> bool {
        let cloud = self.cloud();
        let is_outside = cloud.public_url().is_some_and(|url| url.starts_with("https://"));
        is_outside || cloud.is_encrypted()
    }
}
