//! What a check is made on: a driver with its clock, and what the servers are like.

use guichet_clock::WorldClock;
use guichet_core::ids::{ClientId, FlavorId, HostId, ImageId, ProjectId, ServerId};
use guichet_core::server::{Server, Size};
use guichet_core::state::{PowerState, VmState};
use guichet_core::time::Clock;

use crate::driver::Driver;

/// What a check is made on.
#[derive(Debug)]
pub struct Fixture {
    /// The driver, without machines and without faults.
    pub driver: Box<dyn Driver>,
    /// The clock that its deadlines go by.
    pub clock: WorldClock,
    /// What the checks' servers are like, but for id, fence and operation. A driver whose hosts,
    /// flavors or images matter puts in some that it knows.
    pub template: Server,
}

impl Fixture {
    /// A fixture whose servers are the smallest, on the first host of the first project.
    pub fn new(driver: impl Driver + 'static, clock: WorldClock) -> Self {
        let template = Server {
            created_by: ClientId(0),
            details: None,
            launched: None,
            expires: None,
            second: None,
            id: ServerId::from_bits(0),
            project: ProjectId(0),
            size: Size { vcpus: 1, ram_mib: 64 },
            flavor: FlavorId(0),
            image: ImageId(0),
            host: Some(HostId(0)),
            vm_state: VmState::Building,
            task_state: None,
            power_state: PowerState::None,
            ever_started: true,
            fence: 0,
            operations: 1,
            created: clock.now(),
            updated: clock.now(),
            name: "contract".into(),
            fault: None,
            active: None,
        };
        Self { driver: Box::new(driver), clock, template }
    }
}
