//! A profile made ready for one service: names resolved to ids, rules sorted by action.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::chance::{Chance, Purpose};
use guichet_core::ids::{HostId, OperationId, ProjectId};
use guichet_core::rows::{Claim, Outcome};
use guichet_core::server::{Failure, Server};

use super::names::Names;
use crate::call::Call;
use crate::profile::{Behaviour, FaultKind, FaultRule, Pattern, Profile};

/// What a call is of, and what its draws go by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) action: Action,
    pub(super) operation: OperationId,
    pub(super) attempt: u32,
    pub(super) fence: u32,
    pub(super) server: &'a Server,
}

impl<'a> From<&'a Call> for Subject<'a> {
    fn from(call: &'a Call) -> Self {
        let Call { action, operation, attempt, fence, ref server, .. } = *call;
        Self { action, operation, attempt, fence, server }
    }
}

impl<'a> From<&'a Claim> for Subject<'a> {
    fn from(claim: &'a Claim) -> Self {
        let Claim { action, operation, attempt, ref server, .. } = *claim;
        Self { action, operation, attempt, fence: server.fence, server }
    }
}

/// What goes wrong with a call.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub(super) kind: FaultKind,
    transient: bool,
    message: Arc<str>,
}

impl Fault {
    /// What a call with it answers.
    pub(super) fn outcome(&self, kind: Failure) -> Outcome {
        Outcome::Failed { kind, transient: self.transient, message: Arc::clone(&self.message) }
    }
}

/// A fault rule with ids for names.
#[derive(Debug, Clone)]
struct Rule {
    fault: Fault,
    /// Its index in the profile: part of its draw, so that it hits the same calls whichever
    /// other rules fit them.
    index: u64,
    probability: f64,
    project: Option<ProjectId>,
    host: Option<HostId>,
    name: Option<Pattern>,
}

impl Rule {
    /// The rule with its names resolved; what has no such name, if it can never fit.
    fn resolve(index: usize, rule: &FaultRule, names: &Names) -> Result<Self, String> {
        let number = index + 1;
        let find = |kind: &str, wanted: &Option<Arc<str>>, known: &[Arc<str>]| {
            let Some(wanted) = wanted else {
                return Ok(None);
            };
            let id = known.iter().position(|name| name == wanted);
            let id = id.and_then(|id| u32::try_from(id).ok());
            id.map(Some).ok_or_else(|| {
                format!("fault rule {number} never applies: no {kind} is named `{wanted}`")
            })
        };
        Ok(Self {
            fault: Fault {
                kind: rule.kind,
                transient: rule.transient,
                message: Arc::clone(&rule.message),
            },
            index: index as u64,
            probability: rule.probability,
            project: find("project", &rule.project, &names.projects)?.map(ProjectId),
            host: find("host", &rule.host, &names.hosts)?.map(HostId),
            name: rule.name.clone(),
        })
    }

    fn fits(&self, server: &Server) -> bool {
        self.project.is_none_or(|project| project == server.project)
            && self.host.is_none_or(|host| Some(host) == server.host)
            && self.name.as_ref().is_none_or(|name| name.matches(&server.name))
    }
}

/// What the draws of one call go by: the client's own request and attempt, nothing that depends
/// on what else runs.
#[derive(Debug, Clone, Copy)]
struct Lot {
    client: u64,
    n: u64,
    attempt: u64,
}

impl Lot {
    fn of(subject: Subject<'_>) -> Self {
        let attempt = u64::from(subject.attempt);
        let (high, low) = subject.server.id.0.as_u64_pair();
        // The halves are turned against each other, lest a server and a request that were drawn
        // alike cancel out.
        let server = (high ^ low).rotate_left(32);
        let Some(active) = &subject.server.active else {
            // A call without an operation has no client; it is at least another one than theirs.
            return Self { client: 0, n: server ^ u64::from(subject.operation.number), attempt };
        };
        let (high, low) = active.request.0.as_u64_pair();
        let mut n = high ^ low;
        if subject.action == Action::Create {
            // One request may make many servers, and their ids were drawn with it. The target
            // of any other action follows the course of the run, so it must stay out.
            n ^= server;
        }
        Self { client: u64::from(active.client.0), n, attempt }
    }
}

/// How the calls of one action go.
#[derive(Debug)]
pub(super) struct Plan {
    behaviour: Behaviour,
    /// Those that may fit, in the profile's order.
    rules: Vec<Rule>,
}

impl Plan {
    /// The plans of all actions, in the order of [`Action::ALL`], and what is wrong with the
    /// rules that can never fit.
    pub(super) fn all(profile: &Profile, names: &Names) -> (Vec<Self>, Vec<String>) {
        let mut plans: Vec<_> = Action::ALL
            .iter()
            .map(|action| Self { behaviour: profile.behaviour(*action).clone(), rules: Vec::new() })
            .collect();
        let mut unmatched = Vec::new();
        for (index, rule) in profile.faults().iter().enumerate() {
            let resolved = match Rule::resolve(index, rule, names) {
                Ok(resolved) => resolved,
                Err(problem) => {
                    unmatched.push(problem);
                    continue;
                }
            };
            for action in Action::ALL.iter().filter(|action| rule.fits(**action)) {
                plans[*action as usize].rules.push(resolved.clone());
            }
        }
        (plans, unmatched)
    }

    /// Whether a call takes no time and cannot go wrong: then nothing need be drawn.
    pub(super) fn is_instant(&self) -> bool {
        self.behaviour.delay.is_zero() && self.behaviour.cpu.is_zero() && self.rules.is_empty()
    }

    /// How long a call computes.
    pub(super) const fn cpu(&self) -> Duration {
        self.behaviour.cpu
    }

    /// How long this call waits.
    pub(super) fn delay(&self, subject: Subject<'_>, chance: Chance) -> Duration {
        if self.behaviour.delay.is_zero() {
            return Duration::ZERO;
        }
        let Lot { client, n, attempt } = Lot::of(subject);
        self.behaviour.delay.sample(&mut chance.draw(Purpose::Delay, client, n, attempt))
    }

    /// What goes wrong with this call, if anything: the first rule that fits and hits.
    pub(super) fn fault(&self, subject: Subject<'_>, chance: Chance) -> Option<&Fault> {
        if self.rules.is_empty() {
            return None;
        }
        let Lot { client, n, attempt } = Lot::of(subject);
        let hit = self.rules.iter().find(|rule| {
            let draw = |index| chance.unit(Purpose::Fault, client, n.wrapping_add(index), attempt);
            rule.fits(subject.server) && draw(rule.index) < rule.probability
        });
        hit.map(|rule| &rule.fault)
    }

    /// Whether a call of this action may outlast its deadline.
    pub(super) fn may_outlast(&self, deadline: Duration) -> bool {
        let outlasts = |rule: &Rule| rule.fault.kind.outlasts();
        self.rules.iter().any(outlasts)
            || self.behaviour.delay.longest() + self.behaviour.cpu >= deadline
    }
}
