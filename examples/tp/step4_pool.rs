//! Step 4: a pool, in which a few workers do what many clients ask.
//!
//! `cargo run -p guichet-tp --bin step4_pool`
//!
//! The sheet's `ThreadPoolExecutor`: `submit` puts a job into a queue, each worker takes the next
//! one when it is free. A refusal is an answer, and the worker goes on. What was wrong in
//! step4_wrong.rs: a worker ends at the first job that fails, until none is left.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Barrier, Mutex};
use std::thread::{self, JoinHandle};

const WORKERS: usize = 4;
/// Jobs that wait, at most; past that `submit` waits.
const WAITING_MAX: usize = 8;

/// Why a delete is refused.
#[derive(Debug)]
struct NotFound;

type Job = Box<dyn FnOnce() -> Result<(), NotFound> + Send>;

/// What a worker did.
#[derive(Debug, Default)]
struct Count {
    done: usize,
    refused: usize,
}

struct Pool {
    jobs: SyncSender<Job>,
    workers: Vec<JoinHandle<Count>>,
}

impl Pool {
    fn new() -> Self {
        let (jobs, waiting) = sync_channel(WAITING_MAX);
        // A receiver has one owner; behind a lock the workers take turns.
        let waiting = Arc::new(Mutex::new(waiting));
        let start_one = |_| {
            let waiting = Arc::clone(&waiting);
            thread::spawn(move || work(&waiting))
        };
        Self { jobs, workers: (0..WORKERS).map(start_one).collect() }
    }

    fn submit(&self, job: Job) {
        self.jobs.send(job).expect("workers live until the pool is finished");
    }

    /// No more jobs: the workers do what waits, and end.
    fn finish(self) -> Vec<Count> {
        drop(self.jobs);
        self.workers.into_iter().map(|worker| worker.join().expect("a worker ends")).collect()
    }
}

fn work(waiting: &Mutex<Receiver<Job>>) -> Count {
    let mut count = Count::default();
    loop {
        // A statement of its own: its end gives the lock back. `while let Ok(job) =
        // waiting.lock()...recv()` would hold it during the job, and one worker would work.
        let job = waiting.lock().expect("no holder panicked").recv();
        let Ok(job) = job else { return count };
        match job() {
            Ok(()) => count.done += 1,
            Err(NotFound) => count.refused += 1,
        }
    }
}

#[derive(Debug, Default)]
struct List {
    servers: Vec<u32>,
    in_flight: usize,
    in_flight_max: usize,
}

#[derive(Debug)]
struct ServerManager {
    list: Mutex<List>,
    /// The work of a delete is to wait until four are at work: so many are, in every run.
    four: Barrier,
}

impl ServerManager {
    fn delete(&self, id: u32) -> Result<(), NotFound> {
        let mut list = self.list.lock().expect("no holder panicked");
        let place = list.servers.iter().position(|server| *server == id).ok_or(NotFound)?;
        list.servers.remove(place);
        list.in_flight += 1;
        list.in_flight_max = list.in_flight_max.max(list.in_flight);
        drop(list);
        self.four.wait();
        self.list.lock().expect("no holder panicked").in_flight -= 1;
        Ok(())
    }
}

fn main() {
    // 24 requests, and four of them are for servers that do not exist.
    let servers = (1..=24).filter(|id| ![2, 5, 6, 9].contains(id)).collect();
    let list = Mutex::new(List { servers, ..List::default() });
    let manager = Arc::new(ServerManager { list, four: Barrier::new(WORKERS) });
    let pool = Pool::new();
    for id in 1..=24 {
        let manager = Arc::clone(&manager);
        pool.submit(Box::new(move || manager.delete(id)));
    }
    let counts = pool.finish();
    let done: usize = counts.iter().map(|count| count.done).sum();
    let refused: usize = counts.iter().map(|count| count.refused).sum();
    let lost = 24 - done - refused;
    println!("{WORKERS} workers, 24 requests: {done} done, {refused} refused, {lost} lost");
    let list = manager.list.lock().expect("no holder panicked");
    println!("in flight at most: {}", list.in_flight_max);
    println!("servers left in the list: {}", list.servers.len());
}
