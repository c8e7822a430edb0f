//! Snapshots of worlds: taken under a name, gone back to, and begun from.
//!
//! A world has its own, and they end with it. What takes long (copying and opening thousands of
//! servers) is done on a thread beside those that answer requests, one such thing at a time.

use std::sync::Arc;

use guichet_core::limits;
use guichet_core::time::Clock;
use guichet_engine::ids::fresh_seed;

use super::error::WorldError;
use super::snapshot_files::{Files, Found};
use super::snapshot_table::{Importing, NamedSnapshot, SnapshotName, Turn, UnreadableSnapshot};
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
    /// [`WorldError::NoSnapshot`], [`WorldError::SnapshotUnreadable`].
    pub fn snapshot(&self, name: &str) -> Result<NamedSnapshot, WorldError> {
        let found = SnapshotName::new(name).ok().and_then(|name| self.snapshots.find(&name));
        found.unwrap_or_else(|| Err(WorldError::NoSnapshot { name: name.to_owned() }))
    }

    /// Its snapshots that could not be read when the service started, by name.
    pub fn unreadable_snapshots(&self) -> Vec<UnreadableSnapshot> {
        let table = self.snapshots.unreadable();
        let row = |(name, problem): (&SnapshotName, &String)| UnreadableSnapshot {
            name: name.clone(),
            problem: problem.clone(),
        };
        table.iter().map(row).collect()
    }
}

impl Worlds {
    /// Takes a snapshot of a world.
    ///
    /// # Errors
    /// [`WorldError`]: there is none more than before.
    pub async fn take_snapshot(
        self: &Arc<Self>,
        world: &Arc<World>,
        name: SnapshotName,
        replaces: bool,
    ) -> Result<NamedSnapshot, WorldError> {
        world.snapshots.check(&name, replaces)?;
        let turn = self.held.turn().await;
        let (worlds, of) = (Arc::clone(self), Arc::clone(world));
        let take = async move {
            let snapshot = worlds.taken(&of).await?;
            if worlds.files_of(&of).is_none() {
                return worlds.keep(&of, name, snapshot, replaces);
            }
            let keep =
                move |worlds: &Self, world: &World| worlds.keep(world, name, snapshot, replaces);
            worlds.off_the_loop(&of, turn, keep).await
        };
        self.to_the_end(take).await
    }

    /// A snapshot of a world, that has no name yet.
    async fn taken(&self, world: &World) -> Result<Arc<Snapshot>, WorldError> {
        // While its time is moved on its speed is none that it has.
        let _still = world.steer_in_turn().await?;
        let taken = world.cloud().snapshot().await;
        self.held.counted(taken.ok_or(WorldError::Closing)?)
    }

    /// A snapshot of a world as a document, if it is not too long for one.
    fn document(&self, world: &World, snapshot: &Snapshot) -> Result<String, WorldError> {
        let most = limits::SNAPSHOT_DOCUMENT_MAX;
        let document = snapshot.document(&self.declared(world), most);
        document.map_err(|long| WorldError::SnapshotTooLarge { long, most })
    }

