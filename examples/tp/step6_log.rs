//! Step 6: a log with timestamps, written by several threads.
//!
//! `cargo run -p guichet-tp --bin step6_log`
//!
//! An entry is written as a whole, and its time is read under the same lock, so times never go
//! back down the page. What was wrong in step6_wrong.rs: it writes an entry in pieces, and other
//! threads write theirs in between.

use std::io::{self, Write};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const WORKERS: usize = 4;
const REQUESTS: usize = 5;
const DAY_S: u64 = 24 * 60 * 60;

#[derive(Debug)]
struct Log {
    /// Time since midnight at the start. What comes after is measured from `start`, because the
    /// system's clock can be set back and an `Instant` cannot.
    since_midnight: Duration,
    start: Instant,
}

impl Log {
    fn new() -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let days = since_1970.as_secs() / DAY_S;
        let since_midnight = since_1970 - Duration::from_secs(days * DAY_S);
        Self { since_midnight, start: Instant::now() }
    }

    /// One entry: the time of day (UTC), the worker, what happened.
    fn write(&self, worker: usize, event: &str) -> io::Result<()> {
        // Held for one entry. `println!` takes it too, but only after its arguments are worked
        // out: two threads could read the clock in one order and write in the other.
        let mut output = io::stdout().lock();
        // After midnight the hours go on with 24, so that a sorted log is in order.
        let time = self.since_midnight + self.start.elapsed();
        let seconds = time.as_secs();
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let micros = time.subsec_micros();
        writeln!(output, "{hour:02}:{minute:02}:{second:02}.{micros:06} worker {worker} {event}")
    }
}

#[derive(Debug, Default)]
struct ServerManager {
    servers: Mutex<Vec<usize>>,
}

impl ServerManager {
    fn create(&self) -> usize {
        let mut servers = self.servers.lock().expect("no holder panicked");
        let id = servers.len() + 1;
        servers.push(id);
        id
    }
}

fn worker(log: &Log, manager: &ServerManager, number: usize) -> io::Result<()> {
    for _ in 0..REQUESTS {
        log.write(number, "create: begins")?;
        let id = manager.create();
        thread::sleep(Duration::from_millis(2));
        log.write(number, &format!("create: done, srv-{id} is active"))?;
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let (log, manager) = (&Log::new(), &ServerManager::default());
    thread::scope(|scope| {
        let numbers = 1..=WORKERS;
        let workers: Vec<_> =
            numbers.map(|number| scope.spawn(move || worker(log, manager, number))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("a worker ends"))
    })
}
