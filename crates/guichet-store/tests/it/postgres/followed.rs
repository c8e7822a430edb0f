//! A node that follows, in a thread, until it leads.

use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use guichet_scratch::Server;
use guichet_store::journal::postgres::{self, Credential, Lead, Node, Opened, Standing};
use guichet_store::journal::sqlite::{Names, OpenError, Verified};

use super::place;
use crate::any::{Any, Journal};
use crate::sqlite::support::{all_names, projects};

/// Longest wait for anything.
const WAIT: Duration = Duration::from_secs(60);

/// A node that follows.
pub(crate) struct Follower {
    thread: JoinHandle<Result<Lead, OpenError>>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
}

/// What was seen of it.
#[derive(Debug, Default)]
struct Seen {
    /// How often it had read everything.
    read: usize,
    /// How often that was of no use any more.
    anew: usize,
    /// Whether it leads, or could not.
    is_over: bool,
}

impl Follower {
    /// Begins to follow.
    pub(crate) fn start(url: &str, names: &Names<'_>) -> Self {
        let seen: Arc<(Mutex<Seen>, Condvar)> = Arc::default();
        let (name, address) = ("b".to_owned(), "http://b:8774".to_owned());
        let node = Node { name, address, credential: Credential::new("") };
        let (place, over) = (place(url), Arc::clone(&seen));
        let note = |seen: &(Mutex<Seen>, Condvar), note: &dyn Fn(&mut Seen)| {
            note(&mut seen.0.lock().expect("not poisoned"));
            seen.1.notify_all();
        };
        let noted = Arc::clone(&seen);
        let on_standing = move |standing| match standing {
            Standing::Ahead(Some(_)) => note(&noted, &|seen| seen.read += 1),
            Standing::Ahead(None) => note(&noted, &|seen| seen.anew += 1),
            Standing::Following(_) | Standing::Away(_) => {}
        };
        let names = Names { projects: projects().leak(), ..names.clone() };
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            let lead = runtime.block_on(postgres::follow(&place, &node, &names, on_standing));
            note(&over, &|seen| seen.is_over = true);
            lead
        });
        Self { thread, seen }
    }

    /// Waits until it has read everything so often, while another one leads.
    pub(crate) fn warm(&self, times: usize) {
        assert!(self.warm_or_leads(times), "it leads");
    }

    /// Waits until it has read everything so often, or until it leads; whether it was the former.
    pub(crate) fn warm_or_leads(&self, times: usize) -> bool {
        let seen = self.seen.0.lock().expect("not poisoned");
        let waits = |seen: &mut Seen| seen.read < times && !seen.is_over;
        let waited = self.seen.1.wait_timeout_while(seen, WAIT, waits);
        let (seen, waited) = waited.expect("not poisoned");
        assert!(!waited.timed_out(), "it has read everything {} times, and not {times}", seen.read);
        seen.read >= times
    }

    /// How often it had read everything.
    pub(crate) fn times(&self) -> usize {
        self.seen.0.lock().expect("not poisoned").read
    }

    /// How often what it had read was of no use any more.
    pub(crate) fn anew(&self) -> usize {
        self.seen.0.lock().expect("not poisoned").anew
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
}

impl Followed {
    /// An empty one.
    pub(crate) fn of(server: &Server) -> Self {
        let url = server.database().expect("a database");
        Self { url, next: Mutex::default() }
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
        let follower = Follower::start(&self.url, &names);
        *self.next.lock().expect("not poisoned") = Some(follower);
        let (saved, newest, starts) = (opened.saved, opened.newest, opened.starts);
        Any { log: Box::new(opened.log), saved, newest, starts }
    }

    fn closing(&self) {
        self.next.lock().expect("not poisoned").as_ref().expect("one follows").warm(1);
    }

    fn verify(&self) -> Verified {
        super::verify(&self.url)
    }
}
