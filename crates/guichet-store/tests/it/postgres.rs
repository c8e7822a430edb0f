//! The journal in PostgreSQL.

mod cells;
mod copied;
pub(crate) mod followed;
mod lost;
mod proxy;
mod refused;
mod replaced;
mod silent;
mod warm;

use guichet_store::journal::postgres::{self, Credential, Lead, Node, Opened, Place};
use guichet_store::journal::sqlite::{Names, OpenError, Verified};

/// The database of a connection string.
pub(crate) fn place(url: &str) -> Place {
    Place::parse(url, None).expect("a place")
}

/// A node of this name leads: waits until it does.
pub(crate) fn lead(url: &str, name: &str) -> Result<Lead, OpenError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let node = Node {
        name: name.to_owned(),
        address: format!("http://{name}:8774"),
        credential: Credential::new(""),
    };
    runtime.block_on(postgres::stand(&place(url), &node, |_| ()))
}

/// Opens a database.
pub(crate) fn open(url: &str, names: &Names<'_>) -> Result<Opened, OpenError> {
    postgres::open(lead(url, "a")?, names)
}

/// Checks a database.
pub(crate) fn verify(url: &str) -> Verified {
    postgres::verify(&place(url)).expect("verified")
}
