//! Step 4 with one mistake: a worker ends at the first job that fails.
//!
//! `cargo run -p guichet-tp --bin step4_wrong`
//!
//! Look for: 15 of 24 requests lost. Four requests are refused, and each takes a worker with it;
//! after the fourth nobody is left, and nothing says so until somebody counts.

use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

const WORKERS: usize = 4;
const REQUESTS: usize = 24;

/// Why a delete is refused.
#[derive(Debug)]
struct NotFound;

#[derive(Debug)]
struct ServerManager {
    list: Mutex<Vec<usize>>,
}

impl ServerManager {
    fn delete(&self, id: usize) -> Result<(), NotFound> {
        let mut list = self.list.lock().expect("no holder panicked");
        let place = list.iter().position(|server| *server == id).ok_or(NotFound)?;
        list.remove(place);
        Ok(())
    }
}

/// A worker: deletes one server after another.
fn work(manager: &ServerManager, waiting: &Mutex<Receiver<usize>>) -> Result<(), NotFound> {
    loop {
        let id = waiting.lock().expect("no holder panicked").recv();
        let Ok(id) = id else { return Ok(()) };
        // The mistake: `?` hands the refusal on to whoever started the worker, and ends it. A
        // refusal is the client's answer: count it, send it, and take the next job.
        manager.delete(id)?;
    }
}

fn main() {
    let servers = (1..=REQUESTS).filter(|id| ![2, 5, 6, 9].contains(id)).collect();
    let manager = Arc::new(ServerManager { list: Mutex::new(servers) });
    // All requests wait before the first worker starts, so each run is the same.
    let (requests, waiting) = sync_channel(REQUESTS);
    (1..=REQUESTS).for_each(|id| requests.send(id).expect("there is a place for each"));
    drop(requests);

    let waiting = Arc::new(Mutex::new(waiting));
    let start_one = |_| {
        let (manager, waiting) = (Arc::clone(&manager), Arc::clone(&waiting));
        thread::spawn(move || work(&manager, &waiting))
    };
    let workers: Vec<_> = (0..WORKERS).map(start_one).collect();
    let ends = workers.into_iter().map(|worker| worker.join().expect("a worker ends"));
    let failed = ends.filter(Result::is_err).count();

    let lost = waiting.lock().expect("no holder panicked").try_iter().count();
    println!("{WORKERS} workers, {REQUESTS} requests: {failed} refused, {lost} lost");
    println!("workers that ended at a refusal: {failed} of {WORKERS}");
    let left = manager.list.lock().expect("no holder panicked").len();
    println!("servers left in the list: {left}");
}
