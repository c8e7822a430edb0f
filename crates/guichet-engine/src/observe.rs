//! What the driver sees by itself, on its way to the rules.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::limits;

use crate::contained::contained;
use crate::shared::Shared;

/// Hands each of the driver's observations to the store, in the order in which they come, until
/// the service stops. The rules say what comes of one; see `guichet_core::observation`.
///
/// A driver that panics is asked again after a pause, which grows up to a bound: a fault that goes
/// away must not leave the service blind, and one that stays must not fill the log.
pub(crate) async fn run(shared: Arc<Shared>) {
    loop {
        let observed = tokio::select! {
            biased;
            () = shared.abandon.cancelled() => return,
            observed = contained(shared.driver.next_observation()) => observed,
        };
        match observed {
            Ok(observation) => {
                shared.observer_panics.clear();
                shared.store.observe(&observation);
                // A driver that has always seen something must not keep the thread from everybody
                // else.
                tokio::task::coop::consume_budget().await;
            }
            Err(panicked) => {
                let in_a_row = shared.observer_panics.add_one();
                let pause = pause_after(in_a_row);
                tracing::error!(
                    in_a_row,
                    pause_s = pause.as_secs(),
                    message = panicked.0,
                    "the driver panicked while it was asked what it sees; it is asked again"
                );
                tokio::select! {
                    biased;
                    () = shared.abandon.cancelled() => return,
                    () = shared.clock.sleep(pause) => {}
                }
            }
        }
    }
}

/// The pause after this many panics in a row: doubled each time, up to its bound.
fn pause_after(in_a_row: u32) -> Duration {
    let doubled = 1_u32.checked_shl(in_a_row.saturating_sub(1)).unwrap_or(u32::MAX);
    limits::OBSERVE_PAUSE_FIRST.saturating_mul(doubled).min(limits::OBSERVE_PAUSE_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_grows_up_to_its_bound() {
        let seconds = [1, 2, 3, 6, 7, 33, u32::MAX].map(|count| pause_after(count).as_secs());
        assert_eq!(seconds, [1, 2, 4, 32, 60, 60, 60]);
    }
}
