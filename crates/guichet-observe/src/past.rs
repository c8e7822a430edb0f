//! What was, sent to who asks for it, and then what happens, with nothing between and nothing twice.
//!
//! The log is read a step at a time, as the client takes it, so that what is sent takes no memory. At its
//! end, under the lock under which entries are added, whoever reads becomes one that listens.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use guichet_cloud::Cloud;
use guichet_core::ids::ProjectId;
use guichet_core::limits;
use guichet_core::time::Timestamp;
use guichet_http::dates;
use serde::Serialize;
use tokio::sync::mpsc::Receiver;

use crate::line::{Facts, Wanted, event, sent};
use crate::log::{Chunk, Place, at};

/// Which part of the log somebody wants, by the world's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Nothing before this; none: nothing that was.
    pub since: Option<Timestamp>,
    /// Nothing from this on; then the answer ends there.
    pub until: Option<Timestamp>,
    /// Whether what happens from then on follows.
    pub follows: bool,
}

impl Span {
    /// What happens from now on.
    pub const LIVE: Self = Self { since: None, until: None, follows: true };
}

/// Where what was is read.
pub(crate) trait Source: fmt::Debug + Send + Sync {
    /// What the log has from this place on, a step of it, and the cloud that it is of; none if that is
    /// gone.
    fn read_on(&self, next: u64, end: Option<u64>) -> Option<(Arc<Cloud>, Chunk)>;

    /// Whoever has read the log up to this place listens from there on; nothing if more came meanwhile.
    fn go_live(&self, next: u64, wanted: &Wanted, own: Option<ProjectId>) -> Step;
}

/// What is still to be sent of what was.
#[derive(Debug)]
pub(crate) struct Past {
    pub(crate) source: Arc<dyn Source>,
    pub(crate) wanted: Wanted,
    pub(crate) own: Option<ProjectId>,
    pub(crate) span: Span,
    /// The number of the next place of the log.
    pub(crate) next: u64,
    /// The place before which it ends; none if what happens follows.
    pub(crate) end: Option<u64>,
    /// What is sent before anything else.
    pub(crate) head: Option<Bytes>,
}

/// What comes next.
#[derive(Debug)]
pub(crate) enum Step {
    /// This.
    Send(Bytes),
    /// Nothing of what was looked at, and there is more.
    Nothing,
    /// What happens from now on.
    Live(Receiver<Bytes>),
    /// Nothing more.
    End,
}

/// How far back the log goes.
#[derive(Serialize)]
struct Head<'a> {
    /// From when on nothing is gone.
    whole_from: &'a str,
    /// Whether that is everything that was asked for.
    is_whole: bool,
    /// How many entries are gone that were before.
    gone: u64,
}

#[derive(Serialize)]
struct Entries {
    entries: u64,
}

/// The event that says how far back the log goes.
pub(crate) fn head(since: Timestamp, (whole_from, gone): (Timestamp, u64)) -> Bytes {
    let from = dates::micros(whole_from);
    let head = Head { whole_from: from.as_str(), is_whole: whole_from <= since, gone };
    sent("past", &head)
}

/// The event that says that so many entries are not sent.
pub(crate) fn dropped(entries: u64) -> Bytes {
    sent("dropped", &Entries { entries })
}

/// The event that says that nothing more comes.
pub(crate) fn over() -> Bytes {
    sent("end", &Entries { entries: 0 })
}

impl Past {
    /// The next step.
    pub(crate) fn step(&mut self) -> Step {
        if let Some(head) = self.head.take() {
            return Step::Send(head);
        }
        let read = self.source.read_on(self.next, self.end);
        let Some((cloud, chunk)) = read else { return Step::End };
        if chunk.places.is_empty() && chunk.gone == 0 {
            return match self.end {
                Some(_) => Step::End,
                None => self.source.go_live(self.next, &self.wanted, self.own),
            };
        }
        self.next = chunk.next;
        let mut text = Vec::new();
        if chunk.gone > 0 {
            text.extend_from_slice(&dropped(chunk.gone));
        }
        for place in &chunk.places {
            match place {
                Place::Missed(entries) => text.extend_from_slice(&dropped(*entries)),
                Place::Entry(entry) => {
                    let facts = Facts::of(entry).filter(|facts| self.wanted.fits(facts));
                    if let Some(facts) = facts.filter(|_| at(entry).is_some_and(|at| self.has(at)))
                    {
                        text.extend_from_slice(&event(&cloud, entry, &facts));
                    }
                }
            }
        }
        if text.is_empty() { Step::Nothing } else { Step::Send(text.into()) }
    }

    /// Whether that is in the time that was asked for.
    fn has(&self, at: Timestamp) -> bool {
        let Span { since, until, .. } = self.span;
        since.is_none_or(|since| at >= since) && until.is_none_or(|until| at < until)
    }
}

/// Steps that find nothing before somebody else gets a turn.
pub(crate) const STEPS_MAX: usize = 8;

const _: () = assert!(STEPS_MAX * limits::ROWS_PER_LOCK_MAX <= limits::LOG_ENTRIES_MAX);
