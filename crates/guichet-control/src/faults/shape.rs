//! Fault rules as they are sent and shown.

use std::time::Duration;

use guichet_cloud::faults::{
    Counted, FaultRule, Filter, OperationFault, Pattern, RequestFault, RuleError, Target, When,
};
use guichet_core::action::Action;
use guichet_core::limits;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum On {
    /// Requests, by `method` and `path`.
    Request,
    /// Operations, by `action`, `server`, `project` and `host`.
    Operation,
}

/// What is to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Do {
    /// A request is answered with `status`, `message` and `retry_after_s`.
    Answer,
    /// The connection is closed without an answer.
    Close,
    /// A request waits `delay_s`.
    Delay,
    /// An operation fails with `message`; if `transient`, another attempt may help.
    Error,
    /// An operation is done, and said to have failed with `message`.
    FailedButDone,
    /// An operation never ends by itself.
    Stuck,
    /// An operation takes `delay_s` longer, of the world's time.
    Slow,
}

/// Ready rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Scenario {
    /// Compute answers nothing but 503.
    Outage,
    /// A third of Compute's requests takes half a second longer, and one in ten is answered 503.
    BrownOut,
    /// Every third request to Compute is answered 429, to come back in a second.
    ApiThrottled,
    /// Every other request to Compute loses its connection.
    Flapping,
    /// Every other create fails for good.
    CreatesFail,
}

/// A rule, or a scenario: some rules by one name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFault {
    /// Ready rules by their name, in place of all else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scenario: Option<Scenario>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) on: Option<On>,
    /// The method of a request; a `*` is any text, here and in what follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) method: Option<String>,
    /// The path of a request inside the world, without its query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<String>,
    /// The action of an operation, such as `create`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) action: Option<String>,
    /// The name of an operation's server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) server: Option<String>,
    /// The name of its project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) project: Option<String>,
    /// The name of its host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) host: Option<String>,
    /// Only the one of this number, from 1, of those that the rule is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nth: Option<u64>,
    /// Only every so manieth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) every: Option<u64>,
    /// Each with this probability, above 0 and at most 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) probability: Option<f64>,
    /// So many at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) times: Option<u64>,
    /// What is to go wrong.
    #[serde(rename = "do", skip_serializing_if = "Option::is_none")]
    pub(super) what: Option<Do>,
    /// Whether what a request asks for is done first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) after: Option<bool>,
    /// The status of an answer, 200 to 599.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
    /// What the answer, or the driver, says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    /// When to come back, as the answer says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) retry_after_s: Option<u64>,
    /// How long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) delay_s: Option<f64>,
    /// Whether another attempt may help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) transient: Option<bool>,
}

impl NewFault {
    /// The scenario that is asked for by its name, if one is.
    pub(super) fn scenario(&self) -> Result<Option<Scenario>, Problem> {
        let Some(scenario) = self.scenario else { return Ok(None) };
        if *self != (Self { scenario: Some(scenario), ..Self::default() }) {
            return Err(wrong("A scenario comes alone: leave the other fields out."));
        }
        Ok(Some(scenario))
    }

    /// The rule that this is.
    pub(super) fn rule(self) -> Result<FaultRule, Problem> {
        let what = self.what.ok_or_else(|| wrong("do: say what is to go wrong."))?;
        let on = self.on.ok_or_else(|| wrong("on: expected request or operation."))?;
        self.check_fields(on, what)?;
        let when = When {
            nth: self.nth,
            every: self.every,
            probability: self.probability,
            times: self.times,
        };
        let when = when.check().map_err(|error| wrong(&error.to_string()))?;
        let target = match on {
            On::Request => {
                let method = self.method.as_ref().map(|method| method.to_uppercase());
                let is_path =
                    |path: &String| path.starts_with(['/', '*']) && !path.starts_with("/w/");
                if !self.path.as_ref().is_none_or(is_path) {
                    return Err(wrong(
                        "path: expected one inside the world, such as /compute/v2.1/servers.",
                    ));
                }
                let filter = Filter([pattern(&method)?, pattern(&self.path)?]);
                Target::Requests(filter, self.of_request(what)?)
            }
            On::Operation => {
                if let Some(action) = &self.action
                    && !action.contains('*')
                    && !Action::ALL.iter().any(|known| known.as_str() == action)
                {
                    let known: Vec<&str> = Action::ALL.iter().map(|known| known.as_str()).collect();
                    let known = known.join(", ");
                    return Err(wrong(&format!(
                        "action: there is no {action:?}; expected one of {known}."
                    )));
                }
                let filter = [&self.action, &self.server, &self.project, &self.host];
                let [action, server, project, host] = filter.map(pattern);
                let filter = Filter([action?, server?, project?, host?]);
                Target::Operations(filter, self.of_operation(what)?)
            }
        };
        Ok(FaultRule { target, when })
    }

