//! An error as its reader understands it: what knows the reader's language says itself in it.

mod toml;

use std::error::Error;
use std::io;

use guichet_driver::profile::ProfileError;
use guichet_engine::ConfigError;
use guichet_lab::compare::spec::SpecError;
use guichet_lab::simulate::{RunError, config_error};
use guichet_lab::trace::input::InputError;
use guichet_locale::{Locale, Message, digits, system_error, text};

use crate::control::Unanswered;

/// An error and its causes.
pub(crate) fn chain(error: &anyhow::Error, locale: Locale) -> String {
    let causes = error.chain().map(|cause| in_words(cause, locale));
    causes.collect::<Vec<_>>().join(&text!(locale, "error-join"))
}

/// One error, without its causes.
pub(crate) fn in_words(error: &(dyn Error + 'static), locale: Locale) -> String {
    if let Some(message) = error.downcast_ref::<Message>() {
        message.text_in(locale)
    } else if let Some(error) = error.downcast_ref::<Unanswered>() {
        error.text_in(locale)
    } else if let Some(error) = error.downcast_ref::<InputError>() {
        error.text_in(locale)
    } else if let Some(error) = error.downcast_ref::<RunError>() {
        error.text_in(locale)
    } else if let Some(error) = error.downcast_ref::<SpecError>() {
        error.text_in(locale)
    } else if let Some(error) = error.downcast_ref::<ConfigError>() {
        config_error(error, locale)
    } else if let Some(error) = error.downcast_ref::<ProfileError>() {
        profile(error, locale)
    } else if let Some(error) = error.downcast_ref::<io::Error>() {
        system_error(error, locale)
    } else {
        error.to_string()
    }
}

/// What is wrong with a profile's file.
fn profile(error: &ProfileError, locale: Locale) -> String {
    match error {
        ProfileError::Unreadable { file, reason } => {
            let reason = system_error(reason, locale);
            text!(locale, "input-unreadable", file = file.as_str(), reason = reason)
        }
        ProfileError::TooLarge { file } => {
            let most = digits(guichet_core::limits::PROFILE_FILE_MAX);
            text!(locale, "input-profile-large", file = file.as_str(), most = most)
        }
        ProfileError::NotText { file, line, column } => text!(
            locale,
            "input-profile-bytes",
            file = file.as_str(),
            line = digits(*line as u64),
            column = digits(*column as u64)
        ),
        ProfileError::Invalid { file, problem } => {
            let problem = toml::problem(problem, locale);
            text!(locale, "input-profile-wrong", file = file.as_str(), problem = problem)
        }
    }
}
