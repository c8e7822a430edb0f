//! For how long a node leads, as those see it who answer requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use guichet_core::limits;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The time in which a node leads. Clones are the same.
///
/// It holds by a lease: PostgreSQL ends a session, and with it the lock, that was silent for
/// [`limits::SESSION_SILENCE`], and the keeper has it answer more often than that. Until
/// [`limits::LEASE`] after the last question that it answered nobody else can have the lock for want
/// of a word from here. If PostgreSQL ends the session for another reason, the end of the connection
/// ends the lease, as soon as the system has it.
#[derive(Debug, Clone)]
pub struct Term(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    begun: Instant,
    /// Until when the lease lasts, in microseconds since `begun`; 0: there is none. `Release` by the
    /// keeper after PostgreSQL answered, `Acquire` by whoever answers a request after it was decided.
    until_us: AtomicU64,
    /// Woken when the lease begins anew.
    held: Notify,
    /// Cancelled when nothing more may be said.
    ended: CancellationToken,
    /// Cancelled when it ended for another reason than that the service stops.
    over: CancellationToken,
    /// Cancelled when this node is to hand over.
    leaving: CancellationToken,
}

impl Default for Term {
    fn default() -> Self {
        Self::new()
    }
}

impl Term {
    /// A term without a lease.
    #[expect(
        clippy::disallowed_methods,
        reason = "a lease is a time of the process, not the world's"
    )]
    pub fn new() -> Self {
        let (until_us, held) = (AtomicU64::new(0), Notify::new());
        let begun = Instant::now();
        let [ended, over, leaving] = std::array::from_fn(|_| CancellationToken::new());
        Self(Arc::new(Inner { begun, until_us, held, ended, over, leaving }))
    }

    /// The present moment, from which a lease may be counted.
    pub fn now(&self) -> Moment {
        Moment(self.0.begun.elapsed())
    }

    /// PostgreSQL answered what it was asked at that moment.
    pub fn extend(&self, asked: Moment) {
        let until = asked.0.saturating_add(limits::LEASE).as_micros();
        let until = u64::try_from(until).unwrap_or(u64::MAX);
        let before = self.0.until_us.fetch_max(until, Ordering::AcqRel);
        if before <= u64::try_from(self.now().0.as_micros()).unwrap_or(u64::MAX) {
            self.0.held.notify_waiters();
        }
    }

    /// The session is gone.
    pub fn suspend(&self) {
        self.0.until_us.store(0, Ordering::Release);
    }

    /// Another node leads, or nobody knows what is written.
    pub fn end(&self) {
        self.0.over.cancel();
        self.close();
    }

    /// This node is to hand over: it takes no more requests, writes what it has decided, and gives the
    /// lock back.
    pub fn leave(&self) {
        self.0.leaving.cancel();
    }

    /// Cancelled when this node is to hand over.
    pub fn leaving(&self) -> &CancellationToken {
        &self.0.leaving
    }

    /// The service stops, and has written what it will ever write.
    pub fn close(&self) {
        self.suspend();
        self.0.ended.cancel();
    }

    /// Whether this node leads now for certain.
    pub fn holds(&self) -> bool {
        let now = u64::try_from(self.now().0.as_micros()).unwrap_or(u64::MAX);
        now < self.0.until_us.load(Ordering::Acquire) && !self.0.ended.is_cancelled()
    }

    /// Waits until this node leads for certain.
    pub async fn held(&self) {
        loop {
            let woken = self.0.held.notified();
            if self.holds() {
                return;
            }
            woken.await;
        }
    }

    /// Cancelled when nothing more may be said.
    pub fn ended(&self) -> &CancellationToken {
        &self.0.ended
    }

    /// Cancelled when the term is over but for a stop of the service: what this node has in memory is not the fleet any more.
    pub fn over(&self) -> &CancellationToken {
        &self.0.over
    }
}

/// A moment of a term.
#[derive(Debug, Clone, Copy)]
pub struct Moment(Duration);
