//! Nodes, as they are called in the row of a cell.

use std::fmt;
use std::sync::Arc;

/// A node, as others are told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name: the machine's, if nothing else was said.
    pub name: String,
    /// Where other nodes reach it.
    pub address: String,
    /// What it knows other nodes by.
    pub credential: Credential,
}

/// A text that whoever reads the row of a cell is known by, and nobody else. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential(Arc<str>);

impl Credential {
    /// This text; empty: a node of a version that has none.
    pub fn new(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(…)")
    }
}

/// Who leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leader {
    /// How many led before, and it.
    pub epoch: i64,
    /// Which node.
    pub node: Node,
}

/// A cell and its nodes, at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// How many led before, and the one that leads.
    pub epoch: i64,
    /// Who leads, or led last.
    pub leader: Member,
    /// Whether it has the lock.
    pub is_led: bool,
    /// Since when, in microseconds since 1970.
    pub led_since_us: i64,
    /// How many batches were written in all epochs.
    pub batch: i64,
    /// Who follows: whoever has shown itself lately, by name.
    pub followers: Vec<Member>,
}

/// A node of a cell, as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Where other nodes reach it.
    pub address: String,
}
