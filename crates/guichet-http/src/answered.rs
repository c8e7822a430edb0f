//! What was answered, counted by route: without a look-up, and without a lock that anybody waits for.
//!
//! A route has its counts from when it is declared. Whoever answers a request says which route and
//! which id it has while it does ([`say_route`], [`say_request`]); whoever counts hears of it
//! ([`observed`]). Where nobody listens nothing is said.

use std::cell::RefCell;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::time::Duration;

use guichet_core::ids::RequestId;
use guichet_core::times::{BUCKETS, SharedTimes, Times};
use http::Method;

/// The classes of statuses.
pub const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// A route, with what was answered on it.
#[derive(Debug)]
pub struct Route {
    /// Its method; `HEAD` is counted with `GET`.
    pub method: Method,
    /// Its path, with what is variable in braces.
    pub template: Arc<str>,
    /// What was answered.
    pub counts: Counts,
}

impl Route {
    /// One that nobody asked for yet.
    pub fn new(method: Method, template: &str) -> Arc<Self> {
        Arc::new(Self { method, template: Arc::from(template), counts: Counts::default() })
    }
}

/// One request of those in a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exemplar {
    /// Which.
    pub request: RequestId,
    /// How long its answer took to begin.
    pub took: Duration,
}

/// The latest request of each bucket.
type Exemplars = [Option<Exemplar>; BUCKETS];

/// Answers by class of status, and how long they took to begin.
#[derive(Debug, Default)]
pub struct Counts {
    /// Relaxed: nothing else is ordered by a count.
    classes: [AtomicU64; CLASSES.len()],
    times: SharedTimes,
    /// Made with the first. Whoever finds it locked goes on without: another one is as good.
    exemplars: Mutex<Option<Box<Exemplars>>>,
}

/// Counts as they are now.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    /// By class of status.
    pub classes: [u64; CLASSES.len()],
    /// How long answers took to begin.
    pub times: Times,
    /// The latest request of each bucket.
    pub exemplars: Exemplars,
}

impl Counts {
    /// Counts an answer.
    pub fn add(&self, status: u16, took: Duration, request: Option<RequestId>) {
        let class = usize::from(status / 100).clamp(1, CLASSES.len()) - 1;
        self.classes[class].fetch_add(1, Ordering::Relaxed);
        let bucket = self.times.add(took);
        let Some(request) = request else { return };
        let mut exemplars = match self.exemplars.try_lock() {
            Ok(exemplars) => exemplars,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        let exemplars = exemplars.get_or_insert_with(|| Box::new([None; BUCKETS]));
        exemplars[bucket] = Some(Exemplar { request, took });
    }

    /// As they are now.
    pub fn read(&self) -> Counted {
        let exemplars = self.exemplars.lock().unwrap_or_else(PoisonError::into_inner);
        let exemplars = exemplars.as_deref().copied().unwrap_or([None; BUCKETS]);
        let classes = std::array::from_fn(|class| self.classes[class].load(Ordering::Relaxed));
        Counted { classes, times: self.times.read(), exemplars }
    }
}

impl Counted {
    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: &Self) {
        self.classes.iter_mut().zip(other.classes).for_each(|(sum, more)| *sum += more);
        self.times.merge(&other.times);
        for (own, others) in self.exemplars.iter_mut().zip(other.exemplars) {
            *own = own.or(others);
        }
    }
}

/// Who is called with a request's id once it has one.
pub type OnRequest = Box<dyn FnOnce(RequestId) + Send>;

/// What was said of a request while it was answered.
#[derive(Default)]
pub struct Said {
    /// The route that it came to, if it came to one.
    pub route: Option<Arc<Route>>,
    /// Its id, if it has one.
    pub request: Option<RequestId>,
    /// Who waits for that.
    on_request: Option<OnRequest>,
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { route, request, on_request } = self;
        let is_awaited = on_request.is_some();
        let mut shown = f.debug_struct("Said");
        shown.field("route", route).field("request", request).field("is_awaited", &is_awaited);
        shown.finish()
    }
}

thread_local! {
    /// What is said of the request that this thread is at; none while nobody listens.
    static SAID: RefCell<Option<Said>> = const { RefCell::new(None) };
}

/// Says something of the request that is being answered. Nobody listening is no error.
fn say(say: impl FnOnce(&mut Said)) {
    SAID.with_borrow_mut(|said| said.as_mut().map(say));
}

/// Says which route the request that is being answered came to.
pub fn say_route(route: Arc<Route>) {
    say(|said| said.route = Some(route));
}

/// Says which id the request that is being answered has.
pub fn say_request(id: RequestId) {
    say(|said| {
        said.request = Some(id);
        if let Some(on_request) = said.on_request.take() {
            on_request(id);
        }
    });
}

/// An answer, and what was said while it was made. It is not moved: what answers is large.
pub async fn observed<T>(answering: Pin<&mut impl Future<Output = T>>) -> (T, Said) {
    observed_with(answering, None).await
}

/// The same. `on_request` is called as soon as the request has an id: before anything is done for it.
pub async fn observed_with<T>(
    mut answering: Pin<&mut impl Future<Output = T>>,
    on_request: Option<OnRequest>,
) -> (T, Said) {
    let mut said = Said { on_request, ..Said::default() };
    let answer = poll_fn(|context| {
        let outer = SAID.replace(Some(std::mem::take(&mut said)));
        let polled = answering.as_mut().poll(context);
        said = SAID.replace(outer).unwrap_or_default();
        polled
    });
    (answer.await, said)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    #[tokio::test]
    async fn what_is_said_is_heard_by_who_listens_and_by_nobody_else() {
        let route = Route::new(Method::GET, "/a/{id}");
        say_route(Arc::clone(&route));
        let id = RequestId::from_bits(7);
        let answering = pin!(async {
            say_request(id);
            tokio::task::yield_now().await;
            say_route(Arc::clone(&route));
        });
        let ((), said) = observed(answering).await;
        say_route(Arc::clone(&route));
        assert_eq!(said.request, Some(id));
        assert!(said.route.is_some_and(|observed| Arc::ptr_eq(&observed, &route)));
        assert!(observed(pin!(async {})).await.1.route.is_none());
    }

    #[tokio::test]
    async fn who_waits_for_a_requests_id_has_it_at_once_and_once() {
        let (id, other) = (RequestId::from_bits(7), RequestId::from_bits(8));
        let ids = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&ids);
        let on_request: OnRequest = Box::new(move |id| seen.lock().expect("no panic").push(id));
        let answering = pin!(async {
            say_request(id);
            let at_once = ids.lock().expect("no panic").clone();
            say_request(other);
            at_once
        });
        let (at_once, _) = observed_with(answering, Some(on_request)).await;
        assert_eq!(at_once, [id]);
        assert_eq!(*ids.lock().expect("no panic"), [id]);
    }

    #[test]
    fn answers_are_counted_by_class_and_time_with_the_latest_request() {
        let counts = Counts::default();
        let took = Duration::from_micros(70);
        counts.add(200, took, None);
        counts.add(404, took, Some(RequestId::from_bits(1)));
        counts.add(599, took, Some(RequestId::from_bits(2)));
        counts.add(999, took, None);
        let mut counted = counts.read();
        assert_eq!(counted.classes, [0, 1, 0, 1, 2]);
        assert_eq!((counted.times.count(), counted.times.buckets[1]), (4, 4));
        assert_eq!(counted.exemplars[1], Some(Exemplar { request: RequestId::from_bits(2), took }));
        counted.merge(&counts.read());
        assert_eq!(counted.classes, [0, 2, 0, 2, 4]);
    }
}
