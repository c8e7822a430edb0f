//! Which nodes there are, as the one that leads is told.

use tokio::sync::watch;

use super::cell;
use super::classify::Trouble;
use super::keeper::Holding;
use super::node::{Leader, Node};

/// A cell and its nodes, at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// Who leads.
    pub leader: Leader,
    /// Since when, in microseconds since 1970.
    pub led_since_us: i64,
    /// How many batches were written in all epochs.
    pub batch: i64,
    /// Who follows: whoever has shown itself lately, by name.
    pub followers: Vec<Node>,
}

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
