//! The two clocks. [`WorldClock`] is the world's: real, steerable, or virtual under a paused tokio
//! runtime.
//! [`Stopwatch`] is the process's, for measuring what a step really costs.
#![expect(clippy::disallowed_methods, reason = "this is the one place that reads the time")]

mod alarm;
pub mod flood;
mod steering;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use guichet_core::limits;
use guichet_core::time::{Clock, Timestamp, VIRTUAL_START};
use tokio::time::Instant;

pub use alarm::Alarm;
pub use steering::Sleepers;
use steering::Steering;

/// The wall clock is behind what was written by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the clock says {now}, and the newest row was written at {newest}: set the clock right, or \
     wait until it has passed that"
)]
pub struct ClockBehind {
    /// What the clock says.
    pub now: Timestamp,
    /// The newest stamp.
    pub newest: Timestamp,
}

/// The world's clock: what delays, deadlines and stamps go by. It never goes back, and it moves
/// with tokio's time: under a paused runtime it is virtual. All clones are the same clock.
///
/// A real one follows the wall clock when that is set forward, or has gone on while the machine
/// slept; when that is set back it goes on as it was.
#[derive(Debug, Clone)]
pub struct WorldClock {
    shared: Arc<Shared>,
}

/// What all clones of a clock share.
#[derive(Debug)]
struct Shared {
    base: Timestamp,
    origin: Instant,
    is_virtual: bool,
    /// How far virtual time is, as it was noted last, µs after the origin; none: it is read. Relaxed:
    /// what goes by it is done by the thread that notes it.
    noted_us: Option<AtomicU64>,
    /// Reads the wall clock; none if nothing is to be followed.
    wall: Option<fn() -> Timestamp>,
    /// How far the wall clock has run ahead of the monotonic one, µs. Only grows. Relaxed, as the
    /// next: a number that nothing else is ordered by.
    ahead_us: AtomicU64,
    /// When the wall clock was last looked at, µs after the origin.
    looked_us: AtomicU64,
    /// What makes the time another than the real one, if that may be.
    steering: Option<Steering>,
}

impl Shared {
    /// How long ago the origin is.
    fn elapsed(&self) -> Duration {
        match &self.noted_us {
            Some(noted_us) => Duration::from_micros(noted_us.load(Ordering::Relaxed)),
            None => self.origin.elapsed(),
        }
    }

    /// The world's time so long after the origin.
    fn at(&self, elapsed: Duration) -> Timestamp {
        let Some(steering) = &self.steering else { return self.real_at(elapsed) };
        steering.ratchet(steering.now(elapsed).unwrap_or_else(|| self.real_at(elapsed)))
    }

    /// The same, if nobody steers it.
    fn real_at(&self, elapsed: Duration) -> Timestamp {
        let elapsed_us = micros(elapsed);
        self.follow(elapsed_us);
        let ahead_us = self.ahead_us.load(Ordering::Relaxed);
        let past_us = elapsed_us.saturating_add(ahead_us);
        Timestamp::from_micros(self.base.micros().saturating_add(past_us))
    }

    /// Looks at the wall clock, if nobody has for a while, and notes how far it is ahead.
    fn follow(&self, elapsed_us: u64) {
        let Some(wall) = self.wall else { return };
        let looked_us = self.looked_us.load(Ordering::Relaxed);
        let every_us = limits::CLOCK_LOOK.as_micros() as u64;
        if elapsed_us.saturating_sub(looked_us) < every_us {
            return;
        }
        let looks = self.looked_us.compare_exchange(
            looked_us,
            elapsed_us,
            Ordering::Relaxed,
            Ordering::Relaxed,
        );
        // Somebody else looks.
        if looks.is_err() {
            return;
        }
        let ahead = wall().since(self.base.after(Duration::from_micros(elapsed_us)));
        let known = Duration::from_micros(self.ahead_us.load(Ordering::Relaxed));
        if ahead > known + limits::CLOCK_STEP_MIN {
            self.ahead_us.fetch_max(ahead.as_micros() as u64, Ordering::Relaxed);
        }
    }
}

/// A time, µs: with one multiplication, as this is done at every stamp.
fn micros(time: Duration) -> u64 {
    let whole_us = time.as_secs().saturating_mul(1_000_000);
    whole_us.saturating_add(u64::from(time.subsec_micros()))
}

fn wall_clock() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(u64::try_from(since.as_micros()).unwrap_or(1))
}

impl WorldClock {
    /// Real time: the wall clock's at this moment, carried on by the monotonic clock.
    pub fn real() -> Self {
        Self::following(wall_clock, wall_clock())
    }

