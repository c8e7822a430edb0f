//! Wake-ups: no job is left while all workers sleep.

use std::sync::Arc;

use guichet_core::ids::OperationId;
use guichet_core::rows::Outcome;
use guichet_store::local::LocalStore;
use guichet_store::{Read, Work};
use shuttle::{check_random, future, thread};

use super::support::{check, create, server_id, store, together, work_once};

/// Takes work as an engine's worker does, until the store's wake is closed. Every second operation
/// waits for something, as far as others can tell.
async fn work(store: &LocalStore, worker: u32) {
    let wake = store.wake();
    let mut done = worker;
    wake.rise();
    loop {
        let woken = wake.waiting();
        if wake.is_closed() {
            break;
        }
        if work_once(store, worker, &Outcome::Succeeded).is_some() {
            done += 1;
            if done.is_multiple_of(2) {
                if wake.lie_down() {
                    wake.one();
                }
                thread::yield_now();
                wake.rise();
            }
        } else {
            if !wake.lie_down() {
                woken.await;
            }
            wake.rise();
            wake.up();
        }
    }
    if wake.lie_down() {
        wake.one();
    }
}

#[test]
fn no_job_is_left_with_all_workers_asleep() {
    none_is_left(usize::MAX);
}

#[test]
fn no_job_is_left_where_one_worker_is_enough() {
    none_is_left(1);
}

fn none_is_left(enough: usize) {
    check_random(
        move || {
            let store = store(None);
            store.wake().set_enough(enough);
            let worker = |which: u32| {
                let store = Arc::clone(&store);
                thread::spawn(move || future::block_on(work(&store, which)))
            };
            let workers = [worker(1), worker(2)];
            let client = |which: u64| -> Box<dyn FnOnce() + Send> {
                let store = Arc::clone(&store);
                Box::new(move || {
                    let mut ends = Vec::new();
                    for number in [which, which + 1] {
                        create(&store, number);
                        let id = OperationId { server: server_id(number), number: 1 };
                        ends.push(store.watch(id).expect("it is known"));
                    }
                    // A job forgotten while all workers sleep is a deadlock, which is found.
                    for end in ends {
                        future::block_on(end).expect("it is answered");
                    }
                })
            };
            together(vec![client(1), client(3)]);
            store.wake().close();
            for worker in workers {
                worker.join().expect("no panic");
            }
            assert_eq!(store.figures().counts.succeeded, 4);
            check(&store);
        },
        2_000,
    );
}
