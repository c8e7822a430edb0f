//! What a service does by itself, handed on.

use std::sync::Arc;
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_cloud::Cloud;
use guichet_cloud::itself::Acts;
use guichet_cloud::worlds::Worlds;
use tokio_util::sync::CancellationToken;

use super::Auditor;
use super::event::What;

/// How often it is looked what happened. A hub keeps more than happens meanwhile.
const PERIOD: Duration = Duration::from_millis(100);

/// Hands on what the service's own cloud does by itself, until it is told to stop.
pub async fn watch(auditor: Auditor, worlds: Arc<Worlds>, stop: CancellationToken) {
    let mut cloud = worlds.first().cloud();
    let mut acts = cloud.acts();
    loop {
        let is_over = stop.run_until_cancelled(WorldClock::real().sleep(PERIOD)).await.is_none();
        auditor.hand_on_new(&cloud, &mut acts);
        if is_over {
            return;
        }
        // One that was reset has another.
        let now = worlds.first().cloud();
        if !Arc::ptr_eq(&cloud, &now) {
            acts = now.acts();
            cloud = now;
        }
    }
}

impl Auditor {
    fn hand_on_new(&self, cloud: &Arc<Cloud>, acts: &mut Acts) {
        while let Some((new, missed)) = acts.batch() {
            if missed > 0 {
                self.hand_on(What::Lost(missed));
            }
            for act in new {
                self.hand_on(What::Itself { cloud: Arc::clone(cloud), act });
            }
        }
    }
}
