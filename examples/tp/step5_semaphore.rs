//! Step 5: a semaphore lets so many requests through at once, and no more.
//!
//! `cargo run -p guichet-tp --bin step5_semaphore`
//!
//! The standard library has none; a `Mutex` and a `Condvar` make one. A permit gives itself back
//! when it goes out of scope, on every way out. What was wrong in step5_wrong.rs: it gives its
//! permit back by hand in the last statement, which a request that is refused never comes to.

use std::sync::{Barrier, Condvar, Mutex};
use std::thread;

const CLIENTS: u32 = 9;
const PERMITS: usize = 3;

#[derive(Debug)]
struct Semaphore {
    free: Mutex<usize>,
    /// Woken by each permit that comes back.
    returned: Condvar,
}

impl Semaphore {
    fn new(permits: usize) -> Self {
        Self { free: Mutex::new(permits), returned: Condvar::new() }
    }

    fn acquire(&self) -> Permit<'_> {
        let mut free = self.free.lock().expect("no holder panicked");
        // A loop and not an `if`: another client may take the permit before the one that was
        // woken does. `wait` gives the lock back while it sleeps.
        while *free == 0 {
            free = self.returned.wait(free).expect("no holder panicked");
        }
        *free -= 1;
        Permit { semaphore: self }
    }

    fn free(&self) -> usize {
        *self.free.lock().expect("no holder panicked")
    }
}

/// The right to be at work. Whoever holds it gives it back by letting it go.
#[derive(Debug)]
struct Permit<'a> {
    semaphore: &'a Semaphore,
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.semaphore.free.lock().expect("no holder panicked") += 1;
        self.semaphore.returned.notify_one();
    }
}

/// Why a request is refused.
#[derive(Debug)]
struct NotFound;

#[derive(Debug)]
struct ServerManager {
    permits: Semaphore,
    in_flight: Mutex<InFlight>,
    /// The work of a reboot is to wait until three are at work: so many are, in every run.
    three: Barrier,
}

#[derive(Debug, Default)]
struct InFlight {
    now: usize,
    most: usize,
}

impl ServerManager {
    /// Servers 1 to 6 exist.
    fn reboot(&self, id: u32) -> Result<(), NotFound> {
        let _permit = self.permits.acquire();
        if id > 6 {
            return Err(NotFound);
        }
        let mut in_flight = self.in_flight.lock().expect("no holder panicked");
        in_flight.now += 1;
        in_flight.most = in_flight.most.max(in_flight.now);
        // The lock goes back before the wait; the permit is held until the end.
        drop(in_flight);
        self.three.wait();
        self.in_flight.lock().expect("no holder panicked").now -= 1;
        Ok(())
    }
}

fn main() {
    let manager = &ServerManager {
        permits: Semaphore::new(PERMITS),
        in_flight: Mutex::default(),
        three: Barrier::new(3),
    };
    let answers: Vec<_> = thread::scope(|scope| {
        let clients: Vec<_> =
            (1..=CLIENTS).map(|id| scope.spawn(move || manager.reboot(id))).collect();
        clients.into_iter().map(|client| client.join().expect("a client ends")).collect()
    });
    let done = answers.iter().filter(|answer| answer.is_ok()).count();
    println!("{CLIENTS} requests: {done} done, {} refused", answers.len() - done);
    let most = manager.in_flight.lock().expect("no holder panicked").most;
    println!("in flight at most: {most} of {PERMITS}");
    println!("free permits at the end: {} of {PERMITS}", manager.permits.free());
}
