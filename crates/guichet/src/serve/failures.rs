//! What fails before any worker has it: creates for which no host has place. Workers log the
//! others themselves.

use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_cloud::worlds::World;
use tokio_util::sync::CancellationToken;

/// How often it is looked whether there are more: a line a second at most.
const PERIOD: Duration = Duration::from_secs(1);

/// Logs how many there were, until the service stops.
pub(super) async fn log_no_valid_host(world: &World, stop: &CancellationToken) {
    let count = || world.cloud().manager().figures().counts.failed_no_valid_host;
    let mut before = count();
    loop {
        let stops = stop.run_until_cancelled(WorldClock::real().sleep(PERIOD)).await.is_none();
        let now = count();
        if now > before {
            tracing::warn!(
                creates = now - before,
                reason = "no_valid_host",
                "operations failed: no host has enough free capacity"
            );
        }
        // Of a world that was reset there are fewer than before.
        before = now;
        if stops {
            return;
        }
    }
}
