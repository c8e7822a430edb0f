//! What a page says above all else: that something was done, or why it was not.

use guichet_locale::{Locale, text};
use http::StatusCode;

/// Something that was done, or was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    /// The status of the page's answer.
    pub(crate) status: StatusCode,
    /// What was done, or stands in the way.
    pub(crate) what: String,
    /// What to do; empty if nothing is.
    pub(crate) advice: String,
}

impl Notice {
    /// Something stands in the way.
    pub(crate) fn refused(
        status: StatusCode,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { status, what: what.into(), advice: advice.into() }
    }

    /// Whether it is a refusal.
    pub(crate) fn is_refusal(&self) -> bool {
        !self.status.is_success()
    }

    /// What a page that one is sent to says was done. The address carries a word, never a sentence: anybody
    /// can make up an address.
    pub(crate) fn done(locale: Locale, word: &str) -> Option<Self> {
        let what = match word {
            "created" => text!(locale, "console-done-created"),
            "asked" => text!(locale, "console-done-asked"),
            "deleted" => text!(locale, "console-done-deleted"),
            "host" => text!(locale, "console-done-host"),
            "fault" => text!(locale, "console-done-fault"),
            "fault-removed" => text!(locale, "console-done-fault-removed"),
            "clock" => text!(locale, "console-done-clock"),
            "not-reached" => text!(locale, "console-done-not-reached"),
            "ended" => text!(locale, "console-done-ended"),
            _ => return None,
        };
        Some(Self { status: StatusCode::OK, what, advice: String::new() })
    }
}
