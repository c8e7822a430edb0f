//! Rules as they are shown.

use guichet_cloud::faults::{
    Counted, FaultRule, Filter, HostFault, OperationFault, Pattern, RequestFault, Target, When,
};
use guichet_core::time::Timestamp;
use guichet_http::dates;
use serde::Serialize;
use utoipa::ToSchema;

use super::shape::{Do, NewFault, On, Servers};

/// The numbers of rules that hold from now on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MadeFaults {
    pub(super) rules: Vec<u64>,
}

/// All rules of a world.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AllFaults {
    pub(super) faults: Vec<RuleRow>,
}

/// A rule, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleRow {
    /// Its number in the world, from 1.
    rule: u64,
    /// How many requests or operations it is about have come.
    seen: u64,
    /// How many of them it struck.
    struck: u64,
    /// The latest that it struck: ids of requests, or of servers.
    latest: Vec<String>,
    /// What it says.
    says: NewFault,
}

impl From<Counted> for RuleRow {
    fn from(counted: Counted) -> Self {
        let Counted { number, rule, seen, struck, latest } = counted;
        Self { rule: number, seen, struck, latest: latest.into(), says: says(rule) }
    }
}

/// A rule as it could be sent.
fn says(rule: FaultRule) -> NewFault {
    let text = |pattern: &Pattern| (pattern.text() != "*").then(|| pattern.text().to_owned());
    let When { nth, every, probability, times, from, until } = rule.when;
    let at = |at: Option<Timestamp>| at.map(|at| dates::micros(at).to_string());
    let (from, until) = (at(from), at(until));
    let mut says = NewFault { nth, every, probability, times, from, until, ..NewFault::default() };
    match rule.target {
        Target::Hosts(host, fault) => {
            (says.on, says.what) = (Some(On::Host), Some(Do::Die));
            says.host = Some(host.text().to_owned());
            says.servers = (fault == HostFault::ServersFail).then_some(Servers::Error);
        }
        Target::Requests(Filter([method, path, service, project, client]), fault) => {
            (says.on, says.method, says.path) = (Some(On::Request), text(&method), text(&path));
            (says.service, says.project) = (text(&service), text(&project));
            says.client = text(&client);
            says.after = match fault {
                RequestFault::Answer { status, message, retry_after, after } => {
                    (says.what, says.status) = (Some(Do::Answer), Some(status));
                    says.message = Some(message);
                    says.retry_after_s = retry_after.map(|wait| wait.as_secs());
                    Some(after)
                }
                RequestFault::Close { after } => {
                    says.what = Some(Do::Close);
                    Some(after)
                }
                RequestFault::Delay { delay, after } => {
                    (says.what, says.delay_s) = (Some(Do::Delay), Some(delay.as_secs_f64()));
                    Some(after)
                }
                RequestFault::Expire => {
                    says.what = Some(Do::ExpireToken);
                    None
                }
                RequestFault::Omit { named } => {
                    (says.what, says.lacks) = (Some(Do::LackOne), text(&named));
                    None
                }
            };
        }
        Target::Operations(Filter([action, server, project, host]), fault) => {
            (says.on, says.action, says.server) =
                (Some(On::Operation), text(&action), text(&server));
            (says.project, says.host) = (text(&project), text(&host));
            match fault {
                OperationFault::Error { message, transient } => {
                    (says.what, says.message) = (Some(Do::Error), Some(message));
                    says.transient = Some(transient);
                }
                OperationFault::FailedButDone { message } => {
                    (says.what, says.message) = (Some(Do::FailedButDone), Some(message));
                }
                OperationFault::Stuck => says.what = Some(Do::Stuck),
                OperationFault::Slow { delay } => {
                    (says.what, says.delay_s) = (Some(Do::Slow), Some(delay.as_secs_f64()));
                }
            }
        }
    }
    says
}
