//! The words that lines of the log are made of: looked up once a language, since there may be tens
//! of thousands of lines a second.

use std::sync::LazyLock;

use guichet_core::event::EventKind;
use guichet_locale::{Locale, text};

/// The words of one language.
pub(super) struct Words {
    accepted: String,
    started: String,
    succeeded: String,
    requeued: String,
    cancelled: String,
    failed: String,
    pub(super) refused: String,
    pub(super) dropped: String,
    /// Before a time: how long it waited, and was served.
    pub(super) wait: String,
    pub(super) service: String,
    /// The same in fewer characters.
    pub(super) after: String,
    pub(super) took: String,
    /// Before a number.
    pub(super) attempt: String,
}

static ENGLISH: LazyLock<Words> = LazyLock::new(|| Words::new(Locale::English));
static FRENCH: LazyLock<Words> = LazyLock::new(|| Words::new(Locale::French));

impl Words {
    fn new(locale: Locale) -> Self {
        Self {
            accepted: text!(locale, "log-accepted"),
            started: text!(locale, "log-started"),
            succeeded: text!(locale, "log-succeeded"),
            requeued: text!(locale, "log-requeued"),
            cancelled: text!(locale, "log-cancelled"),
            failed: text!(locale, "log-failed"),
            refused: text!(locale, "log-refused"),
            dropped: text!(locale, "log-dropped"),
            wait: text!(locale, "log-wait"),
            service: text!(locale, "log-service"),
            after: text!(locale, "log-after"),
            took: text!(locale, "log-in"),
            attempt: text!(locale, "log-attempt"),
        }
    }

    /// The words of a locale.
    pub(super) fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::English => &ENGLISH,
            Locale::French => &FRENCH,
        }
    }

    /// What happened.
    pub(super) fn kind(&self, kind: EventKind) -> &str {
        match kind {
            EventKind::Accepted => &self.accepted,
            EventKind::Started => &self.started,
            EventKind::Succeeded => &self.succeeded,
            EventKind::Requeued => &self.requeued,
            EventKind::Cancelled => &self.cancelled,
            EventKind::Failed => &self.failed,
        }
    }
}
