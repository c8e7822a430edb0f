//! Step 8: the same requests with and without a pool, measured and explained.
//!
//! `cargo run -p guichet-tp --bin step8_measure`
//!
//! Two kinds of work: one waits, as for a hypervisor that answers; the other computes. The clock
//! is stopped when the last request has been answered. What was wrong in step8_wrong.rs: it stops
//! its clock when the last thread has been started, and measures nothing else.

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const REQUESTS: usize = 24;
/// Each figure is the middle one of so many runs: one run may be disturbed by other programs.
const RUNS: usize = 3;
const POOL: usize = 4;

fn wait() {
    thread::sleep(Duration::from_millis(10));
}

fn compute() {
    let mut state = 1_u64;
    for n in 0..200_000 {
        state = black_box(state.wrapping_mul(31) ^ n);
    }
}

/// Without a pool: one request after another.
fn one_at_a_time(work: fn()) -> usize {
    (0..REQUESTS).for_each(|_| work());
    REQUESTS
}

/// Without a pool: a thread for each request.
fn thread_each(work: fn()) -> usize {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..REQUESTS).map(|_| scope.spawn(work)).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).count()
    })
}

/// With a pool: four workers; each takes the next request when it is free.
fn pool(work: fn()) -> usize {
    let next = &AtomicUsize::new(0);
    let worker = move || {
        let mut answered = 0;
        // Each number is handed out once, whatever the ordering.
        while next.fetch_add(1, Ordering::Relaxed) < REQUESTS {
            work();
            answered += 1;
        }
        answered
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..POOL).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or(0)).sum()
    })
}

/// The middle time of the runs, in milliseconds.
fn measure(way: fn(fn()) -> usize, work: fn()) -> f64 {
    let mut times: [Duration; RUNS] = std::array::from_fn(|_| {
        let start = Instant::now();
        let answered = way(work);
        let took = start.elapsed();
        assert_eq!(answered, REQUESTS, "each request is answered");
        took
    });
    times.sort();
    times[RUNS / 2].as_secs_f64() * 1000.0
}

/// Measures one kind of work; how many times as fast the pool is as one at a time.
fn compare(name: &str, work: fn()) -> f64 {
    println!("{REQUESTS} requests that {name}:");
    let alone = measure(one_at_a_time, work);
    let each = measure(thread_each, work);
    let pooled = measure(pool, work);
    for (way, threads, took_ms) in [
        ("one at a time", 1, alone),
        ("a thread each", REQUESTS, each),
        ("a pool of 4", POOL, pooled),
    ] {
        let speed = alone / took_ms;
        println!("  {way:<14} {threads:>2} threads {took_ms:>7.1} ms {speed:>5.1} times as fast");
    }
    alone / pooled
}

fn main() {
    let waiting = compare("wait 10 ms", wait);
    let computing = compare("compute", compute);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    println!("work that waits: {waiting:.1} times as fast with four workers.");
    println!("  Waits pass side by side, whatever the number of cores. With a thread for each");
    println!("  request all pass at once; but a peak of 10,000 requests is then 10,000 threads,");
    println!("  and a pool is four.");
    println!("work that computes: {computing:.1} times as fast with four workers.");
    println!("  Computing needs a core, and here there are {cores}: more threads than cores do");
    println!("  not make it faster, they only take turns.");
}
