//! The decision: what becomes of a request, from the rows as they are. In this order:
//! repeat? → rules → quota → capacity of the queue → placement. Pure: a store calls it under its
//! lock (or inside its transaction) and applies what comes out.

mod act;
mod create;

use crate::limits;
use crate::refusal::Refusal;
use crate::request::{Answer, Request, RequestBody};
use crate::rows::{Decision, Effects, KeyRow, Rows};
use crate::time::Timestamp;

/// Decides one request on the rows as they are at `at`.
#[inline]
pub fn decide(rows: &impl Rows, request: &Request, at: Timestamp) -> Decision {
    match repeat(rows, request, at) {
        Ok(Some(answer)) => return Decision::Repeated(answer),
        Ok(None) => {}
        Err(refusal) => return Decision::Refused(refusal),
    }
    let decided = match &request.body {
        RequestBody::Create(create) => create::decide_create(rows, request, create, at),
        RequestBody::Act(act) => act::decide_act(rows, request, act, at),
    };
    let mut decision = decided.unwrap_or_else(Decision::Refused);
    if let Decision::Accepted(effects) = &mut decision {
        remember(effects, request, at);
    }
    decision
}

/// The remembered answer, if the request's key was used before; a refusal if for another request
/// or if no more keys can be remembered.
fn repeat(rows: &impl Rows, request: &Request, at: Timestamp) -> Result<Option<Answer>, Refusal> {
    let Some(key) = &request.key else {
        return Ok(None);
    };
    if let Some(row) = rows.key(request.project, key, at) {
        return if row.fingerprint == request.fingerprint() {
            Ok(Some(row.answer.clone()))
        } else {
            Err(Refusal::KeyReused)
        };
    }
    let capacity = rows.key_capacity(request.project, at);
    if capacity.free > 0 {
        return Ok(None);
    }
    let retry_after = capacity.next_expiry.map_or(limits::KEY_TTL, |expiry| expiry.since(at));
    Err(Refusal::RateLimited { what: "idempotency keys in use", retry_after })
}

/// Adds the key to what is written, so that answer and key are remembered in the same step.
fn remember(effects: &mut Effects, request: &Request, at: Timestamp) {
    let (Some(key), Some(answer)) = (&request.key, &effects.answer) else {
        return;
    };
    effects.key = Some(Box::new(KeyRow {
        project: request.project,
        key: key.clone(),
        fingerprint: request.fingerprint(),
        answer: answer.clone(),
        expires: at.after(limits::KEY_TTL),
    }));
}
