//! From a declaration to a cloud that takes requests.

use std::fmt;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;

use guichet_clock::WorldClock;
use guichet_core::chance::Chance;
use guichet_core::refusal::Refusal;
use guichet_driver::profile::Profile;
use guichet_driver::{Driver, DriverError, DriverRegistry};
use guichet_engine::ids::fresh_seed;
use guichet_engine::rate_limit::ProjectRate;
use guichet_engine::{EngineConfig, ServerManager};
use guichet_store::Store;
use guichet_store::journal::{OnTrouble, RecordChange, StoredRecord};

use crate::accounts::{
    Accounts, Beside, ByTime, Hashing, NewUser, Rows, User, earlier_credentials, password_removed,
    replaced,
};
use crate::catalogue::{Catalogue, DeclaredCatalogue};
use crate::cloud::Cloud;
use crate::config::{Declared, DeclaredUser, Drawn};
use crate::data::{DataError, DataPlace, Held};
use crate::drains::Drains;
use crate::faults::{Faults, Faulty};
use crate::groups::Groups;
use crate::keys::KeyPairs;
use crate::opening::{DataDir, DriverChoice, FleetPlace, Opening, OpeningError, Ready};
use crate::records::{self, Records};
use crate::replaceable::Replaceable;
use crate::servers::Servers;
use crate::servers::machine::Machines;
use crate::servers::password::AdminKey;
use crate::snapshot::Snapshot;

