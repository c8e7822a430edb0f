//! What stands in the way of a request, as Neutron puts it.

use serde_json::{Value, json};

use crate::http::problem::Problem;

/// 404 in Neutron's words.
pub(super) fn no_such(singular: &str, id: &str) -> Problem {
    let mut kind = singular.replace('_', " ");
    kind[..1].make_ascii_uppercase();
    Problem::not_found(format!("{kind} {id} could not be found."))
}

/// The body of a problem in Neutron's shape.
pub(super) fn body(problem: &Problem) -> Value {
    let kind = problem.status.canonical_reason().unwrap_or("Error").replace(' ', "");
    json!({ "NeutronError": { "type": kind, "message": problem.message, "detail": "" } })
}
