//! What a cloud does that nobody asked it for: what drains move, and what was found of machines.

use guichet_core::event::{Cause, Change, Event, EventKind};
use guichet_store::hub::{LogEntry, Subscription};

use crate::cloud::Cloud;
use crate::drains::is_of_drain;

/// One such thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// An operation of a drain was accepted, or is over.
    Drained(Event),
    /// A machine was found shut down, or gone.
    Found(Change),
}

/// What a cloud does by itself, from a moment on.
#[derive(Debug)]
pub struct Acts(Subscription);

impl Cloud {
    /// What it does by itself from now on.
    pub fn acts(&self) -> Acts {
        Acts(self.manager.hub().subscribe())
    }
}

impl Acts {
    /// What it did since that was asked, a part of it if that is much, and how many records were missed
    /// before; none if there is nothing new.
    pub fn batch(&mut self) -> Option<(Vec<Act>, u64)> {
        let batch = self.0.try_batch();
        if batch.records.is_empty() && batch.missed == 0 {
            return None;
        }
        Some((batch.records.iter().filter_map(act).collect(), batch.missed))
    }
}

fn act(record: &LogEntry) -> Option<Act> {
    match record {
        LogEntry::Event(event) if is_of_drain(event.request) => match event.kind {
            EventKind::Started | EventKind::Requeued => None,
            _ => Some(Act::Drained(*event)),
        },
        LogEntry::Changed(change) if change.cause != Cause::Edited => Some(Act::Found(*change)),
        _ => None,
    }
}
