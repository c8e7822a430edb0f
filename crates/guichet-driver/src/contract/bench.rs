//! What the checks are written in: calls, answers, and what must be there afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use guichet_core::action::Action;
use guichet_core::ids::{ClientId, OperationId, RequestId, ServerId, WorkerId};
use guichet_core::limits::CANCEL_GRACE;
use guichet_core::rows::{Claim, Outcome};
use guichet_core::server::{Operation, OperationState, Server};
use guichet_core::state::PowerState;
use guichet_core::time::Clock;
use tokio_util::sync::CancellationToken;

use super::fixture::Fixture;
use crate::call::Call;
use crate::driver::Machine;
use crate::spec::{DescribeMachine, MachineSpec};

/// A fixture under one check.
#[derive(Debug)]
pub(super) struct Bench {
    check: &'static str,
    fixture: Fixture,
}

/// The id of a check's `number`-th server. Numbers and ids are in different orders, so that a
/// list in order of creation is not one in order of ids.
pub(super) fn server(number: u8) -> ServerId {
    ServerId::from_bits(u128::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835))
}

fn machine(&(number, fence, power_state): &(u8, u32, PowerState)) -> Machine {
    Machine { server: server(number), fence, power_state }
}

/// An application's description of machines that counts how often it is asked.
#[derive(Debug, Default)]
struct CountingDescriber {
    /// Relaxed: looked at after the call has returned.
    asked: AtomicUsize,
}

impl DescribeMachine for CountingDescriber {
    fn describe(&self, server: &Server) -> MachineSpec {
        self.asked.fetch_add(1, Ordering::Relaxed);
        MachineSpec::of(server)
    }
}

impl Bench {
    pub(super) const fn new(check: &'static str, fixture: Fixture) -> Self {
        Self { check, fixture }
    }

    /// A call for the `number`-th server, as a worker would make it. Its fence is its operation's
    /// number: every operation has one attempt.
    pub(super) fn call(&self, action: Action, number: u8, fence: u32) -> Call {
        let now = self.fixture.clock.now();
        let mut server = self.fixture.template.clone();
        server.id = self::server(number);
        server.fence = fence;
        server.operations = fence;
        server.task_state = Some(action.rule().task_started);
        server.active = Some(Arc::new(Operation {
            number: fence,
            request: RequestId::from_bits((u128::from(number) << 64) | u128::from(fence)),
            client: ClientId(u32::from(number)),
            action,
            args: None,
            state: OperationState::Running,
            attempt: 1,
            worker: WorkerId(1),
            accepted: now,
            started: Some(now),
            finished: None,
            not_before: None,
            failure: None,
        }));
        let claim = Claim {
            operation: OperationId { server: server.id, number: fence },
            action,
            args: None,
            attempt: 1,
            server: Arc::new(server),
            worker: WorkerId(1),
            started: now,
            deadline: now.after(action.rule().deadline),
        };
        Call::new(&claim, CancellationToken::new())
    }

    /// Has the driver learn of machines that exist: servers by number, with fence and power.
    pub(super) fn adopt(&self, machines: &[(u8, u32, PowerState)]) {
        self.fixture.driver.adopt(&mut machines.iter().map(machine));
    }

    /// Makes a call that must succeed and must not ask for its description more than once.
    pub(super) async fn succeeds_described_once(&self, action: Action, number: u8, fence: u32) {
        let counter = Arc::new(CountingDescriber::default());
        let describe = Arc::clone(&counter) as Arc<dyn DescribeMachine>;
        let call = self.call(action, number, fence).described_by(Some(describe));
        let outcome = self.answer(call).await;
        let check = self.check;
        assert_eq!(outcome, Outcome::Succeeded, "{check}: {action} with fence {fence}");
        let asked = counter.asked.load(Ordering::Relaxed);
        assert!(asked <= 1, "{check}: {action} asked for its description {asked} times");
    }

    /// The machines that exist, as the driver lists them.
    pub(super) async fn machines(&self) -> Vec<Machine> {
        self.fixture.driver.list().await
    }

    /// The answer to a call, which must come before its deadline.
    pub(super) async fn answer(&self, call: Call) -> Outcome {
        let (action, patience) = (call.action, call.action.rule().deadline);
        match tokio::time::timeout(patience, self.fixture.driver.run(call)).await {
            Ok(outcome) => outcome,
            Err(_) => panic!("{}: no answer to {action} within {patience:?}", self.check),
        }
    }

    /// The answer to a call that was cancelled, which must come within the grace.
    pub(super) async fn answer_in_grace(&self, call: Call) -> Outcome {
        match tokio::time::timeout(CANCEL_GRACE, self.fixture.driver.run(call)).await {
            Ok(outcome) => outcome,
            Err(_) => panic!("{}: no answer within {CANCEL_GRACE:?} of cancel", self.check),
        }
    }

    /// Makes a call that must succeed.
    pub(super) async fn succeeds(&self, action: Action, number: u8, fence: u32) {
        let outcome = self.answer(self.call(action, number, fence)).await;
        let check = self.check;
        assert_eq!(outcome, Outcome::Succeeded, "{check}: {action} with fence {fence}");
    }

    /// Makes a call that must fail for good, and say why.
    pub(super) async fn fails_for_good(&self, action: Action, number: u8, fence: u32) {
        let outcome = self.answer(self.call(action, number, fence)).await;
        let check = self.check;
        match outcome {
            Outcome::Failed { transient: false, message, .. } if !message.is_empty() => {}
            other => panic!(
                "{check}: {action} with fence {fence} came to {other:?}, expected a failure that \
                 is not transient and has a message"
            ),
        }
    }

    /// What exists must be exactly this: servers by number, with fence and power.
    pub(super) async fn exist(&self, wanted: &[(u8, u32, PowerState)]) {
        let mut wanted: Vec<_> = wanted.iter().map(machine).collect();
        wanted.sort_by_key(|machine| machine.server);
        let found = self.machines().await;
        assert_eq!(found, wanted, "{}: the machines that exist, by server id", self.check);
    }
}
