//! What the console calls what the API has a word for.

use guichet_core::event::{Cause, EventKind};
use guichet_core::server::OperationState;
use guichet_locale::{Locale, text};

/// What entries of the log can be: the API's word, and how it is called.
pub(crate) fn kinds(locale: Locale) -> Vec<(&'static str, String)> {
    let events = EventKind::ALL.iter().map(|kind| (kind.as_str(), happened(locale, *kind)));
    let refused = ("refused", text!(locale, "log-refused"));
    let changes = Cause::ALL.iter().map(|cause| (cause.as_str(), changed(locale, *cause)));
    events.chain([refused]).chain(changes).collect()
}

/// How far an operation is.
pub(crate) fn progress(locale: Locale, state: OperationState) -> String {
    match state {
        OperationState::Queued => text!(locale, "console-state-queued"),
        OperationState::Running => text!(locale, "console-state-running"),
        OperationState::Succeeded => happened(locale, EventKind::Succeeded),
        OperationState::Failed => happened(locale, EventKind::Failed),
        OperationState::Cancelled => happened(locale, EventKind::Cancelled),
    }
}

fn happened(locale: Locale, kind: EventKind) -> String {
    match kind {
        EventKind::Accepted => text!(locale, "log-accepted"),
        EventKind::Started => text!(locale, "log-started"),
        EventKind::Requeued => text!(locale, "log-requeued"),
        EventKind::Succeeded => text!(locale, "log-succeeded"),
        EventKind::Failed => text!(locale, "log-failed"),
        EventKind::Cancelled => text!(locale, "log-cancelled"),
    }
}

fn changed(locale: Locale, cause: Cause) -> String {
    match cause {
        Cause::Edited => text!(locale, "console-kind-edited"),
        Cause::PoweredOff => text!(locale, "console-kind-powered-off"),
        Cause::Gone => text!(locale, "console-kind-gone"),
    }
}
