//! The faults of operations: a driver in front of another.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::action::Action;
use guichet_core::ids::HostId;
use guichet_core::observation::Observation;
use guichet_core::rows::Outcome;
use guichet_core::server::Failure;
use guichet_driver::profile::Profile;
use guichet_driver::{Call, Driver, Machine};

use super::Faults;
use super::rule::OperationFault;

/// Has calls of another driver go wrong as the rules say. Without rules a call costs one look at how
/// many there are.
#[derive(Debug)]
pub(crate) struct Faulty {
    pub(crate) driver: Arc<dyn Driver>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) clock: WorldClock,
    /// By their ids.
    pub(crate) hosts: Vec<Arc<str>>,
}

type Running<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl Faulty {
    /// The host that a call needs, if that is dead or down. A delete and an evacuation do without it, as Nova's do.
    fn dead_host_of(&self, call: &Call) -> Option<&str> {
        if matches!(call.action, Action::Delete | Action::Evacuate) {
            return None;
        }
        let host = self.hosts.get(call.server.host?.index())?;
        self.faults.is_silent(host).then_some(host)
    }

    /// Does it once its host lives. A live migration fails at once, as its source is asked first
    /// (`nova.conductor.tasks.live_migrate`).
    async fn wait_for_host(&self, call: Call, host: &str) -> Outcome {
        if call.action == Action::LiveMigrate {
            self.faults.met(host, &call.server);
            let message = format!("Compute service of {host} is unavailable at this time.");
            return failed(&message, false);
        }
        let (cancel, server) = (call.cancel.clone(), Arc::clone(&call.server));
        tokio::select! {
            biased;
            () = cancel.cancelled() => failed("the host does not answer", true),
            () = self.faults.host_lives(host, &server) => self.driver.run(call).await,
        }
    }

    fn fault_of(&self, call: &Call) -> Option<OperationFault> {
        let host = |id: HostId| self.hosts.get(id.index()).map_or("", |name| name);
        let server = &call.server;
        let project = self.faults.project_name(server.project);
        let words = [call.action.as_str(), &*server.name, &*project, server.host.map_or("", host)];
        let struck = self.faults.of_operation(words)?;
        self.faults.note(struck.rule, server.id.to_string());
        Some(struck.fault)
    }

    async fn go_wrong(&self, call: Call, fault: OperationFault) -> Outcome {
        let cancel = call.cancel.clone();
        match fault {
            OperationFault::Error { message, transient } => failed(&message, transient),
            OperationFault::FailedButDone { message } => match self.driver.run(call).await {
                Outcome::Succeeded => failed(&message, false),
                other => other,
            },
            OperationFault::Stuck => {
                cancel.cancelled().await;
                failed("cancelled", true)
            }
            OperationFault::Slow { delay } => {
                tokio::select! {
                    biased;
                    () = cancel.cancelled() => failed("cancelled", true),
                    () = self.clock.sleep(delay) => self.driver.run(call).await,
                }
            }
        }
    }
}

fn failed(message: &str, transient: bool) -> Outcome {
    Outcome::Failed { kind: Failure::Driver, transient, message: Arc::from(message) }
}

/// By hand, as the macro has it: a call that nothing is wrong with is handed on as it is.
impl Driver for Faulty {
    fn run<'a, 'b>(&'a self, call: Call) -> Running<'b, Outcome>
    where
        'a: 'b,
        Self: 'b,
    {
        if self.faults.is_empty() && !self.faults.has_silent_hosts() {
            return self.driver.run(call);
        }
        if let Some(host) = self.dead_host_of(&call) {
            return Box::pin(self.wait_for_host(call, host));
        }
        match self.fault_of(&call) {
            None => self.driver.run(call),
            Some(fault) => Box::pin(self.go_wrong(call, fault)),
        }
    }

    fn list<'a, 'b>(&'a self) -> Running<'b, Vec<Machine>>
    where
        'a: 'b,
        Self: 'b,
    {
        self.driver.list()
    }

    fn expected_service(&self) -> Duration {
        self.driver.expected_service()
    }

    fn behave(&self, profile: &Profile) -> bool {
        self.driver.behave(profile)
    }

    fn adopt(&self, machines: &mut dyn Iterator<Item = Machine>) {
        self.driver.adopt(machines);
    }

    fn next_observation<'a, 'b>(&'a self) -> Running<'b, Observation>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async {
            tokio::select! {
                biased;
                seen = self.faults.next_observation() => seen,
                seen = self.driver.next_observation() => seen,
                never = self.faults.turns() => match never {},
            }
        })
    }
}
