//! A journal of whichever kind, for tests that hold of all.

use std::sync::Arc;

use guichet_core::fleet::Saved;
use guichet_core::time::Timestamp;
use guichet_scratch::Server;
use guichet_store::journal::Log;
use guichet_store::journal::sqlite::{self, Verified};
use tempfile::TempDir;

use crate::postgres;
use crate::sqlite::support::{all_names, projects};

/// A journal that was opened.
pub(crate) struct Any {
    pub(crate) log: Box<dyn Log>,
    pub(crate) saved: Saved,
    pub(crate) newest: Option<Timestamp>,
    pub(crate) starts: u64,
}

/// Where a journal is.
pub(crate) trait Journal {
    /// Opens it: nobody else has it open.
    fn open(&self) -> Any;

    /// Called before one that is open is closed.
    fn closing(&self) {}

    /// Checks it.
    fn verify(&self) -> Verified;
}

impl Journal for TempDir {
    fn open(&self) -> Any {
        let opened = sqlite::open(self.path(), &all_names(&projects())).expect("it opens");
        let (saved, newest, starts) = (opened.saved, opened.newest, opened.starts);
        Any { log: Box::new(opened.log), saved, newest, starts }
    }

    fn verify(&self) -> Verified {
        sqlite::verify(self.path()).expect("verified")
    }
}

/// A database, by its connection string.
pub(crate) struct Database(pub(crate) Arc<str>);

impl Journal for Database {
    fn open(&self) -> Any {
        let opened = postgres::open(&self.0, &all_names(&projects())).expect("it opens");
        let (saved, newest, starts) = (opened.saved, opened.newest, opened.starts);
        Any { log: Box::new(opened.log), saved, newest, starts }
    }

    fn verify(&self) -> Verified {
        postgres::verify(&self.0)
    }
}

/// An empty directory.
pub(crate) fn directory() -> TempDir {
    tempfile::tempdir().expect("a directory")
}

/// An empty database.
pub(crate) fn database(server: &Server) -> Database {
    Database(Arc::from(server.database().expect("a database")))
}

/// Another cell of the same database, empty.
pub(crate) fn other_cell(of: &Database) -> Database {
    Database(format!("{}?cell=other", of.0).into())
}

/// Runs a test of this name with a file, and with a database if there can be one: with a cell of it that
/// is not alone.
pub(crate) fn in_both(name: &str, test: impl Fn(&dyn Journal)) {
    test(&directory());
    if let Some(server) = Server::start(name) {
        let first = database(&server);
        test(&first);
        test(&other_cell(&first));
    }
}
