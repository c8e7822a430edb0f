//! Why a run is impossible.

use guichet_cloud::data::DataError;
use guichet_engine::manager::StartError;

/// Why there was no run, or why it was ended.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The configuration is wrong.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The data directory cannot be opened.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The history could not be written.
    #[error("history: {0}")]
    History(std::io::Error),
    /// The system gave no runtime.
    #[error("could not start: {0}")]
    Runtime(std::io::Error),
}
