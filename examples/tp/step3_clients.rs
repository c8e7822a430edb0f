//! Step 3: clients in threads send random requests, and the machines take their time.
//!
//! `cargo run -p guichet-tp --bin step3_clients`
//!
//! A request is handled in three parts: decide (locked), work (not locked), record (locked).
//! What was wrong in step3_wrong.rs: it holds the lock during the work, so eight threads do one
//! request at a time and are no faster than one thread.

use std::collections::BTreeMap;
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

const CLIENTS: usize = 8;
const REQUESTS: usize = 10;
/// How long a machine takes for any request.
const WORK: Duration = Duration::from_millis(5);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Request {
    Create,
    Reboot,
    Delete,
}

#[derive(Debug, Default)]
struct List {
    /// Whether a machine is at work on each. A busy server refuses: so nobody else changes it
    /// while the lock is free.
    servers: BTreeMap<usize, bool>,
    created: usize,
    deleted: usize,
    in_flight: usize,
    in_flight_max: usize,
}

#[derive(Debug, Default)]
struct ServerManager {
    list: Mutex<List>,
}

impl ServerManager {
    /// Whether the request was done; `draw` chooses the server.
    fn handle(&self, request: Request, draw: usize, work: impl FnOnce()) -> bool {
        let Some(id) = self.decide(request, draw) else { return false };
        work();
        let mut list = self.list.lock().expect("no holder panicked");
        list.in_flight -= 1;
        list.servers.insert(id, false);
        if request == Request::Delete {
            list.servers.remove(&id);
            list.deleted += 1;
        }
        true
    }

    fn decide(&self, request: Request, draw: usize) -> Option<usize> {
        let mut list = self.list.lock().expect("no holder panicked");
        let id = match request {
            Request::Create => list.created + 1,
            Request::Reboot | Request::Delete => {
                let place = draw % list.servers.len().max(1);
                // None if the list is empty.
                *list.servers.keys().nth(place)?
            }
        };
        if list.servers.insert(id, true) == Some(true) {
            return None; // It was busy, and still is.
        }
        list.created = list.created.max(id);
        list.in_flight += 1;
        list.in_flight_max = list.in_flight_max.max(list.in_flight);
        Some(id)
    }
}

/// One client; how many of its requests were done.
fn client(manager: &ServerManager, number: usize, all: &Barrier) -> usize {
    // Each client has a generator of its own (xorshift), so it draws the same in each run.
    let (mut state, mut done) = (number, 0);
    for n in 0..REQUESTS {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let request = match state % 10 {
            5..8 if n > 0 => Request::Reboot,
            8..10 if n > 0 => Request::Delete,
            _ => Request::Create,
        };
        let work = || {
            // The first requests wait for each other: in every run all are in flight together.
            if n == 0 {
                all.wait();
            }
            thread::sleep(WORK);
        };
        done += usize::from(manager.handle(request, state / 10, work));
    }
    done
}

fn main() {
    let (manager, all) = (&ServerManager::default(), &Barrier::new(CLIENTS));
    let start = Instant::now();
    let done: usize = thread::scope(|scope| {
        let start_one = |number| scope.spawn(move || client(manager, number, all));
        let clients: Vec<_> = (1..=CLIENTS).map(start_one).collect();
        clients.into_iter().map(|client| client.join().expect("a client ends")).sum()
    });
    let took = start.elapsed();
    let all = CLIENTS * REQUESTS;
    println!("{CLIENTS} clients, {all} requests: {done} done, {} refused", all - done);
    let list = manager.list.lock().expect("no holder panicked");
    println!("in flight at most: {}", list.in_flight_max);
    let (created, deleted, left) = (list.created, list.deleted, list.servers.len());
    let verdict = if created - deleted == left { "good" } else { "BROKEN" };
    println!("{created} created - {deleted} deleted = {left} in the list: {verdict}");
    println!("took {} ms", took.as_millis());
}
