//! Why a run is impossible.

use guichet_cloud::data::DataError;
use guichet_cloud::opening::OpeningError;
use guichet_driver::DriverError;
use guichet_engine::manager::StartError;

/// Why there was no run, or why it was ended.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The configuration is wrong.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The data directory cannot be opened.
    #[error(transparent)]
    Data(DataError),
    /// The driver cannot be made.
    #[error(transparent)]
    Driver(DriverError),
    /// The history could not be written.
    #[error("history: {0}")]
    History(std::io::Error),
    /// The system gave no thread to a client.
    #[error("no thread for each client: {0}; take fewer")]
    ClientThread(std::io::Error),
    /// The system gave no runtime.
    #[error("could not start: {0}")]
    Runtime(std::io::Error),
}

impl From<DataError> for RunError {
    fn from(error: DataError) -> Self {
        match error {
            DataError::Start(error) => Self::Start(error),
            error => Self::Data(error),
        }
    }
}

impl From<OpeningError> for RunError {
    fn from(error: OpeningError) -> Self {
        match error {
            OpeningError::Data(error) => error.into(),
            OpeningError::Driver(error) => Self::Driver(error),
        }
    }
}
