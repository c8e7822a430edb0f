//! Step 3 with one mistake: the lock is held while the machine works.
//!
//! `cargo run -p guichet-tp --bin step3_wrong`
//!
//! Look for: one request in flight at most, with eight clients in eight threads. The 80
//! requests of 5 ms take 400 ms, as they would in one thread; step3_clients.rs takes an eighth.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

const CLIENTS: usize = 8;
const REQUESTS: usize = 10;
const WORK: Duration = Duration::from_millis(5);

#[derive(Debug, Default)]
struct List {
    servers: Vec<usize>,
    in_flight: usize,
    in_flight_max: usize,
}

#[derive(Debug, Default)]
struct ServerManager {
    list: Mutex<List>,
}

impl ServerManager {
    fn create(&self, id: usize) {
        let mut list = self.list.lock().expect("no holder panicked");
        list.in_flight += 1;
        list.in_flight_max = list.in_flight_max.max(list.in_flight);
        // The mistake: `list` lives until the end of the function, so all others wait for this
        // machine too. Give the lock back before the work, and take it again to record.
        thread::sleep(WORK);
        list.servers.push(id);
        list.in_flight -= 1;
    }
}

fn main() {
    let manager = &ServerManager::default();
    let start = Instant::now();
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            scope.spawn(move || {
                (0..REQUESTS).for_each(|n| manager.create(client * REQUESTS + n));
            });
        }
    });
    let took = start.elapsed();
    let list = manager.list.lock().expect("no holder panicked");
    println!("{CLIENTS} clients, {} requests: all done", list.servers.len());
    println!("in flight at most: {}", list.in_flight_max);
    println!("took {} ms", took.as_millis());
}
