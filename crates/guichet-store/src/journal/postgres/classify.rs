//! What an error of PostgreSQL means for whoever wrote or read.

use std::error::Error as _;
use std::io;

use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

/// Raised by `write_batch` if the epoch is over.
const REPLACED: &str = "GU001";

/// What an error means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The connection is gone or cannot be had: what was on its way is not known.
    Away(String),
    /// Nothing was written; the same may be written later.
    Later(String),
    /// This user may not, or there is no such database.
    Refused(String),
    /// Another node leads.
    Replaced(String),
    /// Anything else.
    Broken(String),
}

impl Trouble {
    /// What was said.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Away(text)
            | Self::Later(text)
            | Self::Refused(text)
            | Self::Replaced(text)
            | Self::Broken(text) => text,
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        let text = in_words(&error);
        let Some(state) = error.code() else {
            return match error {
                error if is_of_connection(&error) => Self::Away(text),
                error if error.to_string().starts_with("authentication error") => {
                    Self::Refused(text)
                }
                _ => Self::Broken(text),
            };
        };
        if *state == SqlState::READ_ONLY_SQL_TRANSACTION {
            // It was the primary, and is a standby now.
            return Self::Away(text);
        }
        if [SqlState::LOCK_NOT_AVAILABLE, SqlState::QUERY_CANCELED].contains(state) {
            return Self::Later(text);
        }
        if [SqlState::TOO_MANY_CONNECTIONS, SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT]
            .contains(state)
        {
            return Self::Away(text);
        }
        if *state == SqlState::INSUFFICIENT_PRIVILEGE {
            return Self::Refused(text);
        }
        // The class of a state are its first two characters; see appendix A of PostgreSQL's manual.
        match (state.code(), &state.code()[..2]) {
            (REPLACED, _) => Self::Replaced(text),
            (_, "08" | "57") => Self::Away(text),
            (_, "40" | "53") => Self::Later(text),
            (_, "28" | "3D") => Self::Refused(text),
            _ => Self::Broken(text),
        }
    }
}

/// Whether the connection failed, and not what was asked.
fn is_of_connection(error: &Error) -> bool {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.is::<io::Error>() {
            return true;
        }
        cause = inner.source();
    }
    error.is_closed() || error.to_string().starts_with("error connecting") || is_timeout(error)
}

fn is_timeout(error: &Error) -> bool {
    error.to_string().starts_with("timeout")
}

/// What PostgreSQL says, or what there is to say of the connection.
fn in_words(error: &Error) -> String {
    if let Some(said) = error.as_db_error() {
        return format!("{} ({})", said.message(), said.code().code());
    }
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