/// Why a cloud could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data directory could not be opened or gone on with, or the manager not be started.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The driver that is declared is none of those there are, or cannot be used here.
    #[error(transparent)]
    Driver(#[from] DriverError),
    /// The driver's profile that is declared is neither built in nor a file that can be read.
    #[error("the profile {name:?}: {reason}")]
    Profile {
        /// Its name.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The system gives no random bytes for passwords of users that are declared without one.
    #[error("no random bytes for passwords")]
    NoPasswords(#[source] getrandom::Error),
    /// The system gives no random bytes for the key of administrators' passwords.
    #[error("no random bytes")]
    NoSecret(#[source] getrandom::Error),
    /// What this start drew cannot be recorded, and would be lost with the process.
    #[error("could not keep what this start drew")]
    Unrecorded(#[source] Refusal),
}

impl From<OpeningError> for OpenError {
    fn from(error: OpeningError) -> Self {
        match error {
            OpeningError::Data(error) => Self::Data(error),
            OpeningError::Driver(error) => Self::Driver(error),
        }
    }
}

/// A cloud that was opened, and what there is to tell about it.
#[derive(Debug)]
pub struct Opened {
    /// The cloud.
    pub cloud: Arc<Cloud>,
    /// Passwords that were drawn: to be shown once, as they are nowhere else.
    pub drawn: Drawn,
    /// What its data directory held, if it has one.
    pub held: Option<Held>,
}

type Configure = Box<dyn FnOnce(&mut EngineConfig) + Send>;

/// Makes a [`Cloud`] of what is declared. What is left out is as a service has it: the declared
/// driver and profile, a fleet in memory, a seed of its own, the real clock.
#[must_use = "nothing is opened until `open` or `start` is called"]
pub struct CloudBuilder {
    declared: Declared,
    data: Option<DataPlace>,
    store: Option<(Arc<dyn Store>, Vec<StoredRecord>)>,
    driver: Option<Arc<dyn Driver>>,
    profile: Option<Profile>,
    registry: DriverRegistry,
    seed: Option<u64>,
    clock: Option<WorldClock>,
    public_url: Option<Arc<str>>,
    is_encrypted: bool,
    path: Option<Arc<str>>,
    hashing: Hashing,
    beside: Option<Beside>,
    snapshot: Option<Arc<Snapshot>>,
    has_faults: bool,
    configure: Option<Configure>,
    on_trouble: OnTrouble,
}

impl fmt::Debug for CloudBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloudBuilder")
            .field("declared", &self.declared)
            .field("data", &self.data)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}

impl Cloud {
    /// Begins a cloud of what is declared.
    pub fn builder(declared: Declared) -> CloudBuilder {
        CloudBuilder {
            declared,
            data: None,
            store: None,
            driver: None,
            profile: None,
            registry: DriverRegistry::builtin(),
            seed: None,
            clock: None,
            public_url: None,
            is_encrypted: false,
            path: None,
            hashing: Hashing::default(),
            beside: None,
            snapshot: None,
            has_faults: false,
            configure: None,
            on_trouble: Box::new(|_| {}),
        }
    }
}

impl CloudBuilder {
    /// Keeps the fleet in this data directory, and goes on with what is in it.
    pub fn data(mut self, dir: &Path) -> Self {
        self.data = Some(DataPlace::Dir(dir.to_owned()));
        self
    }

    /// Keeps the fleet in the database that this node leads, and goes on with what is in it. The calling
    /// thread waits for PostgreSQL when it is opened.
    #[cfg(feature = "postgres")]
    pub fn lead(mut self, lead: guichet_store::journal::postgres::Lead) -> Self {
        self.data = Some(DataPlace::Database(Box::new(lead)));
        self
    }

    /// What is called if the data directory cannot be written, and when it can be again.
    pub fn on_trouble(mut self, on_trouble: OnTrouble) -> Self {
        self.on_trouble = on_trouble;
        self
    }

    /// Keeps the fleet in this store, beside which these records were found. It must have been
    /// made for the same [`Declared::engine_config`].
    pub fn store(mut self, store: Arc<dyn Store>, found: Vec<StoredRecord>) -> Self {
        self.store = Some((store, found));
        self
    }

    /// Has a simulated driver behave by this profile, in place of the declared one.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = Some(profile);
        self
    }

    /// The drivers that a declaration may name. Whoever reads one from a file checks it against
    /// the same: see [`Declared::load_for`].
    pub fn drivers(mut self, registry: DriverRegistry) -> Self {
        self.registry = registry;
        self
    }

    /// Runs operations by this driver, whatever is declared. It is asked to
    /// [adopt](Driver::adopt) the machines of a data directory or a store.
    pub fn driver(mut self, driver: Arc<dyn Driver>) -> Self {
        self.driver = Some(driver);
        self
    }

    /// Draws all chance from this seed.
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Goes by this clock. A data directory brings its own, which goes on from what was written
    /// last.
    pub fn clock(mut self, clock: WorldClock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Begins links with this address, whatever a request called this service.
    pub fn public_url(mut self, url: &str) -> Self {
        self.public_url = Some(Arc::from(url.trim_end_matches('/')));
        self
    }

    /// Says that clients come by connections that are encrypted: links say so.
    pub const fn encrypted(mut self, is_encrypted: bool) -> Self {
        self.is_encrypted = is_encrypted;
        self
    }

    /// Lets requests and operations of this cloud be told to go wrong: [`Cloud::faults`].
    pub const fn with_faults(mut self) -> Self {
        self.has_faults = true;
        self
    }

    /// Has all paths of this cloud lie under this one, such as `/w/0123456789ab`. Links begin so.
    pub fn path(mut self, path: &str) -> Self {
        self.path = Some(Arc::from(path));
        self
    }

    /// Hashes passwords where other cells of this process do. Without it has a queue of its own, or that of
    /// the cloud that it is opened [beside](Self::beside).
    pub fn hashing(mut self, hashing: &Hashing) -> Self {
        self.hashing = hashing.clone();
        self
    }

    /// Opens it beside another cloud of this process: passwords are hashed in one queue.
    /// `is_same`: what is declared is the same, so a password that has one hash needs no second one;
    /// that holds only where each user is declared with a password.
    pub fn beside(mut self, other: &Cloud, is_same: bool) -> Self {
        let all_given = self.declared.users.iter().all(|user| user.password.is_some());
        self.beside = Some(other.accounts.beside(is_same && all_given));
        self
    }

    /// Has it begin as a snapshot has it, which was taken of a cloud of the same declaration. The
    /// clock and the seed are its caller's to say: [`Snapshot::clock`], [`Snapshot::next_seed`].
    pub(crate) fn snapshot(mut self, snapshot: Arc<Snapshot>) -> Self {
        self.snapshot = Some(snapshot);
        self
    }

    /// Takes over the tokens of a cloud of the same declaration, in whose place it comes.
    pub(crate) fn tokens_of(mut self, other: &Cloud) -> Self {
        self.beside = self.beside.map(|beside| other.accounts.with_tokens(beside));
        self
    }

    /// Changes the manager's configuration beyond what is declared, such as its model.
    pub fn configure(mut self, change: impl FnOnce(&mut EngineConfig) + Send + 'static) -> Self {
        self.configure = Some(Box::new(change));
        self
    }

    /// Opens the cloud, and makes durable what this start drew: requests may come.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn start(self) -> Result<Opened, OpenError> {
        let opened = self.open()?;
        opened.cloud.keep_secrets().await.map_err(OpenError::Unrecorded)?;
        Ok(opened)
    }

    /// Opens the cloud. With a data directory, [`Cloud::keep_secrets`] is to be waited for before
    /// the first request. To be called inside a tokio runtime.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(self) -> Result<Opened, OpenError> {
        let Self { mut declared, data, store, on_trouble, .. } = self;
        let mut config = declared.engine_config();
        if let Some(configure) = self.configure {
            configure(&mut config);
        }
        let seed = self.seed.unwrap_or_else(fresh_seed);
        config.seed = seed;
        let mut place = Place {
            public_url: self.public_url,
            is_encrypted: self.is_encrypted,
            path: self.path,
            faults: None,
            seed,
        };
        let driver = match (self.driver, self.profile) {
            (Some(driver), _) => DriverChoice::Made(driver),
            (None, profile) => DriverChoice::Named {
                name: Arc::clone(&declared.driver),
                registry: self.registry,
                profile: profile.map_or_else(|| profile_named(&declared.profile), Ok)?,
            },
        };
        let (fleet, beside) = match (data, store, self.snapshot) {
            (Some(place), ..) => {
                (FleetPlace::Data(data_dir(place, &declared, on_trouble)), Vec::new())
            }
            (None, Some((store, found)), _) => (FleetPlace::Store(store), found),
            (None, None, Some(snapshot)) => {
                (FleetPlace::Saved(Box::new(snapshot.saved.clone())), snapshot.records.clone())
            }
            (None, None, None) => (FleetPlace::Memory, Vec::new()),
        };
        let clock = self.clock.unwrap_or_else(WorldClock::real);
        let mut ready = Opening { config, fleet, driver, clock, machines: 0 }.prepare()?;
        for rule in &ready.unmatched_rules {
            tracing::warn!("profile: {rule}");
        }
        if self.has_faults {
            place.faults = Some(put_faults_before(&mut ready));
        }
        move_credentials(&mut ready, &declared)?;
        let held = ready.held;
        let mut found = std::mem::take(&mut ready.found);
        found.extend(beside);
        let drawn = declared.draw_passwords(&found).map_err(OpenError::NoPasswords)?;
        let catalogue = Arc::new(catalogue_of(&mut declared, &found));
        let machines = Arc::new(Machines::new(Arc::clone(&catalogue)));
        let manager = ready.described_by(machines).start()?;
        let cloud =
            assembled(manager, catalogue, declared, (place, self.beside, self.hashing), &found)?;
        cloud.hosts().set_all();
        cloud.quotas().set_all();
        let cloud = Arc::new(cloud);
        cloud.keep_windows();
        Ok(Opened { cloud, drawn, held })
    }
}

fn data_dir(place: DataPlace, declared: &Declared, on_trouble: OnTrouble) -> DataDir {
    let (networks, users) = (declared.network_names(), declared.user_ids());
    DataDir { place, networks, users, on_trouble }
}

/// Makes rows of the application credentials that an earlier version of the program kept as records.
fn move_credentials(ready: &mut Ready, declared: &Declared) -> Result<(), DataError> {
    let Some((data, found)) = ready.data_mut() else { return Ok(()) };
    if !found.iter().any(|record| record.kind == records::CREDENTIAL) {
        return Ok(());
    }
    let users: Vec<Arc<str>> = declared.users.iter().map(|user| Arc::clone(&user.id)).collect();
    let projects: Vec<Arc<str>> =
        declared.projects.iter().map(|project| Arc::clone(&project.id)).collect();
    let rows = earlier_credentials(found, &users, &projects, data.credentials());
    let moved: Vec<StoredRecord> = replaced(found, &rows).cloned().collect();
    data.move_credentials(rows, &moved)?;
    found.retain(|record| !moved.contains(record));
    Ok(())
}

/// What of it the catalogue is made of; the lists are nowhere else from here on.
fn catalogue_of(declared: &mut Declared, found: &[StoredRecord]) -> Catalogue {
    let of_it = DeclaredCatalogue {
        region: Arc::clone(&declared.region),
        zone: Arc::clone(&declared.zone),
        flavors: std::mem::take(&mut declared.flavors),
        images: std::mem::take(&mut declared.images),
        networks: std::mem::take(&mut declared.networks),
        hosts: std::mem::take(&mut declared.hosts),
        projects: declared.projects.iter().map(|project| Arc::clone(&project.id)).collect(),
    };
    Catalogue::new(of_it, found)
}

/// A profile that is built in, or a file's.
fn profile_named(name: &str) -> Result<Profile, OpenError> {
    let builtin = Profile::builtin(name).map(Ok);
    builtin
        .unwrap_or_else(|| Profile::load(Path::new(name)))
        .map_err(|error| OpenError::Profile { name: name.to_owned(), reason: error.to_string() })
}

/// Where a cloud is, as links say it, and what is drawn and goes wrong there.
struct Place {
    public_url: Option<Arc<str>>,
    is_encrypted: bool,
    path: Option<Arc<str>>,
    faults: Option<Arc<Faults>>,
    seed: u64,
}

/// Has what is about to be started call its driver through rules that say what goes wrong.
fn put_faults_before(ready: &mut Ready) -> Arc<Faults> {
    let projects = ready.config.projects.iter().map(|project| Arc::clone(&project.name)).collect();
    let chance = Chance::new(ready.config.seed);
    let faults = Arc::new(Faults::new(chance, ready.clock.clone(), projects));
    ready.driver = Arc::new(Faulty {
        driver: Arc::clone(&ready.driver),
        faults: Arc::clone(&faults),
        clock: ready.clock.clone(),
        hosts: ready.config.hosts.iter().map(|host| Arc::clone(&host.name)).collect(),
    });
    faults
}

/// A cloud around a manager that was made for what is declared and has its fleet. What records of
/// an earlier process say is taken over; the texts of passwords are with the accounts alone from
/// here on.
fn assembled(
    manager: ServerManager,
    catalogue: Arc<Catalogue>,
    declared: Declared,
    (place, beside, hashing): (Place, Option<Beside>, Hashing),
    found: &[StoredRecord],
) -> Result<Cloud, OpenError> {
    records::warn_of_unknown(found);
    let rows = Rows::read(found);
    let mut unrecorded: Vec<RecordChange> =
        overruled(&declared.users, &rows).map(password_removed).collect();
    let admin_key = match AdminKey::read(found) {
        Some(key) => key,
        None => {
            let key = AdminKey::draw().map_err(OpenError::NoSecret)?;
            unrecorded.push(key.record());
            key
        }
    };
    let (records, world) = (Records::new(manager.clone()), manager.clock());
    let rates = declared.rates;
    let users = declared.users.into_iter().map(new_user).collect();
    let per_min = rates.identity_per_min;
    let accounts = Accounts::new(
        users,
        (declared.projects, declared.cell),
        per_min,
        manager.clone(),
        records.clone(),
        (rows, beside, hashing),
    );
    let users = accounts.directory().users().iter().map(|user| Arc::clone(&user.id)).collect();
    Ok(Cloud {
        groups: Groups::new(manager.clone()),
        key_pairs: KeyPairs::new(manager.clone(), users),
        servers: Servers::new(
            manager.clone(),
            Arc::clone(&catalogue),
            admin_key,
            declared.times.restores_deleted(),
            place.faults.clone(),
        ),
        manager,
        catalogue,
        accounts,
        public_url: place.public_url,
        is_encrypted: place.is_encrypted,
        path: place.path,
        faults: place.faults,
        seed: place.seed,
        rate: Replaceable::new(project_rate(rates.compute_per_s, world)),
        unrecorded,
        records,
        drains: Drains::default(),
    })
}

/// The buckets of all projects, by either time.
pub(crate) fn project_rate(
    per_s: Option<NonZeroU32>,
    world: WorldClock,
) -> Option<ByTime<ProjectRate>> {
    per_s.map(|rate| ByTime {
        real: ProjectRate::new(rate, WorldClock::real()),
        world: ProjectRate::new(rate, world),
    })
}

/// The users that have a password in the declaration now and one that was drawn before. The
/// declared one ends the other: it must not be good again if the declaration has none some day.
fn overruled<'a>(users: &'a [DeclaredUser], rows: &Rows<'a>) -> impl Iterator<Item = &'a str> {
    let is_overruled = |id: &&str| {
        let mut users = users.iter();
        users.any(|user| *user.id == **id && user.password.is_some() && !user.is_drawn)
    };
    rows.users_with_passwords().filter(is_overruled).collect::<Vec<_>>().into_iter()
}

fn new_user(declared: DeclaredUser) -> NewUser {
    let DeclaredUser { id, name, password, is_drawn, default_project, grants } = declared;
    NewUser { user: User { id, name, default_project, grants }, password, is_drawn }
}
