//! Step 7 with one mistake: the queue has no bound.
//!
//! `cargo run -p guichet-tp --bin step7_wrong`
//!
//! Look for: nobody is refused, and more wait after each peak: 30, 50, 70. The peaks are over
//! after round 4, and those who come in round 6 still wait, behind all the others.

use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

const WORKERS: usize = 2;
const WORK: Duration = Duration::from_millis(2);
/// Requests that one worker answers in a round.
const PER_WORKER: usize = 5;
const ARRIVALS: [usize; 8] = [5, 30, 30, 30, 5, 5, 0, 0];

/// A worker's round: how long each request that it answered had waited, in rounds.
fn work(queue: &Mutex<Receiver<usize>>, round: usize) -> Vec<usize> {
    let mut waits = Vec::new();
    while waits.len() < PER_WORKER {
        let request = queue.lock().expect("no holder panicked").try_recv();
        let Ok(came_in) = request else { break };
        thread::sleep(WORK);
        waits.push(round - came_in);
    }
    waits
}

fn main() {
    // The mistake: this channel grows with every request. `sync_channel(20)` has a bound, and its
    // `try_send` says when it is full.
    #[expect(clippy::disallowed_methods, reason = "it is the mistake that is shown")]
    let (requests, queue) = mpsc::channel();
    let queue = &Mutex::new(queue);
    let (mut waiting, mut longest) = (0, 0);
    for (round, arrivals) in (1..).zip(ARRIVALS) {
        let taken = (0..arrivals).filter(|_| requests.send(round).is_ok()).count();
        let refused = arrivals - taken;
        waiting += taken;
        let waits: Vec<usize> = thread::scope(|scope| {
            let workers: Vec<_> =
                (0..WORKERS).map(|_| scope.spawn(move || work(queue, round))).collect();
            workers.into_iter().flat_map(|worker| worker.join().expect("a worker ends")).collect()
        });
        print!("round {round}: {arrivals} come, {refused} refused, ");
        println!("{waiting} wait, {} answered", waits.len());
        waiting -= waits.len();
        longest = longest.max(waits.into_iter().max().unwrap_or(0));
    }
    println!("the longest wait so far: {longest} rounds, and {waiting} requests still wait");
}
