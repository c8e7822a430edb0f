//! One connection as the others see it: whom it waits for, and since when.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::time::{Clock, Timestamp};
use hyper::body::Incoming;
use tokio::sync::Notify;

use crate::origin::Origin;

/// Where a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nothing of a request has come.
    Idle,
    /// Something of one has.
    Head,
    /// It is answered.
    Work,
}

/// The address a connection comes from.
#[derive(Debug)]
pub(super) struct Peer {
    /// How many connections it has. Changed under the table's lock alone.
    pub(super) connections: AtomicUsize,
    /// What its requests draw on.
    pub(super) origin: Arc<Origin>,
}

/// What is left of a request's body that its handler did not want.
#[derive(Debug)]
pub(super) struct Rest {
    pub(super) body: Incoming,
    /// Whether anything of it was asked for.
    pub(super) is_begun: bool,
}

/// A connection. Its own task alone changes the atomics (where several requests may be open, whoever has the
/// lock of its streams), and the table reads them; all are relaxed, because what they say is old news anyway
/// once it is acted on.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) peer: Arc<Peer>,
    clock: WorldClock,
    stage: AtomicU8,
    /// Since when it waits for its client, µs; 0 while it does not.
    waits_since_us: AtomicU64,
    /// The whole answer is with the connection, which has yet to send it.
    is_answered: AtomicBool,
    /// The client has sent, or will send, what nobody reads.
    is_unread: AtomicBool,
    is_evicted: AtomicBool,
    leave: Notify,
    /// Held for a move, by the connection's task.
    rest: Mutex<Option<Rest>>,
}

impl Link {
    /// One that has just been made.
    pub(super) fn new(peer: Arc<Peer>, clock: WorldClock) -> Self {
        let now_us = clock.now().micros();
        Self {
            peer,
            clock,
            stage: AtomicU8::new(Stage::Idle as u8),
            waits_since_us: AtomicU64::new(now_us),
            is_answered: AtomicBool::new(false),
            is_unread: AtomicBool::new(false),
            is_evicted: AtomicBool::new(false),
            leave: Notify::new(),
            rest: Mutex::new(None),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn stage(&self) -> Stage {
        match self.stage.load(Ordering::Relaxed) {
            stage if stage == Stage::Idle as u8 => Stage::Idle,
            stage if stage == Stage::Head as u8 => Stage::Head,
            _ => Stage::Work,
        }
    }

    fn enter(&self, stage: Stage, waits_since_us: u64) {
        self.stage.store(stage as u8, Ordering::Relaxed);
        self.waits_since_us.store(waits_since_us, Ordering::Relaxed);
    }

    /// Its handshake is over: its first request may come.
    #[cfg(feature = "tls")]
    pub(super) fn on_open(&self) {
        self.enter(Stage::Idle, self.now().micros());
    }

    /// Bytes have come.
    pub(super) fn on_bytes(&self) {
        if self.stage() == Stage::Idle {
            self.enter(Stage::Head, self.now().micros());
        }
    }

    /// A request has come and is answered from here on.
    pub(super) fn on_request(&self) {
        self.enter(Stage::Work, 0);
        self.is_answered.store(false, Ordering::Relaxed);
        *self.rest.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The answer is with the connection, to its last byte.
    pub(super) fn on_answer(&self) {
        let mut rest = self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        self.is_answered.store(true, Ordering::Relaxed);
        // Nobody looks for it any more: dropped, the connection does what is to be done.
        let left = rest.take();
        drop(rest);
        drop(left);
    }

    /// All that was to be sent is with the system. If that was an answer, the next request may come.
    pub(super) fn on_sent(&self) {
        if self.stage() == Stage::Work && self.is_answered.load(Ordering::Relaxed) {
            self.enter(Stage::Idle, self.now().micros());
        }
    }

    /// While it works: whether it waits for its client, to send or to read more.
    pub(super) fn set_waiting(&self, is_waiting: bool) {
        if self.stage() != Stage::Work {
            return;
        }
        let is_known = self.waits_since_us.load(Ordering::Relaxed) != 0;
        if is_waiting != is_known {
            let since_us = if is_waiting { self.now().micros() } else { 0 };
            self.waits_since_us.store(since_us, Ordering::Relaxed);
        }
    }

    /// Says since when it waits for its client, if it does, where more than one request may be open.
    #[cfg(feature = "tls")]
    pub(super) fn wait_since(&self, since: Option<Timestamp>) {
        let since_us = since.map_or(0, Timestamp::micros);
        self.waits_since_us.store(since_us, Ordering::Relaxed);
    }

    /// Since when it waits for its client, if it does.
    pub(super) fn waits_since(&self) -> Option<Timestamp> {
        let since_us = self.waits_since_us.load(Ordering::Relaxed);
        (since_us != 0).then_some(Timestamp::from_micros(since_us))
    }

    /// Whether it has waited for its client so long already, and is not leaving.
    pub(super) fn has_waited(&self, at_least: Duration) -> Option<Duration> {
        let waited = self.now().since(self.waits_since()?);
        let is_evicted = self.is_evicted.load(Ordering::Relaxed);
        (waited >= at_least && !is_evicted).then_some(waited)
    }

    /// Tells it to make place for another.
    pub(super) fn evict(&self) {
        self.is_evicted.store(true, Ordering::Relaxed);
        self.leave.notify_one();
    }

    /// It was told to, and stays: something has come before it could leave. It can be told again.
    pub(super) fn stay(&self) {
        self.is_evicted.store(false, Ordering::Relaxed);
    }

    /// Waits until it is told to make place.
    pub(super) async fn evicted(&self) {
        self.leave.notified().await;
    }

    /// Hands back what is left of a body, unless the answer is out already.
    pub(super) fn give_back(&self, rest: Rest) {
        let mut place = self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.is_answered.load(Ordering::Relaxed) {
            *place = Some(rest);
        }
    }

    /// What was handed back.
    pub(super) fn take_rest(&self) -> Option<Rest> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// There is, or will be, something from the client that is not read.
    pub(super) fn set_unread(&self) {
        self.is_unread.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_unread(&self) -> bool {
        self.is_unread.load(Ordering::Relaxed)
    }
}
