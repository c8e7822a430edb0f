//! Step 6 with one mistake: an entry is written in pieces.
//!
//! `cargo run -p guichet-tp --bin step6_wrong`
//!
//! Look for: two times and two workers in the first entry, and nobody can say which belongs to
//! which; after it an empty one.

use std::sync::Barrier;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

const WORKERS: usize = 2;

fn time() -> String {
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = time.as_secs() % (24 * 60 * 60);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{hour:02}:{minute:02}:{second:02}.{:06}", time.subsec_micros())
}

/// `bad_luck` is forced: at each call the threads wait until both have come. Without it entries
/// mix now and then, and most of all when much is written, which is when one needs the log.
fn log(bad_luck: &Barrier, worker: usize, event: &str) {
    // The mistake: each `print!` is whole, three of them are not. Put the entry together first,
    // and write it in one call.
    print!("{} ", time());
    bad_luck.wait();
    print!("worker {worker} {event} ");
    bad_luck.wait();
    println!();
}

fn main() {
    let bad_luck = &Barrier::new(WORKERS);
    thread::scope(|scope| {
        for worker in 1..=WORKERS {
            scope.spawn(move || log(bad_luck, worker, "create: done"));
        }
    });
}
