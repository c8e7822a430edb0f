//! Why there is no verdict.

use std::io;
use std::path::PathBuf;

use guichet_locale::{Locale, Message, text};

/// What stands in the way of a check, apart from what the file says. As text it is in English.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The file cannot be read.
    #[error("{}", self.text_in(Locale::English))]
    NoFile {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It is no file that Python could run.
    #[error("{}", self.text_in(Locale::English))]
    NotChecked {
        /// The file.
        path: PathBuf,
        /// Why, and what to do.
        what: Message,
    },
    /// There is no Python.
    #[error("{}", self.text_in(Locale::English))]
    NoPython {
        /// What was looked for.
        python: PathBuf,
        /// Why it did not start.
        error: io::Error,
    },
    /// It was ended from outside.
    #[error("{}", self.text_in(Locale::English))]
    Stopped,
    /// The system does not give a directory or a pipe.
    #[error("{}", self.text_in(Locale::English))]
    Io(#[from] io::Error),
}

impl CheckError {
    /// The error in a language.
    pub fn text_in(&self, locale: Locale) -> String {
        match self {
            Self::NoFile { path, error } => {
                format!("{}{}{error}", path.display(), text!(locale, "error-join"))
            }
            Self::NotChecked { path, what } => {
                let what = what.text_in(locale);
                format!("{}{}{what}", path.display(), text!(locale, "error-join"))
            }
            Self::NoPython { python, error } => {
                let (python, error) = (python.display().to_string(), error.to_string());
                text!(locale, "check-no-python", python = python, error = error)
            }
            Self::Stopped => text!(locale, "check-stopped"),
            Self::Io(error) => text!(locale, "check-io", error = error.to_string()),
        }
    }
}
