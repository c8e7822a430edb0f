//! How a node that is told to stop leaves what it leads to others, so that nobody waits for its end.

use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::future::join_all;
use guichet_cloud::data::Term;
use guichet_core::limits;
use guichet_store::journal::postgres::{Lead, Place, RosterReader};
use tokio_util::sync::CancellationToken;

/// What this node leads of a cell at present, if it does.
#[derive(Debug, Default)]
pub(super) struct AtPresent(
    /// Held to note and to look.
    Mutex<Option<Leads>>,
);

#[derive(Debug, Clone)]
struct Leads {
    term: Term,
    roster: RosterReader,
    place: Place,
    /// Cancelled once it does no more, and it is known who does.
    handed_over: CancellationToken,
}

impl AtPresent {
    /// It leads from now on, until what is given back is dropped.
    pub(super) fn leads(&self, lead: &Lead, place: &Place) -> Leading<'_> {
        let (term, roster, place) = (lead.term(), lead.roster(), place.clone());
        let handed_over = CancellationToken::new();
        *self.lock() = Some(Leads { term, roster, place, handed_over });
        Leading(self)
    }

    /// Has another node lead, if there is one.
    async fn hand_over(&self, cell: Option<&str>) {
        let Some(leads) = self.lock().clone() else { return };
        // Of a database that does not answer nobody can be told.
        let roster = leads.roster.read(&leads.place);
        let roster = tokio::time::timeout(limits::HAND_OVER_TIME, roster).await;
        if !matches!(roster, Ok(Ok(Some(roster))) if !roster.followers.is_empty()) {
            return;
        }
        tracing::info!(cell, "another node is to lead before this one stops");
        leads.term.leave();
        leads.handed_over.cancelled().await;
    }

    fn lock(&self) -> MutexGuard<'_, Option<Leads>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// For as long as this node leads a cell.
#[derive(Debug)]
pub(super) struct Leading<'a>(&'a AtPresent);

impl Drop for Leading<'_> {
    fn drop(&mut self) {
        if let Some(leads) = self.0.lock().take() {
            leads.handed_over.cancel();
        }
    }
}

/// Waits until the service is told to stop; has other nodes lead what this one does, for as long as a drain may
/// take; and then stops. What is not handed over by then is drained as that of a service that is alone.
pub(super) async fn in_order(
    is_told: &CancellationToken,
    cells: &[(AtPresent, Option<&str>)],
    patience: std::time::Duration,
    stop: &CancellationToken,
) -> Infallible {
    is_told.cancelled().await;
    let all = join_all(cells.iter().map(|(cell, name)| cell.hand_over(*name)));
    if tokio::time::timeout(patience, all).await.is_err() {
        tracing::warn!("no other node has come to lead in time; stopping all the same");
    }
    stop.cancel();
    std::future::pending().await
}
