//! A data directory or a database, from which a fleet goes on where it stood.

use std::path::PathBuf;
use std::sync::Arc;

use guichet_clock::{ClockBehind, WorldClock};
use guichet_core::credential::ApplicationCredential;
use guichet_core::fleet::{Changes, Saved};
use guichet_core::project::{Host, Usage};
use guichet_core::server::{OperationState, Size};
use guichet_core::time::Clock;
use guichet_driver::Driver;
use guichet_engine::EngineConfig;
use guichet_engine::manager::StartError;
use guichet_store::Store;
pub use guichet_store::journal::Term;
#[cfg(feature = "postgres")]
pub use guichet_store::journal::postgres::Credential;
#[cfg(feature = "postgres")]
use guichet_store::journal::postgres::{self, Lead};
use guichet_store::journal::sqlite::{self, Names, OpenError};
use guichet_store::journal::{Batch, Log, LogError, OnTrouble, StoredRecord};
use guichet_store::local::LocalStore;

#[cfg(feature = "postgres")]
use crate::config::Declared;
use crate::records::{CREDENTIAL, removed};

/// Why a data directory could not be gone on with.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// It could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The clock is wrong.
    #[error(transparent)]
    Clock(#[from] ClockBehind),
    /// A host is declared smaller than what stands on it.
    #[error(
        "host {host} is declared with {} vcpus and {} MiB, and its servers take {} vcpus and {} MiB: \
         declare at least that, or delete servers first",
        capacity.vcpus, capacity.ram_mib, taken.cores, taken.ram_mib
    )]
    HostTooSmall {
        /// Its name.
        host: Arc<str>,
        /// What it is declared with.
        capacity: Size,
        /// What stands on it.
        taken: Usage,
    },
    /// It could not be written to.
    #[error("{0}: see to the disk, then start again; nothing is lost")]
    Log(LogError),
    /// The manager could not be started.
    #[error(transparent)]
    Start(#[from] StartError),
}

/// Where data are.
#[derive(Debug)]
pub enum DataPlace {
    /// In a directory.
    Dir(PathBuf),
    /// In a database that this node leads.
    #[cfg(feature = "postgres")]
    Database(Box<Lead>),
}

/// What a data directory held when it was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// Servers that exist.
    pub servers: usize,
    /// Operations that wait.
    pub queued: usize,
    /// Operations that ran when the process before ended: they run again.
    pub running: usize,
}

/// A data directory or a database, opened, and owned by this process from then on.
#[derive(Debug)]
pub struct Data {
    log: Box<dyn Log>,
    saved: Saved,
    /// The records beside the fleet.
    pub found: Vec<StoredRecord>,
    /// The world's clock, which goes on from what was written last.
    pub clock: WorldClock,
    /// How often the directory was opened, this time included.
    pub starts: u64,
}

impl Data {
    /// Opens it for what is declared now: projects, hosts and catalogue of a
    /// configuration, and who and what else rows are about.
    ///
    /// # Errors
    /// See [`DataError`].
    pub fn open(
        place: DataPlace,
        config: &EngineConfig,
        networks: Vec<Arc<str>>,
        users: Vec<Arc<str>>,
    ) -> Result<Self, DataError> {
        let names = names(config, networks, users);
        let (log, saved, found, newest, starts): (Box<dyn Log>, _, _, _, _) = match place {
            DataPlace::Dir(dir) => {
                let sqlite::Opened { log, saved, found, newest, starts } =
                    sqlite::open(&dir, &names)?;
                (Box::new(log), saved, found, newest, starts)
            }
            #[cfg(feature = "postgres")]
            DataPlace::Database(lead) => {
                let postgres::Opened { log, saved, found, newest, starts, is_warm } =
                    postgres::open(*lead, &names)?;
                let servers = saved.rows.len();
                tracing::info!(servers, read_ahead = is_warm, "the database is opened");
                (Box::new(log), saved, found, newest, starts)
            }
        };
        check_hosts(&config.hosts, &saved)?;
        let clock = WorldClock::real_after(newest)?;
        Ok(Self { log, saved, found, clock, starts })
    }

    /// The application credentials in it.
    pub(crate) fn credentials(&self) -> &[Arc<ApplicationCredential>] {
        &self.saved.credentials
    }

