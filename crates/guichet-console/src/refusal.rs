//! Why something that was asked of servers or accounts is not done, and what to do: in the words of the
//! console. Matches without a rest: a new error of the application must be given its sentence here.

use guichet_cloud::accounts::AccountError;
use guichet_cloud::catalogue::TooSmall;
use guichet_cloud::hosts::HostError;
use guichet_cloud::servers::values::ValueError;
use guichet_cloud::servers::{CreateError, SearchError, ServerError};
use guichet_core::project::OverQuota;
use guichet_core::refusal::Refusal;
use guichet_http::retry_after;
use guichet_locale::{Locale, text};
use guichet_openstack::http::refusal::status;
use http::StatusCode;

use crate::notice::Notice;

/// What is said when the rules, the quota or the queue do not allow it.
pub(crate) fn of_refusal(locale: Locale, refusal: &Refusal) -> Notice {
    let (what, advice) = said(locale, refusal);
    Notice::refused(status(refusal), what, advice)
}

/// What stands in the way, and what to do.
fn said(locale: Locale, refusal: &Refusal) -> (String, String) {
    let again = refusal.retry_after().map_or_else(String::new, |wait| {
        text!(locale, "console-do-again", seconds = retry_after::seconds(wait))
    });
    match refusal {
        Refusal::NotFound { .. } | Refusal::NoServer => gone(locale),
        Refusal::Conflict { action, obstacle, .. } => (
            text!(
                locale,
                "console-refused-conflict",
                action = action.verb(),
                state = obstacle.to_string()
            ),
            text!(locale, "console-do-wait"),
        ),
        Refusal::Locked { .. } => {
            (text!(locale, "console-refused-locked"), text!(locale, "console-do-unlock"))
        }
        Refusal::OverQuota(OverQuota { resource, requested, used, limit }) => (
            text!(
                locale,
                "console-refused-quota",
                resource = resource.to_string(),
                requested = locale.grouped(*requested),
                used = locale.grouped(*used),
                most = locale.grouped(*limit)
            ),
            text!(locale, "console-do-quota"),
        ),
        Refusal::ServersFull { limit } => (
            text!(locale, "console-refused-full", most = locale.grouped(*limit as u64)),
            text!(locale, "console-do-delete"),
        ),
        Refusal::NoAddress { .. } => {
            (text!(locale, "console-refused-address"), text!(locale, "console-do-delete"))
        }
        Refusal::QueueFull { waiting, .. } => (
            text!(locale, "console-refused-queue", waiting = locale.grouped(*waiting as u64)),
            again,
        ),
        Refusal::RateLimited { .. } => (text!(locale, "console-refused-rate"), again),
        Refusal::Unrecorded { .. } => (text!(locale, "console-refused-unrecorded"), again),
        Refusal::Draining { .. } => (text!(locale, "console-refused-draining"), again),
        Refusal::KeyReused => {
            (text!(locale, "console-refused-repeat"), text!(locale, "console-do-look"))
        }
        // The console's forms ask for nothing that these are about.
        Refusal::NoSuchPart { .. }
        | Refusal::NoSuchRow { .. }
        | Refusal::NameTaken { .. }
        | Refusal::TooManyRows { .. }
        | Refusal::NoSuchKeyPair { .. }
        | Refusal::NoSuchGroup { .. }
        | Refusal::GroupFull { .. }
        | Refusal::AddressInUse { .. }
        | Refusal::Invalid { .. } => (refusal.to_string(), text!(locale, "console-do-form")),
    }
}

fn gone(locale: Locale) -> (String, String) {
    (text!(locale, "console-refused-gone"), text!(locale, "console-do-look"))
}

/// What is said of a request about one server.
pub(crate) fn of_server(locale: Locale, error: &ServerError) -> Notice {
    let wrong = |what: String| {
        Notice::refused(StatusCode::BAD_REQUEST, what, text!(locale, "console-do-choose"))
    };
    match error {
        ServerError::Forbidden => reader(locale),
        ServerError::NotFound(_) => {
            let (what, advice) = gone(locale);
            Notice::refused(StatusCode::NOT_FOUND, what, advice)
        }
        ServerError::NotReady(_) => {
            let what = text!(locale, "console-refused-not-ready");
            Notice::refused(StatusCode::CONFLICT, what, text!(locale, "console-do-wait"))
        }
        ServerError::UnknownFlavor => wrong(text!(locale, "console-refused-flavor")),
        ServerError::SameFlavor => wrong(text!(locale, "console-refused-same-flavor")),
        ServerError::UnknownImage => wrong(text!(locale, "console-refused-image")),
        ServerError::TooSmall(what) => wrong(small(locale, *what)),
        ServerError::DiskShrinks { .. } => wrong(text!(locale, "console-refused-shrinks")),
        // The console's forms ask for nothing that these are about.
        ServerError::UnknownHost(_) | ServerError::HostInUse(_) | ServerError::TooManyImages => {
            wrong(error.to_string())
        }
        ServerError::HostDown => {
            let what = text!(locale, "console-refused-host-down");
            Notice::refused(StatusCode::CONFLICT, what, text!(locale, "console-do-wait"))
        }
        ServerError::Refused(refusal) => of_refusal(locale, refusal),
    }
}

