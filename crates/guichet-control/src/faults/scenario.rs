//! Ready rules by name: each a few lines of what anybody may send.

use super::shape::{Do, NewFault, On, Scenario};

/// The path of all of Compute.
const COMPUTE: &str = "/compute/*";

/// The rules of a scenario.
pub(super) fn rules(scenario: Scenario) -> Vec<NewFault> {
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
