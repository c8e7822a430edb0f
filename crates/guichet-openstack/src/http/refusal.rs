//! What clients are answered when the manager refuses: a status and a sentence for each refusal.
//!
//! The sentences are this dialect's own, Nova's where it has one: clients and their tests look for
//! them. The text that a refusal has itself is for the log and for programs that use the library.
//! Matches without a rest: a new refusal must be given its status and its sentence here.

use std::borrow::Cow;
use std::time::Duration;

use guichet_core::project::OverQuota;
use guichet_core::refusal::Refusal;
use guichet_http::retry_after;
use http::StatusCode;

use super::problem::Problem;

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let retry_after_s = refusal.retry_after().map(retry_after::seconds);
        Self { status: status(&refusal), message: message(&refusal), retry_after_s }
    }
}

/// The status of a refusal, in every API that speaks HTTP.
pub const fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::NotFound { .. }
        | Refusal::NoServer
        | Refusal::NoSuchPart { .. }
        | Refusal::NoSuchRow { .. } => StatusCode::NOT_FOUND,
        Refusal::Conflict { .. }
        | Refusal::Locked { .. }
        | Refusal::KeyReused
        | Refusal::NameTaken { .. } => StatusCode::CONFLICT,
        Refusal::OverQuota(_)
        | Refusal::ServersFull { .. }
        | Refusal::TooManyRows { .. }
        | Refusal::GroupFull { .. } => StatusCode::FORBIDDEN,
        Refusal::QueueFull { .. } | Refusal::Draining { .. } | Refusal::Unrecorded { .. } => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        Refusal::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
        Refusal::Invalid { .. }
        | Refusal::NoAddress { .. }
        | Refusal::AddressInUse { .. }
        | Refusal::NoSuchKeyPair { .. }
        | Refusal::NoSuchGroup { .. } => StatusCode::BAD_REQUEST,
    }
}

/// The sentence of a refusal.
fn message(refusal: &Refusal) -> Cow<'static, str> {
    let again = |wait: &Duration| format!("Ask again in {} s.", retry_after::seconds(*wait));
    let text = match refusal {
        Refusal::NotFound { server } => format!("Instance {server} could not be found."),
        Refusal::NoServer => return "There is no server to delete.".into(),
        Refusal::Conflict { action, server, obstacle } => {
            format!("Cannot '{}' instance {server} while it is in {obstacle}", action.verb())
        }
        Refusal::Locked { server } => format!("Instance {server} is locked"),
        Refusal::NoSuchPart { what, name } => format!("The server has no {what} '{name}'."),
        Refusal::NoSuchRow { what, id } => format!("There is no {what} '{id}'."),
        Refusal::NoSuchGroup { group } => format!("Instance group {group} could not be found."),
        Refusal::GroupFull { .. } => return "Quota exceeded, too many servers in group".into(),
        Refusal::NoSuchKeyPair { .. } => return "Invalid key_name provided.".into(),
        Refusal::NameTaken { what, name } => format!("There is a {what} named '{name}' already."),
        Refusal::TooManyRows { what, most } => {
            format!("There are no more than {most} of the kind '{what}'.")
        }
        Refusal::KeyReused => {
            return "This Idempotency-Key was sent with another body before. Send that body again, \
                    or use a new key."
                .into();
        }
        Refusal::OverQuota(OverQuota { resource, requested, used, limit }) => format!(
            "Quota exceeded for {resource}: Requested {requested}, but already used {used} of \
             {limit} {resource}"
        ),
        Refusal::NoAddress { .. } => return "No fixed IP addresses available for network.".into(),
        Refusal::AddressInUse { address } => {
            format!("Fixed IP address {address} is already in use.")
        }
        Refusal::ServersFull { limit } => {
            format!("This cloud holds no more than {limit} servers. Delete some first.")
        }
        Refusal::QueueFull { waiting, retry_after } => {
            format!("{waiting} operations wait already. {}", again(retry_after))
        }
        Refusal::RateLimited { what, retry_after } => {
            format!("Too many requests ({what}). {}", again(retry_after))
        }
        Refusal::Unrecorded { why, retry_after } => format!(
            "Nothing can be recorded at present: {why}. Nothing was changed. {}",
            again(retry_after)
        ),
        Refusal::Draining { retry_after } => {
            format!("The service is stopping and takes no new requests. {}", again(retry_after))
        }
        Refusal::Invalid { field, problem } => {
            format!("Invalid input for field/attribute {field}: {problem}.")
        }
    };
    text.into()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use guichet_core::ids::{NetworkId, ServerId};
    use uuid::Uuid;

    use super::*;

    fn shown(refusal: Refusal) -> (u16, String, Option<u64>) {
        let Problem { status, message, retry_after_s } = refusal.into();
        (status.as_u16(), message.into_owned(), retry_after_s)
    }

    #[test]
    fn the_sentences_of_nova_are_novas() {
        let server = ServerId(Uuid::nil());
        let over = OverQuota { resource: "cores", requested: 3, used: 18, limit: 20 };
        for (refusal, status, text) in [
            (
                Refusal::NotFound { server },
                404,
                "Instance 00000000-0000-0000-0000-000000000000 could not be found.",
            ),
            (
                Refusal::Locked { server },
                409,
                "Instance 00000000-0000-0000-0000-000000000000 is locked",
            ),
            (
                Refusal::OverQuota(over),
                403,
                "Quota exceeded for cores: Requested 3, but already used 18 of 20 cores",
            ),
            (
                Refusal::NoAddress { network: NetworkId(0) },
                400,
                "No fixed IP addresses available for network.",
            ),
        ] {
            assert_eq!(shown(refusal), (status, text.to_owned(), None));
        }
    }

    #[test]
    fn whoever_may_come_back_is_told_when_in_both_places() {
        let retry_after = Duration::from_millis(1_500);
        for (refusal, status) in [
            (Refusal::QueueFull { waiting: 7, retry_after }, 503),
            (Refusal::Draining { retry_after }, 503),
            (Refusal::Unrecorded { why: Arc::from("the disk is full"), retry_after }, 503),
            (Refusal::RateLimited { what: "per second", retry_after }, 429),
        ] {
            let (shown_status, text, retry_after_s) = shown(refusal);
            assert_eq!((shown_status, retry_after_s), (status, Some(2)));
            assert!(text.ends_with("Ask again in 2 s."), "{text}");
        }
    }
}
