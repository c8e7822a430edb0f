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

    /// Has this node hand over a cell soon, once what it is being asked is answered; false if it does not lead
    /// that one.
    fn hand_over(&self, cell: u32) -> bool;
}

/// The cell in a path of `/guichet/v1/cells/{cell}/move`: its number or its name.
pub fn in_path(path: &str) -> Option<&str> {
    path.strip_prefix("/guichet/v1/cells/")?.split('/').next()
}

/// A cell: projects and hosts with one fleet, and one node that leads.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Cell {
    /// Its number: its place in the configuration, from 0.
    pub id: u32,
    /// Its name in the configuration; of a service that declares no cells `default`.
    pub name: String,
    /// How many nodes have led it, the present one included.
    pub epoch: i64,
    /// How often something was written to it, in all epochs.
    pub batch: i64,
    /// Since when the present node leads, or the last one led (RFC 3339).
    pub led_since: String,
    /// The node that leads; none: nobody does at present.
    pub leader: Option<Node>,
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