    /// Where a world's snapshots are files, if they are.
    fn files_of(&self, world: &World) -> Option<Files<'_>> {
        self.snapshots.as_deref().filter(|_| world.is_first()).map(Files)
    }

    /// Puts a snapshot among those of a world. Whoever calls has the turn.
    fn keep(
        &self,
        world: &World,
        name: SnapshotName,
        snapshot: Arc<Snapshot>,
        replaces: bool,
    ) -> Result<NamedSnapshot, WorldError> {
        // Somebody else may have put one in meanwhile.
        world.snapshots.check(&name, replaces)?;
        if let Some(files) = self.files_of(world) {
            let is_known = world.snapshot(name.text()).is_ok();
            files.write(&name, &self.document(world, &snapshot)?, is_known)?;
        }
        let named = NamedSnapshot { name: name.clone(), snapshot, taken: self.clock.now() };
        // The file that could not be read was moved away.
        world.snapshots.unreadable().remove(&name);
        let before = world.snapshots.table().insert(name, named.clone());
        self.let_go(before);
        Ok(named)
    }

    /// Drops a snapshot where that may take a while: thousands of rows are given back.
    fn let_go(&self, snapshot: Option<NamedSnapshot>) {
        if let Some(snapshot) = snapshot {
            self.endings.spawn_blocking(move || drop(snapshot));
        }
    }

    /// Puts the snapshots that an earlier process left as files among those of the first world. What
    /// cannot be read is said in the log, and left alone.
    pub(super) fn read_files(&self) {
        let Some(files) = self.files_of(&self.first) else { return };
        let (found, listed) = files.all();
        if let Err(error) = listed {
            tracing::warn!("{}: its snapshots cannot all be listed: {error}", files.0.display());
        }
        for file in found {
            if let Err(problem) = self.read_file(&file) {
                let path = file.path.display();
                tracing::warn!("{path}: this snapshot cannot be read and is left out: {problem}");
                self.first.snapshots.set_unreadable(file.name, problem);
            }
        }
    }

    /// Puts the snapshot of a file among those of the first world; or what is wrong with it.
    fn read_file(&self, file: &Found) -> Result<(), String> {
        let first = &self.first;
        // Before anything of it is read.
        first.snapshots.check(&file.name, false).map_err(|error| error.to_string())?;
        let (text, written) = file.read().map_err(|error| error.to_string())?;
        let snapshot = self.read(first, &text).map_err(|error| error.to_string())?;
        let named = NamedSnapshot { name: file.name.clone(), snapshot, taken: written };
        first.snapshots.table().insert(file.name.clone(), named);
        Ok(())
    }

    /// The snapshot that a document describes.
    fn read(&self, world: &World, text: &[u8]) -> Result<Arc<Snapshot>, WorldError> {
        let seed = world.seed().unwrap_or_else(fresh_seed);
        let snapshot = Snapshot::read(text, &self.declared(world), self.clock.now(), seed)?;
        self.held.counted(snapshot)
    }

    /// Waits for the right to read a document that is to be imported. A world reads one at a time, and
    /// all of them [`limits::SNAPSHOT_IMPORTS_MAX`].
    pub async fn may_import(&self, world: &World) -> Option<Importing> {
        self.held.importing(&world.snapshots).await
    }

    /// Puts a snapshot that a document describes among those of a world, in place of one of that name.
    ///
    /// # Errors
    /// [`WorldError`]: nothing was changed.
    pub async fn import_snapshot(
        self: &Arc<Self>,
        world: &Arc<World>,
        name: SnapshotName,
        (text, importing): (Vec<u8>, Option<Importing>),
    ) -> Result<NamedSnapshot, WorldError> {
        world.snapshots.check(&name, true)?;
        let turn = self.held.turn().await;
        let imported = move |worlds: &Self, world: &World| {
            // Until the text is gone.
            let _importing = importing;
            worlds.keep(world, name, worlds.read(world, &text)?, true)
        };
        self.off_the_loop(world, turn, imported).await
    }

    /// A snapshot of a world as a document.
    ///
    /// # Errors
    /// [`WorldError::NoSnapshot`], [`WorldError::SnapshotTooLarge`].
    pub async fn export_snapshot(
        self: &Arc<Self>,
        world: &Arc<World>,
        name: &str,
    ) -> Result<String, WorldError> {
        let NamedSnapshot { snapshot, .. } = world.snapshot(name)?;
        let turn = self.held.turn().await;
        let exported = move |worlds: &Self, world: &World| worlds.document(world, &snapshot);
        self.off_the_loop(world, turn, exported).await
    }

    /// Deletes a snapshot of a world. Worlds that began from it go on.
    ///
    /// # Errors
    /// [`WorldError::NoSnapshot`]; that its file cannot be removed.
    pub async fn delete_snapshot(
        self: &Arc<Self>,
        world: &Arc<World>,
        name: &str,
    ) -> Result<(), WorldError> {
        let NamedSnapshot { name, .. } = world.snapshot(name)?;
        let turn = self.held.turn().await;
        let remove = move |worlds: &Self, world: &World| {
            if let Some(files) = worlds.files_of(world) {
                files.remove(&name)?;
            }
            let removed = world.snapshots.table().remove(&name);
            drop(removed);
            Ok(())
        };
        self.off_the_loop(world, turn, remove).await
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
        world.check_replaced(&self.blueprint())?;
        let turn = self.held.turn().await;
        let still = world.steer_in_turn().await?;
        let restored = move |worlds: &Self, world: &World| {
            let _still = still;
            let before = world.restore(&snapshot, &worlds.blueprint(), &worlds.first.cloud());
            worlds.replaced(world, before)
        };
        self.off_the_loop(world, turn, restored).await
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
        let turn = self.held.turn().await;
        let (worlds, of) = (Arc::clone(self), Arc::clone(world));
        let fork = async move {
            let snapshot = match named {
                Some(kept) => kept.snapshot,
                None => worlds.taken(&of).await?,
            };
            let plan = of.plan().forked(snapshot, spec)?;
            worlds.off_the_loop(&of, turn, move |worlds, _| worlds.make(plan)).await
        };
        self.to_the_end(fork).await
    }

    /// Does something to its end, also if nobody waits for it any more.
    async fn to_the_end<T: Send + 'static>(
        &self,
        does: impl Future<Output = Result<T, WorldError>> + Send + 'static,
    ) -> Result<T, WorldError> {
        // It does not panic; a runtime that ends cancels it.
        self.endings.spawn(does).await.unwrap_or(Err(WorldError::Closing))
    }

    /// Does something with a world on a thread that may be held up, and waits for it. It is done to its
    /// end also if nobody waits any more, and so long it has its turn.
    pub(super) async fn off_the_loop<T: Send + 'static>(
        self: &Arc<Self>,
        world: &Arc<World>,
        turn: Turn,
        done: impl FnOnce(&Self, &World) -> Result<T, WorldError> + Send + 'static,
    ) -> Result<T, WorldError> {
        let (worlds, world) = (Arc::clone(self), Arc::clone(world));
        let doing = self.endings.spawn_blocking(move || {
            let _turn = turn;
            done(&worlds, &world)
        });
        // It does not panic; a runtime that ends cancels it.
        doing.await.unwrap_or(Err(WorldError::Closing))
    }
}
