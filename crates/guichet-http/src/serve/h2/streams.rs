//! The streams of one connection as it is held to them: whom it waits for, and since when.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use guichet_core::limits;
use guichet_core::time::Timestamp;
use hyper::body::Incoming;

use super::super::link::Link;
use super::super::settings::Settings;
use super::super::stream::Alarm;
use crate::budget::Charge;

/// All streams of a connection.
#[derive(Debug)]
pub(super) struct Streams {
    pub(super) link: Arc<Link>,
    idle_time: Duration,
    write_time: Duration,
    /// Held for a change of some numbers. Mostly by the connection's task, and by whoever else has a body
    /// of it.
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Streams that are open.
    open: usize,
    /// Those of them of which the next step is the service's.
    working: usize,
    /// The system takes no bytes.
    is_blocked: bool,
    /// Since when no stream is open, if none is.
    idle_since: Timestamp,
    /// Since when it is on its way out.
    leaves_since: Option<Timestamp>,
    /// Bytes of answers that wait for the client to open a window, or for the system.
    unsent: usize,
    /// Since when `sent` is counted, if some wait.
    unsent_since: Option<Timestamp>,
    sent: usize,
    /// Bytes of answers that count nowhere.
    free: usize,
    /// Streams that were refused since one had a place.
    refused: usize,
}

/// What is to be done with a connection because of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// No stream was open for so long: it is to leave.
    Idle,
    /// So many streams were refused in a row: it is to leave.
    Refused,
    /// Its client does not read.
    Stuck,
    /// Its client was told that it leaves, and has had time to take note of it.
    Gone,
}

impl Streams {
    /// Those of a connection that has just been made.
    pub(super) fn new(link: Arc<Link>, settings: &Settings) -> Arc<Self> {
        link.wait_since(Some(link.now()));
        let state = State {
            open: 0,
            working: 0,
            is_blocked: false,
            idle_since: link.now(),
            leaves_since: None,
            unsent: 0,
            unsent_since: None,
            sent: 0,
            free: limits::ANSWER_FREE,
            refused: 0,
        };
        let (idle_time, write_time) = (settings.idle_time, settings.write_time);
        Arc::new(Self { link, idle_time, write_time, state: Mutex::new(state) })
    }

