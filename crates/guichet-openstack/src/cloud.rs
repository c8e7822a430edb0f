//! All that handlers work with.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use guichet_driver::clock::WorldClock;
use guichet_engine::ServerManager;
use guichet_engine::rate_limit::ProjectRate;

use crate::config::Declared;
use crate::identity::Identity;

/// A cloud: the manager, and what was declared around it.
pub struct Cloud {
    /// Takes the requests.
    pub manager: ServerManager,
    /// Flavors, images, networks, hosts, quotas as declared, in the order of their ids in the
    /// manager.
    pub declared: Declared,
    /// Users, projects, tokens.
    pub identity: Identity,
    /// What links begin with, if not what each request called this service.
    pub public_url: Option<Arc<str>>,
    /// What administrators' passwords of servers are derived from.
    pub secret: [u8; 32],
    /// Ports given out so far: addresses are taken in turn. Relaxed: only uniqueness matters.
    pub ports: AtomicU64,
    /// How many requests a second each project may send to Compute, reads too.
    pub compute_rate: Option<ProjectRate>,
}

impl Cloud {
    /// A cloud around a manager that was made for what is declared. The texts of passwords are
    /// with [`Identity`] alone from here on.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn new(
        manager: ServerManager,
        mut declared: Declared,
        public_url: Option<Arc<str>>,
    ) -> Result<Self, getrandom::Error> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret)?;
        let identity = Identity::new(&declared);
        declared.forget_passwords();
        let rate = declared.rates.compute_per_s;
        Ok(Self {
            manager,
            identity,
            public_url,
            secret,
            ports: AtomicU64::new(0),
            compute_rate: rate.map(|rate| ProjectRate::new(rate, WorldClock::real())),
            declared,
        })
    }
}

impl fmt::Debug for Cloud {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cloud").field("region", &self.declared.region).finish_non_exhaustive()
    }
}
