//! Which nodes there are, as the one that leads is told.

use std::sync::Arc;

use tokio::sync::{oneshot, watch};

use super::cell;
use super::keeper::Holding;
use super::link::Tasks;
use super::node::Roster;
use super::place::Place;

/// Asks through the session of the node that leads. Clones are the same.
#[derive(Debug, Clone)]
pub struct RosterReader {
    holding: watch::Receiver<Holding>,
    /// Where all that goes through that session is sent: one thread, so that nothing comes between the
    /// statements of a transaction, which are sent at once.
    tasks: Tasks,
}

impl RosterReader {
    pub(super) fn new(holding: watch::Receiver<Holding>, tasks: Tasks) -> Self {
        Self { holding, tasks }
    }

    /// Which nodes there are of a cell of the same database; none if nobody ever led it.
    ///
    /// # Errors
    /// PostgreSQL does not answer, or this node does not lead any more: why.
    pub async fn read(&self, place: &Place) -> Result<Option<Roster>, String> {
        let session = match &*self.holding.borrow() {
            Holding::Has(session, _) => Arc::clone(session),
            Holding::Away(why) => return Err(why.to_string()),
            Holding::Ended(why) => return Err(why.to_string()),
        };
        let (sender, receiver) = oneshot::channel();
        let place = place.clone();
        self.tasks.spawn(async move {
            let end = session.end();
            let read = end.run_until_cancelled(cell::roster(&session, &place)).await;
            // Nobody waiting any more is no error.
            let _ = sender.send(read);
        });
        match receiver.await {
            Ok(Some(read)) => read.map_err(|trouble| trouble.text().to_owned()),
            Ok(None) | Err(_) => Err("the connection is lost".to_owned()),
        }
    }
}
