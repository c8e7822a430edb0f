//! By which time tokens and rates go: the process's, unless a test wants the world's.

use std::sync::atomic::{AtomicBool, Ordering};

use guichet_clock::WorldClock;
use guichet_core::time::{Clock, Timestamp};

/// By which time tokens expire and rates are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TokenTime {
    /// The process's: a cloud whose time is steered does not log its clients out.
    #[default]
    Real,
    /// The world's: moving it on by a day has every token expire.
    World,
}

/// Both clocks, and which of them counts.
#[derive(Debug)]
pub(super) struct TwoClocks {
    real: WorldClock,
    world: WorldClock,
    /// Relaxed: nothing else is ordered by it.
    is_by_world: AtomicBool,
}

impl TwoClocks {
    /// The process's counts.
    pub(super) fn new(world: WorldClock) -> Self {
        Self { real: WorldClock::real(), world, is_by_world: AtomicBool::new(false) }
    }

    /// Which counts.
    pub(super) fn which(&self) -> TokenTime {
        if self.is_by_world.load(Ordering::Relaxed) { TokenTime::World } else { TokenTime::Real }
    }

    /// Has this one count from now on.
    pub(super) fn set(&self, time: TokenTime) {
        self.is_by_world.store(time == TokenTime::World, Ordering::Relaxed);
    }

    /// The present, by the one that counts.
    pub(super) fn now(&self) -> Timestamp {
        match self.which() {
            TokenTime::Real => self.real.now(),
            TokenTime::World => self.world.now(),
        }
    }
}

/// Something for each of the two times: what is counted by one means nothing by the other.
#[derive(Debug)]
pub(crate) struct ByTime<T> {
    pub(crate) real: T,
    pub(crate) world: T,
}

impl<T> ByTime<T> {
    /// The one of this time.
    pub(crate) const fn of(&self, time: TokenTime) -> &T {
        match time {
            TokenTime::Real => &self.real,
            TokenTime::World => &self.world,
        }
    }
}
