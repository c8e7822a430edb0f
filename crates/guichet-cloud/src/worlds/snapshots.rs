//! Snapshots of worlds: taken under a name, gone back to, and begun from.
//!
//! A world has its own, and they end with it. What takes long (copying and opening thousands of
//! servers) is done on a thread beside those that answer requests, one such thing at a time.

use std::sync::Arc;

use guichet_core::time::Clock;
use guichet_engine::ids::fresh_seed;
use tokio::sync::SemaphorePermit;

use super::error::WorldError;
use super::snapshot_table::{NamedSnapshot, SnapshotName};
use super::spec::WorldSpec;
use super::world::World;
use super::{Made, Worlds};
use crate::snapshot::Snapshot;

impl World {
    /// Its snapshots, by name.
    pub fn snapshots(&self) -> Vec<NamedSnapshot> {
        self.snapshots.table().values().cloned().collect()
    }

    /// Its snapshot of this name.
    ///
    /// # Errors
    /// [`WorldError::NoSnapshot`].
    pub fn snapshot(&self, name: &str) -> Result<NamedSnapshot, WorldError> {
        let table = self.snapshots.table();
        let found = SnapshotName::new(name).ok().and_then(|name| table.get(&name).cloned());
        found.ok_or_else(|| WorldError::NoSnapshot { name: name.to_owned() })
    }
}

impl Worlds {
    /// Takes a snapshot of a world.
    ///
    /// # Errors
    /// [`WorldError`]: there is none more than before.
    pub async fn take_snapshot(
        &self,
        world: &World,
        name: SnapshotName,
        replaces: bool,
    ) -> Result<NamedSnapshot, WorldError> {
        world.snapshots.check(&name, replaces)?;
        let _turn = self.held.turn.acquire().await;
        let snapshot = self.taken(world).await?;
        self.keep(world, name, snapshot, replaces)
    }

    /// A snapshot of a world, that has no name yet.
    async fn taken(&self, world: &World) -> Result<Arc<Snapshot>, WorldError> {
        let taken = world.cloud().snapshot().await;
        self.held.counted(taken.ok_or(WorldError::Closing)?)
    }

    fn keep(
        &self,
        world: &World,
        name: SnapshotName,
        snapshot: Arc<Snapshot>,
        replaces: bool,
    ) -> Result<NamedSnapshot, WorldError> {
        // Somebody else may have put one in meanwhile.
        world.snapshots.check(&name, replaces)?;
        let kept = NamedSnapshot { name: name.clone(), snapshot, taken: self.clock.now() };
        world.snapshots.table().insert(name, kept.clone());
        Ok(kept)
    }

    /// The right to read a document that is to be imported: one is read at a time.
    pub async fn may_import(&self) -> Option<SemaphorePermit<'_>> {
        self.held.imports.acquire().await.ok()
    }

    /// Puts a snapshot that a document describes among those of a world, in place of one of that name.
    ///
    /// # Errors
    /// [`WorldError`]: nothing was changed.
    pub async fn import_snapshot(
        self: &Arc<Self>,
        world: &Arc<World>,
        name: SnapshotName,
        text: Vec<u8>,
    ) -> Result<NamedSnapshot, WorldError> {
        world.snapshots.check(&name, true)?;
        let _turn = self.held.turn.acquire().await;
        let imported = move |worlds: &Self, world: &World| {
            let (declared, present) = (worlds.declared(world), worlds.clock.now());
            let seed = world.seed().unwrap_or_else(fresh_seed);
            let snapshot = Snapshot::read(&text, declared, present, seed)?;
            worlds.keep(world, name, worlds.held.counted(snapshot)?, true)
        };
        self.off_the_loop(world, imported).await
    }

    /// A snapshot of a world as a document.
    ///
    /// # Errors
    /// [`WorldError::NoSnapshot`].
    pub async fn export_snapshot(
        self: &Arc<Self>,
        world: &Arc<World>,
        name: &str,
    ) -> Result<String, WorldError> {
        let NamedSnapshot { snapshot, .. } = world.snapshot(name)?;
        let _turn = self.held.turn.acquire().await;
        let exported =
            move |worlds: &Self, world: &World| Ok(snapshot.document(worlds.declared(world)));
        self.off_the_loop(world, exported).await
    }

    /// Deletes a snapshot of a world. Worlds that began from it go on.
    ///
    /// # Errors
    /// [`WorldError::NoSnapshot`].
    pub fn delete_snapshot(&self, world: &World, name: &str) -> Result<(), WorldError> {
        let kept = world.snapshot(name)?;
        world.snapshots.table().remove(&kept.name);
        Ok(())
    }

    /// Has a world be again as its snapshot has it, with the time that was then. Its tokens stay good;
    /// fault rules and what it was asked go. Requests that are at it are answered by the cloud as it
    /// was. To be called inside a tokio runtime.
    ///
    /// # Errors
    /// [`WorldError`]: it is as it was.
    pub async fn restore(
        self: &Arc<Self>,
        world: &Arc<World>,
        name: &str,
    ) -> Result<(), WorldError> {
        let NamedSnapshot { snapshot, .. } = world.snapshot(name)?;
        world.check_replaced(&self.blueprint)?;
        let _turn = self.held.turn.acquire().await;
        let restored = move |worlds: &Self, world: &World| {
            let before = world.restore(&snapshot, &worlds.blueprint, &worlds.first.cloud());
            worlds.replaced(world, before)
        };
        self.off_the_loop(world, restored).await
    }

    /// Makes a world that begins as another is now, or as a snapshot of that has it. It has no tokens
    /// and no snapshots. To be called inside a tokio runtime.
    ///
    /// # Errors
    /// [`WorldError`]: nothing was made.
    pub async fn fork(
        self: &Arc<Self>,
        world: &Arc<World>,
        name: Option<&str>,
        spec: WorldSpec,
    ) -> Result<Made, WorldError> {
        self.check_more()?;
        let named = name.map(|name| world.snapshot(name)).transpose()?;
        let _turn = self.held.turn.acquire().await;
        let snapshot = match named {
            Some(kept) => kept.snapshot,
            None => self.taken(world).await?,
        };
        let plan = world.plan().forked(snapshot, spec)?;
        self.off_the_loop(world, move |worlds, _| worlds.make(plan)).await
    }

    /// Does something with a world on a thread that may be held up, and waits for it. It is done to its
    /// end also if nobody waits any more.
    pub(super) async fn off_the_loop<T: Send + 'static>(
        self: &Arc<Self>,
        world: &Arc<World>,
        done: impl FnOnce(&Self, &World) -> Result<T, WorldError> + Send + 'static,
    ) -> Result<T, WorldError> {
        let (worlds, world) = (Arc::clone(self), Arc::clone(world));
        let doing = self.endings.spawn_blocking(move || done(&worlds, &world));
        // It does not panic; a runtime that ends cancels it.
        doing.await.unwrap_or(Err(WorldError::Closing))
    }
}
