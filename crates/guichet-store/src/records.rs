//! Records beside the fleet, whose meaning the store does not know: passwords, tokens, secrets.

use std::sync::Arc;

use guichet_core::project::Project;
use guichet_core::refusal::Refusal;
use guichet_core::time::Timestamp;

use crate::reply::Reply;

/// Something that is declared while the store is open: its number is the next of its kind, in the
/// order of the declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewName {
    /// A project, with its quota and weight.
    Project(Project),
    /// A flavor.
    Flavor(Arc<str>),
    /// An image.
    Image(Arc<str>),
    /// A user, by its id.
    User(Arc<str>),
}

/// A record that is to be written, or to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordChange {
    /// What kind of record it is, in lower case: `token`.
    pub kind: &'static str,
    /// Its id, unique in its kind.
    pub id: Arc<str>,
    /// Its content, a JSON object; `None`: it is deleted.
    pub body: Option<Arc<str>>,
    /// It is deleted after this time; never, if there is none.
    pub expires: Option<Timestamp>,
}

/// A record as it is found when the store is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// What kind of record it is.
    pub kind: String,
    /// Its id, unique in its kind.
    pub id: String,
    /// Its content, a JSON object.
    pub body: String,
    /// It is deleted after this time; never, if there is none.
    pub expires: Option<Timestamp>,
}

/// The part of a store that makes records durable.
pub trait Records {
    /// Writes a record beside the fleet, or deletes one. The reply comes when that is durable; a
    /// store in memory writes nothing.
    fn put_record(&self, record: RecordChange) -> Reply<Result<(), Refusal>>;

    /// Has rows name these from now on: the next numbers of their kinds. The reply comes when that is
    /// durable: no row may name one before. A store in memory writes nothing.
    fn put_names(&self, names: Vec<NewName>) -> Reply<Result<(), Refusal>>;
}