    /// Real time that goes on from `newest`, the newest stamp there is, if the wall clock is a
    /// little behind it.
    ///
    /// # Errors
    /// It is further behind than [`limits::CLOCK_BACK_MAX`]: somebody should look.
    pub fn real_after(newest: Option<Timestamp>) -> Result<Self, ClockBehind> {
        let clock = Self::real();
        let now = clock.start();
        match newest {
            Some(newest) if newest.since(now) > limits::CLOCK_BACK_MAX => {
                Err(ClockBehind { now, newest })
            }
            Some(newest) if newest > now => Ok(Self::following(wall_clock, newest)),
            _ => Ok(clock),
        }
    }

    /// Real time, until it is steered: [`set_speed`](Self::set_speed), [`set`](Self::set).
    pub fn steerable() -> Self {
        Self::made(wall_clock(), Some(wall_clock), Some(Steering::default()))
    }

    /// Time that is steered from the beginning: it goes on from `at` at this speed, whatever the
    /// wall clock says.
    pub fn steered_from(at: Timestamp, speed: f64) -> Self {
        Self::made(at, Some(wall_clock), Some(Steering::from(at, speed)))
    }

    /// Virtual time from [`VIRTUAL_START`]. To be made inside a paused runtime, which moves it.
    pub fn virtual_time() -> Self {
        Self::starting_at(VIRTUAL_START, None)
    }

    /// The same, as it was [noted](Self::note) last: whoever moves it notes that. Reading it from the
    /// runtime takes ten times as long, and it only moves when nothing else is left to do.
    pub fn noted_virtual_time() -> Self {
        let shared =
            Shared { noted_us: Some(AtomicU64::new(0)), ..Self::shared(VIRTUAL_START, None, None) };
        Self { shared: Arc::new(shared) }
    }

    /// Takes note of how far virtual time is. To be called inside the runtime that moves it.
    pub fn note(&self) {
        if let Some(noted_us) = &self.shared.noted_us {
            let elapsed_us = self.shared.origin.elapsed().as_micros();
            noted_us.store(u64::try_from(elapsed_us).unwrap_or(u64::MAX), Ordering::Relaxed);
        }
    }

    /// Real time from `base` on, ahead of which the wall clock is followed.
    fn following(wall: fn() -> Timestamp, base: Timestamp) -> Self {
        Self::starting_at(base, Some(wall))
    }

    fn starting_at(base: Timestamp, wall: Option<fn() -> Timestamp>) -> Self {
        Self::made(base, wall, None)
    }

    fn made(base: Timestamp, wall: Option<fn() -> Timestamp>, steering: Option<Steering>) -> Self {
        Self { shared: Arc::new(Self::shared(base, wall, steering)) }
    }

    fn shared(
        base: Timestamp,
        wall: Option<fn() -> Timestamp>,
        steering: Option<Steering>,
    ) -> Shared {
        Shared {
            base,
            origin: Instant::now(),
            is_virtual: wall.is_none(),
            noted_us: None,
            wall,
            ahead_us: AtomicU64::new(0),
            looked_us: AtomicU64::new(0),
            steering,
        }
    }

    /// Whether time is virtual: then nothing may wait for another OS thread.
    pub fn is_virtual(&self) -> bool {
        self.shared.is_virtual
    }

    /// When this clock was made.
    pub fn start(&self) -> Timestamp {
        self.shared.base
    }

    /// Whether its time can be made another than the real one.
    pub fn is_steerable(&self) -> bool {
        self.shared.steering.is_some()
    }

    /// Seconds of the world in a second of the process: 1, unless it is steered.
    pub fn speed(&self) -> f64 {
        self.shared.steering.as_ref().map_or(1.0, Steering::speed)
    }

    /// Goes on from now at another speed, which is finite and not negative; 0 stops the time. Whether
    /// it can be steered.
    pub fn set_speed(&self, speed: f64) -> bool {
        self.steer((None, Some(speed)))
    }

    /// Goes on from this instant, or from now if that is later, at the speed that it has. Nothing if
    /// it cannot be steered.
    pub fn set(&self, at: Timestamp) {
        self.steer((Some(at), None));
    }

    fn steer(&self, to: (Option<Timestamp>, Option<f64>)) -> bool {
        let shared = &*self.shared;
        let Some(steering) = &shared.steering else { return false };
        steering.set(to, || shared.origin.elapsed(), |elapsed| shared.real_at(elapsed));
        true
    }

    /// Who sleeps by it; nobody is listed of a clock that cannot be steered.
    pub fn sleepers(&self) -> Sleepers {
        let none = Sleepers { due: 0, next: None };
        self.shared.steering.as_ref().map_or(none, |steering| steering.sleepers(self.now()))
    }

