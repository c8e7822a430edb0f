//! Step 5 with one mistake: a request that is refused does not give its permit back.
//!
//! `cargo run -p guichet-tp --bin step5_wrong`
//!
//! Look for: each refusal costs a permit. After three of them none is free, though no request is
//! at work, and request 4, which is a good one, gets none.

use std::sync::{Condvar, Mutex};
use std::time::Duration;

const PERMITS: usize = 3;
/// A client that waits without a limit would wait for ever, and this program would not end.
const PATIENCE: Duration = Duration::from_millis(100);

#[derive(Debug)]
struct Semaphore {
    free: Mutex<usize>,
    returned: Condvar,
}

#[derive(Debug)]
enum Refusal {
    NotFound,
    NoPermit,
}

impl Semaphore {
    fn acquire(&self) -> Result<(), Refusal> {
        let free = self.free.lock().expect("no holder panicked");
        let waited = self.returned.wait_timeout_while(free, PATIENCE, |free| *free == 0);
        let (mut free, _) = waited.expect("no holder panicked");
        *free = free.checked_sub(1).ok_or(Refusal::NoPermit)?;
        Ok(())
    }

    fn release(&self) {
        *self.free.lock().expect("no holder panicked") += 1;
        self.returned.notify_one();
    }
}

/// Servers 1 to 6 exist.
fn find(id: u32) -> Result<u32, Refusal> {
    if id > 6 { Err(Refusal::NotFound) } else { Ok(id) }
}

fn reboot(permits: &Semaphore, id: u32) -> Result<u32, Refusal> {
    permits.acquire()?;
    // The mistake: `?` returns from here, past `release`. Have a value give the permit back when
    // it is dropped, and no way out can forget it.
    let server = find(id)?;
    permits.release();
    Ok(server)
}

fn main() {
    let permits = Semaphore { free: Mutex::new(PERMITS), returned: Condvar::new() };
    // One after another, in one thread: at most one request is ever at work.
    for (n, id) in (1..).zip([91, 92, 93, 1]) {
        let answer = match reboot(&permits, id) {
            Ok(server) => format!("done, srv-{server}"),
            Err(Refusal::NotFound) => format!("refused, srv-{id} does not exist"),
            Err(Refusal::NoPermit) => format!("no permit within {} ms", PATIENCE.as_millis()),
        };
        let free = *permits.free.lock().expect("no holder panicked");
        println!("request {n}: {answer}; {free} of {PERMITS} permits free");
    }
}
