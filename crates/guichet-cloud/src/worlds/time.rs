//! The time of a world: stopped, made faster, moved on.
//!
//! Moving on goes from one thing that is to happen to the next, as time itself does: the clock is set to
//! when the first sleeper wakes, and what follows from that is awaited before the next step. So an
//! operation that waits for another's end begins when that ends, not when all is over.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use guichet_clock::{Stopwatch, WorldClock};
use guichet_core::limits;
use guichet_core::time::{Clock, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, SemaphorePermit};

use super::error::WorldError;
use super::world::World;
use crate::accounts::TokenTime;
use crate::cloud::Cloud;
use crate::snapshot::SnapshotTime;

/// How the time of a world stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeState {
    /// What it is.
    pub now: Timestamp,
    /// Seconds of the world in a second of the process; 0 is stopped.
    pub speed: f64,
    /// When something is to happen next, if anything is.
    pub next: Option<Timestamp>,
    /// Whether it jumps to where nothing is under way before each request.
    pub jumps: bool,
    /// How many operations wait or run.
    pub operations: usize,
    /// By which time tokens expire and rates are counted.
    pub tokens: TokenTime,
}

/// How far time is to be moved on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advance {
    /// By so long.
    By(Duration),
    /// To this instant.
    To(Timestamp),
    /// Until no operation waits or runs.
    UntilIdle,
}

/// What moving on came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advanced {
    /// Whether it got there. If not, it took too long, or nothing will bring about what it was to
    /// wait for; asking again goes on.
    pub is_reached: bool,
    /// How many times the clock was set.
    pub steps: u64,
}

impl World {
    /// How its time stands.
    pub fn time(&self) -> TimeState {
        let cloud = self.cloud();
        let clock = cloud.manager().clock();
        TimeState {
            now: clock.now(),
            speed: clock.speed(),
            next: clock.sleepers().next,
            jumps: self.jumps.load(Ordering::Relaxed),
            operations: cloud.manager().figures().jobs,
            tokens: cloud.accounts().token_time(),
        }
    }

    /// Has its time go on at this speed: 0 stops it, 1 is that of the process.
    ///
    /// # Errors
    /// [`WorldError::Speed`], [`WorldError::NotSteerable`].
    pub fn set_speed(&self, speed: f64) -> Result<(), WorldError> {
        if !(0.0..=limits::CLOCK_SPEED_MAX).contains(&speed) {
            return Err(WorldError::Speed { found: speed, most: limits::CLOCK_SPEED_MAX });
        }
        let _alone = self.steer()?;
        let cloud = self.cloud();
        if cloud.manager().clock().set_speed(speed) {
            Ok(())
        } else {
            Err(WorldError::NotSteerable)
        }
    }

    /// Has its time jump from now on, or not any more: see [`settle`](Self::settle).
    ///
    /// # Errors
    /// [`WorldError::NotSteerable`].
    pub fn set_jumps(&self, jumps: bool) -> Result<(), WorldError> {
        let _alone = self.steer()?;
        if !self.cloud().manager().clock().is_steerable() {
            return Err(WorldError::NotSteerable);
        }
        self.jumps.store(jumps, Ordering::Relaxed);
        Ok(())
    }

    /// To be awaited before a request that it is sent is looked at. If its time jumps, all that is under
    /// way ends first, so that a client which asks again and again until something is over finds it so the
    /// first time.
    pub async fn settle(&self) {
        if self.jumps.load(Ordering::Relaxed) && self.cloud().manager().figures().jobs > 0 {
            // It is seldom, and what is awaited is large.
            Box::pin(self.jump()).await;
        }
    }

    async fn jump(&self) {
        // Whoever moves its time on gets done, or gives up; then it is this request's turn.
        let Ok(_alone) = self.steer_in_turn().await else { return };
        let cloud = self.cloud();
        let clock = cloud.manager().clock();
        let _stopped = Stopped::new(self, &clock);
        // Where it does not get there the request sees how far it got.
        let _ = self.step_by_step(&cloud, &clock, None).await;
    }

    /// Has its tokens and rates go by this time from now on.
    ///
    /// # Errors
    /// [`WorldError::NotSteerable`]: its time is the real one whatever one does.
    pub fn set_token_time(&self, time: TokenTime) -> Result<(), WorldError> {
        let _alone = self.steer()?;
        let cloud = self.cloud();
        if !cloud.manager().clock().is_steerable() {
            return Err(WorldError::NotSteerable);
        }
        cloud.accounts().set_token_time(time);
        Ok(())
    }

