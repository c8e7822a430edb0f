//! Snapshots: a cloud as it is at one moment, from which others go on.
//!
//! ```text
//! Cloud::snapshot ─▶ rows (shared with the fleet) + records + time + seed
//!                        │ CloudBuilder::snapshot: the way in which a data directory is opened
//!                        ▼
//!                    a cloud as it was; what waited or ran in it goes on
//! ```
//!
//! It has servers with all that belongs to them, keys of requests, rows beside servers and what
//! administrators wrote. Tokens, fault rules and the journal of requests are no part of it: they are
//! of who uses a cloud, not of the cloud.

mod at_most;
mod bounded;
mod document;
mod error;
mod head;
mod names;
mod read;
mod weight;
mod word;
mod write;

use std::fmt;
use std::sync::Arc;

use guichet_clock::WorldClock;
use guichet_core::chance::Chance;
use guichet_core::fleet::Saved;
use guichet_core::limits;
use guichet_core::time::Timestamp;
use guichet_store::journal::StoredRecord;
use tokio::sync::OwnedSemaphorePermit;

pub use error::{DocumentError, TooLong};

use crate::cloud::Cloud;
use crate::records;

/// The time of a cloud at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SnapshotTime {
    /// What it was.
    pub now: Timestamp,
    /// Seconds of the cloud in a second of the process; 0 was stopped.
    pub speed: f64,
}

impl SnapshotTime {
    /// The latest that a cloud's time is read or moved on to: from there it can still be moved on once,
    /// and what is stamped then can be written.
    pub(crate) fn latest() -> Timestamp {
        Timestamp::LATEST.before(limits::CLOCK_ADVANCE_MAX)
    }
}

/// A cloud as it was at one moment.
pub struct Snapshot {
    /// The rows, each with the numbers of the declaration that it was taken under.
    pub(crate) saved: Saved,
    /// What is beside the fleet: documents, and the key of administrators' passwords.
    pub(crate) records: Vec<StoredRecord>,
    /// Its time; none: whoever goes on with it begins with the present.
    pub(crate) time: Option<SnapshotTime>,
    /// What its chance was drawn from.
    pub(crate) seed: u64,
    counts: Counts,
    /// What it holds beside the rows of its servers, in bytes, roughly.
    bytes: usize,
    /// Its places among all servers that snapshots hold, and its part of what they carry; they come back
    /// when it is dropped.
    pub(crate) charge: Option<[OwnedSemaphorePermit; 2]>,
}

/// What is in a snapshot, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Servers that exist.
    pub servers: usize,
    /// Operations that waited or ran.
    pub operations: usize,
}

impl fmt::Debug for Snapshot {
    /// Without the records: one of them is a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").field("counts", &self.counts).finish_non_exhaustive()
    }
}

impl Snapshot {
    /// Looks at every row, so not where others wait.
    pub(crate) fn new(
        saved: Saved,
        records: Vec<StoredRecord>,
        time: Option<SnapshotTime>,
        seed: u64,
    ) -> Self {
        let existing = saved.rows.iter().filter(|row| !row.server.is_deleted());
        let counts = existing.fold(Counts::default(), |counts, row| Counts {
            servers: counts.servers + 1,
            operations: counts.operations + usize::from(row.server.active.is_some()),
        });
        let bytes = weight::bytes(&saved, &records);
        Self { saved, records, time, seed, counts, bytes, charge: None }
    }

    /// What is in it.
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// Its time, if it says one.
    pub const fn time(&self) -> Option<SnapshotTime> {
        self.time
    }

    /// Rows of servers, also of those that were deleted and are remembered.
    pub(crate) fn rows(&self) -> usize {
        self.saved.rows.len()
    }

    /// What it holds beside the rows of its servers, in bytes, roughly.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// A clock that goes on from its time.
    pub(crate) fn clock(&self) -> WorldClock {
        self.time.map_or_else(WorldClock::steerable, |time| {
            WorldClock::steered_from(time.now, time.speed)
        })
    }

    /// What the chance of a cloud that goes on from it is drawn from: always the same.
    pub(crate) fn next_seed(&self) -> u64 {
        Chance::new(self.seed).going_on().seed()
    }
}

impl Cloud {
    /// This cloud as it is at one moment: between that and nothing is anything decided or written. It
    /// comes when all of it is durable; none if the cloud ends meanwhile. The rows are copied on a
    /// thread that may be held up, in some 0.1 µs a server, during which nothing is decided.
    pub(crate) async fn snapshot(self: &Arc<Self>) -> Option<Snapshot> {
        let catalogue = &self.catalogue;
        // Always in this order, and nobody else holds two.
        let _held = (
            catalogue.written_flavors.hold().await?,
            catalogue.declared_specs.hold().await?,
            catalogue.written_images.hold().await?,
            catalogue.host_states.hold().await?,
            catalogue.migrations.hold().await?,
            catalogue.aggregates.hold().await?,
            catalogue.quotas.hold().await?,
        );
        let cloud = Arc::clone(self);
        let copied = tokio::task::spawn_blocking(move || {
            let durable = cloud.manager.saved();
            let clock = cloud.manager.clock();
            let time = SnapshotTime { now: cloud.now(), speed: clock.speed() };
            (durable, time)
        });
        let (durable, time) = copied.await.ok()?;
        let (records, seed, saved) = (self.all_records(), self.seed, durable.await?);
        let counted =
            tokio::task::spawn_blocking(move || Snapshot::new(saved, records, Some(time), seed));
        counted.await.ok()
    }

    /// What is beside its fleet and goes with it.
    fn all_records(&self) -> Vec<StoredRecord> {
        let catalogue = &self.catalogue;
        let mut all: Vec<StoredRecord> =
            records::stored(self.servers.admin_key.record()).into_iter().collect();
        all.extend(catalogue.written_flavors.records());
        all.extend(catalogue.declared_specs.records());
        all.extend(catalogue.written_images.records());
        all.extend(catalogue.host_states.records());
        all.extend(catalogue.migrations.records());
        all.extend(catalogue.aggregates.records());
        all.extend(catalogue.quotas.records());
        all
    }
}
