//! Step 2 with one mistake: the lock is given back between the check and the change.
//!
//! `cargo run -p guichet-tp --bin step2_wrong`
//!
//! Look for: 8 servers in a list of at most 3, and 8 clients whose delete of the same server was
//! accepted. Each single access is locked, and the result is wrong all the same.

use std::sync::{Barrier, Mutex};
use std::thread;

const CLIENTS: usize = 8;
const SERVERS_MAX: usize = 3;

#[derive(Debug, Default)]
struct List {
    servers: Vec<u32>,
    created: u32,
}

#[derive(Debug)]
struct ServerManager {
    list: Mutex<List>,
    /// Forced bad luck: holds each client between check and change until all have checked.
    /// Without it the same happens now and then, which is worse.
    bad_luck: Barrier,
}

impl ServerManager {
    /// Whether the request was accepted.
    fn create(&self) -> bool {
        // The mistake: this lock ends with the statement, so what was read is old at once.
        let is_full = self.list.lock().expect("no holder panicked").servers.len() >= SERVERS_MAX;
        self.bad_luck.wait();
        if is_full {
            return false;
        }
        let mut list = self.list.lock().expect("no holder panicked");
        list.created += 1;
        let id = list.created;
        list.servers.push(id);
        true
    }

    fn delete(&self, id: u32) -> bool {
        let exists = self.list.lock().expect("no holder panicked").servers.contains(&id);
        self.bad_luck.wait();
        if !exists {
            return false;
        }
        // The first client takes it out; the others find nothing, and still say "deleted".
        self.list.lock().expect("no holder panicked").servers.retain(|server| *server != id);
        true
    }

    fn len(&self) -> usize {
        self.list.lock().expect("no holder panicked").servers.len()
    }
}

fn at_once(name: &str, request: impl Fn() -> bool + Sync) -> usize {
    let accepted = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(&request)).collect();
        let answers = clients.into_iter().map(|client| client.join().expect("a client ends"));
        answers.filter(|is_accepted| *is_accepted).count()
    });
    println!("{CLIENTS} clients {name}: {accepted} accepted, {} refused", CLIENTS - accepted);
    accepted
}

fn verdict(is_good: bool) -> &'static str {
    if is_good { "good" } else { "BROKEN" }
}

fn main() {
    let manager =
        ServerManager { list: Mutex::new(List::default()), bad_luck: Barrier::new(CLIENTS) };
    at_once("create", || manager.create());
    let before = manager.len();
    println!("  {before} servers, at most {SERVERS_MAX}: {}", verdict(before <= SERVERS_MAX));

    let deleted = at_once("delete srv-1", || manager.delete(1));
    let gone = before - manager.len();
    println!("  {deleted} answers \"deleted\", {gone} server gone: {}", verdict(deleted == gone));
}
