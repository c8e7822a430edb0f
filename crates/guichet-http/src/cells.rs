//! Which of a service's cells a request is for, and what is known of it when one asks another. A dialect says
//! the one, and nodes carry the other; neither knows more of the other than this.

use std::fmt;
use std::sync::Arc;

use http::{HeaderName, Uri};

/// Where a request is to be answered. Cells are known by their numbers, from 0.
#[derive(Debug)]
pub enum Way {
    /// Any cell says the same.
    Any,
    /// At this one.
    At(usize),
    /// At this one, by another address: what said which one is not in it any more.
    Inside(usize, Uri),
    /// At this one; if it answers 404 to somebody who sees all, at the others in turn, for whom the first says
    /// that it is, asked so.
    OrElsewhere(usize, Ask),
    /// What the body says.
    Body,
    /// At one cell, for whom another one says that it is, asked so.
    Introduced {
        /// Who answers.
        at: usize,
        /// Who says who asks.
        by: usize,
        /// What it is asked.
        ask: Ask,
    },
    /// At the first cell that has an answer to this; if none has at the first of all.
    Found(Ask),
    /// A page of a list that goes on from cell to cell, for whom one of them says that it is.
    Pages {
        /// Who says who asks.
        by: usize,
        /// What it is asked.
        ask: Ask,
        /// The list.
        list: Box<dyn Pages>,
    },
}

/// What one cell asks another, in words of the application; among the extensions of a request that is
/// nothing else. A token may be in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Ask(pub Arc<str>);

impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ask(…)")
    }
}

/// The header of an answer to what a cell was [asked](Ask).
pub static SAYS: HeaderName = HeaderName::from_static("guichet-says");

/// Among a request's extensions: another cell than the one that answers knows who asks, and is to be asked so
/// before it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduction {
    /// Which cell.
    pub by: usize,
    /// What it is asked.
    pub ask: Ask,
}

/// Among a request's extensions: what the cell of its token says of who asks. Whoever puts it there has asked
/// that cell: it never comes from anywhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said(pub Arc<str>);

/// Among an answer's extensions: what was not found may be in another cell, and who asks would see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeesAll;

/// Among a request's extensions: if what it names is not here and who asks [sees all](SeesAll), another cell is
/// asked, and what comes of it is written down there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoesOn;

/// A list that goes on from cell to cell: one page of it.
pub trait Pages: fmt::Debug + Send + Sync {
    /// What the next cell is asked.
    fn next(&self) -> Uri;

    /// Whether an answer of this status says that the page has nothing of this cell: that it begins in another
    /// one, say. If no cell has anything the last one's answer is that of all.
    fn begins_elsewhere(&self, status: http::StatusCode) -> bool;

    /// Takes in what a cell answered; whether another one is to be asked for the rest.
    fn take(&mut self, body: &[u8]) -> bool;

    /// The page.
    fn body(&self) -> Vec<u8>;
}
