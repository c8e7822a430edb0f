//! Step 8 with one mistake: the clock is stopped when the threads have been started.
//!
//! `cargo run -p guichet-tp --bin step8_wrong`
//!
//! Look for: no request was answered when the clock was stopped. What looks like thousands of
//! requests a second is how fast this machine starts threads.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const REQUESTS: usize = 24;
const WORK: Duration = Duration::from_millis(10);

fn main() {
    let answered = &AtomicUsize::new(0);
    // A forced order: the machines begin once the clock has been read, so that the output is
    // the same on a slow computer.
    let clock_is_read = &Barrier::new(REQUESTS + 1);
    let request = move || {
        clock_is_read.wait();
        thread::sleep(WORK);
        answered.fetch_add(1, Ordering::Relaxed);
    };

    let start = Instant::now();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..REQUESTS).map(|_| scope.spawn(request)).collect();
        // The mistake: `spawn` comes back at once. Read the clock after the last `join`.
        let took = start.elapsed();
        let so_far = answered.load(Ordering::Relaxed);
        println!("{REQUESTS} requests in {:.1} ms", took.as_secs_f64() * 1000.0);
        println!("answered when the clock was stopped: {so_far} of {REQUESTS}");
        clock_is_read.wait();
        threads.into_iter().for_each(|thread| thread.join().expect("a request ends"));
    });
    let took_ms = start.elapsed().as_secs_f64() * 1000.0;
    let answered = answered.load(Ordering::Relaxed);
    println!(
        "answered when all threads had ended: {answered} of {REQUESTS}, after {took_ms:.1} ms"
    );
}
