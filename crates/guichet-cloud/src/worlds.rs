//! Worlds: clouds of their own in one service, each for a test or a user that wants nothing of the
//! others. The first one is the service's own and is always there.
//!
//! A world has its own accounts, tokens, servers, quotas, rates, workers and driver; nothing of one
//! is in another. What they share is the machine, and the queue in which passwords are hashed.
//!
//! ```text
//! create ─▶ a cloud opened beside the first ─▶ table ─▶ find (each request) ─▶ World::cloud
//!                                               │
//!                              end, or nobody asked for it for its idle time
//!                                               ▼
//!                                     its workers are stopped and awaited
//! ```

mod error;
mod operations;
mod requests;
mod snapshot_files;
mod snapshot_table;
mod snapshots;
mod spec;
mod time;
mod token;
mod world;

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::limits;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use error::WorldError;
pub use operations::DoneOperation;
pub use requests::{Details, Remembered, Requests, SentBody, SentRequest};
pub use snapshot_table::{Importing, NamedSnapshot, SnapshotName, UnreadableSnapshot};
pub use spec::{Blueprint, DeclaredIn, PROFILES, WorldSpec, builtin as builtin_profile};
pub use time::{Advance, Advanced, TimeState};
pub use token::{ControlToken, TokenDigest};
pub use world::{World, WorldId};

use crate::builder::Opened;
use crate::cloud::Cloud;
use crate::reload::{Reload, ReloadError};
use crate::replaceable::Replaceable;
use snapshot_table::Held;
use spec::Plan;

/// A world that was just made.
#[derive(Debug)]
pub struct Made {
    /// The world.
    pub world: Arc<World>,
    /// What lets its maker reset and end it: known at this moment alone.
    pub token: ControlToken,
}

/// Worlds beside the first.
type Table = HashMap<WorldId, Arc<World>>;

/// All worlds of a service.
pub struct Worlds {
    blueprint: Replaceable<Arc<Blueprint>>,
    /// The directory in which the first's snapshots are files, if they are.
    snapshots: Option<PathBuf>,
    first: Arc<World>,
    /// How many there may be beside the first.
    most: usize,
    /// Those beside the first. Read for one look-up by each request to one of them; written as one
    /// is made or ends. Never held across a wait or while a cloud is opened.
    table: RwLock<Table>,
    /// The process's time: worlds that are idle end by it, whatever their own clocks say.
    clock: WorldClock,
    /// Clouds that are ending, and snapshots that are opened; awaited by [`close`](Self::close).
    endings: TaskTracker,
    /// What all snapshots may hold.
    held: Held,
}

impl fmt::Debug for Worlds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worlds").field("count", &self.len()).finish_non_exhaustive()
    }
}

impl Worlds {
    /// The first world alone, around a cloud that was opened for it. At most `most` others may be
    /// made, each as the blueprint says where its maker says nothing. Reads the
    /// snapshots of the first, where they are files.
    pub fn new(first: Arc<Cloud>, blueprint: Blueprint, most: usize) -> Self {
        let clock = WorldClock::real();
        let blueprint = Arc::new(blueprint);
        let worlds = Self {
            first: Arc::new(World::first(first, &blueprint, &clock)),
            snapshots: blueprint.snapshots.clone(),
            blueprint: Replaceable::new(blueprint),
            most: most.min(limits::WORLDS_MAX),
            table: RwLock::default(),
            clock,
            endings: TaskTracker::new(),
            held: Held::default(),
        };
        worlds.read_files();
        worlds.go_on_draining(&worlds.first);
        worlds
    }

    /// Goes on with the emptying of hosts in a world, if some are to be emptied: to be called each time that
    /// one may be. To be called inside a tokio runtime.
    pub fn go_on_draining(&self, world: &World) {
        let cloud = world.cloud();
        if cloud.has_drains() {
            self.endings.spawn(cloud.drain_hosts());
        }
    }

    /// The same around a cloud in memory that is opened as the blueprint says. To be called inside a tokio
    /// runtime.
    ///
    /// # Errors
    /// [`WorldError::Open`].
    pub fn open(mut blueprint: Blueprint, most: usize) -> Result<Self, WorldError> {
        let Opened { cloud, drawn, .. } = world::open_first(&blueprint)?;
        blueprint.declared.set_passwords(&drawn);
        Ok(Self::new(cloud, blueprint, most))
    }

