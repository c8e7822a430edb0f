//! What stands in the way of a request about accounts, in Keystone's words. A match without a rest:
//! a new error of the application must be given its status here.

use guichet_cloud::accounts::AccountError;
use http::StatusCode;
use serde_json::{Value, json};

use crate::http::problem::Problem;

/// 403 in Keystone's words.
pub(super) fn forbidden(rule: &str) -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        format!("You are not authorized to perform the requested action: {rule}."),
    )
}

/// 404: there is no such thing. Its name is the client's own: no more of it than one can read.
pub(super) fn missing(id: &str) -> Problem {
    let id: String = id.chars().take(64).collect();
    Problem::not_found(format!("Could not find: {id}."))
}

/// The problem of a request; `rule` is the policy that it needs, `id` what it names.
pub(super) fn of(error: AccountError, rule: &str, id: &str) -> Problem {
    let unavailable = |text: &'static str| Problem::new(StatusCode::SERVICE_UNAVAILABLE, text);
    match error {
        AccountError::Unauthorized => Problem::unauthorized(),
        AccountError::Forbidden => forbidden(rule),
        AccountError::GotElsewhere => Problem::new(
            StatusCode::FORBIDDEN,
            "This token was got by a token of another cell, and gives none in a further cell. Use the first token, or log in again.",
        ),
        AccountError::RateLimited { per_min, retry_after } => {
            let text = format!("More than {per_min} requests a minute of one user.");
            Problem::new(StatusCode::TOO_MANY_REQUESTS, text).with_retry_after(retry_after)
        }
        AccountError::TokensFull { retry_after } => {
            let text = "Too many tokens of this user are being made at once; come back later.";
            unavailable(text).with_retry_after(retry_after)
        }
        AccountError::PasswordsBusy { retry_after } => {
            let text = "Too many logins wait for their password to be checked; come back later.";
            unavailable(text).with_retry_after(retry_after)
        }
        AccountError::Stopping => unavailable("The service is stopping."),
        AccountError::NoRandomBytes => unavailable("The system gives no random bytes."),
        AccountError::CredentialNameTaken { name } => {
            let text = format!("Conflict: an application credential named {name} exists already.");
            Problem::new(StatusCode::CONFLICT, text)
        }
        AccountError::TooManyCredentials { most } => {
            let text = format!("A user has at most {most} application credentials.");
            Problem::new(StatusCode::FORBIDDEN, text)
        }
        AccountError::NoSuchCredential => missing(id),
        AccountError::Refused(refusal) => refusal.into(),
    }
}

/// The problem of a request that names nothing and needs no policy: a login.
pub(super) fn of_login(error: AccountError) -> Problem {
    of(error, "identity:authenticate", "")
}

/// The body of a problem in Keystone's shape.
pub(super) fn body(problem: &Problem) -> Value {
    let title = problem.status.canonical_reason().unwrap_or("Error");
    let code = problem.status.as_u16();
    json!({ "error": { "code": code, "title": title, "message": problem.message } })
}
