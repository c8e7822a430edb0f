//! The requests that a world was sent, so that a test can say what its program did.
//!
//! The latest so many of them; older ones are forgotten and counted. Bodies and chosen headers are
//! among them if somebody asks for them, without what is secret: that is taken out before it comes here.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

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
    /// Headers that were asked for, with their names in lower case.
    pub headers: Vec<(Box<str>, Box<str>)>,
    /// Its body, if those are asked for and it had one.
    pub body: Option<SentBody>,
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentBody {
    /// How many bytes of it were read.
    pub bytes: u64,
    /// What it said, in JSON and without what is secret; none if it is none, longer than is written down,
    /// or forgotten.
    pub text: Option<Box<str>>,
}

/// What is written down of each request beside what always is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// Headers, by their names in lower case.
    pub headers: Vec<Box<str>>,
    /// Bodies up to this length; 0: none.
    pub body_bytes: usize,
}

/// The latest requests of a world.
#[derive(Debug)]
pub struct Requests {
    /// How many are remembered; none: nothing is written down. Relaxed: nothing is ordered by it.
    most: AtomicUsize,
    /// Read by each request that is written down, for as long as it takes to copy a pointer.
    details: RwLock<Arc<Details>>,
    /// Held to add or read some, never across a wait.
    latest: Mutex<Latest>,
}

#[derive(Debug, Default)]
struct Latest {
    /// How often all were forgotten.
    generation: u64,
    total: u64,
    requests: VecDeque<SentRequest>,
    /// Bytes of the bodies among them.
    body_bytes: usize,
}

impl Latest {
    /// Forgets so many of the oldest.
    fn forget(&mut self, count: usize) {
        for request in self.requests.drain(..count) {
            self.body_bytes -= length(&request);
        }
    }

    /// Forgets bodies of the oldest until those that are left have place.
    fn forget_bodies(&mut self) {
        let mut requests = self.requests.iter_mut();
        while self.body_bytes > limits::REQUEST_BODIES_MAX {
            let Some(request) = requests.next() else { return };
            self.body_bytes -= length(request);
            if let Some(body) = &mut request.body {
                body.text = None;
            }
        }
    }
}

/// Bytes of a request's body that are remembered.
fn length(request: &SentRequest) -> usize {
    let text = request.body.as_ref().and_then(|body| body.text.as_ref());
    text.map_or(0, |text| text.len())
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
        let (details, latest) = (RwLock::default(), Mutex::default());
        Self { most: AtomicUsize::new(most), details, latest }
    }

    /// Whether requests are written down.
    pub fn is_on(&self) -> bool {
        self.most.load(Ordering::Relaxed) > 0
    }

    /// How many are remembered.
    pub fn most(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }

    /// What else is written down of each.
    pub fn details(&self) -> Arc<Details> {
        Arc::clone(&self.details.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes this down too from now on, bodies up to [`limits::REQUEST_BODY_MAX`].
    pub fn write_down(&self, mut details: Details) {
        details.body_bytes = details.body_bytes.min(limits::REQUEST_BODY_MAX);
        details.headers.truncate(limits::REQUEST_HEADERS_MAX);
        let mut place = self.details.write().unwrap_or_else(PoisonError::into_inner);
        *place = Arc::new(details);
    }

    /// Remembers so many from now on, at most [`limits::REQUESTS_REMEMBERED_MAX`].
    pub fn remember(&self, most: usize) {
        let most = most.min(limits::REQUESTS_REMEMBERED_MAX);
        self.most.store(most, Ordering::Relaxed);
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let surplus = latest.requests.len().saturating_sub(most);
        latest.forget(surplus);
    }

    /// How often all were forgotten: what [`add`](Self::add) is told of a request is what this was when
    /// it came.
    pub fn generation(&self) -> u64 {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).generation
    }

    /// Writes one down that came in this generation; its number is given to it here. One of an earlier
    /// generation is forgotten already: what it was for is gone.
    pub fn add(&self, generation: u64, mut request: SentRequest) {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.generation != generation {
            return;
        }
        latest.total += 1;
        request.number = latest.total;
        let surplus = (latest.requests.len() + 1).saturating_sub(self.most().max(1));
        latest.forget(surplus);
        latest.body_bytes += length(&request);
        latest.requests.push_back(request);
        latest.forget_bodies();
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

    /// Forgets all, those too that are being answered, and begins to count anew.
    pub fn forget(&self) {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let generation = latest.generation + 1;
        *latest = Latest { generation, ..Latest::default() };
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
            headers: Vec::new(),
            body: None,
        }
    }

    #[test]
    fn of_the_oldest_the_bodies_are_forgotten_first() {
        let requests = Requests::new(30);
        let text: Box<str> = "a".repeat(limits::REQUEST_BODY_MAX).into();
        let with_body = |text: &str| SentRequest {
            body: Some(SentBody { bytes: text.len() as u64, text: Some(text.into()) }),
            ..request("/")
        };
        let fit = limits::REQUEST_BODIES_MAX / limits::REQUEST_BODY_MAX;
        for _ in 0..fit + 2 {
            requests.add(0, with_body(&text));
        }
        requests.add(0, request("/"));
        requests.add(0, with_body("{}"));
        let found = requests.find(|_| true).requests;
        let kept: Vec<bool> =
            found.iter().filter_map(|it| it.body.as_ref()).map(|it| it.text.is_some()).collect();
        assert_eq!((kept.len(), &kept[..4]), (fit + 3, &[false, false, false, true][..]));
        // What is left counts as much as there is of it.
        requests.remember(1);
        requests.add(0, with_body("{}"));
        assert_eq!(requests.latest.lock().unwrap().body_bytes, 2);
    }

    #[test]
    fn the_latest_are_remembered_and_the_others_counted() {
        let requests = Requests::new(3);
        for n in 1..=5 {
            requests.add(0, request(&format!("/{n}")));
        }
        let found = requests.find(|request| &*request.path != "/4");
        let numbers: Vec<u64> = found.requests.iter().map(|request| request.number).collect();
        assert_eq!((numbers, found.total, found.forgotten), (vec![3, 5], 5, 2));
        requests.remember(1);
        let found = requests.find(|_| true);
        assert_eq!((found.requests.len(), found.total, found.forgotten), (1, 5, 4));
        requests.forget();
        // It came before all were forgotten.
        requests.add(0, request("/6"));
        let found = requests.find(|_| true);
        assert_eq!((found.requests.len(), found.total, found.forgotten), (0, 0, 0));
        requests.add(requests.generation(), request("/7"));
        assert_eq!(requests.find(|_| true).total, 1);
        requests.remember(usize::MAX);
        assert_eq!(requests.most(), limits::REQUESTS_REMEMBERED_MAX);
        requests.remember(0);
        assert!(!requests.is_on());
    }
}
