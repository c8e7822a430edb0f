//! The same for worlds, their time and fault rules. What a form of the console can bring about is said in both
//! languages; the rest in the application's own words.

use std::error::Error as _;

use guichet_cloud::faults::RuleError;
use guichet_cloud::worlds::WorldError;
use guichet_core::limits;
use guichet_locale::{Locale, text};
use http::StatusCode;

use crate::notice::Notice;

/// What is said of a world that is not made, ended or steered.
pub(crate) fn of_world(locale: Locale, error: &WorldError) -> Notice {
    let (status, what, advice) = match error {
        WorldError::Off => (
            StatusCode::FORBIDDEN,
            text!(locale, "console-refused-worlds-off"),
            text!(locale, "console-do-worlds-off"),
        ),
        WorldError::TooMany { most } => (
            StatusCode::TOO_MANY_REQUESTS,
            text!(locale, "console-refused-worlds-many", most = locale.grouped(*most as u64)),
            text!(locale, "console-do-worlds-many"),
        ),
        WorldError::NotFound => (
            StatusCode::NOT_FOUND,
            text!(locale, "console-refused-world-gone"),
            text!(locale, "console-do-look"),
        ),
        WorldError::First => (
            StatusCode::CONFLICT,
            text!(locale, "console-refused-world-first"),
            text!(locale, "console-do-look"),
        ),
        WorldError::NotSteerable => (
            StatusCode::CONFLICT,
            text!(locale, "console-refused-not-steerable"),
            text!(locale, "console-do-not-steerable"),
        ),
        WorldError::BeingSteered => (
            StatusCode::CONFLICT,
            text!(locale, "console-refused-steered"),
            text!(locale, "console-do-wait"),
        ),
        WorldError::Closing => (
            StatusCode::SERVICE_UNAVAILABLE,
            text!(locale, "console-refused-draining"),
            text!(locale, "console-do-form"),
        ),
        WorldError::Speed { most, .. } => (
            StatusCode::BAD_REQUEST,
            text!(locale, "console-refused-speed", most = locale.figure(*most)),
            text!(locale, "console-do-choose"),
        ),
        WorldError::TooFar { most } => (
            StatusCode::BAD_REQUEST,
            text!(locale, "console-refused-far", days = locale.grouped(most.as_secs() / 86_400)),
            text!(locale, "console-do-choose"),
        ),
        _ => {
            // What lies below says more, and is no secret of the service's: it is an administrator who asks.
            let below = error.source().map_or_else(String::new, |below| format!(" {below}"));
            let what = format!("{error}{below}");
            (StatusCode::BAD_REQUEST, what, text!(locale, "console-do-choose"))
        }
    };
    Notice::refused(status, what, advice)
}

/// What is said of a rule that is none.
pub(crate) fn of_rule(locale: Locale, error: &RuleError) -> Notice {
    let what = match error {
        RuleError::Pattern => text!(
            locale,
            "console-refused-pattern",
            bytes = limits::NAME_MAX,
            stars = limits::FAULT_STARS_MAX
        ),
        RuleError::When | RuleError::Window => text!(locale, "console-refused-when"),
        RuleError::Status => text!(locale, "console-refused-status"),
        RuleError::Delay { longest } => {
            text!(locale, "console-refused-delay", most = longest.as_secs())
        }
        RuleError::Action => text!(locale, "console-refused-action"),
        RuleError::Host { pattern, known } => text!(
            locale,
            "console-refused-host",
            pattern = pattern.as_str(),
            known = known.as_str()
        ),
        RuleError::TooMany => {
            text!(locale, "console-refused-rules", most = limits::FAULT_RULES_MAX)
        }
    };
    let status = match error {
        RuleError::TooMany => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    };
    Notice::refused(status, what, text!(locale, "console-do-choose"))
}