    /// Writes application credentials that were records until now, and removes those records: all
    /// of it or nothing.
    pub(crate) fn move_credentials(
        &mut self,
        rows: Vec<Arc<ApplicationCredential>>,
        replaced: &[StoredRecord],
    ) -> Result<(), DataError> {
        if rows.is_empty() {
            return Ok(());
        }
        let credentials = rows.iter().map(|row| (row.id, Some(Arc::clone(row)))).collect();
        let changes = Changes { credentials, ..Changes::default() };
        let removed = |record: &StoredRecord| removed(CREDENTIAL, Arc::from(&*record.id));
        let records = replaced.iter().map(removed).collect();
        let batch = Batch { changes, records, names: Vec::new(), at: self.clock.now() };
        self.log.write(&batch).map_err(DataError::Log)?;
        self.saved.credentials.extend(rows);
        Ok(())
    }

    /// A seed of this opening's own: the same `seed` must not draw the ids again that it drew
    /// the last time.
    pub const fn seed(&self, seed: u64) -> u64 {
        // The golden ratio's bits (Knuth, TAOCP 3, section 6.4) keep neighbours apart.
        seed ^ (self.starts - 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    /// What is in it.
    pub fn held(&self) -> Held {
        let mut held = Held::default();
        for row in &self.saved.rows {
            held.servers += usize::from(!row.server.is_deleted());
            match row.server.active.as_ref().map(|active| active.state) {
                Some(OperationState::Running) => held.running += 1,
                Some(_) => held.queued += 1,
                None => {}
            }
        }
        held
    }

    /// The store that goes on with it. `on_trouble` is called if the journal cannot be written:
    /// see [`OnTrouble`].
    ///
    /// # Errors
    /// See [`DataError`].
    pub fn store(
        self,
        config: &EngineConfig,
        driver: &dyn Driver,
        on_trouble: OnTrouble,
    ) -> Result<Arc<dyn Store>, DataError> {
        let fleet = config.fleet(driver.expected_service());
        let (clock, saved) = (Arc::new(self.clock), self.saved);
        let store = LocalStore::open(fleet, clock, saved, self.log, on_trouble);
        Ok(Arc::new(store.map_err(DataError::Log)?))
    }
}

/// What rows are about, as it is declared.
fn names(config: &EngineConfig, networks: Vec<Arc<str>>, users: Vec<Arc<str>>) -> Names<'_> {
    Names {
        projects: &config.projects,
        hosts: config.hosts.iter().map(|host| Arc::clone(&host.name)).collect(),
        flavors: config.catalogue.flavors().iter().map(|f| Arc::clone(&f.name)).collect(),
        images: config.catalogue.images().to_vec(),
        networks,
        users,
    }
}

/// Waits until this node leads, and reads ahead what it will lead, for what is declared: see
/// [`postgres::follow`].
///
/// # Errors
/// The database is not one to be used.
#[cfg(feature = "postgres")]
pub async fn follow(
    place: &postgres::Place,
    node: &postgres::Node,
    declared: &Declared,
    on_standing: impl Fn(postgres::Standing) + Send + Sync + 'static,
) -> Result<Lead, OpenError> {
    let config = declared.engine_config();
    let names = names(&config, declared.network_names(), declared.user_ids());
    postgres::follow(place, node, &names, on_standing).await
}

/// Whether each host can hold what stands on it.
fn check_hosts(hosts: &[Host], saved: &Saved) -> Result<(), DataError> {
    let mut taken = vec![Usage::default(); hosts.len()];
    for row in saved.rows.iter().filter(|row| !row.server.is_deleted()) {
        for held in row.server.allocations() {
            if let Some(sum) = held.host.and_then(|host| taken.get_mut(host.index())) {
                *sum = sum.plus_size(held.size);
            }
        }
    }
    for (host, taken) in hosts.iter().zip(taken) {
        let (vcpus, ram_mib) = (host.capacity.vcpus, host.capacity.ram_mib);
        if taken.cores > u64::from(vcpus) || taken.ram_mib > u64::from(ram_mib) {
            let (host, capacity) = (Arc::clone(&host.name), host.capacity);
            return Err(DataError::HostTooSmall { host, capacity, taken });
        }
    }
    Ok(())
}
