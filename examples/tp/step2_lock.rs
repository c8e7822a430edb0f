//! Step 2: many threads share the list, and a lock protects it.
//!
//! `cargo run -p guichet-tp --bin step2_lock`
//!
//! Eight clients want the three last places at the same moment, then all delete the same server.
//! Rust does not compile a list that threads share without a lock, so nobody forgets the lock
//! altogether. What was wrong in step2_wrong.rs: it locks to check and locks again to act, and
//! other clients come in between. Here one lock is held from the check to the change.

use std::fmt;
use std::sync::{Barrier, Mutex};
use std::thread;

const CLIENTS: usize = 8;
const SERVERS_MAX: usize = 3;

#[derive(Debug)]
enum Refusal {
    ListFull,
    NotFound(u32),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ListFull => write!(f, "there are {SERVERS_MAX} servers already; delete one"),
            Self::NotFound(id) => write!(f, "srv-{id} does not exist"),
        }
    }
}

#[derive(Debug, Default)]
struct List {
    servers: Vec<u32>,
    created: u32,
}

/// The list is inside the lock: there is no other way to it.
#[derive(Debug, Default)]
struct ServerManager {
    list: Mutex<List>,
}

impl ServerManager {
    fn create(&self) -> Result<u32, Refusal> {
        // Taken before the check; given back at the end of the function, on every way out.
        let mut list = self.list.lock().expect("no holder panicked");
        if list.servers.len() >= SERVERS_MAX {
            return Err(Refusal::ListFull);
        }
        list.created += 1;
        let id = list.created;
        list.servers.push(id);
        Ok(id)
    }

    fn delete(&self, id: u32) -> Result<u32, Refusal> {
        let mut list = self.list.lock().expect("no holder panicked");
        let place = list.servers.iter().position(|server| *server == id);
        Ok(list.servers.remove(place.ok_or(Refusal::NotFound(id))?))
    }

    fn len(&self) -> usize {
        self.list.lock().expect("no holder panicked").servers.len()
    }
}

/// Has every client send the same request at the same moment; how many were accepted.
fn at_once(name: &str, request: impl Fn() -> Result<u32, Refusal> + Sync) -> usize {
    // Nobody goes on before all have come.
    let start = Barrier::new(CLIENTS);
    let ask = || {
        start.wait();
        request()
    };
    let answers: Vec<_> = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(ask)).collect();
        clients.into_iter().map(|client| client.join().expect("a client ends")).collect()
    });
    let accepted = answers.iter().filter(|answer| answer.is_ok()).count();
    println!("{CLIENTS} clients {name}: {accepted} accepted, {} refused", CLIENTS - accepted);
    if let Some(Err(refusal)) = answers.iter().find(|answer| answer.is_err()) {
        println!("  refused: {refusal}");
    }
    accepted
}

fn verdict(is_good: bool) -> &'static str {
    if is_good { "good" } else { "BROKEN" }
}

fn main() {
    let manager = ServerManager::default();
    at_once("create", || manager.create());
    let before = manager.len();
    println!("  {before} servers, at most {SERVERS_MAX}: {}", verdict(before <= SERVERS_MAX));

    let deleted = at_once("delete srv-1", || manager.delete(1));
    let gone = before - manager.len();
    println!("  {deleted} answers \"deleted\", {gone} server gone: {}", verdict(deleted == gone));
}
