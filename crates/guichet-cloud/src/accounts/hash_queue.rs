//! The queue before argon2, and before keys are made: a few at once, and those who wait are served in
//! turn: address by address, and of each address user by user. So whoever sends many logins waits for itself,
//! and somebody else's one login is next after one hash for each address.
//!
//! When as many wait as may, the last one of the address (and of its user) with the most makes
//! way: it is told to come back, and not the newcomer from elsewhere.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

/// For whom a hash is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asker {
    /// The address that the login came from; none: this process.
    pub(crate) source: Option<IpAddr>,
    /// The user it is about; none if there is no such user.
    pub(crate) user: Option<usize>,
}

/// As many wait as may, and this asker is among those with the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct QueueFull;

/// The right to compute one hash; given back when dropped.
pub(crate) struct Permit {
    queue: Arc<Mutex<State>>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let next = {
            let mut state = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            let next = state.waiting.take();
            if next.is_none() {
                state.free += 1;
            }
            next
        };
        if let Some(next) = next {
            // Who has gone meanwhile gives it back by dropping it, to the one behind.
            let _ = next.send(Permit { queue: Arc::clone(&self.queue) });
        }
    }
}

/// The queue. Its lock is held to add or take one who waits, never across a wait.
#[derive(Clone)]
pub(crate) struct HashQueue {
    state: Arc<Mutex<State>>,
    waiting_max: usize,
}

struct State {
    /// Hashes that may start at once.
    free: usize,
    waiting: Waiting,
}

impl HashQueue {
    /// `at_once` hashes run at once, and `waiting_max` may wait.
    pub(crate) fn new(at_once: usize, waiting_max: usize) -> Self {
        let state = State { free: at_once, waiting: Waiting::default() };
        Self { state: Arc::new(Mutex::new(state)), waiting_max }
    }

    /// How many wait.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).waiting.len()
    }

    /// Waits for the right to compute a hash.
    ///
    /// # Errors
    /// [`QueueFull`], now or when somebody else has come.
    pub(crate) async fn enter(&self, asker: Asker) -> Result<Permit, QueueFull> {
        let (sender, receiver) = oneshot::channel();
        {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            if state.free > 0 {
                state.free -= 1;
                return Ok(Permit { queue: Arc::clone(&self.state) });
            }
            state.waiting.forget_gone();
            if state.waiting.len() >= self.waiting_max && !state.waiting.drop_for(asker) {
                return Err(QueueFull);
            }
            state.waiting.push(asker, sender);
        }
        receiver.await.map_err(|_| QueueFull)
    }
}

/// Somebody who waits; dropped without a permit it is told that the queue is full.
type Waiter = oneshot::Sender<Permit>;

/// Those of one user who wait.
struct OfUser {
    user: Option<usize>,
    waiters: VecDeque<Waiter>,
}

/// Those of one address who wait, the user whose turn it is in front.
struct OfSource {
    source: Option<IpAddr>,
    users: VecDeque<OfUser>,
}

impl OfSource {
    fn len(&self) -> usize {
        self.users.iter().map(|of| of.waiters.len()).sum()
    }
}

/// All who wait, the address whose turn it is in front. They are a few hundred at most, so looking
/// at each is quick beside a hash.
#[derive(Default)]
struct Waiting {
    sources: VecDeque<OfSource>,
}

impl Waiting {
    fn len(&self) -> usize {
        self.sources.iter().map(OfSource::len).sum()
    }

    fn push(&mut self, Asker { source, user }: Asker, waiter: Waiter) {
        let index = self.sources.iter().position(|of| of.source == source).unwrap_or_else(|| {
            self.sources.push_back(OfSource { source, users: VecDeque::new() });
            self.sources.len() - 1
        });
        let users = &mut self.sources[index].users;
        match users.iter_mut().find(|of| of.user == user) {
            Some(of) => of.waiters.push_back(waiter),
            None => users.push_back(OfUser { user, waiters: VecDeque::from([waiter]) }),
        }
    }

    /// The next one: the first of the first user of the first address, which then stand last.
    fn take(&mut self) -> Option<Waiter> {
        let mut source = self.sources.pop_front()?;
        let mut user = source.users.pop_front()?;
        let waiter = user.waiters.pop_front();
        if !user.waiters.is_empty() {
            source.users.push_back(user);
        }
        if !source.users.is_empty() {
            self.sources.push_back(source);
        }
        waiter
    }

    /// Takes out those whose clients have gone.
    fn forget_gone(&mut self) {
        for of in self.sources.iter_mut().flat_map(|source| &mut source.users) {
            of.waiters.retain(|waiter| !waiter.is_closed());
        }
        self.forget_empty();
    }

    /// Takes out users and addresses that nobody waits for any more.
    fn forget_empty(&mut self) {
        for source in &mut self.sources {
            source.users.retain(|of| !of.waiters.is_empty());
        }
        self.sources.retain(|of| !of.users.is_empty());
    }

    /// Makes a place for a newcomer, if others have more than it would have. False if they do not.
    fn drop_for(&mut self, newcomer: Asker) -> bool {
        let own = self.sources.iter().find(|of| of.source == newcomer.source);
        let own_count = own.map_or(0, OfSource::len);
        let Some(most) = self.sources.iter_mut().max_by_key(|of| of.len()) else { return false };
        // If no other address has more than this one would have, they keep theirs. Its own is
        // never longer than that.
        if most.len() <= own_count + 1 {
            return self.drop_of_own(newcomer);
        }
        let dropped = most.users.iter_mut().max_by_key(|of| of.waiters.len());
        let is_dropped = dropped.and_then(|of| of.waiters.pop_back()).is_some();
        self.forget_empty();
        is_dropped
    }

    /// The same among the users of the newcomer's own address.
    fn drop_of_own(&mut self, newcomer: Asker) -> bool {
        let own = self.sources.iter_mut().find(|of| of.source == newcomer.source);
        let Some(own) = own else { return false };
        let mine = own.users.iter().find(|of| of.user == newcomer.user);
        let mine = mine.map_or(0, |of| of.waiters.len());
        let most = own.users.iter_mut().max_by_key(|of| of.waiters.len());
        let Some(most) = most.filter(|of| of.waiters.len() > mine + 1) else { return false };
        let is_dropped = most.waiters.pop_back().is_some();
        self.forget_empty();
        is_dropped
    }
}
