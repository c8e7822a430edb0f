//! What the driver sees by itself, on its way to the rules.

use std::sync::Arc;

use crate::shared::Shared;

/// Hands each of the driver's observations to the store, in the order in which they come, until
/// the service stops. The rules say what comes of one; see `guichet_core::observation`.
pub(crate) async fn run(shared: Arc<Shared>) {
    loop {
        let observation = tokio::select! {
            biased;
            () = shared.abandon.cancelled() => return,
            observation = shared.driver.next_observation() => observation,
        };
        shared.store.observe(&observation);
        // A driver that has always seen something must not keep the thread from everybody else.
        tokio::task::coop::consume_budget().await;
    }
}
