//! What a manager is made of: model, bounds, projects, hosts, catalogue.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::chance::Chance;
use guichet_core::fleet::{FleetConfig, StateTimes};
use guichet_core::ids::{FlavorId, HostId, ImageId, ProjectId};
use guichet_core::limits;
use guichet_core::network::Network;
use guichet_core::project::{Host, Project, Quota};
use guichet_core::scheduler::Bounds;
use guichet_core::server::{Flavor, Size};

/// How operations are executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Model {
    /// One at a time.
    Sequential,
    /// One OS thread for each accepted request.
    Threads,
    /// A fixed number of OS threads.
    Pool,
    /// A fixed number of tasks on the async runtime; the service's own.
    #[default]
    Async,
}

impl Model {
    /// All models there are.
    pub const ALL: [Self; 4] = [Self::Sequential, Self::Threads, Self::Pool, Self::Async];

    /// The model's name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::Threads => "threads",
            Self::Pool => "pool",
            Self::Async => "async",
        }
    }

    /// Whether it needs OS threads of its own, which virtual time cannot wait for.
    pub const fn uses_threads(self) -> bool {
        matches!(self, Self::Threads | Self::Pool)
    }
}

/// A configuration that cannot work; the text names the field and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A number outside its range.
    #[error("{field} is {value}, expected {min} to {max}")]
    OutOfRange {
        /// The field that is wrong.
        field: &'static str,
        /// The number that was given.
        value: u64,
        /// The least number that works.
        min: u64,
        /// The largest number that works.
        max: u64,
    },
    /// A model that waits for OS threads, under a clock that cannot.
    #[error(
        "the model `{}` waits for OS threads, which virtual time cannot; expected `async` or `sequential`",
        .0.as_str()
    )]
    ThreadsUnderVirtualTime(Model),
    /// Ids of projects or hosts are not their indexes in the list.
    #[error("{0} are not listed in the order of their ids from 0")]
    OutOfOrder(&'static str),
}

/// The flavors and images there are, by id and by name.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    flavors: Vec<Flavor>,
    flavor_names: HashMap<Arc<str>, FlavorId>,
    images: Vec<Arc<str>>,
    image_names: HashMap<Arc<str>, ImageId>,
}

impl Catalogue {
    /// A catalogue without flavors and images.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a flavor; one of the same name keeps its id and its size.
    pub fn add_flavor(&mut self, name: &str, size: Size) -> FlavorId {
        if let Some(id) = self.flavor_names.get(name) {
            return *id;
        }
        let id = FlavorId(self.flavors.len() as u32);
        let name: Arc<str> = Arc::from(name);
        self.flavor_names.insert(Arc::clone(&name), id);
        self.flavors.push(Flavor { name, size });
        id
    }

    /// Adds an image; one of the same name keeps its id.
    pub fn add_image(&mut self, name: &str) -> ImageId {
        if let Some(id) = self.image_names.get(name) {
            return *id;
        }
        let id = ImageId(self.images.len() as u32);
        let name: Arc<str> = Arc::from(name);
        self.image_names.insert(Arc::clone(&name), id);
        self.images.push(name);
        id
    }

    /// A flavor by its id.
    pub fn flavor(&self, id: FlavorId) -> Option<&Flavor> {
        self.flavors.get(id.index())
    }

    /// A flavor by its name.
    pub fn flavor_named(&self, name: &str) -> Option<(FlavorId, Size)> {
        let id = *self.flavor_names.get(name)?;
        self.flavor(id).map(|flavor| (id, flavor.size))
    }

    /// All flavors, in the order of their ids.
    pub fn flavors(&self) -> &[Flavor] {
        &self.flavors
    }

    /// An image by its id.
    pub fn image(&self, id: ImageId) -> Option<&Arc<str>> {
        self.images.get(id.index())
    }

    /// All images, in the order of their ids.
    pub fn images(&self) -> &[Arc<str>] {
        &self.images
    }

    /// An image by its name.
    pub fn image_named(&self, name: &str) -> Option<ImageId> {
        self.image_names.get(name).copied()
    }
}

/// What a manager is made of. The default is a small cloud to try things on: one project
/// `default` without quota, 16 hosts of 64 vcpus and 256 GiB, the flavor `m1.tiny`, the image
/// `cirros`.
#[derive(Debug, Clone)]
pub struct EngineConfig {
    /// How operations are executed.
    pub model: Model,
    /// Size of the pool, 1 to [`limits::WORKERS_MAX`]; `sequential` has one, `threads` none.
    pub workers: usize,
    /// The semaphore: operations in flight at once, in every model, beside the pool's size.
    pub permits: Option<usize>,
    /// Operations in flight at once on one host.
    pub host_permits: Option<usize>,
    /// Operations in flight at once of one project.
    pub project_permits: Option<usize>,
    /// Operations that may wait, 1 to [`limits::QUEUE_MAX`].
    pub queue: usize,
    /// Requests a second that one project may send; none: any number.
    pub project_rate: Option<NonZeroU32>,
    /// The projects, in the order of their ids.
    pub projects: Vec<Project>,
    /// The hosts, in the order of their ids.
    pub hosts: Vec<Host>,
    /// The networks, in the order of their ids.
    pub networks: Vec<Network>,
    /// The flavors and images that servers are made from.
    pub catalogue: Catalogue,
    /// Most servers held at once, up to [`limits::SERVERS_MAX`].
    pub servers_max: usize,
    /// How long states last that time ends; as it is, none ends.
    pub state_times: StateTimes,
    /// What everything that is left to chance is drawn by; [`crate::ids::fresh_seed`] for a run
    /// like no other.
    pub seed: u64,
}