    /// The same by a clock that may be steered meanwhile.
    async fn sleep_steered(&self, at: Timestamp, steering: &Steering) {
        let _listed = steering.sleeper(at);
        loop {
            let mut changed = std::pin::pin!(steering.changed());
            // From here on no change is missed.
            changed.as_mut().enable();
            let now = self.now();
            if now >= at {
                return;
            }
            let left = match steering.speed() {
                stopped if stopped <= 0.0 => {
                    changed.await;
                    continue;
                }
                speed => at.since(now).as_secs_f64() / speed,
            };
            let longest = limits::CLOCK_SLEEP_MAX;
            let left = Duration::try_from_secs_f64(left).map_or(longest, |left| left.min(longest));
            tokio::select! {
                biased;
                () = changed => {}
                () = tokio::time::sleep(left) => {}
            }
        }
    }

    /// The runtime's instant that is now, of virtual time.
    fn instant(&self) -> Instant {
        match &self.shared.noted_us {
            Some(_) => self.shared.origin + self.shared.elapsed(),
            None => Instant::now(),
        }
    }

    /// Waits until `at`; at once if that has passed.
    pub async fn sleep_until(&self, at: Timestamp) {
        if let Some(steering) = &self.shared.steering {
            return self.sleep_steered(at, steering).await;
        }
        if self.shared.is_virtual {
            tokio::time::sleep_until(self.shared.origin + at.since(self.shared.base)).await;
            return;
        }
        // The world's time may step meanwhile.
        loop {
            let left = at.since(self.now());
            tokio::time::sleep(left.min(limits::CLOCK_SLEEP_MAX)).await;
            if left <= limits::CLOCK_SLEEP_MAX {
                return;
            }
        }
    }

    /// Waits for `duration`.
    pub async fn sleep(&self, duration: Duration) {
        if let Some(steering) = &self.shared.steering {
            return self.sleep_steered(self.now().after(duration), steering).await;
        }
        tokio::time::sleep(duration).await;
    }
}

impl Clock for WorldClock {
    fn now(&self) -> Timestamp {
        match &self.shared.noted_us {
            Some(noted_us) => {
                let noted_us = noted_us.load(Ordering::Relaxed);
                Timestamp::from_micros(self.shared.base.micros() + noted_us)
            }
            None => self.shared.at(self.shared.elapsed()),
        }
    }

    fn at(&self, moment: std::time::Instant) -> Timestamp {
        if self.shared.is_virtual {
            return self.now();
        }
        let origin = self.shared.origin.into_std();
        self.shared.at(moment.saturating_duration_since(origin))
    }
}

/// Measures real time, under virtual time too. Nothing it says may reach an output that a seed
/// must repeat.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts now.
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// Real time since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START_US: u64 = 1_000_000_000;
    static WALL_US: AtomicU64 = AtomicU64::new(START_US);

    fn wall() -> Timestamp {
        Timestamp::from_micros(WALL_US.load(Ordering::Relaxed))
    }

    async fn pass(seconds: u64, wall_seconds: i64) {
        tokio::time::advance(Duration::from_secs(seconds)).await;
        let wall_us =
            WALL_US.load(Ordering::Relaxed).saturating_add_signed(wall_seconds * 1_000_000);
        WALL_US.store(wall_us, Ordering::Relaxed);
    }

    #[tokio::test(start_paused = true)]
    async fn a_real_clock_follows_the_wall_clock_forward_and_never_goes_back() {
        let clock = WorldClock::following(wall, wall());
        let after = |seconds: u64| Timestamp::from_micros(START_US + seconds * 1_000_000);
        pass(10, 10).await;
        assert_eq!(clock.now(), after(10));
        // The machine slept for an hour.
        pass(5, 3_605).await;
        assert_eq!(clock.now(), after(3_615));
        // Somebody set the clock back.
        pass(5, -100).await;
        assert_eq!(clock.now(), after(3_620));
        let (there, waited) = (after(3_740), clock.clone());
        let waits = async move { waited.sleep_until(there).await };
        tokio::pin!(waits);
        assert!(is_pending(waits.as_mut()).await);
        // A step while somebody waits: the wait ends no later than the next look.
        pass(1, 1_000).await;
        waits.await;
        assert!(clock.now() >= there && clock.now() < after(3_900 + 1_000));
    }

    #[tokio::test(start_paused = true)]
    async fn noted_virtual_time_is_as_it_was_noted_last() {
        let clock = WorldClock::noted_virtual_time();
        let (waited, second) = (clock.clone(), Duration::from_secs(1));
        assert!(clock.is_virtual() && clock.now() == VIRTUAL_START);
        waited.sleep_until(VIRTUAL_START.after(second)).await;
        assert_eq!(clock.now(), VIRTUAL_START);
        clock.note();
        assert_eq!(waited.now(), VIRTUAL_START.after(second));
        assert_eq!(clock.at(std::time::Instant::now()), waited.now());
    }

    /// Whether it waits.
    async fn is_pending(mut future: std::pin::Pin<&mut impl Future<Output = ()>>) -> bool {
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(future.as_mut().poll(context).is_pending())
        })
        .await
    }
}
