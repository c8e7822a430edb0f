//! What a reader of results should know of a trace.

use std::time::Duration;

use guichet_locale::{Locale, text};

use super::input::number::seconds;

/// What a reader of results should know of a trace: something that some of its rows have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// The first request comes late, so that the trace begins with it.
    BeginsLate {
        /// What its times were lessened by.
        lead: Duration,
    },
    /// Changes name a server that no row creates.
    NeverCreated {
        /// How many of them there are.
        changes: u64,
    },
    /// Changes come before the create of the server that they name.
    CreatedLater {
        /// How many of them there are.
        changes: u64,
    },
    /// Requests of a recording that ask for something that is not replayed.
    LeftOut {
        /// How many of them there are.
        requests: u64,
        /// Of how many rows.
        rows: u64,
    },
    /// Creates of a recording that were sent again.
    SentAgain {
        /// How many of them there are.
        creates: u64,
    },
    /// Rows ask for GPUs.
    AskForGpus {
        /// How many of them there are.
        asking: u64,
        /// Of how many rows.
        rows: u64,
    },
    /// Pods that the original cluster never scheduled.
    NeverScheduled {
        /// How many of them there are.
        pods: u64,
        /// Of how many rows.
        rows: u64,
    },
}

impl Note {
    /// Whether there is anything of the kind.
    pub(super) fn is_of_any(&self) -> bool {
        match self {
            Self::BeginsLate { lead } => !lead.is_zero(),
            Self::NeverCreated { changes: count }
            | Self::CreatedLater { changes: count }
            | Self::AskForGpus { asking: count, .. }
            | Self::LeftOut { requests: count, .. }
            | Self::SentAgain { creates: count }
            | Self::NeverScheduled { pods: count, .. } => *count > 0,
        }
    }

    /// The note in a language: a sentence without its full stop.
    pub fn text_in(self, locale: Locale) -> String {
        match self {
            Self::BeginsLate { lead } => {
                text!(locale, "input-note-begins-late", time = seconds(lead))
            }
            Self::NeverCreated { changes } => {
                text!(locale, "input-note-never-created", changes = changes)
            }
            Self::CreatedLater { changes } => {
                text!(locale, "input-note-created-later", changes = changes)
            }
            Self::LeftOut { requests, rows } => {
                let rows = locale.grouped(rows);
                text!(locale, "input-note-left-out", requests = requests, rows = rows)
            }
            Self::SentAgain { creates } => {
                text!(locale, "input-note-again", creates = creates)
            }
            Self::AskForGpus { asking, rows } => {
                text!(locale, "input-note-gpus", asking = asking, rows = locale.grouped(rows))
            }
            Self::NeverScheduled { pods, rows } => {
                text!(locale, "input-note-unscheduled", pods = pods, rows = locale.grouped(rows))
            }
        }
    }
}
