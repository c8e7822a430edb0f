//! Why a service gives no answer, and what to do.

use std::fmt;
use std::io::ErrorKind;

use guichet_http::tls::Refused;
use guichet_locale::{Locale, Message, text};
use ureq::Error;

/// A request that had no answer: what to do, in the reader's language, and behind it what came of it.
#[derive(Debug)]
pub(crate) struct Unanswered {
    message: Message,
    error: Error,
}

impl Unanswered {
    /// What to do.
    pub(crate) fn text_in(&self, locale: Locale) -> String {
        self.message.text_in(locale)
    }
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message.fmt(f)
    }
}

impl std::error::Error for Unanswered {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // What the system says is said in the reader's language too.
        Some(cause(&self.error))
    }
}

/// What an error is about: the system's, where it is one, which it does not name as its cause.
pub(crate) fn cause(error: &Error) -> &(dyn std::error::Error + 'static) {
    match error {
        Error::Io(error) => error,
        error => error,
    }
}

/// What stands between us and a service that answers, if that is why.
pub(crate) fn refused(error: &Error) -> Option<Refused> {
    Refused::of(cause(error))
}

/// The error of a request that had no answer, of the service that is called so, at an address or at a socket.
pub(crate) fn why(named: &str, is_socket: bool, error: Error) -> anyhow::Error {
    let named = named.to_owned();
    let refused = refused(&error);
    let kind = match &error {
        Error::Io(error) => error.kind(),
        _ => ErrorKind::Other,
    };
    let message = Message::new(move |locale| match (refused, is_socket) {
        (Some(Refused::Untrusted), _) => text!(locale, "control-untrusted", named = named.as_str()),
        (Some(Refused::IsAuthority), _) => {
            text!(locale, "control-is-authority", named = named.as_str())
        }
        (Some(Refused::WantsCertificate), _) => {
            text!(locale, "control-wants-certificate", named = named.as_str())
        }
        (None, false) => text!(locale, "control-unanswered", named = named.as_str()),
        (None, true) => match kind {
            ErrorKind::NotFound => text!(locale, "control-no-socket", named = named.as_str()),
            ErrorKind::ConnectionRefused => {
                text!(locale, "control-dead-socket", named = named.as_str())
            }
            ErrorKind::PermissionDenied => text!(locale, "control-denied", named = named.as_str()),
            _ => text!(locale, "control-silent-socket", named = named.as_str()),
        },
    });
    anyhow::Error::new(Unanswered { message, error })
}
