//! What is known of the nodes of a service that is several, and what one of them is asked to do.

use std::fmt;
use std::pin::Pin;

use serde::Serialize;
use utoipa::ToSchema;

/// What takes a while.
pub type Soon<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Who knows the nodes of a service, and has another one lead.
pub trait Cells: fmt::Debug + Send + Sync {
    /// All cells.
    ///
    /// # Errors
    /// They cannot be asked for at present: why.
    fn list(&self) -> Soon<'_, Result<Vec<Cell>, String>>;

    /// Has this node hand over soon, once what it is being asked is answered.
    fn hand_over(&self);
}

/// A cell: projects and hosts with one fleet, and one node that leads.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Cell {
    /// Its number.
    pub id: u32,
    /// How many nodes have led it, the present one included.
    pub epoch: i64,
    /// How often something was written to it, in all epochs.
    pub batch: i64,
    /// Since when the present node leads (RFC 3339).
    pub led_since: String,
    /// The node that leads.
    pub leader: Node,
    /// The nodes that follow, by name: each would lead if the leader were gone.
    pub followers: Vec<Node>,
}

/// A node.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CellNode)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Where other nodes reach it.
    pub address: String,
}
