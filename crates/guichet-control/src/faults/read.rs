//! Rules read from what was sent.

use std::time::Duration;

use guichet_cloud::faults::{
    FaultRule, Filter, HostFault, OperationFault, Pattern, RequestFault, RuleError, Target, When,
};
use guichet_core::action::Action;
use guichet_core::limits;
use guichet_core::time::Timestamp;

use super::shape::{Do, NewFault, On, Servers};
use super::useful;
use crate::instants;
use crate::problem::{Problem, known_word};

/// The services there are.
const SERVICES: [&str; 4] = ["compute", "identity", "image", "network"];

impl NewFault {
    /// The window that is said, alone.
    pub(super) fn window(&self) -> Self {
        let Self { from, until, from_s, until_s, .. } = self.clone();
        Self { from, until, from_s, until_s, ..Self::default() }
    }

    /// The rule that this is; `now` is the world's time.
    pub(super) fn rule(self, now: Timestamp) -> Result<FaultRule, Problem> {
        let what = self.what.ok_or_else(|| Problem::wrong("do: say what is to go wrong."))?;
        let on =
            self.on.ok_or_else(|| Problem::wrong("on: expected request, operation or host."))?;
        useful::check(&self, on, what)?;
        let when = When {
            nth: self.nth,
            every: self.every,
            probability: self.probability,
            times: self.times,
            from: instant("from", self.from.as_deref(), self.from_s, now)?,
            until: instant("until", self.until.as_deref(), self.until_s, now)?,
        };
        let when = when.check()?;
        let target = match on {
            On::Request => self.on_request(what)?,
            On::Operation => self.on_operation(what)?,
            On::Host => {
                if self.host.is_none() {
                    return Err(Problem::wrong("host: say which."));
                }
                let fault = match self.servers {
                    Some(Servers::Error) => HostFault::ServersFail,
                    _ => HostFault::ServersStay,
                };
                Target::Hosts(pattern(&self.host)?, fault)
            }
        };
        Ok(FaultRule { target, when })
    }

    fn on_request(&self, what: Do) -> Result<Target, Problem> {
        let method = self.method.as_ref().map(|method| method.to_uppercase());
        let is_path = |path: &String| path.starts_with(['/', '*']) && !path.starts_with("/w/");
        if !self.path.as_ref().is_none_or(is_path) {
            return Err(Problem::wrong(
                "path: expected one inside the world, such as /compute/v2.1/servers.",
            ));
        }
        let is_service = |service: &String| SERVICES.contains(&&**service);
        if !self.service.as_ref().is_none_or(is_service) {
            return Err(Problem::wrong(format!(
                "service: expected one of {}.",
                SERVICES.join(", ")
            )));
        }
        let filter = [&method, &self.path, &self.service, &self.project, &self.client];
        let [method, path, service, project, client] = filter.map(pattern);
        let filter = Filter([method?, path?, service?, project?, client?]);
        Ok(Target::Requests(filter, self.of_request(what)?))
    }

    fn on_operation(&self, what: Do) -> Result<Target, Problem> {
        // A word that is none can be said again; that a pattern fits none the rule itself says.
        if let Some(action) = &self.action
            && !action.contains('*')
        {
            known_word("action", action, Action::ALL, Action::as_str)?;
        }
        let filter = [&self.action, &self.server, &self.project, &self.host];
        let [action, server, project, host] = filter.map(pattern);
        let filter = Filter([action?, server?, project?, host?]);
        Ok(Target::Operations(filter, self.of_operation(what)?))
    }

    fn of_request(&self, what: Do) -> Result<RequestFault, RuleError> {
        let after = self.after.unwrap_or(false);
        match what {
            Do::Close => Ok(RequestFault::Close { after }),
            Do::ExpireToken => Ok(RequestFault::Expire),
            Do::LackOne => Ok(RequestFault::Omit { named: pattern(&self.lacks)? }),
            Do::Delay => {
                Ok(RequestFault::Delay { delay: self.delay(limits::FAULT_DELAY_MAX)?, after })
            }
            _ => {
                let status = self.status.ok_or(RuleError::Status)?;
                let retry_after = self.retry_after_s.map(Duration::from_secs);
                Ok(RequestFault::Answer { status, message: self.said(), retry_after, after })
            }
        }
    }

    fn of_operation(&self, what: Do) -> Result<OperationFault, RuleError> {
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

    fn delay(&self, longest: Duration) -> Result<Duration, RuleError> {
        let delay = self.delay_s.and_then(|delay| Duration::try_from_secs_f64(delay).ok());
        delay.ok_or(RuleError::Delay { longest })
    }
}

fn pattern(given: &Option<String>) -> Result<Pattern, RuleError> {
    given.as_deref().map_or(Ok(Pattern::any()), Pattern::new)
}

/// An instant of the world: one that is said, or so long after the present.
fn instant(
    name: &str,
    at: Option<&str>,
    after_s: Option<f64>,
    now: Timestamp,
) -> Result<Option<Timestamp>, Problem> {
    match (at, after_s) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(Problem::wrong(format!("Say one of {name} and {name}_s."))),
        (Some(at), None) => instants::read(name, at).map(Some),
        (None, Some(after_s)) => {
            let after = Duration::try_from_secs_f64(after_s).ok();
            let after = after.filter(|after| *after <= limits::CLOCK_ADVANCE_MAX);
            let after = after.ok_or_else(|| {
                let most = limits::CLOCK_ADVANCE_MAX.as_secs();
                Problem::wrong(format!("{name}_s: found {after_s}, expected 0 to {most} s."))
            })?;
            Ok(Some(now.after(after)))
        }
    }
}
