//! Why there is no world.

use std::io;

use guichet_cloud::config::ConfigError;
use guichet_cloud::worlds::WorldError;

/// Why there is no world.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// No built-in profile has this name, the cloud does not open, or its time cannot go so fast.
    #[error(transparent)]
    World(#[from] WorldError),
    /// The system gives no port or no thread.
    #[error("the system has no port or no thread to give: {0}")]
    System(#[from] io::Error),
}