impl Default for EngineConfig {
    fn default() -> Self {
        let mut catalogue = Catalogue::new();
        catalogue.add_flavor("m1.tiny", Size { vcpus: 1, ram_mib: 512 });
        catalogue.add_image("cirros");
        Self {
            model: Model::default(),
            workers: limits::WORKERS_DEFAULT,
            permits: None,
            host_permits: None,
            project_permits: None,
            queue: limits::QUEUE_DEFAULT,
            project_rate: None,
            projects: vec![project(0, "default", Quota::default())],
            hosts: hosts(16, Size { vcpus: 64, ram_mib: 256 * 1024 }),
            networks: Vec::new(),
            catalogue,
            servers_max: limits::SERVERS_MAX,
            state_times: StateTimes::default(),
            seed: 0,
        }
    }
}

/// A project of weight 1.
pub fn project(id: u32, name: &str, quota: Quota) -> Project {
    Project { id: ProjectId(id), name: Arc::from(name), quota, weight: 1 }
}

/// `count` hosts alike, named `host-0001` and so on.
pub fn hosts(count: usize, capacity: Size) -> Vec<Host> {
    (0..count as u32)
        .map(|id| Host { id: HostId(id), name: Arc::from(format!("host-{:04}", id + 1)), capacity })
        .collect()
}

impl EngineConfig {
    /// Checks every number and that the model can run by this clock.
    ///
    /// # Errors
    /// The first field that is wrong.
    pub fn check(&self, clock: &WorldClock) -> Result<(), ConfigError> {
        let within = |field, value: usize, min: usize, max: usize| {
            let [value, min, max] = [value, min, max].map(|number| number as u64);
            if (min..=max).contains(&value) {
                Ok(())
            } else {
                Err(ConfigError::OutOfRange { field, value, min, max })
            }
        };
        within("workers", self.workers, 1, limits::WORKERS_MAX)?;
        within("permits", self.permits.unwrap_or(1), 1, limits::PERMITS_MAX)?;
        within("host permits", self.host_permits.unwrap_or(1), 1, limits::PERMITS_MAX)?;
        within("project permits", self.project_permits.unwrap_or(1), 1, limits::PERMITS_MAX)?;
        within("queue", self.queue, 1, limits::QUEUE_MAX)?;
        within("number of projects", self.projects.len(), 1, limits::PROJECTS_MAX)?;
        within("number of hosts", self.hosts.len(), 0, limits::HOSTS_MAX)?;
        within("number of servers", self.servers_max, 1, limits::SERVERS_MAX)?;
        for project in &self.projects {
            within("weight", project.weight as usize, 1, limits::WEIGHT_MAX as usize)?;
        }
        if self.projects.iter().enumerate().any(|(index, p)| p.id.index() != index) {
            return Err(ConfigError::OutOfOrder("projects"));
        }
        if self.hosts.iter().enumerate().any(|(index, h)| h.id.index() != index) {
            return Err(ConfigError::OutOfOrder("hosts"));
        }
        if clock.is_virtual() && self.model.uses_threads() {
            return Err(ConfigError::ThreadsUnderVirtualTime(self.model));
        }
        Ok(())
    }

    /// Operations in flight at most: sequential 1, threads min(permits, [`limits::THREADS_MAX`]),
    /// pool and async min(workers, permits).
    pub fn in_flight_max(&self) -> usize {
        let slots = match self.model {
            Model::Sequential => 1,
            Model::Threads => limits::THREADS_MAX,
            Model::Pool | Model::Async => self.workers,
        };
        slots.min(self.permits.unwrap_or(usize::MAX))
    }

    /// The fleet for it, with a driver that takes `expected_service` on average.
    pub fn fleet(&self, expected_service: Duration) -> FleetConfig {
        let bounds = Bounds {
            queue: self.queue,
            service: self.in_flight_max(),
            per_host: self.host_permits.unwrap_or(usize::MAX),
            per_project: self.project_permits.unwrap_or(usize::MAX),
            active: match self.model {
                Model::Threads => limits::THREADS_MAX,
                _ => usize::MAX,
            },
        };
        FleetConfig {
            projects: self.projects.clone(),
            hosts: self.hosts.clone(),
            bounds,
            servers_max: self.servers_max,
            workers: self.in_flight_max(),
            expected_service,
            times: self.state_times,
            networks: self.networks.clone(),
            chance: Chance::new(self.seed),
        }
    }
}
