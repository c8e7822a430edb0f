//! What the system says when it refuses something.

use std::io::{Error, ErrorKind};

use crate::locale::Locale;
use crate::message::Message;

/// An error of the system in a language: in English its own words, in French ours for those errors
/// that a path or an address can bring, and its own for others. What a program put into it in
/// its place as a [`Message`] is that.
pub fn system_error(error: &Error, locale: Locale) -> String {
    if let Some(told) = error.get_ref().and_then(|inner| inner.downcast_ref::<Message>()) {
        return told.text_in(locale);
    }
    // An error made up by a program says what the kind does not.
    let is_known = error.get_ref().is_none();
    let kind = match error.kind() {
        ErrorKind::NotFound if is_known => "not-found",
        ErrorKind::PermissionDenied if is_known => "denied",
        ErrorKind::IsADirectory if is_known => "directory",
        ErrorKind::NotADirectory if is_known => "not-directory",
        ErrorKind::StorageFull if is_known => "full",
        ErrorKind::ReadOnlyFilesystem if is_known => "read-only",
        ErrorKind::AlreadyExists if is_known => "exists",
        ErrorKind::ConnectionRefused if is_known => "refused",
        _ => "other",
    };
    crate::text!(locale, "input-system", kind = kind, told = error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_said_in_french() {
        let missing = std::fs::File::open("/none/at all").unwrap_err();
        assert_eq!(system_error(&missing, Locale::English), missing.to_string());
        let french = system_error(&missing, Locale::French);
        assert_eq!(french, "fichier ou répertoire introuvable");
    }

    #[test]
    fn what_a_program_adds_is_kept() {
        let denied = Error::new(ErrorKind::PermissionDenied, "name another file");
        for locale in Locale::ALL {
            assert_eq!(system_error(&denied, locale), "name another file");
        }
        let both = Error::other(Message::new(|locale| locale.code().to_owned()));
        assert_eq!(system_error(&both, Locale::French), "fr");
        assert_eq!(both.to_string(), "en");
    }
}
