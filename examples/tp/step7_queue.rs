//! Step 7: a queue of requests takes peaks in, up to a bound, and refuses past it.
//!
//! `cargo run -p guichet-tp --bin step7_queue`
//!
//! Time goes in rounds of 10 ms, in which two workers answer ten requests. Three rounds bring
//! thirty: the queue takes in what can be answered soon, the others are refused at once and told
//! when to come back. What was wrong in step7_wrong.rs: its queue has no bound, so nobody is
//! refused and everybody waits, even clients who come after the peaks.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

const WORKERS: usize = 2;
const WORK_MS: usize = 2;
/// Requests that one worker answers in a round.
const PER_WORKER: usize = 5;
/// Requests that wait, at most. Two workers answer ten in a round, so whoever is taken in has an
/// answer in this round or the next.
const WAITING_MAX: usize = 20;
/// How many requests come in each round: calm, three peaks, calm.
const ARRIVALS: [usize; 8] = [5, 30, 30, 30, 5, 5, 0, 0];

#[derive(Debug)]
struct Request {
    round: usize,
}

#[derive(Debug)]
struct QueueFull {
    /// When the requests that wait now will have been answered.
    come_back_ms: usize,
}

#[derive(Debug, Default)]
struct RequestQueue {
    waiting: Mutex<VecDeque<Request>>,
}

impl RequestQueue {
    fn push(&self, request: Request) -> Result<(), QueueFull> {
        let mut waiting = self.waiting.lock().expect("no holder panicked");
        // Checked and added under one lock, as in step 2.
        if waiting.len() >= WAITING_MAX {
            return Err(QueueFull { come_back_ms: waiting.len() * WORK_MS / WORKERS });
        }
        waiting.push_back(request);
        Ok(())
    }

    fn pop(&self) -> Option<Request> {
        self.waiting.lock().expect("no holder panicked").pop_front()
    }

    fn len(&self) -> usize {
        self.waiting.lock().expect("no holder panicked").len()
    }
}

/// A worker's round: how long each request that it answered had waited, in rounds.
fn work(queue: &RequestQueue, round: usize) -> Vec<usize> {
    let mut waits = Vec::new();
    while waits.len() < PER_WORKER
        && let Some(request) = queue.pop()
    {
        thread::sleep(Duration::from_millis(WORK_MS as u64));
        waits.push(round - request.round);
    }
    waits
}

fn main() {
    let queue = &RequestQueue::default();
    let (mut answered, mut refused, mut longest) = (0, 0, 0);
    for (round, arrivals) in (1..).zip(ARRIVALS) {
        let answers = (0..arrivals).map(|_| queue.push(Request { round }));
        let refusals: Vec<_> = answers.filter_map(Result::err).collect();
        let most = queue.len();
        let waits: Vec<usize> = thread::scope(|scope| {
            let workers: Vec<_> =
                (0..WORKERS).map(|_| scope.spawn(move || work(queue, round))).collect();
            workers.into_iter().flat_map(|worker| worker.join().expect("a worker ends")).collect()
        });
        print!("round {round}: {arrivals} come, {} refused, ", refusals.len());
        println!("{most} wait, {} answered", waits.len());
        if let Some(QueueFull { come_back_ms }) = refusals.first() {
            println!("  refused: the queue is full; come back in {come_back_ms} ms");
        }
        answered += waits.len();
        refused += refusals.len();
        longest = longest.max(waits.into_iter().max().unwrap_or(0));
    }
    let all: usize = ARRIVALS.iter().sum();
    let verdict = if all == answered + refused { "good" } else { "BROKEN" };
    println!("{all} requests = {answered} answered + {refused} refused: {verdict}");
    println!("the longest wait: {longest} round");
}
