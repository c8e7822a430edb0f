//! A node that follows, in a thread, until it leads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use guichet_scratch::Server;
use guichet_store::journal::postgres::{self, Lead, Node, Opened, Standing};
use guichet_store::journal::sqlite::{Names, OpenError, Verified};

use super::place;
use crate::any::{Any, Journal};
use crate::sqlite::support::{all_names, projects};

/// Longest wait for anything.
const WAIT: Duration = Duration::from_secs(60);

/// A node that follows.
pub(crate) struct Follower {
    thread: JoinHandle<Result<Lead, OpenError>>,
    /// How often it had read everything.
    warm: Arc<(Mutex<usize>, Condvar)>,
}

impl Follower {
    /// Begins to follow.
    pub(crate) fn start(url: &str, names: &Names<'_>) -> Self {
        let warm: Arc<(Mutex<usize>, Condvar)> = Arc::default();
        let node = Node { name: "b".to_owned(), address: "http://b:8774".to_owned() };
        let (place, seen) = (place(url), Arc::clone(&warm));
        let on_standing = move |standing| {
            if let Standing::Warm(_) = standing {
                *seen.0.lock().expect("not poisoned") += 1;
                seen.1.notify_all();
            }
        };
        let names = Names { projects: projects().leak(), ..names.clone() };
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            runtime.block_on(postgres::follow(&place, &node, &names, on_standing))
        });
        Self { thread, warm }
    }

    /// Waits until it has read everything so often.
    pub(crate) fn warm(&self, times: usize) {
        let seen = self.warm.0.lock().expect("not poisoned");
        let waited = self.warm.1.wait_timeout_while(seen, WAIT, |seen| *seen < times);
        let (seen, waited) = waited.expect("not poisoned");
        assert!(!waited.timed_out(), "it has read everything {seen} times, and not {times}");
    }

    /// How often it had read everything.
    pub(crate) fn times(&self) -> usize {
        *self.warm.0.lock().expect("not poisoned")
    }

    /// Waits until it leads, and opens what there is.
    pub(crate) fn open(self, names: &Names<'_>) -> Opened {
        self.try_open(names).expect("it opens")
    }

    /// The same, which may fail.
    pub(crate) fn try_open(self, names: &Names<'_>) -> Result<Opened, OpenError> {
        let lead = self.thread.join().expect("no panic").expect("it leads");
        postgres::open(lead, names)
    }
}

/// A database that each node followed before it leads.
pub(crate) struct Followed {
    url: String,
    next: Mutex<Option<Follower>>,
    opened: AtomicUsize,
}

impl Followed {
    /// An empty one.
    pub(crate) fn of(server: &Server) -> Self {
        let url = server.database().expect("a database");
        Self { url, next: Mutex::default(), opened: AtomicUsize::new(0) }
    }
}

impl Journal for Followed {
    fn open(&self) -> Any {
        let names = projects();
        let names = all_names(&names);
        let next = self.next.lock().expect("not poisoned").take();
        let opened = match next {
            None => super::open(&self.url, &names).expect("it opens"),
            Some(follower) => {
                let warm = follower.open(&names);
                assert!(warm.is_warm, "it reads everything again");
                warm
            }
        };
        self.opened.fetch_add(1, Ordering::Relaxed);
        let follower = Follower::start(&self.url, &names);
        *self.next.lock().expect("not poisoned") = Some(follower);
        let (saved, newest, starts) = (opened.saved, opened.newest, opened.starts);
        Any { log: Box::new(opened.log), saved, newest, starts }
    }

    fn closing(&self) {
        self.next.lock().expect("not poisoned").as_ref().expect("one follows").warm(1);
    }

    fn verify(&self) -> Verified {
        assert!(self.opened.load(Ordering::Relaxed) > 1, "nobody took over");
        super::verify(&self.url)
    }
}
