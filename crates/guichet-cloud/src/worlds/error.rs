//! Why a world is not made, found or changed.

use std::io;
use std::time::Duration;

use guichet_core::limits;
use guichet_core::time::Timestamp;

use crate::builder::OpenError;
use crate::config::ConfigError;
use crate::snapshot::{DocumentError, TooLong};

/// Why a world is not made, found or changed. Each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The service makes none.
    #[error("This service makes no worlds; start it with --worlds N.")]
    Off,
    /// There are as many as there may be.
    #[error(
        "There are {most} worlds, the most there may be; end one of them, or ask again when one that is idle has ended."
    )]
    TooMany {
        /// How many there may be.
        most: usize,
    },
    /// No world has this id, or it has ended.
    #[error("There is no such world; it may have ended, as worlds that nobody uses do.")]
    NotFound,
    /// The first world ends with the service.
    #[error("The world root ends with the service; reset it instead.")]
    First,
    /// The first world is in a data directory.
    #[error(
        "The world root is in a data directory, which is not thrown away; make a world beside it, or start without --data."
    )]
    IsStored,
    /// The configuration of the new world is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The profile is none of those that are built in. Files of the service's machine are not read
    /// for whoever asks.
    #[error("profile: found {found:?}, expected one of {expected}")]
    Profile {
        /// What was named.
        found: String,
        /// The names there are.
        expected: String,
    },
    /// Machines of worlds are simulated.
    #[error("configuration: driver: a world has simulated machines; leave the driver out")]
    Driver,
    /// The idle time is out of range.
    #[error("idle_s: found {found}, expected 1 to {most}")]
    Idle {
        /// Seconds that were asked for.
        found: u64,
        /// The most.
        most: u64,
    },
    /// The world's time is not to be steered.
    #[error(
        "The world's time goes by the clock of its data directory; make a world beside it, or start without --data."
    )]
    NotSteerable,
    /// The service stops.
    #[error("The service stops; nothing of its worlds is changed any more.")]
    Closing,
    /// Somebody else moves the time on.
    #[error(
        "The world's time is being moved on by another request; ask again when that is answered."
    )]
    BeingSteered,
    /// The speed is out of range.
    #[error("speed: found {found}, expected 0 to {most}")]
    Speed {
        /// What was asked for.
        found: f64,
        /// The most.
        most: f64,
    },
    /// The instant has passed.
    #[error("The world's time never goes back; it is {now} there.")]
    Past {
        /// What time it is.
        now: Timestamp,
    },
    /// The instant is too far away.
    #[error("Time is moved on by {} days at most in one request.", most.as_secs() / 86_400)]
    TooFar {
        /// The most.
        most: Duration,
    },
    /// The instant is so late that what came after it could not be written.
    #[error("The world's time is moved on to {latest} at the latest.")]
    TimeEnds {
        /// The latest that it can be.
        latest: Timestamp,
    },
    /// A world of a snapshot is said to be another.
    #[error(
        "A world made from a snapshot has the configuration and the seed of the world it was taken of; leave config and seed out."
    )]
    OfSnapshot,
    /// The snapshot has more servers than the world holds.
    #[error("The snapshot has {found} servers, and this world holds {most}.")]
    TooManyServers {
        /// How many it has.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// What a snapshot is to be called is no name.
    #[error(
        "name: found {found:?}, expected 1 to {} letters of a to z, digits and . _ -, the first no sign",
        limits::SNAPSHOT_NAME_MAX
    )]
    SnapshotName {
        /// What was said.
        found: String,
    },
    /// A document is no snapshot that this world can go back to.
    #[error("The document: {0}.")]
    Document(#[from] DocumentError),
    /// The snapshot is too large for a document.
    #[error(
        "The snapshot is too large for a document: of its {of} servers the first {fit} fill the {most} bytes that one has; delete servers and take it anew.",
        of = long.of, fit = long.servers
    )]
    SnapshotTooLarge {
        /// How far it came.
        long: TooLong,
        /// How many bytes there may be.
        most: usize,
    },
    /// A file has the snapshot's name, and could not be read at the start.
    #[error("{file} is there and could not be read when the service started; move it away.")]
    SnapshotInTheWay {
        /// The file.
        file: String,
    },
    /// The snapshot is in a file that could not be read at the start.
    #[error(
        "The snapshot {name:?} could not be read when the service started: {problem}; put its file right and start the service again, or move the file away."
    )]
    SnapshotUnreadable {
        /// Its name.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The file of a snapshot cannot be written or removed.
    #[error("{file}: {error}; see to the disk, then ask again.")]
    SnapshotUnwritten {
        /// The file.
        file: String,
        /// What the system says.
        error: io::Error,
    },
    /// The world has no snapshot of that name.
    #[error("The world has no snapshot {name:?}.")]
    NoSnapshot {
        /// What was named.
        name: String,
    },
    /// The world has a snapshot of that name.
    #[error(
        "The world has a snapshot {name:?}; delete it first, or say that it is to be replaced."
    )]
    SnapshotExists {
        /// Its name.
        name: String,
    },
    /// The world has as many as it may have.
    #[error("The world has {most} snapshots, the most it may have; delete one.")]
    TooManySnapshots {
        /// How many it may have.
        most: usize,
    },
    /// All snapshots hold as many servers as they may.
    #[error(
        "All snapshots of this service together hold {most} servers at most, and this one has {found}; delete some, or end worlds that began from one."
    )]
    SnapshotsFull {
        /// How many this one has, with those that were deleted and are remembered.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// All snapshots hold as much as they may.
    #[error(
        "All snapshots of this service together hold {most_kib} KiB at most beside the rows of servers, and this one has {found_kib}; delete some, or end worlds that began from one."
    )]
    SnapshotsHeavy {
        /// How much this one has: names, metadata, user data and the like.
        found_kib: usize,
        /// How much there may be.
        most_kib: usize,
    },
    /// The cloud could not be opened.
    #[error("The world could not be opened.")]
    Open(#[from] OpenError),
    /// The system gives no random bytes.
    #[error("The world could not be opened.")]
    NoRandomBytes(#[source] getrandom::Error),
}
