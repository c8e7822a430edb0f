//! A whole cloud as it is declared, checked.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use guichet_core::fleet::StateTimes;
use guichet_core::ids::{NetworkId, ProjectId};
use guichet_core::project::{self, Host, Quota};
use guichet_engine::EngineConfig;

use crate::accounts::{Project, Role};
use crate::catalogue::{Flavor, Image, Network};

/// A user. Its `Debug` does not show the password.
#[derive(Clone, PartialEq, Eq)]
pub struct DeclaredUser {
    /// 32 hexadecimal digits.
    pub id: Arc<str>,
    /// The name that the user logs in with.
    pub name: Arc<str>,
    /// The password; one is drawn at start if none is declared.
    pub password: Option<String>,
    /// Whether the password was drawn at this start: then its hash is recorded for later ones.
    pub is_drawn: bool,
    /// The project that a token is for if none is named, by its position in the list of projects.
    pub default_project: Option<usize>,
    /// What the user may do where: positions in the list of projects, each with a role.
    pub grants: Vec<(usize, Role)>,
}

impl fmt::Debug for DeclaredUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, name, password, is_drawn, default_project, grants } = self;
        f.debug_struct("DeclaredUser")
            .field("id", id)
            .field("name", name)
            .field("has_password", &password.is_some())
            .field("is_drawn", is_drawn)
            .field("default_project", default_project)
            .field("grants", grants)
            .finish()
    }
}

/// A part of a cloud with its own projects and hosts, which one node leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredCell {
    /// Its name, which is part of names in a database: a letter, then letters, digits and `_`.
    pub name: Arc<str>,
    /// Its projects, by their positions in the list of projects, in its order.
    pub projects: Vec<usize>,
    /// Its hosts, by their positions in the list of hosts, in its order.
    pub hosts: Vec<usize>,
}

/// How many requests are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rates {
    /// Requests about servers that one project may send in a second.
    pub compute_per_s: Option<NonZeroU32>,
    /// Requests about accounts that one user may send in a minute.
    pub identity_per_min: Option<NonZeroU32>,
}

impl Rates {
    /// The names that [`Self::named`] knows.
    pub const NAMES: [&str; 2] = ["unlimited", "ovhcloud"];

    /// Rates by a name: any number, or what OVHcloud's public cloud takes.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "unlimited" => Some(Self::default()),
            "ovhcloud" => Some(Self {
                compute_per_s: NonZeroU32::new(20),
                identity_per_min: NonZeroU32::new(60),
            }),
            _ => None,
        }
    }
}

/// How long a server stays in states that time ends; none: until somebody ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// Resized, until the new size is confirmed.
    pub verify_resize: Option<Duration>,
    /// Shelved, until it gives up its host.
    pub shelved: Option<Duration>,
    /// Deleted, until it cannot be restored any more. Zero: a delete is for good at once.
    pub soft_deleted: Option<Duration>,
}

impl Times {
    /// A resize waits for its confirmation, a shelved server leaves its host at once, a delete is
    /// for good: as Nova has it if nothing is configured.
    pub const DEFAULT: Self = Self {
        verify_resize: None,
        shelved: Some(Duration::ZERO),
        soft_deleted: Some(Duration::ZERO),
    };

    /// Whether a deleted server can be restored for a while.
    pub fn restores_deleted(&self) -> bool {
        self.soft_deleted != Some(Duration::ZERO)
    }
}

/// A whole cloud as declared. Lists are in the order of the ids that the manager gives: the
/// position in a list is the id there.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    /// The region's name.
    pub region: Arc<str>,
    /// The availability zone's name.
    pub zone: Arc<str>,
    /// Who owns servers and quota.
    pub projects: Vec<Project>,
    /// Who may log in.
    pub users: Vec<DeclaredUser>,
    /// The sizes in which servers are made.
    pub flavors: Vec<Flavor>,
    /// What servers boot from.
    pub images: Vec<Image>,
    /// What servers are plugged into.
    pub networks: Vec<Network>,
    /// What servers run on.
    pub hosts: Vec<Host>,
    /// How many requests are taken.
    pub rates: Rates,
    /// How long states last that time ends.
    pub times: Times,
    /// The driver that makes operations real, by its name in a registry of drivers.
    pub driver: Arc<str>,
    /// How the driver behaves, if it is a simulated one: the name of a built-in profile or a file.
    pub profile: String,
    /// How many operations run at once at most: the size of the pool.
    pub workers: usize,
    /// How many operations may wait.
    pub queue: usize,
    /// Most servers held.
    pub servers_max: usize,
    /// What a project may hold of which nothing else is declared.
    pub default_quota: Quota,
    /// The cells that it is divided into; none: it is one.
    pub cells: Vec<DeclaredCell>,
    /// Which cell of a cloud this is, if it is a [part](Self::part) of one: 0 is the first.
    pub cell: usize,
}

impl Declared {
    /// The manager's configuration for this cloud; ids there are the positions in the lists here.
    /// The rate of requests is not in it: whoever takes requests in counts reads too.
    pub fn engine_config(&self) -> EngineConfig {
        let mut catalogue = guichet_engine::Catalogue::new();
        for flavor in &self.flavors {
            catalogue.add_flavor(&flavor.name, flavor.size);
        }
        for image in &self.images {
            catalogue.add_image(&image.name);
        }
        let projects = self.projects.iter().enumerate().map(|(number, project)| project::Project {
            id: ProjectId(number as u32),
            name: Arc::clone(&project.name),
            quota: project.quota,
            weight: project.weight,
        });
        let networks = self.networks.iter().enumerate().map(|(number, network)| {
            let range = network.range();
            guichet_core::network::Network {
                id: NetworkId(number as u32),
                name: Arc::clone(&network.name),
                first: range.pool().0,
                count: range.count(),
            }
        });
        EngineConfig {
            networks: networks.collect(),
            workers: self.workers,
            queue: self.queue,
            servers_max: self.servers_max,
            projects: projects.collect(),
            hosts: self.hosts.clone(),
            catalogue,
            state_times: StateTimes {
                resized: self.times.verify_resize,
                shelved: self.times.shelved,
                soft_deleted: self.times.soft_deleted,
            },
            ..EngineConfig::default()
        }
    }

    /// The names of its networks, in the order of their ids.
    pub fn network_names(&self) -> Vec<Arc<str>> {
        self.networks.iter().map(|network| Arc::clone(&network.name)).collect()
    }

    /// The ids of its users, in the order of their numbers.
    pub fn user_ids(&self) -> Vec<Arc<str>> {
        self.users.iter().map(|user| Arc::clone(&user.id)).collect()
    }
}
