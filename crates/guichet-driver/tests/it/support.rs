//! Drivers and calls as the tests need them.

use std::sync::Arc;
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::action::Action;
use guichet_core::chance::Chance;
use guichet_core::ids::{
    ClientId, FlavorId, HostId, ImageId, OperationId, ProjectId, RequestId, ServerId, WorkerId,
};
use guichet_core::rows::{Claim, Outcome};
use guichet_core::server::{Failure, Operation, OperationState, Server, Size};
use guichet_core::state::{PowerState, VmState};
use guichet_core::time::{Clock, VIRTUAL_START};
use guichet_driver::profile::Profile;
use guichet_driver::simulated::{Names, Simulated};
use guichet_driver::{Call, Driver};
use tokio_util::sync::CancellationToken;

pub(crate) const SEED: u64 = 20_260_101;

pub(crate) fn profile(text: &str) -> Profile {
    Profile::parse(text, "test").unwrap()
}

/// Projects `red` and `blue`, hosts `near` and `far`.
pub(crate) fn names() -> Names {
    let list = |names: [&str; 2]| names.into_iter().map(Arc::from).collect();
    Names { projects: list(["red", "blue"]), hosts: list(["near", "far"]) }
}

pub(crate) fn seeded(profile: Profile, clock: WorldClock, seed: u64) -> Simulated {
    Simulated::new(profile, names(), clock, Chance::new(seed))
}

/// A driver of that profile under virtual time, and its clock.
pub(crate) fn driver(text: &str) -> (Simulated, WorldClock) {
    let clock = WorldClock::virtual_time();
    (seeded(profile(text), clock.clone(), SEED), clock)
}

/// What a call says, with what most tests leave as it is.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) action: Action,
    pub(crate) server: u64,
    pub(crate) fence: u32,
    pub(crate) client: u32,
    pub(crate) request: u64,
    pub(crate) attempt: u32,
    pub(crate) project: u32,
    pub(crate) host: Option<u32>,
    pub(crate) name: &'static str,
}

impl Ask {
    pub(crate) const fn new(action: Action) -> Self {
        Self {
            action,
            server: 1,
            fence: 1,
            client: 1,
            request: 1,
            attempt: 1,
            project: 0,
            host: Some(0),
            name: "web-1",
        }
    }

    pub(crate) fn call(&self, now: &impl Clock) -> Call {
        Call::new(&self.claim(now), CancellationToken::new())
    }

    pub(crate) fn claim(&self, now: &impl Clock) -> Claim {
        let id = server(self.server);
        let now = now.now();
        let active = Operation {
            number: 1,
            request: RequestId::from_bits(spread(self.request)),
            client: ClientId(self.client),
            action: self.action,
            args: None,
            state: OperationState::Running,
            attempt: self.attempt,
            worker: WorkerId(1),
            accepted: VIRTUAL_START,
            started: Some(VIRTUAL_START),
            finished: None,
            not_before: None,
            failure: None,
        };
        let server = Server {
            created_by: guichet_core::ids::ClientId(0),
            details: None,
            launched: None,
            expires: None,
            second: None,
            id,
            project: ProjectId(self.project),
            size: Size { vcpus: 1, ram_mib: 64 },
            flavor: FlavorId(0),
            image: ImageId(0),
            host: self.host.map(HostId),
            vm_state: VmState::Active,
            task_state: Some(self.action.rule().task_started),
            power_state: PowerState::Running,
            ever_started: true,
            fence: self.fence,
            operations: 1,
            created: VIRTUAL_START,
            updated: VIRTUAL_START,
            name: self.name.into(),
            fault: None,
            active: Some(Arc::new(active)),
        };
        Claim {
            operation: OperationId { server: id, number: 1 },
            action: self.action,
            args: None,
            attempt: self.attempt,
            server: Arc::new(server),
            worker: WorkerId(1),
            started: now,
            deadline: now.after(self.action.rule().deadline),
        }
    }

    /// Makes the call: what came of it, and how long it took.
    pub(crate) async fn run(&self, driver: &Simulated, clock: &WorldClock) -> (Outcome, Duration) {
        let begun = clock.now();
        let outcome = driver.run(self.call(clock)).await;
        (outcome, clock.now().since(begun))
    }
}

pub(crate) fn server(number: u64) -> ServerId {
    ServerId::from_bits(spread(number))
}

/// Bits as an id has them: all of them differ.
fn spread(number: u64) -> u128 {
    u128::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)
}

/// A failure's parts.
pub(crate) fn failed(outcome: &Outcome) -> (Failure, bool, &str) {
    match outcome {
        Outcome::Failed { kind, transient, message } => (*kind, *transient, message),
        Outcome::Succeeded => panic!("it succeeded"),
    }
}
