//! Ready rules by name: each a few lines of what anybody may send.

use super::shape::{Do, NewFault, On, Scenario};
use crate::problem::Problem;

/// The path of all of Compute.
const COMPUTE: &str = "/compute/*";

/// The rules that are asked for by a scenario's name, each in the window that is said beside it. If no host
/// is said, the one that dies is this.
///
/// # Errors
/// Something else is said beside the name.
pub(super) fn asked(
    scenario: Scenario,
    asked: NewFault,
    first_host: &str,
) -> Result<Vec<NewFault>, Problem> {
    let window = asked.window();
    let of_host = NewFault { host: asked.host.clone(), servers: asked.servers, ..window.clone() };
    if scenario == Scenario::HostDies {
        if asked != (NewFault { scenario: Some(scenario), ..of_host.clone() }) {
            return Err(Problem::wrong(
                "host-dies has nothing beside it but host, servers, from and until.",
            ));
        }
        let host = asked.host.unwrap_or_else(|| first_host.to_owned());
        let (on, what) = (Some(On::Host), Some(Do::Die));
        return Ok(vec![NewFault { on, what, host: Some(host), ..of_host }]);
    }
    if asked != (NewFault { scenario: Some(scenario), ..window.clone() }) {
        return Err(Problem::wrong("A scenario has nothing beside it but from and until."));
    }
    let rules = rules(scenario).into_iter();
    Ok(rules
        .map(|rule| NewFault {
            from: window.from.clone(),
            until: window.until.clone(),
            from_s: window.from_s,
            until_s: window.until_s,
            ..rule
        })
        .collect())
}

/// The rules of a scenario.
fn rules(scenario: Scenario) -> Vec<NewFault> {
    let compute = || NewFault {
        on: Some(On::Request),
        path: Some(COMPUTE.to_owned()),
        ..NewFault::default()
    };
    let answer = |status: u16, message: &str| NewFault {
        what: Some(Do::Answer),
        status: Some(status),
        message: Some(message.to_owned()),
        retry_after_s: Some(1),
        ..compute()
    };
    match scenario {
        Scenario::Outage => vec![answer(503, "The service is out of order.")],
        Scenario::BrownOut => vec![
            NewFault { probability: Some(0.1), ..answer(503, "The service is busy.") },
            NewFault {
                what: Some(Do::Delay),
                delay_s: Some(0.5),
                probability: Some(1.0 / 3.0),
                ..compute()
            },
        ],
        Scenario::ApiThrottled => {
            vec![NewFault { every: Some(3), ..answer(429, "Too many requests.") }]
        }
        Scenario::Flapping => {
            vec![NewFault { what: Some(Do::Close), every: Some(2), ..compute() }]
        }
        // It is about a host that this does not know.
        Scenario::HostDies => Vec::new(),
        Scenario::CreatesFail => vec![NewFault {
            on: Some(On::Operation),
            action: Some("create".to_owned()),
            every: Some(2),
            what: Some(Do::Error),
            message: Some("The hypervisor is out of order.".to_owned()),
            ..NewFault::default()
        }],
    }
}
