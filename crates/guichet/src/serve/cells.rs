//! What the control API is told of the nodes of this service, and what it has this one do.

use guichet_cloud::data::Term;
use guichet_control::cells::{Cell, Cells, Node, Soon};
use guichet_core::time::Timestamp;
use guichet_http::dates;
use guichet_store::journal::postgres::{Member, Roster, RosterReader};

/// The number of the one cell that there is.
const CELL: u32 = 0;

/// The cells that this node leads.
#[derive(Debug)]
pub(super) struct Led {
    pub(super) roster: RosterReader,
    pub(super) term: Term,
}

impl Cells for Led {
    fn list(&self) -> Soon<'_, Result<Vec<Cell>, String>> {
        Box::pin(async { Ok(vec![shown(self.roster.read().await?)]) })
    }

    fn hand_over(&self) {
        self.term.leave();
    }
}

fn shown(roster: Roster) -> Cell {
    let Roster { epoch, leader, led_since_us, batch, followers } = roster;
    let at = u64::try_from(led_since_us).unwrap_or_default();
    Cell {
        id: CELL,
        epoch,
        batch,
        led_since: dates::seconds(Timestamp::from_micros(at)).to_string(),
        leader: node(leader),
        followers: followers.into_iter().map(node).collect(),
    }
}

fn node(of: Member) -> Node {
    Node { name: of.name, address: of.address }
}
