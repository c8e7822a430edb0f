//! What checks are made with: configurations, outcomes, and waiting with a deadline.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::chance::Chance;
use guichet_core::fleet::FleetConfig;
use guichet_core::ids::{HostId, ProjectId};
use guichet_core::project::{Host, Project, Quota};
use guichet_core::rows::Outcome;
use guichet_core::scheduler::Bounds;
use guichet_core::server::{Failure, Operation, Size};

use super::clock::ManualClock;
use crate::hub::{LogEntry, Subscription};
use crate::reply::{Completion, Reply};
use crate::store::Store;

/// Makes an empty store for a configuration, which stamps by the clock.
pub type Setup<'a> = &'a dyn Fn(FleetConfig, Arc<ManualClock>) -> Arc<dyn Store>;

/// What every server of the suite takes.
pub(super) const SIZE: Size = Size { vcpus: 1, ram_mib: 512 };

/// Longest wait for something to be seen, in steps of a millisecond.
const PATIENCE_MS: u32 = 30_000;

/// Three projects without quota, and four hosts with capacity for everything.
pub(super) fn config() -> FleetConfig {
    let project = |id: u32| Project {
        id: ProjectId(id),
        name: Arc::from(format!("project-{id}")),
        quota: Quota::default(),
        weight: 1,
    };
    let host = |id: u32| Host {
        id: HostId(id),
        name: Arc::from(format!("host-{id}")),
        capacity: Size { vcpus: 1_000, ram_mib: 1_000_000 },
    };
    FleetConfig {
        projects: (0..3).map(project).collect(),
        hosts: (0..4).map(host).collect(),
        bounds: Bounds {
            queue: 4_000,
            service: 64,
            per_host: usize::MAX,
            per_project: usize::MAX,
            active: usize::MAX,
        },
        servers_max: 4_000,
        workers: 8,
        expected_service: Duration::from_millis(10),
        times: Default::default(),
        networks: Vec::new(),
        chance: Chance::new(1),
    }
}

/// The same, with this quota of servers for project 0.
pub(super) fn with_quota(instances: u64) -> FleetConfig {
    let mut config = config();
    config.projects[0].quota = Quota { instances: Some(instances), ..Quota::default() };
    config
}

/// An outcome after which another attempt may succeed.
pub(super) fn in_passing() -> Outcome {
    Outcome::Failed { kind: Failure::Driver, transient: true, message: Arc::from("busy") }
}

/// An outcome after which no attempt can succeed.
pub(super) fn for_good() -> Outcome {
    Outcome::Failed { kind: Failure::Driver, transient: false, message: Arc::from("broken") }
}

/// The answer, waited for on this thread.
pub(super) fn answer<T>(reply: Reply<T>) -> T {
    match reply {
        Reply::Ready(value) => value,
        Reply::Pending(receiver) => receiver.blocking_recv().expect("the store is there"),
    }
}

/// Waits until something is so.
pub(super) fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..PATIENCE_MS {
        if let Some(found) = look() {
            return found;
        }
        std::thread::park_timeout(Duration::from_millis(1));
    }
    panic!("it did not come about: {what}");
}

/// The operation as it ended, waited for on this thread.
pub(super) fn ended(mut completion: Completion) -> Operation {
    eventually("a completion is answered", || completion.try_recv().ok())
}

/// All records there are to read.
pub(super) fn records(reader: &mut Subscription) -> Vec<LogEntry> {
    let mut all = Vec::new();
    loop {
        let batch = reader.try_batch();
        assert_eq!(batch.missed, 0, "the suite never causes more than the hub holds");
        if batch.records.is_empty() {
            return all;
        }
        all.extend(batch.records);
    }
}
