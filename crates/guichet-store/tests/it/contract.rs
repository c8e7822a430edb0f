//! The memory store passes the suite, with each journal.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use guichet_core::fleet::Saved;
use guichet_scratch::Server;
use guichet_store::Store;
use guichet_store::contract::run_all;
use guichet_store::journal::LogError;
use guichet_store::journal::model::ModelLog;
use guichet_store::journal::sqlite::{self, Names};
use guichet_store::local::LocalStore;

#[test]
fn the_memory_store_passes_the_contract() {
    run_all(&|config, clock| -> Arc<dyn Store> { Arc::new(LocalStore::new(config, clock)) });
}

/// With a journal, every change is taken out, written and published by another thread.
#[test]
fn the_journaled_store_passes_the_contract() {
    run_all(&|config, clock| {
        let log = Box::new(ModelLog::default());
        let lost = Box::new(|written: Result<(), &LogError>| written.expect("a good disk"));
        let opened = LocalStore::open(config, clock, Saved::default(), log, lost);
        Arc::new(opened.expect("an empty model opens"))
    });
}

/// With its file on a disk.
#[test]
fn the_sqlite_store_passes_the_contract() {
    let root = tempfile::tempdir().expect("a directory");
    let runs = AtomicUsize::new(0);
    run_all(&|config, clock| {
        let dir = root.path().join(runs.fetch_add(1, Ordering::Relaxed).to_string());
        let names = Names {
            projects: &config.projects,
            hosts: config.hosts.iter().map(|host| Arc::clone(&host.name)).collect(),
            ..Names::default()
        };
        let opened = sqlite::open(&dir, &names).expect("a new directory opens");
        let lost = Box::new(|written: Result<(), &LogError>| written.expect("a good disk"));
        let log = Box::new(opened.log);
        let store = LocalStore::open(config, clock, opened.saved, log, lost);
        Arc::new(store.expect("an empty file opens"))
    });
}

/// With its rows in a database.
#[test]
fn the_postgres_store_passes_the_contract() {
    let Some(server) = Server::start("the_postgres_store_passes_the_contract") else { return };
    passes(|| server.database().expect("a database"));
}

/// With its rows in another cell than the first.
#[test]
fn the_postgres_store_of_another_cell_passes_the_contract() {
    let name = "the_postgres_store_of_another_cell_passes_the_contract";
    let Some(server) = Server::start(name) else { return };
    passes(|| format!("{}?cell=other", server.database().expect("a database")));
}

fn passes(database: impl Fn() -> String + Sync) {
    run_all(&|config, clock| {
        let names = Names {
            projects: &config.projects,
            hosts: config.hosts.iter().map(|host| Arc::clone(&host.name)).collect(),
            ..Names::default()
        };
        let url = database();
        let opened = crate::postgres::open(&url, &names).expect("a new database opens");
        let lost = Box::new(|written: Result<(), &LogError>| written.expect("a good database"));
        let log = Box::new(opened.log);
        let store = LocalStore::open(config, clock, opened.saved, log, lost);
        Arc::new(store.expect("an empty database opens"))
    });
}
