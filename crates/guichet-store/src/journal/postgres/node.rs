//! Nodes, as they are called in the row of a cell.

/// A node, as others are told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name: the machine's, if nothing else was said.
    pub name: String,
    /// Where it takes requests.
    pub address: String,
}

/// Who leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leader {
    /// How many led before, and it.
    pub epoch: i64,
    /// Which node.
    pub node: Node,
}
