//! What is said of a rule must be of use: a field that changes nothing is a mistake.

use guichet_core::limits;

use super::shape::{Do, NewFault, On};
use crate::problem::Problem;

/// Whether each field that is said changes something of such a rule.
///
/// # Errors
/// 400 that names the field.
pub(super) fn check(rule: &NewFault, on: On, what: Do) -> Result<(), Problem> {
    let (fits, expected) = match on {
        On::Request => (
            matches!(what, Do::Answer | Do::Close | Do::Delay | Do::ExpireToken | Do::LackOne),
            "do: with on=request it is answer, close, delay, expire_token or lack_one.",
        ),
        On::Operation => (
            matches!(what, Do::Error | Do::FailedButDone | Do::Stuck | Do::Slow),
            "do: with on=operation it is error, failed_but_done, stuck or slow.",
        ),
        On::Host => (what == Do::Die, "do: with on=host it is die."),
    };
    if !fits {
        return Err(Problem::wrong(expected));
    }
    for (name, is_said, is_of_use) in of_target(rule, on).into_iter().chain(of_fault(rule, what)) {
        if is_said && !is_of_use {
            return Err(Problem::wrong(format!("{name}: changes nothing of such a rule.")));
        }
    }
    match &rule.message {
        Some(message) if message.len() > limits::NAME_MAX => {
            Err(Problem::wrong(format!("message: {} bytes at most.", limits::NAME_MAX)))
        }
        _ => Ok(()),
    }
}

/// A field: its name, whether it is said, whether it is of use.
type Field = (&'static str, bool, bool);

fn of_target(rule: &NewFault, on: On) -> [Field; 12] {
    let (of_request, of_operation) = (on == On::Request, on == On::Operation);
    let is_counted = on != On::Host;
    [
        ("method", rule.method.is_some(), of_request),
        ("path", rule.path.is_some(), of_request),
        ("service", rule.service.is_some(), of_request),
        ("client", rule.client.is_some(), of_request),
        ("action", rule.action.is_some(), of_operation),
        ("server", rule.server.is_some(), of_operation),
        ("project", rule.project.is_some(), is_counted),
        ("host", rule.host.is_some(), !of_request),
        ("nth", rule.nth.is_some(), is_counted),
        ("every", rule.every.is_some(), is_counted),
        ("probability", rule.probability.is_some(), is_counted),
        ("times", rule.times.is_some(), is_counted),
    ]
}

fn of_fault(rule: &NewFault, what: Do) -> [Field; 8] {
    let takes_after = matches!(what, Do::Answer | Do::Close | Do::Delay);
    let says_something = matches!(what, Do::Answer | Do::Error | Do::FailedButDone);
    [
        ("after", rule.after.is_some(), takes_after),
        ("status", rule.status.is_some(), what == Do::Answer),
        ("retry_after_s", rule.retry_after_s.is_some(), what == Do::Answer),
        ("message", rule.message.is_some(), says_something),
        ("delay_s", rule.delay_s.is_some(), matches!(what, Do::Delay | Do::Slow)),
        ("transient", rule.transient.is_some(), what == Do::Error),
        ("lacks", rule.lacks.is_some(), what == Do::LackOne),
        ("servers", rule.servers.is_some(), what == Do::Die),
    ]
}
