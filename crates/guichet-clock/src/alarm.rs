//! A wait that is seldom seen to its end, such as that for a deadline.

use std::pin::Pin;
use std::time::Duration;

use guichet_core::time::Timestamp;
use tokio::time::{Instant, Sleep, sleep_until};

use super::WorldClock;

/// What waits by a clock again and again, mostly for later and later instants, and is mostly given up
/// before. Under virtual time its place among the runtime's timers is kept from one wait to the next: to
/// take one and give it back costs several times what moving it to a later instant does.
#[derive(Debug)]
pub struct Alarm {
    clock: WorldClock,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Alarm {
    /// By this clock; nothing is waited for yet.
    pub const fn new(clock: WorldClock) -> Self {
        Self { clock, sleep: None }
    }

    /// Waits until `at`; at once if that has passed.
    pub async fn until(&mut self, at: Timestamp) {
        match self.place_at(at) {
            Some(sleep) => sleep.await,
            None => self.clock.sleep_until(at).await,
        }
    }

    /// Waits so long.
    pub async fn after(&mut self, duration: Duration) {
        match self.place(|clock| clock.instant() + duration) {
            Some(sleep) => sleep.await,
            None => self.clock.sleep(duration).await,
        }
    }

    /// Stands at `at`, as it would if that were [waited for](Self::until).
    pub fn set(&mut self, at: Timestamp) {
        self.place_at(at);
    }

    /// Gives its place back: the next wait takes another, behind all that are there by then.
    pub fn clear(&mut self) {
        self.sleep = None;
    }

    fn place_at(&mut self, at: Timestamp) -> Option<Pin<&mut Sleep>> {
        self.place(|clock| clock.shared.origin + at.since(clock.shared.base))
    }

    /// Its place, at this instant; none but under virtual time.
    fn place(&mut self, at: impl FnOnce(&WorldClock) -> Instant) -> Option<Pin<&mut Sleep>> {
        if !self.clock.is_virtual() {
            return None;
        }
        let at = at(&self.clock);
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep_until(at)));
        sleep.as_mut().reset(at);
        Some(sleep.as_mut())
    }
}

#[cfg(test)]
mod tests {
    use guichet_core::time::Clock;
    use tokio::time::timeout;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_rings_at_the_last_instant_that_it_was_set_to() {
        for clock in [WorldClock::virtual_time(), WorldClock::real()] {
            let mut alarm = Alarm::new(clock.clone());
            let start = clock.now();
            let after = |seconds| start.after(Duration::from_secs(seconds));
            let second = Duration::from_secs(1);
            // Given up before its time, then set to a later one, an earlier one, and one that has passed.
            for at in [10, 20, 5] {
                assert!(timeout(second, alarm.until(after(at))).await.is_err());
            }
            alarm.until(after(7)).await;
            assert_eq!(clock.now(), after(7));
            alarm.until(after(6)).await;
            assert_eq!(clock.now(), after(7));
            alarm.until(after(9)).await;
            assert_eq!(clock.now(), after(9));
        }
    }
}