    /// The right to steer it, for one request at a time.
    fn steer(&self) -> Result<SemaphorePermit<'_>, WorldError> {
        if self.is_closing() {
            return Err(WorldError::Closing);
        }
        self.steered.try_acquire().map_err(|_| WorldError::BeingSteered)
    }

    /// The same for whoever waits until it is its turn.
    ///
    /// # Errors
    /// [`WorldError::Closing`], [`WorldError::BeingSteered`] if that takes too long.
    pub(super) async fn steer_in_turn(&self) -> Result<OwnedSemaphorePermit, WorldError> {
        let turn = Arc::clone(&self.steered).acquire_owned();
        let turn = tokio::time::timeout(limits::ADVANCE_TIME, turn).await;
        if self.is_closing() {
            return Err(WorldError::Closing);
        }
        turn.ok().and_then(Result::ok).ok_or(WorldError::BeingSteered)
    }

    /// Takes no more steering, and has time go on: nothing that is under way ends while it stands still.
    pub(super) fn release(&self) {
        self.closing.store(true, Ordering::Release);
        let cloud = self.cloud();
        let clock = cloud.manager().clock();
        clock.set_speed(clock.speed().max(1.0));
    }

    /// Moves its time on. It goes on afterwards as it did before.
    ///
    /// # Errors
    /// [`WorldError`]: nothing was changed.
    pub async fn advance(&self, how: Advance) -> Result<Advanced, WorldError> {
        let cloud = self.cloud();
        let clock = cloud.manager().clock();
        if !clock.is_steerable() {
            return Err(WorldError::NotSteerable);
        }
        let _alone = self.steer()?;
        let now = clock.now();
        let target = match how {
            Advance::By(by) => Some(now.after(by)),
            Advance::To(to) => Some(to),
            Advance::UntilIdle => None,
        };
        let latest = SnapshotTime::latest();
        match target {
            Some(to) if to < now => return Err(WorldError::Past { now }),
            Some(to) if to.since(now) > limits::CLOCK_ADVANCE_MAX => {
                return Err(WorldError::TooFar { most: limits::CLOCK_ADVANCE_MAX });
            }
            Some(to) if to > latest => return Err(WorldError::TimeEnds { latest }),
            _ => {}
        }
        let _stopped = Stopped::new(self, &clock);
        Ok(self.step_by_step(&cloud, &clock, target).await)
    }

    /// Moves a stopped clock from one thing that is to happen to the next, to the target or until nothing
    /// waits or runs.
    async fn step_by_step(
        &self,
        cloud: &Cloud,
        clock: &WorldClock,
        target: Option<Timestamp>,
    ) -> Advanced {
        let (watch, mut steps) = (Stopwatch::start(), 0);
        loop {
            come_to_rest(cloud, clock).await;
            if target.is_none() && cloud.manager().figures().jobs == 0 {
                return Advanced { is_reached: true, steps };
            }
            if watch.elapsed() > limits::ADVANCE_TIME || self.is_closing() {
                return Advanced { is_reached: false, steps };
            }
            let next = clock.sleepers().next;
            match (target, next.filter(|next| target.is_none_or(|target| *next <= target))) {
                (_, Some(next)) => clock.set(next),
                (Some(target), None) => {
                    clock.set(target);
                    come_to_rest(cloud, clock).await;
                    return Advanced { is_reached: true, steps: steps + 1 };
                }
                // Nothing is to happen, and yet something waits: for a machine that is stuck for ever.
                (None, None) => return Advanced { is_reached: false, steps },
            }
            steps += 1;
        }
    }
}

/// A clock that is stopped while it is moved on. It goes on as before when this is dropped, also if
/// whoever asked has gone.
struct Stopped<'a> {
    world: &'a World,
    clock: &'a WorldClock,
    speed: f64,
}

impl<'a> Stopped<'a> {
    fn new(world: &'a World, clock: &'a WorldClock) -> Self {
        let speed = clock.speed();
        clock.set_speed(0.0);
        Self { world, clock, speed }
    }
}

impl Drop for Stopped<'_> {
    fn drop(&mut self) {
        let least = if self.world.is_closing() { 1.0 } else { 0.0 };
        self.clock.set_speed(self.speed.max(least));
    }
}

/// Waits until all that follows from the present time has happened: who was due is awake, and what can
/// be started is. For a moment at most: what takes longer is not a matter of the world's time.
async fn come_to_rest(cloud: &Cloud, clock: &WorldClock) {
    let watch = Stopwatch::start();
    let is_at_rest = || clock.sleepers().due == 0 && cloud.manager().is_at_rest();
    // Seen twice: a worker that has just been woken is seen nowhere for a moment.
    let mut seen = 0;
    while seen < 2 && watch.elapsed() < limits::CLOCK_REST {
        seen = if is_at_rest() { seen + 1 } else { 0 };
        tokio::task::yield_now().await;
    }
}