    /// What is said must be of use: a field that changes nothing is a mistake.
    fn check_fields(&self, on: On, what: Do) -> Result<(), Problem> {
        let of_request = matches!(what, Do::Answer | Do::Close | Do::Delay);
        if of_request != (on == On::Request) {
            return Err(wrong(match on {
                On::Request => "do: with on=request it is answer, close or delay.",
                On::Operation => {
                    "do: with on=operation it is error, failed_but_done, stuck or slow."
                }
            }));
        }
        let message = matches!(what, Do::Answer | Do::Error | Do::FailedButDone);
        for (name, is_said, is_of_use) in [
            ("method", self.method.is_some(), on == On::Request),
            ("path", self.path.is_some(), on == On::Request),
            ("after", self.after.is_some(), of_request),
            ("action", self.action.is_some(), on == On::Operation),
            ("server", self.server.is_some(), on == On::Operation),
            ("project", self.project.is_some(), on == On::Operation),
            ("host", self.host.is_some(), on == On::Operation),
            ("status", self.status.is_some(), what == Do::Answer),
            ("retry_after_s", self.retry_after_s.is_some(), what == Do::Answer),
            ("message", self.message.is_some(), message),
            ("delay_s", self.delay_s.is_some(), matches!(what, Do::Delay | Do::Slow)),
            ("transient", self.transient.is_some(), what == Do::Error),
        ] {
            if is_said && !is_of_use {
                return Err(wrong(&format!("{name}: changes nothing of such a rule.")));
            }
        }
        match &self.message {
            Some(message) if message.len() > limits::NAME_MAX => {
                Err(wrong(&format!("message: {} bytes at most.", limits::NAME_MAX)))
            }
            _ => Ok(()),
        }
    }

    fn of_request(&self, what: Do) -> Result<RequestFault, Problem> {
        let after = self.after.unwrap_or(false);
        match what {
            Do::Close => Ok(RequestFault::Close { after }),
            Do::Delay => {
                Ok(RequestFault::Delay { delay: self.delay(limits::FAULT_DELAY_MAX)?, after })
            }
            _ => {
                let status = self.status.filter(|status| (200..=599).contains(status));
                let status = status.ok_or_else(|| wrong("status: say which, 200 to 599."))?;
                let retry_after = self.retry_after_s.map(Duration::from_secs);
                Ok(RequestFault::Answer { status, message: self.said(), retry_after, after })
            }
        }
    }

    fn of_operation(&self, what: Do) -> Result<OperationFault, Problem> {
        let message = self.said();
        Ok(match what {
            Do::Stuck => OperationFault::Stuck,
            Do::Slow => OperationFault::Slow { delay: self.delay(limits::FAULT_SLOW_MAX)? },
            Do::FailedButDone => OperationFault::FailedButDone { message },
            _ => OperationFault::Error { message, transient: self.transient.unwrap_or(false) },
        })
    }

    fn said(&self) -> String {
        self.message.clone().unwrap_or_else(|| "A fault that was asked for.".to_owned())
    }

    fn delay(&self, longest: Duration) -> Result<Duration, Problem> {
        let delay = self.delay_s.and_then(|delay| Duration::try_from_secs_f64(delay).ok());
        delay
            .filter(|delay| *delay <= longest)
            .ok_or_else(|| wrong(&format!("delay_s: say how long, 0 to {} s.", longest.as_secs())))
    }
}

fn pattern(given: &Option<String>) -> Result<Pattern, Problem> {
    let pattern = given.as_deref().map_or(Ok(Pattern::any()), Pattern::new);
    pattern.map_err(|error: RuleError| wrong(&error.to_string()))
}

fn wrong(message: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, message)
}

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
    let When { nth, every, probability, times } = rule.when;
    let mut says = NewFault { nth, every, probability, times, ..NewFault::default() };
    match rule.target {
        Target::Requests(Filter([method, path]), fault) => {
            (says.on, says.method, says.path) = (Some(On::Request), text(&method), text(&path));
            let after = match fault {
                RequestFault::Answer { status, message, retry_after, after } => {
                    (says.what, says.status) = (Some(Do::Answer), Some(status));
                    says.message = Some(message);
                    says.retry_after_s = retry_after.map(|wait| wait.as_secs());
                    after
                }
                RequestFault::Close { after } => {
                    says.what = Some(Do::Close);
                    after
                }
                RequestFault::Delay { delay, after } => {
                    (says.what, says.delay_s) = (Some(Do::Delay), Some(delay.as_secs_f64()));
                    after
                }
            };
            says.after = Some(after);
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
