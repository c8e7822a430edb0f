//! All that handlers work with.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use guichet_clock::WorldClock;
use guichet_core::refusal::Refusal;
use guichet_engine::ServerManager;
use guichet_engine::rate_limit::ProjectRate;
use guichet_store::journal::{RecordChange, StoredRecord};

use crate::compute::servers::first_port;
use crate::config::Declared;
use crate::identity::Identity;
use crate::kept::{self, Rows};

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
    /// What is to be kept before the first request: [`Self::keep_secrets`].
    unkept: Vec<RecordChange>,
}

impl Cloud {
    /// A cloud around a manager that was made for what is declared and has its fleet. Tokens,
    /// application credentials and secrets of an earlier process are taken over from what was
    /// `found`. The texts of passwords are with [`Identity`] alone from here on.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn new(
        manager: ServerManager,
        mut declared: Declared,
        public_url: Option<Arc<str>>,
        found: &[StoredRecord],
    ) -> Result<Self, getrandom::Error> {
        let rows = Rows::read(found);
        // A password in the file ends the one that was drawn: it must not be good again if the
        // file has none some day.
        let overruled = |id: &str| {
            let mut users = declared.users.iter();
            users.any(|user| *user.id == *id && user.password.is_some() && !user.is_drawn)
        };
        let overruled = rows.users.keys().filter(|id| overruled(id));
        let mut unkept: Vec<RecordChange> =
            overruled.map(|id| kept::forget(kept::USER, Arc::from(*id))).collect();
        let secret = match rows.secret {
            Some(secret) => secret,
            None => {
                let mut secret = [0; 32];
                getrandom::fill(&mut secret)?;
                unkept.push(kept::secret(&secret));
                secret
            }
        };
        let identity = Identity::new(&declared, manager.clone(), rows);
        declared.forget_passwords();
        let rate = declared.rates.compute_per_s;
        Ok(Self {
            ports: AtomicU64::new(first_port(&manager)),
            manager,
            identity,
            public_url,
            secret,
            unkept,
            compute_rate: rate.map(|rate| ProjectRate::new(rate, WorldClock::real())),
            declared,
        })
    }

    /// Makes durable what this start changed: secrets that were drawn, passwords that the file
    /// overrules. To be waited for before the first request is taken; a fleet in memory needs none.
    ///
    /// # Errors
    /// A refusal: it cannot be recorded at present.
    pub async fn keep_secrets(&self) -> Result<(), Refusal> {
        for row in &self.unkept {
            self.manager.put_record(row.clone()).await?;
        }
        Ok(())
    }
}

impl fmt::Debug for Cloud {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cloud").field("region", &self.declared.region).finish_non_exhaustive()
    }
}
