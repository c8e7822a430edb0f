//! What Nova could change and this cloud declares: an answer that says where instead.

use http::StatusCode;

use crate::http::gate::Caller;
use crate::http::problem::Problem;

/// The answer to whoever may change things.
fn declared(what: &str) -> Problem {
    Problem::new(
        StatusCode::NOT_IMPLEMENTED,
        format!(
            "{what} cannot be changed while this cloud runs: declare them in its configuration."
        ),
    )
}

/// For what only administrators could change.
pub async fn for_admins(caller: Caller, rule: &'static str, what: &'static str) -> Problem {
    caller.must_be_admin(rule).err().unwrap_or_else(|| declared(what))
}
