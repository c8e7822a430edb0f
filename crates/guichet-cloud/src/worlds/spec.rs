//! What a world is made of.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use guichet_core::limits;
use guichet_driver::DriverRegistry;
use guichet_driver::profile::Profile;
use guichet_driver::simulated::Simulated;

use super::error::WorldError;
use crate::config::Declared;
use crate::snapshot::Snapshot;

/// What the worlds of a service are made of where their makers say nothing: the same as its first.
#[derive(Debug, Clone)]
pub struct Blueprint {
    /// What is declared, with the passwords that the declaration has.
    pub declared: Declared,
    /// How the machines behave.
    pub profile: Profile,
    /// What all chance is drawn from; none: a seed of each world's own.
    pub seed: Option<u64>,
    /// Whether the first world is in a data directory.
    pub is_stored: bool,
    /// The directory in which its snapshots are files, if they are to outlive the process.
    pub snapshots: Option<PathBuf>,
}

impl Blueprint {
    /// The same with another declaration, in which users without passwords have those that they had:
    /// passwords that were drawn are nowhere else.
    pub(super) fn with(&self, declared: &Declared, profile: &Profile) -> Self {
        let mut declared = declared.clone();
        for (user, before) in declared.users.iter_mut().zip(&self.declared.users) {
            user.password = user.password.take().or_else(|| before.password.clone());
        }
        if self.declared.users.iter().all(|user| user.password.is_none()) {
            // Nobody can ask for another cloud of it: they need not be known.
            declared.users.iter_mut().for_each(|user| user.password = None);
        }
        Self { declared, profile: profile.clone(), ..self.clone() }
    }
}

/// What is declared in a world, held on to.
#[derive(Debug)]
pub enum DeclaredIn {
    /// By its maker.
    Own(Arc<Declared>),
    /// By the service.
    Service(Arc<Blueprint>),
}

impl Deref for DeclaredIn {
    type Target = Declared;

    fn deref(&self) -> &Declared {
        match self {
            Self::Own(declared) => declared,
            Self::Service(blueprint) => &blueprint.declared,
        }
    }
}

/// What the maker of a world says of it.
#[derive(Debug, Clone, Default)]
pub struct WorldSpec {
    /// The text of a configuration, in place of the service's.
    pub config: Option<String>,
    /// The name of a built-in profile.
    pub profile: Option<String>,
    /// What all chance is drawn from.
    pub seed: Option<u64>,
    /// For how long nobody may use it before it ends.
    pub idle: Option<Duration>,
}

/// What a world is made of, and made of again when it is reset.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// What is declared; none: the blueprint's.
    pub(super) declared: Option<Arc<Declared>>,
    /// How the machines behave; none: as the blueprint says.
    pub(super) profile: Option<Profile>,
    pub(super) seed: Option<u64>,
    pub(super) idle: Duration,
    /// What it begins as; none: as declared.
    pub(super) origin: Option<Arc<Snapshot>>,
}

impl Plan {
    /// The first's: as the blueprint says.
    pub(super) const fn of_first(blueprint: &Blueprint) -> Self {
        let (seed, idle) = (blueprint.seed, Duration::MAX);
        Self { declared: None, profile: None, seed, idle, origin: None }
    }

    /// The plan of a world that begins as a snapshot of one with this plan.
    ///
    /// # Errors
    /// [`WorldError`], of what the maker says of it.
    pub(super) fn forked(
        &self,
        origin: Arc<Snapshot>,
        spec: WorldSpec,
    ) -> Result<Self, WorldError> {
        if spec.config.is_some() || spec.seed.is_some() {
            return Err(WorldError::OfSnapshot);
        }
        let asked = spec.check()?;
        Ok(Self {
            declared: self.declared.clone(),
            profile: asked.profile.or_else(|| self.profile.clone()),
            seed: self.seed,
            idle: asked.idle,
            origin: Some(origin),
        })
    }
}

impl WorldSpec {
    /// What is said, checked.
    ///
    /// # Errors
    /// [`WorldError`], of what is wrong with it.
    pub(super) fn check(self) -> Result<Plan, WorldError> {
        let idle = self.idle.unwrap_or(limits::WORLD_IDLE_DEFAULT);
        if idle < Duration::from_secs(1) || idle > limits::WORLD_IDLE_MAX {
            let (found, most) = (idle.as_secs(), limits::WORLD_IDLE_MAX.as_secs());
            return Err(WorldError::Idle { found, most });
        }
        let declared = self.config.as_deref().map(declared).transpose()?;
        let named = self.profile.as_deref().or(declared.as_ref().map(|d| d.profile.as_str()));
        let profile = named.map(builtin).transpose()?;
        Ok(Plan { declared: declared.map(Arc::new), profile, seed: self.seed, idle, origin: None })
    }
}

/// A configuration's text, read. It names no driver of the service's machine.
fn declared(text: &str) -> Result<Declared, WorldError> {
    let declared = Declared::parse_for(text, "configuration", &DriverRegistry::builtin())?;
    if &*declared.driver != Simulated::NAME {
        return Err(WorldError::Driver);
    }
    Ok(declared)
}

/// The names of the built-in profiles.
pub const PROFILES: &[&str] = Profile::BUILTIN;

/// A profile by its name: never a file.
///
/// # Errors
/// [`WorldError::Profile`].
pub fn builtin(name: &str) -> Result<Profile, WorldError> {
    Profile::builtin(name).ok_or_else(|| WorldError::Profile {
        found: name.to_owned(),
        expected: Profile::BUILTIN.join(", "),
    })
}