/// What is said of a request for new servers.
pub(crate) fn of_create(locale: Locale, error: &CreateError) -> Notice {
    let wrong = |what: String| {
        Notice::refused(StatusCode::BAD_REQUEST, what, text!(locale, "console-do-choose"))
    };
    match error {
        CreateError::Forbidden => reader(locale),
        CreateError::UnknownFlavor => wrong(text!(locale, "console-refused-flavor")),
        CreateError::UnknownImage => wrong(text!(locale, "console-refused-image")),
        CreateError::TooSmall(what) => wrong(small(locale, *what)),
        CreateError::TooMany { most } => {
            wrong(text!(locale, "console-refused-count", most = locale.grouped(*most as u64)))
        }
        CreateError::Invalid { problem, .. } => wrong(of_value(locale, *problem)),
        CreateError::ManyNetworks | CreateError::UnknownNetwork => {
            wrong(text!(locale, "console-refused-network"))
        }
        // The console's forms ask for nothing that these are about.
        CreateError::UnknownZone
        | CreateError::HostForbidden
        | CreateError::UnknownHost(_)
        | CreateError::ForeignAddress { .. }
        | CreateError::CountsReversed { .. } => wrong(error.to_string()),
        CreateError::Refused(refusal) => of_refusal(locale, refusal),
    }
}

/// What is wrong with a name.
fn of_value(locale: Locale, error: ValueError) -> String {
    match error {
        ValueError::Blank => text!(locale, "console-refused-name-blank"),
        ValueError::BlankEnds => text!(locale, "console-refused-name-ends"),
        ValueError::TooLong => text!(locale, "console-refused-name-long"),
        _ => text!(locale, "console-refused-name-print"),
    }
}

fn small(locale: Locale, what: TooSmall) -> String {
    match what {
        TooSmall::Memory => text!(locale, "console-refused-memory"),
        TooSmall::Disk => text!(locale, "console-refused-disk"),
    }
}

fn reader(locale: Locale) -> Notice {
    let what = text!(locale, "console-refused-reader");
    Notice::refused(StatusCode::FORBIDDEN, what, text!(locale, "console-do-role"))
}

/// What is said of a list that is not shown.
pub(crate) fn of_search(locale: Locale, error: &SearchError) -> Notice {
    let (status, what) = match error {
        SearchError::UnknownMarker => {
            (StatusCode::BAD_REQUEST, text!(locale, "console-refused-marker"))
        }
        SearchError::NotVisible(_) => {
            (StatusCode::FORBIDDEN, text!(locale, "console-refused-admin"))
        }
    };
    Notice::refused(status, what, text!(locale, "console-do-look"))
}

/// What is said of a host that is not changed.
pub(crate) fn of_host(locale: Locale, error: &HostError) -> Notice {
    match error {
        HostError::Forbidden => {
            let what = text!(locale, "console-refused-admin");
            Notice::refused(StatusCode::FORBIDDEN, what, text!(locale, "console-do-admin"))
        }
        HostError::NotFound => {
            let what = text!(locale, "console-refused-not-found");
            Notice::refused(StatusCode::NOT_FOUND, what, text!(locale, "console-do-look"))
        }
        HostError::Refused(refusal) => of_refusal(locale, refusal),
    }
}

/// What is said to whoever is not let in.
pub(crate) fn of_account(locale: Locale, error: &AccountError) -> Notice {
    let again = |wait| text!(locale, "console-do-again", seconds = retry_after::seconds(wait));
    let busy = StatusCode::SERVICE_UNAVAILABLE;
    let (status, what, advice) = match error {
        AccountError::Unauthorized => (
            StatusCode::UNAUTHORIZED,
            text!(locale, "console-refused-sign-in"),
            text!(locale, "console-do-sign-in"),
        ),
        AccountError::Forbidden => (
            StatusCode::FORBIDDEN,
            text!(locale, "console-refused-no-project"),
            text!(locale, "console-do-role"),
        ),
        AccountError::RateLimited { retry_after, .. } => (
            StatusCode::TOO_MANY_REQUESTS,
            text!(locale, "console-refused-attempts"),
            again(*retry_after),
        ),
        AccountError::TokensFull { retry_after } | AccountError::PasswordsBusy { retry_after } => {
            (busy, text!(locale, "console-refused-busy"), again(*retry_after))
        }
        AccountError::Stopping => {
            (busy, text!(locale, "console-refused-draining"), text!(locale, "console-do-form"))
        }
        AccountError::Refused(refusal) => return of_refusal(locale, refusal),
        // Of application credentials and tokens of other cells, which the console has nothing to do with,
        // and of the system.
        AccountError::NoRandomBytes
        | AccountError::GotElsewhere
        | AccountError::CredentialNameTaken { .. }
        | AccountError::TooManyCredentials { .. }
        | AccountError::NoSuchCredential => {
            (busy, error.to_string(), text!(locale, "console-do-form"))
        }
    };
    Notice::refused(status, what, advice)
}
