//! Why a run is impossible.

use std::io;

use guichet_cloud::data::DataError;
use guichet_cloud::opening::OpeningError;
use guichet_driver::DriverError;
use guichet_engine::ConfigError;
use guichet_engine::manager::StartError;
use guichet_locale::{Locale, system_error, text};

/// Why there was no run, or why it was ended. As text it is in English.
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
    #[error("{}", self.text_in(Locale::English))]
    History(io::Error),
    /// The system gave no thread to a client.
    #[error("{}", self.text_in(Locale::English))]
    ClientThread(io::Error),
    /// The system gave no runtime.
    #[error("{}", self.text_in(Locale::English))]
    Runtime(io::Error),
}

impl RunError {
    /// The error in a language. What the engine and the store say they say in English only.
    pub fn text_in(&self, locale: Locale) -> String {
        let why = |error: &io::Error| system_error(error, locale);
        match self {
            Self::Start(StartError::Config(error)) => config_error(error, locale),
            Self::Start(StartError::Thread(error)) => {
                text!(locale, "input-run-thread", why = why(error))
            }
            Self::Start(error) => error.to_string(),
            Self::Data(error) => error.to_string(),
            Self::Driver(error) => error.to_string(),
            Self::History(error) => text!(locale, "input-run-history", why = why(error)),
            Self::ClientThread(error) => {
                text!(locale, "input-run-client-thread", why = why(error))
            }
            Self::Runtime(error) => text!(locale, "input-run-runtime", why = why(error)),
        }
    }
}

/// What is wrong with a configuration, in a language; what no flag can bring about is in English.
pub fn config_error(error: &ConfigError, locale: Locale) -> String {
    match error {
        ConfigError::ThreadsUnderVirtualTime(model) => {
            text!(locale, "input-run-virtual", model = model.as_str())
        }
        other => other.to_string(),
    }
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

#[cfg(test)]
mod tests {
    use guichet_engine::Model;

    use super::*;

    #[test]
    fn a_run_that_is_impossible_is_said_so_in_both_languages() {
        let denied = || io::Error::from(io::ErrorKind::PermissionDenied);
        for (error, english, french) in [
            (
                RunError::Start(ConfigError::ThreadsUnderVirtualTime(Model::Pool).into()),
                "the model `pool` waits for OS threads, which virtual time cannot; expected `async` or `sequential`",
                "le modèle `pool` attend des threads du système, ce que le temps virtuel ne peut pas ; attendu : `async` ou `sequential`",
            ),
            (
                RunError::Start(denied().into()),
                "could not start a worker thread: permission denied",
                "impossible de démarrer un thread ouvrier : permission refusée",
            ),
            (
                RunError::History(denied()),
                "history: permission denied",
                "historique : permission refusée",
            ),
            (
                RunError::ClientThread(denied()),
                "no thread for each client: permission denied; take fewer",
                "pas de thread pour chaque client : permission refusée ; prenez-en moins",
            ),
            (
                RunError::Runtime(denied()),
                "could not start: permission denied",
                "impossible de démarrer : permission refusée",
            ),
        ] {
            assert_eq!(error.to_string(), english);
            assert_eq!(error.text_in(Locale::English), english);
            assert_eq!(error.text_in(Locale::French).replace('\u{a0}', " "), french);
        }
    }
}
