//! Each step is one step: quotas hold, and deletes and the calls they stop have one effect.

use std::sync::Arc;

use guichet_core::ids::{ProjectId, WorkerId};
use guichet_core::rows::Outcome;
use guichet_store::local::LocalStore;
use guichet_store::{Decided, NextJob, Query, Read, Reply, Settled, Work};
use shuttle::check_random;
use tokio_util::sync::CancellationToken;

use super::support::{check, create, delete, in_passing, store, together, work_once};

#[test]
fn submit_claim_and_finish_keep_every_invariant() {
    check_random(
        || {
            let store = store(None);
            let client = |which: u64| -> Box<dyn FnOnce() + Send> {
                let store = Arc::clone(&store);
                Box::new(move || {
                    create(&store, which);
                    delete(&store, which + 10, which);
                    create(&store, which + 2);
                })
            };
            let worker = {
                let store = Arc::clone(&store);
                Box::new(move || {
                    for outcome in [Outcome::Succeeded, in_passing(), Outcome::Succeeded] {
                        work_once(&store, 1, &outcome);
                    }
                    check(&store);
                })
            };
            together(vec![client(1), client(2), worker]);
            check(&store);
        },
        2_000,
    );
}

#[test]
fn a_quota_is_never_passed() {
    check_random(
        || {
            let store = store(Some(2));
            let accepted = shuttle::sync::Arc::new(shuttle::sync::atomic::AtomicUsize::new(0));
            let client = |which: u64| -> Box<dyn FnOnce() + Send> {
                let (store, accepted) = (Arc::clone(&store), accepted.clone());
                Box::new(move || {
                    for number in [which, which + 10] {
                        let taken = matches!(create(&store, number), Decided::Accepted(_));
                        accepted.fetch_add(usize::from(taken), std::sync::atomic::Ordering::SeqCst);
                    }
                })
            };
            together(vec![client(1), client(2), client(3)]);
            assert_eq!(accepted.load(std::sync::atomic::Ordering::SeqCst), 2);
            assert_eq!(store.servers(&Query::default()).servers.len(), 2);
            check(&store);
        },
        2_000,
    );
}

#[test]
fn deletes_and_the_call_they_stop_have_one_effect() {
    check_random(
        || {
            let store = store(None);
            create(&store, 1);
            let cancel = CancellationToken::new();
            let NextJob::Claim(claim) = store.try_claim(WorkerId(1), &cancel) else {
                panic!("there is work");
            };
            let client = |which: u64| -> Box<dyn FnOnce() + Send> {
                let store = Arc::clone(&store);
                Box::new(move || {
                    delete(&store, which, 1);
                })
            };
            let call = {
                let store = Arc::clone(&store);
                Box::new(move || {
                    let Reply::Ready(settled) = store.finish(&claim, &Outcome::Succeeded) else {
                        panic!("memory answers at once");
                    };
                    // Settled first, then nobody cancels this call any more.
                    assert!(settled == Settled::Fenced || !cancel.is_cancelled());
                    while work_once(&store, 1, &Outcome::Succeeded).is_some() {}
                })
            };
            together(vec![client(10), client(11), call]);
            while work_once(&store, 2, &Outcome::Succeeded).is_some() {}
            let figures = store.figures();
            assert_eq!((figures.jobs, figures.servers), (0, 0));
            let counts = figures.counts;
            assert_eq!((counts.accepted, counts.succeeded + counts.cancelled), (2, 2));
            check(&store);
        },
        2_000,
    );
}

/// Works until there is nothing, each outcome and the next claim in one step. A call that was told to
/// stop is never another one than that of a claim that is fenced off.
fn work_in_one_step(store: &LocalStore, worker: u32) {
    let mut cancel = CancellationToken::new();
    let mut next = None;
    loop {
        let claim = match next.take() {
            Some(claim) => claim,
            None => match store.try_claim(WorkerId(worker), &cancel) {
                NextJob::Claim(claim) => claim,
                NextJob::Nothing { .. } => return,
            },
        };
        let (settled, looked) = store.finish_and_claim(&claim, &Outcome::Succeeded, &cancel);
        if settled == Settled::Fenced {
            assert!(looked.is_none(), "the token of a call that was stopped is not used again");
            cancel = CancellationToken::new();
        } else if !matches!(looked, Some(NextJob::Claim(_))) {
            assert!(!cancel.is_cancelled(), "the call that was stopped was over");
        }
        next = match looked {
            Some(NextJob::Claim(claim)) => Some(claim),
            Some(NextJob::Nothing { .. }) => return,
            None => None,
        };
    }
}

#[test]
fn an_outcome_and_the_next_claim_are_one_step() {
    check_random(
        || {
            let store = store(None);
            create(&store, 1);
            let client = |which: u64| -> Box<dyn FnOnce() + Send> {
                let store = Arc::clone(&store);
                Box::new(move || {
                    create(&store, which);
                    delete(&store, which + 10, which);
                    delete(&store, which + 20, 1);
                })
            };
            let worker = |which: u32| -> Box<dyn FnOnce() + Send> {
                let store = Arc::clone(&store);
                Box::new(move || {
                    work_in_one_step(&store, which);
                    check(&store);
                })
            };
            together(vec![client(2), client(3), worker(1), worker(2)]);
            work_in_one_step(&store, 3);
            let figures = store.figures();
            assert_eq!((figures.jobs, figures.servers), (0, 0));
            check(&store);
        },
        2_000,
    );
}

/// What the lock is for: the same decision, split into a look and an act.
fn create_in_two_steps(store: &LocalStore, number: u64, quota: u64) {
    let (usage, _) = store.usage(ProjectId(0)).expect("the project");
    if usage.instances < quota {
        create(store, number);
    }
}

#[test]
#[should_panic(expected = "2 servers under a quota of 1")]
fn a_step_split_in_two_is_found_out() {
    check_random(
        || {
            // The store itself has no quota: only the look before the act keeps it.
            let store = store(None);
            let client = |which: u64| -> Box<dyn FnOnce() + Send> {
                let store = Arc::clone(&store);
                Box::new(move || create_in_two_steps(&store, which, 1))
            };
            together(vec![client(1), client(2)]);
            let servers = store.figures().servers;
            assert!(servers <= 1, "{servers} servers under a quota of 1");
        },
        2_000,
    );
}
