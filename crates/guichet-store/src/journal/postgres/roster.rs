//! Which nodes there are, as the one that leads is told.

use tokio::sync::watch;

use super::cell;
use super::classify::Trouble;
use super::keeper::Holding;
use super::node::Roster;

/// Asks through the session of the node that leads. Clones are the same.
#[derive(Debug, Clone)]
pub struct RosterReader(pub(super) watch::Receiver<Holding>);

impl RosterReader {
    /// Which nodes there are.
    ///
    /// # Errors
    /// PostgreSQL does not answer, or this node does not lead any more: why.
    pub async fn read(&self) -> Result<Roster, String> {
        let session = match &*self.0.borrow() {
            Holding::Has(session, _) => std::sync::Arc::clone(session),
            Holding::Away(why) => return Err(why.to_string()),
            Holding::Ended(why) => return Err(why.to_string()),
        };
        cell::roster(&session).await.map_err(|trouble: Trouble| trouble.text().to_owned())
    }
}
