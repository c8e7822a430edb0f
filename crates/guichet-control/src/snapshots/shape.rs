//! Snapshots as they are sent and shown.

use std::time::Duration;

use guichet_cloud::worlds::{NamedSnapshot, UnreadableSnapshot, World, WorldSpec};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::shape::date;

/// A snapshot that is to be taken.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSnapshot {
    /// Its name: letters of a to z, digits and . _ -, the first no sign.
    pub(super) name: String,
    /// Whether it comes in place of one of that name, if there is one.
    #[serde(default)]
    pub(super) replace: bool,
}

/// A world that is to begin as another is. All of it may be left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewFork {
    /// The snapshot that it begins from; as the world is now otherwise.
    snapshot: Option<String>,
    /// How machines behave: the name of a built-in profile; as in the other world otherwise.
    profile: Option<String>,
    /// The world ends when nobody has used it for so many seconds; 3,600 otherwise.
    idle_s: Option<u64>,
    /// The file of the authority by which clients are to check the service: it is written into `clouds_yaml` and
    /// `environment`, and not read here.
    cacert: Option<String>,
}

impl NewFork {
    /// The snapshot that is named, what is said of the world, and the file that clients check it by.
    pub(super) fn parts(self) -> (Option<String>, WorldSpec, Option<String>) {
        let Self { snapshot, profile, idle_s, cacert } = self;
        let idle = idle_s.map(Duration::from_secs);
        (snapshot, WorldSpec { profile, idle, ..WorldSpec::default() }, cacert)
    }
}

/// A snapshot.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SnapshotRow {
    /// Its name.
    name: String,
    /// When it was taken or imported.
    taken_at: String,
    /// What time it was in the world; null: whoever goes back to it begins with the present.
    now: Option<String>,
    /// How fast the world's time went; 0 was stopped.
    speed: Option<f64>,
    /// Servers that exist in it.
    servers: usize,
    /// Operations that waited or ran.
    operations: usize,
}

impl From<&NamedSnapshot> for SnapshotRow {
    fn from(kept: &NamedSnapshot) -> Self {
        let (counts, time) = (kept.snapshot.counts(), kept.snapshot.time());
        Self {
            name: kept.name.to_string(),
            taken_at: date(kept.taken),
            now: time.map(|time| time.now.to_string()),
            speed: time.map(|time| time.speed),
            servers: counts.servers,
            operations: counts.operations,
        }
    }
}

/// One snapshot.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneSnapshot {
    pub(super) snapshot: SnapshotRow,
}

/// All snapshots of a world.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AllSnapshots {
    /// By name.
    snapshots: Vec<SnapshotRow>,
    /// Those in files that could not be read when the service started, by name.
    unreadable: Vec<UnreadableRow>,
}

/// A snapshot that could not be read.
#[derive(Debug, Serialize, ToSchema)]
struct UnreadableRow {
    /// Its name.
    name: String,
    /// What is wrong with it.
    problem: String,
}

impl AllSnapshots {
    pub(super) fn of(world: &World) -> Self {
        let unreadable = world.unreadable_snapshots().into_iter();
        let row = |it: UnreadableSnapshot| UnreadableRow {
            name: it.name.to_string(),
            problem: it.problem,
        };
        Self {
            snapshots: world.snapshots().iter().map(SnapshotRow::from).collect(),
            unreadable: unreadable.map(row).collect(),
        }
    }
}
