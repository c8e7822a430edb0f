//! The time of a world.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use guichet_cloud::worlds::{Advance, Advanced, WorldError};

use crate::service::Service;

/// The time of a world: its machines' delays, deadlines, retries and every stamp go by it. Tokens and
/// rates go by real time.
#[derive(Debug, Clone, Copy)]
pub struct Clock<'a> {
    pub(crate) service: &'a Service,
}

impl Clock<'_> {
    /// What time it is there.
    pub fn now(&self) -> SystemTime {
        let now = self.service.worlds.first().time().now;
        SystemTime::UNIX_EPOCH + Duration::from_micros(now.micros())
    }

    /// How many operations wait or run.
    pub fn operations(&self) -> usize {
        self.service.worlds.first().time().operations
    }

    /// Stops it: what is under way stays so.
    ///
    /// # Errors
    /// [`WorldError::BeingSteered`]: it is being moved on.
    pub fn freeze(&self) -> Result<(), WorldError> {
        self.run(0.0)
    }

    /// Has it go on at so many seconds of the world in one of the process.
    ///
    /// # Errors
    /// [`WorldError::Speed`]; [`WorldError::BeingSteered`].
    pub fn run(&self, speed: f64) -> Result<(), WorldError> {
        self.service.worlds.first().set_speed(speed)?;
        self.service.worlds.first().set_jumps(false)
    }

    /// Has it jump, before each request that the world is sent, to where nothing is under way: nobody waits
    /// for a machine, and a client that asks until something is over finds it so the first time. Until
    /// [`run`](Self::run) or [`freeze`](Self::freeze).
    ///
    /// # Errors
    /// [`WorldError::BeingSteered`].
    pub fn jump(&self) -> Result<(), WorldError> {
        self.service.worlds.first().set_jumps(true)
    }

    /// Moves it on by so long; what is due meanwhile happens, in its order.
    ///
    /// # Errors
    /// [`WorldError`]: nothing was changed.
    pub async fn advance(&self, by: Duration) -> Result<Advanced, WorldError> {
        self.move_on(Advance::By(by)).await
    }

    /// Moves it on until nothing is under way any more.
    ///
    /// ```
    /// # use guichet_testing::World;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let world = World::builder().profile("realistic").speed(0.0).start().await?;
    /// // … a client creates a server, which stays in BUILD for as long as the test looks at it …
    /// assert!(world.clock().advance_until_idle().await?.is_reached);
    /// // … and now is ACTIVE, though no time has passed.
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`WorldError`]: nothing was changed.
    pub async fn advance_until_idle(&self) -> Result<Advanced, WorldError> {
        self.move_on(Advance::UntilIdle).await
    }

    async fn move_on(&self, how: Advance) -> Result<Advanced, WorldError> {
        let world = Arc::clone(self.service.worlds.first());
        let moved = self.service.on_thread(async move { world.advance(how).await }).await;
        moved.unwrap_or(Err(WorldError::Closing))
    }
}
