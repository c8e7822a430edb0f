//! A wait that is seldom seen to its end, such as that for a deadline.

use std::pin::Pin;

use guichet_core::time::Timestamp;
use tokio::time::{Sleep, sleep_until};

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
        let shared = &self.clock.shared;
        if shared.steering.is_some() || !shared.is_virtual {
            return self.clock.sleep_until(at).await;
        }
        let at = shared.origin + at.since(shared.base);
        match &mut self.sleep {
            Some(sleep) => {
                sleep.as_mut().reset(at);
                sleep.as_mut().await;
            }
            none => none.insert(Box::pin(sleep_until(at))).as_mut().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

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