    /// The service's own world, under no path of its own.
    pub const fn first(&self) -> &Arc<World> {
        &self.first
    }

    /// What is declared in a world, with the passwords of its users.
    pub fn declared(&self, world: &World) -> DeclaredIn {
        world.declared()
    }

    /// What worlds are made of where their makers say nothing.
    fn blueprint(&self) -> Arc<Blueprint> {
        self.blueprint.look(Arc::clone)
    }

    /// Has the first world take over what is new in another declaration, and worlds that are made, reset
    /// or restored from now on be as it says; what is new, by the names it has in a configuration. It is
    /// done to its end also if nobody waits any more. To be called inside a tokio runtime, and once at a
    /// time.
    ///
    /// # Errors
    /// [`ReloadError`]: nothing was changed.
    pub async fn reload(
        self: &Arc<Self>,
        reload: &Arc<Reload>,
    ) -> Result<Vec<&'static str>, ReloadError> {
        let (worlds, reload) = (Arc::clone(self), Arc::clone(reload));
        let doing = self.endings.spawn(async move { worlds.taken_over(&reload).await });
        // It does not panic; a runtime that ends cancels it.
        doing.await.unwrap_or(Err(ReloadError::Closing))
    }

    async fn taken_over(&self, reload: &Reload) -> Result<Vec<&'static str>, ReloadError> {
        // No other cloud is put in the place of the first's meanwhile.
        let _still = self.first.steer_in_turn().await.map_err(|error| match error {
            WorldError::Closing => ReloadError::Closing,
            _ => ReloadError::Busy,
        })?;
        let changed = self.first.cloud().reload(reload).await?;
        let blueprint = Arc::new(self.blueprint().with(reload.declared(), reload.profile()));
        self.first.is_made_of(&blueprint);
        self.blueprint.replace(blueprint);
        Ok(changed)
    }

    /// The process's time, which is when worlds are used.
    pub const fn clock(&self) -> &WorldClock {
        &self.clock
    }

    /// How many may be made.
    pub const fn most(&self) -> usize {
        self.most
    }

    /// How many there are beside the first.
    pub fn len(&self) -> usize {
        self.table().len()
    }

    /// Whether the first is alone.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of them: the first, then the others from the oldest on.
    pub fn all(&self) -> Vec<Arc<World>> {
        let mut others: Vec<Arc<World>> = self.table().values().cloned().collect();
        others.sort_by_key(|world| (world.created(), world.id()));
        std::iter::once(Arc::clone(&self.first)).chain(others).collect()
    }

    /// The world of this id, the first one included; looking at it so does not count as use.
    pub fn look_at(&self, id: &str) -> Option<Arc<World>> {
        if id == WorldId::FIRST {
            return Some(Arc::clone(&self.first));
        }
        self.beside(id)
    }

    /// The one of this id beside the first.
    fn beside(&self, id: &str) -> Option<Arc<World>> {
        self.table().get(&WorldId::parse(id)?).cloned()
    }

    fn table(&self) -> RwLockReadGuard<'_, Table> {
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn table_mut(&self) -> RwLockWriteGuard<'_, Table> {
        self.table.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The world beside the first that a request is for; it is in use from now on.
    pub fn find(&self, id: &str) -> Option<Arc<World>> {
        let world = self.beside(id)?;
        world.touch(&self.clock);
        Some(world)
    }

    /// Makes a world. To be called inside a tokio runtime.
    ///
    /// # Errors
    /// [`WorldError`]: nothing was made.
    pub fn create(&self, spec: WorldSpec) -> Result<Made, WorldError> {
        self.check_more()?;
        self.make(spec.check()?)
    }

    /// Whether one more may be made: looked at first, so that whoever asks when there are too many has
    /// no cloud opened.
    fn check_more(&self) -> Result<(), WorldError> {
        self.check_count(self.len())?;
        if self.first.is_closing() { Err(WorldError::Closing) } else { Ok(()) }
    }

    /// Makes a world by its plan.
    fn make(&self, plan: Plan) -> Result<Made, WorldError> {
        let (world, token) =
            World::open(plan, &self.blueprint(), &self.first.cloud(), &self.clock)?;
        let world = Arc::new(world);
        let mut table = self.table_mut();
        let counted = self.check_count(table.len());
        if counted.is_ok() {
            table.insert(world.id(), Arc::clone(&world));
        }
        drop(table);
        // Made by somebody else meanwhile.
        if let Err(error) = counted {
            self.stop(world.cloud());
            return Err(error);
        }
        self.go_on_draining(&world);
        Ok(Made { world, token })
    }

    fn check_count(&self, count: usize) -> Result<(), WorldError> {
        match self.most {
            0 => Err(WorldError::Off),
            most if count >= most => Err(WorldError::TooMany { most }),
            _ => Ok(()),
        }
    }

    /// Ends a world: nobody finds it any more, what runs in it is given up, and its memory is free
    /// once the requests that are at it have their answers.
    ///
    /// # Errors
    /// [`WorldError::First`]; [`WorldError::NotFound`], also if it has ended before.
    pub fn end(&self, world: &World) -> Result<(), WorldError> {
        if world.is_first() {
            return Err(WorldError::First);
        }
        let ended = self.table_mut().remove(&world.id());
        self.stop(ended.ok_or(WorldError::NotFound)?.cloud());
        Ok(())
    }

    /// Has a world begin anew as it was made, with new tokens. Requests that are at it are answered by
    /// the cloud as it was. To be called inside a tokio runtime.
    ///
    /// # Errors
    /// [`WorldError`]: it is as it was.
    pub async fn reset(self: &Arc<Self>, world: &Arc<World>) -> Result<(), WorldError> {
        let is_small = world.plan().origin.is_none();
        // Always in this order.
        let turn = if is_small { None } else { self.held.turn().await };
        let still = world.steer_in_turn().await?;
        if is_small {
            return self.replaced(world, world.reset(&self.blueprint(), &self.first.cloud()));
        }
        let reset = move |worlds: &Self, world: &World| {
            let _still = still;
            let reset = world.reset(&worlds.blueprint(), &worlds.first.cloud());
            worlds.replaced(world, reset)
        };
        self.off_the_loop(world, turn, reset).await
    }

    /// A world has another cloud, if that could be opened: the one before ends.
    fn replaced(
        &self,
        world: &World,
        before: Result<Arc<Cloud>, WorldError>,
    ) -> Result<(), WorldError> {
        self.stop(before?);
        self.go_on_draining(world);
        // It may have ended meanwhile, and the new cloud must not stay behind.
        if !world.is_first() && !self.table().contains_key(&world.id()) {
            self.stop(world.cloud());
            return Err(WorldError::NotFound);
        }
        Ok(())
    }

    /// A world is in use.
    pub fn touch(&self, world: &World) {
        world.touch(&self.clock);
    }

    /// The service stops: its own world is not steered any more, and its time goes on, as nothing that is
    /// under way ends while it stands still. Nothing more is made.
    pub fn begin_closing(&self) {
        self.first.cloud().drains.stop();
        self.first.release();
    }

    /// Whether the service stops.
    pub fn is_closing(&self) -> bool {
        self.first.is_closing()
    }

    /// Ends worlds that nobody uses, until `stop` is cancelled.
    pub async fn end_idle(&self, stop: &CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(limits::WORLD_SWEEP)).await.is_some() {
            let is_idle = |world: &World| world.is_idle(&self.clock);
            let idle: Vec<WorldId> =
                self.table().values().filter(|world| is_idle(world)).map(|it| it.id()).collect();
            for id in idle {
                let mut table = self.table_mut();
                // Somebody may have used it meanwhile.
                let ended = table.get(&id).is_some_and(|world| is_idle(world));
                let ended = if ended { table.remove(&id) } else { None };
                drop(table);
                if let Some(world) = ended {
                    tracing::info!(world = %id, "ended: nobody used it");
                    self.stop(world.cloud());
                }
            }
        }
    }

    /// Ends all worlds beside the first, and waits until all that ended is gone.
    pub async fn close(&self) {
        let ended = std::mem::take(&mut *self.table_mut());
        for world in ended.into_values() {
            self.stop(world.cloud());
        }
        self.endings.close();
        self.endings.wait().await;
    }

    /// Stops a cloud's workers; whoever still holds it is refused.
    fn stop(&self, cloud: Arc<Cloud>) {
        cloud.drains.stop();
        self.endings.spawn(async move {
            // What is left undone was to be given up.
            let _ = cloud.manager().drain(Duration::ZERO).await;
        });
    }
}
