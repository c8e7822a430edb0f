//! The requests that a world was sent, so that a test can say what its program did.
//!
//! The latest so many of them; older ones are forgotten and counted. No token, password or body is
//! among them.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use guichet_core::limits;
use guichet_core::time::Timestamp;

/// A request that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentRequest {
    /// Its number among those of the world, from 1.
    pub number: u64,
    /// When it was answered, by the process's time.
    pub at: Timestamp,
    /// Its id, as its answer had it.
    pub id: Option<Box<str>>,
    /// Its method.
    pub method: Box<str>,
    /// Its path inside the world, with its query.
    pub path: Box<str>,
    /// The status of its answer.
    pub status: u16,
    /// How long the answer took, µs.
    pub took_us: u64,
    /// Which program sent it, as it says itself.
    pub user_agent: Option<Box<str>>,
    /// The key under which a create may be sent again.
    pub idempotency_key: Option<Box<str>>,
}

/// The latest requests of a world.
#[derive(Debug)]
pub struct Requests {
    /// How many are remembered; none: nothing is written down. Relaxed: nothing is ordered by it.
    most: AtomicUsize,
    /// Held to add or read some, never across a wait.
    latest: Mutex<Latest>,
}

#[derive(Debug, Default)]
struct Latest {
    total: u64,
    requests: VecDeque<SentRequest>,
}

/// What is remembered of the requests that were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// Those that fit, from the oldest on.
    pub requests: Vec<SentRequest>,
    /// How many were sent in all since the world began or they were forgotten.
    pub total: u64,
    /// How many of them are not remembered any more.
    pub forgotten: u64,
}

impl Requests {
    /// None yet; so many are remembered.
    pub(super) fn new(most: usize) -> Self {
        Self { most: AtomicUsize::new(most), latest: Mutex::default() }
    }

    /// Whether requests are written down.
    pub fn is_on(&self) -> bool {
        self.most.load(Ordering::Relaxed) > 0
    }

    /// How many are remembered.
    pub fn most(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }

    /// Remembers so many from now on, at most [`limits::REQUESTS_REMEMBERED_MAX`].
    pub fn remember(&self, most: usize) {
        let most = most.min(limits::REQUESTS_REMEMBERED_MAX);
        self.most.store(most, Ordering::Relaxed);
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let surplus = latest.requests.len().saturating_sub(most);
        latest.requests.drain(..surplus);
    }

    /// Writes one down; its number is given to it here.
    pub fn add(&self, mut request: SentRequest) {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        latest.total += 1;
        request.number = latest.total;
        while latest.requests.len() >= self.most().max(1) {
            latest.requests.pop_front();
        }
        latest.requests.push_back(request);
    }

    /// Those that fit, of the latest.
    pub fn find(&self, fits: impl Fn(&SentRequest) -> bool) -> Remembered {
        let latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        Remembered {
            requests: latest.requests.iter().filter(|request| fits(request)).cloned().collect(),
            total: latest.total,
            forgotten: latest.total - latest.requests.len() as u64,
        }
    }

    /// Forgets all, and begins to count anew.
    pub fn forget(&self) {
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Latest::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: &str) -> SentRequest {
        SentRequest {
            number: 0,
            at: Timestamp::from_micros(1),
            id: None,
            method: "GET".into(),
            path: path.into(),
            status: 200,
            took_us: 1,
            user_agent: None,
            idempotency_key: None,
        }
    }

    #[test]
    fn the_latest_are_remembered_and_the_others_counted() {
        let requests = Requests::new(3);
        for n in 1..=5 {
            requests.add(request(&format!("/{n}")));
        }
        let found = requests.find(|request| &*request.path != "/4");
        let numbers: Vec<u64> = found.requests.iter().map(|request| request.number).collect();
        assert_eq!((numbers, found.total, found.forgotten), (vec![3, 5], 5, 2));
        requests.remember(1);
        let found = requests.find(|_| true);
        assert_eq!((found.requests.len(), found.total, found.forgotten), (1, 5, 4));
        requests.forget();
        let found = requests.find(|_| true);
        assert_eq!((found.requests.len(), found.total, found.forgotten), (0, 0, 0));
        requests.remember(usize::MAX);
        assert_eq!(requests.most(), limits::REQUESTS_REMEMBERED_MAX);
        requests.remember(0);
        assert!(!requests.is_on());
    }
}
