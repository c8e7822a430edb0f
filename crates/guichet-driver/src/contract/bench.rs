//! What the checks are written in: calls, answers, and what must be there afterwards.

use std::sync::Arc;

use guichet_core::action::Action;
use guichet_core::ids::{ClientId, OperationId, RequestId, ServerId, WorkerId};
use guichet_core::limits::CANCEL_GRACE;
use guichet_core::rows::Outcome;
use guichet_core::server::{Operation, OperationState};
use guichet_core::state::PowerState;
use guichet_core::time::Clock;
use tokio_util::sync::CancellationToken;

use super::fixture::Fixture;
use crate::{Call, Machine};

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
        server.active = Some(Operation {
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
        });
        Call {
            action,
            operation: OperationId { server: server.id, number: fence },
            attempt: 1,
            server: Arc::new(server),
            fence,
            deadline: now.after(action.rule().deadline),
            cancel: CancellationToken::new(),
        }
    }

    /// The answer to a call, which must come before its deadline.
    pub(super) async fn answer(&self, call: Call) -> Outcome {
        let (action, patience) = (call.action, call.action.rule().deadline);
        match tokio::time::timeout(patience, self.fixture.driver.run(call)).await {
            Ok(outcome) => outcome,
            Err(_) => panic!("{}: no answer to {action} within {patience:?}", self.check),
        }
    }

    /// The answer to a call that was told to stop, which must come within the grace.
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
        let machine = |&(number, fence, power_state): &(u8, u32, PowerState)| Machine {
            server: server(number),
            fence,
            power_state,
        };
        let mut wanted: Vec<_> = wanted.iter().map(machine).collect();
        wanted.sort_by_key(|machine| machine.server);
        let found = self.fixture.driver.list().await;
        assert_eq!(found, wanted, "{}: the machines that exist, by server id", self.check);
    }
}
