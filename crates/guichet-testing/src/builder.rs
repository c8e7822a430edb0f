//! What a world is to be.

use guichet_cloud::config::Declared;
use guichet_cloud::worlds::{Blueprint, builtin_profile};
use guichet_driver::DriverRegistry;

use crate::error::StartError;
use crate::service::Service;
use crate::world::World;

/// What a world is to be. What is not said is as with `guichet serve --dev`: three projects, `demo`,
/// `alt` and `admin`, their users of the same names with the password `secret`, flavors, images, a network, and
/// machines that take no time.
#[derive(Debug, Clone, Default)]
pub struct Builder {
    config: Option<String>,
    profile: Option<String>,
    seed: Option<u64>,
    speed: Option<f64>,
    jumps: bool,
}

impl World {
    /// Starts one as `guichet serve --dev` is: see [`Builder`].
    ///
    /// # Errors
    /// [`StartError::System`].
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// The same for a test that has no runtime.
    ///
    /// ```
    /// let world = guichet_testing::World::start_blocking()?;
    /// assert!(world.auth_url().starts_with("http://127.0.0.1:"));
    /// # Ok::<(), guichet_testing::StartError>(())
    /// ```
    ///
    /// # Errors
    /// [`StartError::System`].
    pub fn start_blocking() -> Result<Self, StartError> {
        Self::builder().start_blocking()
    }

    /// One that is to be started otherwise.
    ///
    /// ```
    /// # use guichet_testing::World;
    /// let world = World::builder().profile("realistic").seed(7).speed(1_000.0).start_blocking()?;
    /// # Ok::<(), guichet_testing::StartError>(())
    /// ```
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl Builder {
    /// The text of a configuration, as `guichet serve --config` reads one.
    #[must_use]
    pub fn config(mut self, text: impl Into<String>) -> Self {
        self.config = Some(text.into());
        self
    }

    /// A built-in profile by its name, such as `realistic`: how long the machines take, and how they
    /// fail.
    #[must_use]
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self
    }

    /// What all chance is drawn from: with the same seed and the same requests the same happens.
    #[must_use]
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Seconds of the world in a second of the process: 0 is stopped, 10,000 the most.
    #[must_use]
    pub const fn speed(mut self, speed: f64) -> Self {
        self.speed = Some(speed);
        self
    }

    /// Its time jumps: see [`Clock::jump`](crate::Clock::jump).
    #[must_use]
    pub const fn jump(mut self) -> Self {
        self.jumps = true;
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// [`StartError`].
    #[expect(clippy::unused_async, reason = "a test waits for it as for whatever else it starts")]
    pub async fn start(self) -> Result<World, StartError> {
        self.start_blocking()
    }

    /// The same for a test that has no runtime.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn start_blocking(self) -> Result<World, StartError> {
        let world = World::new(Service::start(self.blueprint()?)?);
        if let Some(speed) = self.speed {
            world.clock().run(speed)?;
        }
        if self.jumps {
            world.clock().jump()?;
        }
        Ok(world)
    }

    fn blueprint(&self) -> Result<Blueprint, StartError> {
        let mut declared = match &self.config {
            Some(text) => Declared::parse_for(text, "configuration", &DriverRegistry::builtin())?,
            None => Declared::dev(),
        };
        if let Some(profile) = &self.profile {
            declared.profile.clone_from(profile);
        }
        let profile = builtin_profile(&declared.profile)?;
        let (is_stored, snapshots) = (false, None);
        Ok(Blueprint { declared, profile, seed: self.seed, is_stored, snapshots })
    }
}
