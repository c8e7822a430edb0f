//! Instants of the world's clock, and the clock itself as a trait: time is handed in.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;
use std::time::Duration;

use serde::{Serialize, Serializer};

/// An instant of the world's clock, in whole microseconds since 1970-01-01T00:00:00Z (which is
/// itself not representable, so that `Option<Timestamp>` costs no more than a `Timestamp`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(NonZeroU64);

/// Where virtual time starts: 2026-01-01T00:00:00Z.
pub const VIRTUAL_START: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

impl Timestamp {
    /// The last second that can be written: 9999-12-30T22:00:00Z, from which on somewhere on earth it is
    /// the year after.
    pub const LATEST: Self = Self::from_micros(253_402_207_200_000_000);

    /// The instant `micros` µs after 1970; 0 is taken as 1.
    pub const fn from_micros(micros: u64) -> Self {
        match NonZeroU64::new(micros) {
            Some(value) => Self(value),
            None => Self(NonZeroU64::MIN),
        }
    }

    /// Microseconds since 1970.
    pub const fn micros(self) -> u64 {
        self.0.get()
    }

    /// Time from `earlier` to here; zero if `earlier` is later.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.get().saturating_sub(earlier.0.get()))
    }

    /// This instant moved `by` into the future, at most to the end of representable time.
    pub fn after(self, by: Duration) -> Self {
        let by_micros = u64::try_from(by.as_micros()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(by_micros))
    }

    /// This instant moved `by` into the past, at most to the first representable one.
    pub fn before(self, by: Duration) -> Self {
        let by_micros = u64::try_from(by.as_micros()).unwrap_or(u64::MAX);
        Self::from_micros(self.micros().saturating_sub(by_micros))
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, to the microsecond.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = i64::try_from(self.micros()).unwrap_or(i64::MAX);
        match jiff::Timestamp::from_microsecond(micros) {
            Ok(instant) => write!(f, "{instant:.6}"),
            Err(_) => write!(f, "{micros}us"),
        }
    }
}

/// A text is no instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an instant such as 2026-12-01T08:00:00Z")]
pub struct NoInstant;

impl FromStr for Timestamp {
    type Err = NoInstant;

    /// The instant of a text in RFC 3339, from 1970 on.
    fn from_str(text: &str) -> Result<Self, NoInstant> {
        let instant: jiff::Timestamp = text.parse().map_err(|_| NoInstant)?;
        let micros = u64::try_from(instant.as_microsecond()).map_err(|_| NoInstant)?;
        Ok(Self::from_micros(micros))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The world's clock: what stamps servers, operations and events. It never goes back.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present instant.
    fn now(&self) -> Timestamp;

    /// The world's instant at a moment of the process's clock that was read just now. Saves a
    /// clock that goes with the process's a second reading.
    fn at(&self, _moment: std::time::Instant) -> Timestamp {
        self.now()
    }
}
