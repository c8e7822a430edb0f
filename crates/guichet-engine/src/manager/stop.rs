//! The graceful stop.

use std::time::Duration;

use guichet_core::limits;

use super::handle::ServerManager;

/// What a graceful stop came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "it says whether everything that was accepted is over"]
pub struct Drained {
    /// How many operations were left waiting.
    pub left_queued: usize,
    /// How many operations were left running; their driver calls were abandoned.
    pub left_running: usize,
    /// Whether the journal, if there is one, has written the last outcomes. If not, those
    /// operations run again at the next start; whatever was acknowledged is written either way.
    pub is_recorded: bool,
}

impl Drained {
    /// Whether everything that was accepted is over.
    pub const fn is_complete(self) -> bool {
        self.left_queued == 0 && self.left_running == 0
    }
}

impl ServerManager {
    /// Waits until all that was decided so far is durable, and shown to readers.
    pub async fn durable(&self) {
        // A store that went away has nothing more to wait for.
        let _ = self.shared.store.durable().wait().await;
    }

    /// Stops: takes nothing more, finishes what is queued and running, and after `patience`
    /// leaves the rest as it is and says so. Workers and readers have ended when it returns.
    pub async fn drain(&self, patience: Duration) -> Drained {
        let intake = &self.shared.admission.intake;
        intake.close();
        let quiet = async {
            loop {
                let notified = intake.quiet.notified();
                if intake.is_empty() && self.figures().jobs == 0 {
                    return;
                }
                notified.await;
            }
        };
        // Running out of patience is no error: what is left is counted below.
        let _ = tokio::time::timeout(patience, quiet).await;
        // Whoever was let in is being answered, and counts among what is left. No driver has a
        // say in how long that takes; a disk that takes nothing has, and is not waited for:
        // whoever waits for it is answered so when the store closes.
        while tokio::time::timeout(limits::JOURNAL_RETRY, intake.emptied()).await.is_err() {
            if self.figures().is_stalled() {
                break;
            }
        }
        self.shared.stop_workers();
        self.workers.pool.stopped().await;
        let load = self.figures().load;
        let closed = self.shared.store.close().wait().await;
        self.hub().close();
        Drained {
            left_queued: load.waiting + load.requeued,
            left_running: load.in_flight,
            is_recorded: matches!(closed, Some(Ok(()))),
        }
    }
}
