//! A host that is being emptied: which servers hold something of it, and how far that is.

use std::collections::VecDeque;

use guichet_core::ids::ServerId;
use guichet_core::limits;

use super::step::Stuck;

/// How far the emptying of a host is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Servers that hold something of it, as far as they were counted.
    pub left: usize,
    /// Of them how many are being moved.
    pub moving: usize,
    /// How many have left it since this process began to move them.
    pub moved: u64,
    /// How many of those that are left cannot be moved at present.
    pub stuck: usize,
    /// The first of these, and why.
    pub shown: Vec<(ServerId, Stuck)>,
}

/// A host that is being emptied, to whoever empties it.
#[derive(Debug, Default)]
pub(super) struct Emptied {
    /// Servers to be looked at.
    pub(super) next: VecDeque<ServerId>,
    /// Servers that stay for now, and why.
    pub(super) stuck: VecDeque<(ServerId, Stuck)>,
    /// How many are being moved.
    pub(super) moving: usize,
    /// How many have left.
    pub(super) moved: u64,
}

impl Emptied {
    /// Whether nothing is known of it that is left.
    pub(super) fn is_empty(&self) -> bool {
        self.next.is_empty() && self.stuck.is_empty() && self.moving == 0
    }

    /// Has those that stayed looked at again.
    pub(super) fn again(&mut self) {
        self.next.extend(self.stuck.drain(..).map(|(server, _)| server));
    }

    /// How far it is.
    pub(super) fn progress(&self) -> Progress {
        Progress {
            left: self.next.len() + self.stuck.len() + self.moving,
            moving: self.moving,
            moved: self.moved,
            stuck: self.stuck.len(),
            shown: self.stuck.iter().take(limits::DRAIN_STUCK_SHOWN).cloned().collect(),
        }
    }
}
