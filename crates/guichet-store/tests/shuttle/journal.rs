//! The writer of a journal: what is answered is written, and every answer comes.

use std::sync::{Arc, Mutex};

use guichet_core::fleet::Saved;
use guichet_core::ids::WorkerId;
use guichet_core::rows::Outcome;
use guichet_store::contract::ManualClock;
use guichet_store::journal::model::{Model, ModelLog};
use guichet_store::journal::{LogError, OnTrouble};
use guichet_store::local::LocalStore;
use guichet_store::{Decided, Lifecycle, NextJob, Query, Read, Reply, Work};
use shuttle::{check_random, future};
use tokio_util::sync::CancellationToken;

use super::support::{check, config, create, delete, server_id, together, try_create};

/// A store with a writer of its own on a log that can be looked at.
fn journaled(log: &ModelLog) -> Arc<LocalStore> {
    let lost = Box::new(|written: Result<(), &LogError>| assert_eq!(written, Ok(())));
    journaled_with(log, lost)
}

fn journaled_with(log: &ModelLog, lost: OnTrouble) -> Arc<LocalStore> {
    let log = Box::new(log.clone());
    let opened =
        LocalStore::open(config(None), Arc::<ManualClock>::default(), Saved::default(), log, lost);
    Arc::new(opened.expect("an empty model opens"))
}

fn is_written(log: &ModelLog, number: u64) -> bool {
    log.model().saved().rows.iter().any(|row| row.server.id == server_id(number))
}

/// Who looks at all that is shown, of which everything is written.
fn reader(store: &Arc<LocalStore>, log: &ModelLog, why: &'static str) -> Box<dyn FnOnce() + Send> {
    let (store, log) = (Arc::clone(store), log.clone());
    Box::new(move || {
        for server in store.servers(&Query::default()).servers {
            let rows = log.model().saved().rows;
            let known = rows.iter().any(|row| row.server.id == server.id);
            assert!(known, "{why}");
        }
    })
}

/// Waits for the end.
fn close(store: &LocalStore) -> Result<(), LogError> {
    match store.close() {
        Reply::Ready(ended) => ended,
        Reply::Pending(ended) => future::block_on(ended).expect("answered"),
    }
}

/// A wake-up of the writer that is lost would be a deadlock, which is found.
#[test]
fn every_answer_comes_and_what_it_says_is_written() {
    check_random(
        || {
            let log = ModelLog::default();
            let store = journaled(&log);
            let client = |which: u64| -> Box<dyn FnOnce() + Send> {
                let (store, log) = (Arc::clone(&store), log.clone());
                Box::new(move || {
                    assert!(matches!(create(&store, which), Decided::Accepted(_)));
                    assert!(is_written(&log, which), "answered before it was written");
                    assert!(
                        store.server(server_id(which)).is_some(),
                        "answered before it is shown"
                    );
                    assert!(matches!(delete(&store, which + 10, which), Decided::Accepted(_)));
                })
            };
            let worker = {
                let (store, log) = (Arc::clone(&store), log.clone());
                Box::new(move || {
                    let cancel = CancellationToken::new();
                    if let NextJob::Claim(claim) = store.try_claim(WorkerId(1), &cancel) {
                        let id = claim.operation.server;
                        let rows = log.model().saved().rows;
                        let known = rows.iter().any(|row| row.server.id == id);
                        assert!(known, "started before its record was written");
                        drop(store.finish(&claim, &Outcome::Succeeded));
                    }
                })
            };
            let reader = reader(&store, &log, "shown before it was written");
            together(vec![client(1), client(2), worker, reader]);
            close(&store).expect("the model takes everything");
            check(&store);
            assert_eq!(store.figures().journal.expect("there is one").backlog, 0);
        },
        3_000,
    );
}

/// Another node leads from some moment on: it goes on from what was written then. Nothing more is written
/// here, nothing that was not is said or shown, whoever waits is let go, and the end comes.
#[test]
fn a_leader_that_is_replaced_says_nothing_that_its_successor_does_not_know() {
    check_random(
        || {
            let log = ModelLog::default();
            let replaced = Box::new(|written: Result<(), &LogError>| {
                assert!(matches!(written, Err(LogError::Replaced(_))), "{written:?}");
            });
            let store = journaled_with(&log, replaced);
            let successor: Arc<Mutex<Option<Model>>> = Arc::default();
            let said: Arc<Mutex<Vec<u64>>> = Arc::default();
            let client = |which: u64| -> Box<dyn FnOnce() + Send> {
                let (store, said) = (Arc::clone(&store), Arc::clone(&said));
                Box::new(move || {
                    for number in [which, which + 10] {
                        if let Some(Decided::Accepted(_)) = try_create(&store, number) {
                            said.lock().unwrap().push(number);
                        }
                    }
                })
            };
            let takeover = {
                let (log, successor) = (log.clone(), Arc::clone(&successor));
                Box::new(move || {
                    // In one step, as an epoch is raised: what is in it then is what the successor reads.
                    *successor.lock().unwrap() = Some(log.replace());
                })
            };
            let why = "shown, and the successor does not know it";
            let reader = reader(&store, &log, why);
            together(vec![client(1), client(2), takeover, reader]);
            // One more step, so that the writer has met it in every schedule.
            assert!(!matches!(try_create(&store, 30), Some(Decided::Accepted(_))));
            let ended = close(&store);
            assert!(matches!(ended, Err(LogError::Replaced(_))), "{ended:?}");
            let known = successor.lock().unwrap().take().expect("it took over").saved().rows;
            for number in &*said.lock().unwrap() {
                let is_known = known.iter().any(|row| row.server.id == server_id(*number));
                assert!(is_known, "{number} was acknowledged, and the successor does not know it");
            }
            assert_eq!(log.model().saved().rows.len(), known.len(), "written by who was replaced");
        },
        3_000,
    );
}
