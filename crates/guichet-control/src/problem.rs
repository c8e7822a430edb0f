//! What stands in the way of a request, and its answer.

use std::time::Duration;

use axum::Json;
use axum::response::{IntoResponse, Response};
use guichet_cloud::faults::RuleError;
use guichet_cloud::worlds::WorldError;
use guichet_core::limits;
use guichet_core::refusal::Refusal;
use guichet_http::error::ReadError;
use guichet_http::retry_after;
use guichet_openstack::http::refusal;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::clipped::clipped;

/// What stands in the way of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    status: StatusCode,
    message: String,
    retry_after: Option<Duration>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), retry_after: None }
    }

    /// The same, worth another try after so long.
    pub(crate) fn after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// What was sent is wrong: 400.
    pub(crate) fn wrong(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }
}

/// Which of the words that a field or parameter can have is found there.
///
/// # Errors
/// It is none of them: 400, with those that there are.
pub(crate) fn known_word<T: Copy>(
    name: &str,
    found: &str,
    all: &[T],
    word: impl Fn(T) -> &'static str,
) -> Result<T, Problem> {
    all.iter().copied().find(|known| word(*known) == found).ok_or_else(|| {
        let words: Vec<&str> = all.iter().map(|known| word(*known)).collect();
        let (found, words) = (clipped(found), words.join(", "));
        Problem::wrong(format!("{name}: there is no {found:?}; expected one of {words}."))
    })
}

/// The body of an answer that is a problem.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Fault {
    error: FaultBody,
}

#[derive(Debug, Serialize, ToSchema)]
struct FaultBody {
    /// The status.
    code: u16,
    /// What it is called.
    title: String,
    /// What is wrong, and what to do.
    message: String,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or_default().to_owned();
        let error = FaultBody { code: self.status.as_u16(), title, message: self.message };
        let mut answer = (self.status, Json(Fault { error })).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let bearer = HeaderValue::from_static("Bearer");
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
        }
        if let Some(wait) = self.retry_after {
            retry_after::insert(answer.headers_mut(), retry_after::seconds(wait));
        }
        answer
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        let retry_after = error.retry_after();
        Self { status: error.status(), message: error.to_string(), retry_after }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let retry_after = refusal.retry_after();
        // Most of them are whole sentences.
        let message = format!("{}.", refusal.to_string().trim_end_matches('.'));
        Self { status: refusal::status(&refusal), message, retry_after }
    }
}

impl From<RuleError> for Problem {
    fn from(error: RuleError) -> Self {
        let status = match error {
            RuleError::TooMany => StatusCode::FORBIDDEN,
            _ => StatusCode::BAD_REQUEST,
        };
        Self::new(status, error.to_string())
    }
}

impl From<WorldError> for Problem {
    fn from(error: WorldError) -> Self {
        let status = match &error {
            WorldError::Off => StatusCode::FORBIDDEN,
            WorldError::TooMany { .. }
            | WorldError::TooManySnapshots { .. }
            | WorldError::SnapshotsFull { .. }
            | WorldError::SnapshotsHeavy { .. } => StatusCode::TOO_MANY_REQUESTS,
            WorldError::NotFound | WorldError::NoSnapshot { .. } => StatusCode::NOT_FOUND,
            WorldError::First
            | WorldError::SnapshotExists { .. }
            | WorldError::TooManyServers { .. }
            | WorldError::SnapshotTooLarge { .. }
            | WorldError::SnapshotInTheWay { .. }
            | WorldError::SnapshotUnreadable { .. }
            | WorldError::IsStored
            | WorldError::NotSteerable
            | WorldError::BeingSteered => StatusCode::CONFLICT,
            WorldError::Config(_)
            | WorldError::Profile { .. }
            | WorldError::Driver
            | WorldError::Idle { .. }
            | WorldError::OfSnapshot
            | WorldError::SnapshotName { .. }
            | WorldError::Document(_)
            | WorldError::Speed { .. }
            | WorldError::Past { .. }
            | WorldError::TooFar { .. }
            | WorldError::TimeEnds { .. } => StatusCode::BAD_REQUEST,
            WorldError::SnapshotUnwritten { .. }
            | WorldError::Closing
            | WorldError::Open(_)
            | WorldError::NoRandomBytes(_) => StatusCode::SERVICE_UNAVAILABLE,
        };
        let comes_back =
            matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        let retry_after = comes_back.then_some(Duration::from_secs(limits::RETRY_AFTER_MIN_S));
        Self { status, message: error.to_string(), retry_after }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(refusal: Refusal) -> (u16, Option<String>) {
        let answer = Problem::from(refusal).into_response();
        let after = answer.headers().get(header::RETRY_AFTER);
        (answer.status().as_u16(), after.map(|after| after.to_str().unwrap().to_owned()))
    }

    #[test]
    fn a_refusal_has_the_status_that_every_api_gives_it_and_when_to_ask_again() {
        let retry_after = Duration::from_secs(7);
        let rate = Refusal::RateLimited { what: "requests of the project", retry_after };
        assert_eq!(headers(rate), (429, Some("7".to_owned())));
        let queue = Refusal::QueueFull { waiting: 3, retry_after };
        assert_eq!(headers(queue), (503, Some("7".to_owned())));
        assert_eq!(headers(Refusal::ServersFull { limit: 3 }), (403, None));
        assert_eq!(headers(Refusal::KeyReused), (409, None));
    }
}
