//! From a declaration to a cloud that takes requests.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use guichet_clock::WorldClock;
use guichet_core::chance::Chance;
use guichet_core::refusal::Refusal;
use guichet_driver::Driver;
use guichet_driver::profile::Profile;
use guichet_driver::simulated::{Names, Simulated};
use guichet_engine::ids::fresh_seed;
use guichet_engine::rate_limit::ProjectRate;
use guichet_engine::{EngineConfig, ServerManager};
use guichet_store::Store;
use guichet_store::journal::{OnTrouble, RecordChange, StoredRecord};

use crate::accounts::{
    Accounts, NewUser, Rows, User, earlier_credentials, password_removed, replaced,
};
use crate::catalogue::Catalogue;
use crate::cloud::Cloud;
use crate::config::{Declared, DeclaredUser, Drawn};
use crate::data::{Data, DataError, Fleet, Held};
use crate::records::{self, Records};
use crate::servers::Servers;
use crate::servers::password::AdminKey;

/// Why a cloud could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data directory could not be opened or gone on with, or the manager not be started.
    #[error(transparent)]
    Data(#[from] DataError),
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

/// What runs operations.
enum DriverChoice {
    /// The simulated driver, by the profile that is declared.
    Declared,
    /// The simulated driver, by this profile.
    Simulated(Profile),
    /// A driver that was made elsewhere.
    Made(Arc<dyn Driver>),
}

type Configure = Box<dyn FnOnce(&mut EngineConfig) + Send>;

/// Makes a [`Cloud`] of what is declared. What is left out is as a service has it: the simulated
/// driver by the declared profile, a fleet in memory, a seed of its own, the real clock.
#[must_use = "nothing is opened until `open` or `start` is called"]
pub struct CloudBuilder {
    declared: Declared,
    data: Option<PathBuf>,
    store: Option<(Arc<dyn Store>, Vec<StoredRecord>)>,
    driver: DriverChoice,
    seed: Option<u64>,
    clock: Option<WorldClock>,
    public_url: Option<Arc<str>>,
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
            driver: DriverChoice::Declared,
            seed: None,
            clock: None,
            public_url: None,
            configure: None,
            on_trouble: Box::new(|_| {}),
        }
    }
}

impl CloudBuilder {
    /// Keeps the fleet in this data directory, and goes on with what is in it.
    pub fn data(mut self, dir: &Path) -> Self {
        self.data = Some(dir.to_owned());
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

    /// Runs operations by the simulated driver with this profile.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.driver = DriverChoice::Simulated(profile);
        self
    }

    /// Runs operations by this driver.
    pub fn driver(mut self, driver: Arc<dyn Driver>) -> Self {
        self.driver = DriverChoice::Made(driver);
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
        let Self { mut declared, data, store, driver, public_url, on_trouble, .. } = self;
        let mut config = declared.engine_config();
        if let Some(configure) = self.configure {
            configure(&mut config);
        }
        let data = data.map(|dir| open_data(&dir, &config, &declared)).transpose()?;
        let held = data.as_ref().map(Data::held);
        let seed = self.seed.unwrap_or_else(fresh_seed);
        config.seed = data.as_ref().map_or(seed, |data| data.seed(seed));
        let clock = data.as_ref().map(|data| data.clock.clone());
        let clock = clock.or(self.clock).unwrap_or_else(WorldClock::real);
        let driver = made(driver, &declared, clock.clone(), config.seed, data.as_ref())?;
        let (fleet, found) = match (data, store) {
            (Some(mut data), _) => {
                let found = std::mem::take(&mut data.found);
                (Fleet::Data(Box::new(data), on_trouble), found)
            }
            (None, Some((store, found))) => (Fleet::Store(store), found),
            (None, None) => (Fleet::Memory, Vec::new()),
        };
        let drawn = declared.draw_passwords(&found).map_err(OpenError::NoPasswords)?;
        let manager = fleet.start(&config, driver, clock)?;
        let cloud = assembled(manager, declared, public_url, &found)?;
        Ok(Opened { cloud: Arc::new(cloud), drawn, held })
    }
}

fn open_data(dir: &Path, config: &EngineConfig, declared: &Declared) -> Result<Data, DataError> {
    let networks = declared.networks.iter().map(|network| Arc::clone(&network.name)).collect();
    let users: Vec<Arc<str>> = declared.users.iter().map(|user| Arc::clone(&user.id)).collect();
    let projects: Vec<Arc<str>> =
        declared.projects.iter().map(|project| Arc::clone(&project.id)).collect();
    let mut data = Data::open(dir, config, networks, Vec::clone(&users))?;
    let rows = earlier_credentials(&data.found, &users, &projects, data.credentials());
    let records: Vec<StoredRecord> = replaced(&data.found, &rows).cloned().collect();
    data.move_credentials(rows, &records)?;
    Ok(data)
}

/// The driver that was chosen; a simulated one takes over the machines of a data directory.
fn made(
    choice: DriverChoice,
    declared: &Declared,
    clock: WorldClock,
    seed: u64,
    data: Option<&Data>,
) -> Result<Arc<dyn Driver>, OpenError> {
    let profile = match choice {
        DriverChoice::Made(driver) => return Ok(driver),
        DriverChoice::Simulated(profile) => profile,
        DriverChoice::Declared => profile_named(&declared.profile)?,
    };
    let names = Names {
        projects: declared.projects.iter().map(|project| Arc::clone(&project.name)).collect(),
        hosts: declared.hosts.iter().map(|host| Arc::clone(&host.name)).collect(),
    };
    let driver = Simulated::new(profile, names, clock, Chance::new(seed));
    for rule in driver.unmatched_rules() {
        tracing::warn!("profile: {rule}");
    }
    if let Some(data) = data {
        driver.adopt(data.machines());
    }
    Ok(Arc::new(driver))
}

/// A profile that is built in, or a file's.
fn profile_named(name: &str) -> Result<Profile, OpenError> {
    let builtin = Profile::builtin(name).map(Ok);
    builtin
        .unwrap_or_else(|| Profile::load(Path::new(name)))
        .map_err(|error| OpenError::Profile { name: name.to_owned(), reason: error.to_string() })
}

/// A cloud around a manager that was made for what is declared and has its fleet. What records of
/// an earlier process say is taken over; the texts of passwords are with the accounts alone from
/// here on.
fn assembled(
    manager: ServerManager,
    declared: Declared,
    public_url: Option<Arc<str>>,
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
    let records = Records::new(manager.clone());
    let Declared { region, zone, flavors, images, networks, hosts, rates, .. } = declared;
    let users = declared.users.into_iter().map(new_user).collect();
    let per_min = rates.identity_per_min;
    let accounts =
        Accounts::new(users, declared.projects, per_min, manager.clone(), records.clone(), rows);
    let catalogue = Arc::new(Catalogue::new(region, zone, flavors, images, networks, hosts));
    Ok(Cloud {
        servers: Servers::new(manager.clone(), Arc::clone(&catalogue), admin_key),
        manager,
        catalogue,
        accounts,
        public_url,
        rate: rates.compute_per_s.map(|rate| ProjectRate::new(rate, WorldClock::real())),
        unrecorded,
        records,
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