    pub(super) fn now(&self) -> Timestamp {
        self.link.now()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is whole before the next one begins.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more is open.
    pub(super) fn open(self: &Arc<Self>) -> Arc<OpenStream> {
        let origin = &self.link.peer.origin;
        let charge = origin.streams.try_take(1);
        let refusal = if charge.is_none() { origin.refusals.try_take(1) } else { None };
        let mut state = self.state();
        state.open += 1;
        state.working += 1;
        state.refused = if charge.is_some() { 0 } else { state.refused + 1 };
        self.look(&state, false);
        drop(state);
        let (is_working, free) = (AtomicBool::new(true), AtomicUsize::new(0));
        let (streams, rest) = (Arc::clone(self), Mutex::default());
        Arc::new(OpenStream { streams, is_working, free, charge, refusal, rest })
    }

    /// Says whether the connection waits for its client: no step is the service's, or the system takes no
    /// bytes. Since when, is anew if something has just gone on.
    fn look(&self, state: &State, has_gone_on: bool) {
        let waits = state.is_blocked || state.working == 0;
        if !waits {
            self.link.wait_since(None);
        } else if has_gone_on || self.link.waits_since().is_none() {
            self.link.wait_since(Some(self.now()));
        }
    }

    /// Bytes were to be written, and the system took some or none.
    pub(super) fn on_write(&self, is_taken: bool) {
        let mut state = self.state();
        state.is_blocked = !is_taken;
        self.look(&state, is_taken);
    }

    /// The client is told that no more streams are taken.
    pub(super) fn leave(&self) {
        let now = self.now();
        self.state().leaves_since.get_or_insert(now);
    }

    fn give(&self, bytes: usize) {
        let mut state = self.state();
        state.unsent += bytes;
        if state.unsent_since.is_none() {
            state.unsent_since = Some(self.now());
            state.sent = 0;
        }
    }

    fn take(&self, bytes: usize) {
        let mut state = self.state();
        state.unsent = state.unsent.saturating_sub(bytes);
        state.sent = state.sent.saturating_add(bytes);
        if state.unsent == 0 {
            state.unsent_since = None;
        } else if state.sent >= limits::WRITE_PROGRESS_MIN {
            state.unsent_since = Some(self.now());
            state.sent = 0;
        }
        self.look(&state, true);
    }

    /// What is due next, and when.
    fn due(&self) -> Option<(Timestamp, Due)> {
        let state = self.state();
        if state.refused >= limits::H2_REFUSED_MAX && state.leaves_since.is_none() {
            // At once.
            return Some((Timestamp::from_micros(0), Due::Refused));
        }
        if state.open > 0 {
            return state.unsent_since.map(|since| (since.after(self.write_time), Due::Stuck));
        }
        Some(match state.leaves_since {
            Some(leaves) => {
                (leaves.max(state.idle_since).after(limits::H2_GOODBYE_TIME), Due::Gone)
            }
            None => (state.idle_since.after(self.idle_time), Due::Idle),
        })
    }

    /// Ready once something is to be done because of the time.
    pub(super) fn poll_due(&self, alarm: &mut Alarm, context: &mut Context<'_>) -> Poll<Due> {
        let Some((at, due)) = self.due() else { return Poll::Pending };
        ready!(alarm.poll_until(context, at, || self.now()));
        Poll::Ready(due)
    }
}

/// A stream, from its request to the last byte of its answer.
#[derive(Debug)]
pub(super) struct OpenStream {
    streams: Arc<Streams>,
    /// The next step is the service's. Relaxed: what is counted is under the lock.
    is_working: AtomicBool,
    /// What it has of the bytes that count nowhere.
    free: AtomicUsize,
    /// Its place among all streams; none if there was none left.
    charge: Option<Charge>,
    /// Without that, its place among those that are refused; none if there was none left either.
    refusal: Option<Charge>,
    /// What is left of its request's body. Held for a move.
    rest: Mutex<Option<Incoming>>,
}

impl OpenStream {
    /// Whether there is a place for it: neither its address nor all together have as many as they may have.
    pub(super) const fn has_place(&self) -> bool {
        self.charge.is_some()
    }

    pub(super) fn link(&self) -> &Link {
        &self.streams.link
    }

    /// Hands back what is left of a body. Of a stream that counts nowhere nothing is read away.
    pub(super) fn give_back(&self, rest: Incoming) {
        if self.charge.is_none() && self.refusal.is_none() {
            return;
        }
        *self.rest.lock().unwrap_or_else(PoisonError::into_inner) = Some(rest);
    }

    /// What was handed back.
    pub(super) fn take_rest(&self) -> Option<Incoming> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Says whose the next step is: the service's, or the client's.
    pub(super) fn set_working(&self, is_working: bool) {
        if self.is_working.swap(is_working, Ordering::Relaxed) == is_working {
            return;
        }
        let mut state = self.streams.state();
        if is_working {
            state.working += 1;
        } else {
            state.working = state.working.saturating_sub(1);
        }
        self.streams.look(&state, false);
    }

    /// Whether so many bytes of an answer are among those that count nowhere.
    pub(super) fn take_free(&self, bytes: usize) -> bool {
        let mut state = self.streams.state();
        let Some(left) = state.free.checked_sub(bytes) else { return false };
        state.free = left;
        self.free.fetch_add(bytes, Ordering::Relaxed);
        true
    }

    /// So many bytes are with the library, to be sent.
    pub(super) fn give(&self, bytes: usize) {
        self.streams.give(bytes);
    }

    /// So many bytes were sent, or are not to be any more.
    pub(super) fn take(&self, bytes: usize) {
        self.streams.take(bytes);
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut state = self.streams.state();
        state.open = state.open.saturating_sub(1);
        state.free += self.free.load(Ordering::Relaxed);
        if self.is_working.load(Ordering::Relaxed) {
            state.working = state.working.saturating_sub(1);
        }
        if state.open == 0 {
            state.idle_since = self.streams.now();
        }
        self.streams.look(&state, true);
    }
}
