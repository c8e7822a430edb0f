//! Connections, counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Why a connection was not served, or not to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotServed {
    /// Its address has its share.
    Share,
    /// The system could not accept it: no file descriptor or memory was left.
    NotAccepted,
    /// It was idle, and another one needed its place.
    Evicted,
    /// It did not speak TLS.
    Plain,
    /// Its TLS handshake failed.
    Handshake,
}

impl NotServed {
    /// All there are.
    pub const ALL: [Self; 5] =
        [Self::Share, Self::NotAccepted, Self::Evicted, Self::Plain, Self::Handshake];

    /// A word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::NotAccepted => "not_accepted",
            Self::Evicted => "evicted",
            Self::Plain => "no_tls",
            Self::Handshake => "tls_handshake",
        }
    }
}

/// Connections since the start. Relaxed throughout: nothing else is ordered by a count.
#[derive(Debug, Default)]
pub struct Connections {
    opened: AtomicU64,
    closed: AtomicU64,
    not_served: [AtomicU64; NotServed::ALL.len()],
}

impl Connections {
    /// How many were opened.
    pub fn opened(&self) -> u64 {
        self.opened.load(Ordering::Relaxed)
    }

    /// How many are open.
    pub fn open(&self) -> u64 {
        // In this order no more are closed than were opened.
        let closed = self.closed.load(Ordering::Relaxed);
        self.opened().saturating_sub(closed)
    }

    /// How many were not served, or not to their end, for this reason.
    pub fn not_served(&self, why: NotServed) -> u64 {
        self.not_served[why as usize].load(Ordering::Relaxed)
    }

    pub(crate) fn count(&self, why: NotServed) {
        self.not_served[why as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// Counts one as open until what is given back is dropped.
    pub(crate) fn opening(self: &Arc<Self>) -> Open {
        self.opened.fetch_add(1, Ordering::Relaxed);
        Open(Arc::clone(self))
    }
}

/// An open connection.
#[derive(Debug)]
pub(crate) struct Open(Arc<Connections>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.closed.fetch_add(1, Ordering::Relaxed);
    }
}
