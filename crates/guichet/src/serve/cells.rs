//! What the control API is told of the cells of this service and of their nodes, and what it has this one do.

use guichet_cloud::data::Term;
use guichet_control::cells::{Cell, Cells, Node, Soon};
use guichet_core::time::Timestamp;
use guichet_http::dates;
use guichet_store::journal::postgres::{Member, Place, Roster, RosterReader};

use super::of_cell::OfCell;

/// A cell that this node leads, and how the others are found.
#[derive(Debug)]
pub(super) struct Led {
    pub(super) roster: RosterReader,
    pub(super) term: Term,
    /// The database.
    pub(super) place: Place,
    /// Which of all cells it is.
    pub(super) of: OfCell,
}

impl Cells for Led {
    fn list(&self) -> Soon<'_, Result<Vec<Cell>, String>> {
        Box::pin(async {
            let mut cells = Vec::new();
            for (number, name) in self.of.names().iter().enumerate() {
                let place = self.place.cell(number, name);
                // Nobody has led one of which there is nothing.
                if let Some(roster) = self.roster.read(&place).await? {
                    cells.push(shown(number, name, roster));
                }
            }
            Ok(cells)
        })
    }

    fn hand_over(&self, cell: u32) -> bool {
        let is_own = cell as usize == self.of.number();
        if is_own {
            self.term.leave();
        }
        is_own
    }
}

fn shown(number: usize, name: &str, roster: Roster) -> Cell {
    let Roster { epoch, leader, is_led, led_since_us, batch, followers } = roster;
    let at = u64::try_from(led_since_us).unwrap_or_default();
    Cell {
        id: u32::try_from(number).unwrap_or(u32::MAX),
        name: name.to_owned(),
        epoch,
        batch,
        led_since: dates::seconds(Timestamp::from_micros(at)).to_string(),
        leader: is_led.then(|| node(leader)),
        followers: followers.into_iter().map(node).collect(),
    }
}

fn node(of: Member) -> Node {
    Node { name: of.name, address: of.address }
}
