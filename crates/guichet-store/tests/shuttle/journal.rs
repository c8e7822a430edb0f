//! The writer of a journal: what is answered is written, and every answer comes.

use std::sync::Arc;

use guichet_core::fleet::Saved;
use guichet_core::ids::WorkerId;
use guichet_core::rows::Outcome;
use guichet_store::contract::ManualClock;
use guichet_store::journal::LogError;
use guichet_store::journal::model::ModelLog;
use guichet_store::local::LocalStore;
use guichet_store::{Decided, Lifecycle, NextJob, Query, Read, Reply, Work};
use shuttle::{check_random, future};
use tokio_util::sync::CancellationToken;

use super::support::{check, config, create, delete, server_id, together};

/// A store with a writer of its own on a log that can be looked at.
fn journaled(log: &ModelLog) -> Arc<LocalStore> {
    let log = Box::new(log.clone());
    let lost = Box::new(|written: Result<(), &LogError>| assert_eq!(written, Ok(())));
    let opened =
        LocalStore::open(config(None), Arc::<ManualClock>::default(), Saved::default(), log, lost);
    Arc::new(opened.expect("an empty model opens"))
}

fn is_written(log: &ModelLog, number: u64) -> bool {
    log.model().saved().rows.iter().any(|row| row.server.id == server_id(number))
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
            let reader = {
                let (store, log) = (Arc::clone(&store), log.clone());
                Box::new(move || {
                    for server in store.servers(&Query::default()).servers {
                        let rows = log.model().saved().rows;
                        let known = rows.iter().any(|row| row.server.id == server.id);
                        assert!(known, "shown before it was written");
                    }
                })
            };
            together(vec![client(1), client(2), worker, reader]);
            match store.close() {
                Reply::Ready(closed) => closed.expect("the model takes everything"),
                Reply::Pending(closed) => {
                    future::block_on(closed)
                        .expect("answered")
                        .expect("the model takes everything");
                }
            }
            check(&store);
            assert_eq!(store.figures().journal.expect("there is one").backlog, 0);
        },
        3_000,
    );
}
