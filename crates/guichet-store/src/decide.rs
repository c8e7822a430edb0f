//! What clients cause: requests and edits.

use std::sync::Arc;

use guichet_core::edit::EditRequest;
use guichet_core::refusal::Refusal;
use guichet_core::request::{Answer, Request};
use guichet_core::server::Server;

use crate::reply::{Reply, Watch};

/// What came of a request.
#[derive(Debug)]
pub enum Decided {
    /// The request was taken in; it will be done.
    Accepted(Answer),
    /// The request was taken in before: this is the first answer again.
    Repeated(Answer),
    /// The request was not taken: nothing changed.
    Refused(Refusal),
}

/// The part of a store that decides what clients ask for.
pub trait Decide {
    /// Decides a request and makes the decision true, as one step. `watch` names who is handed its
    /// operations as they end.
    fn submit(&self, request: &Request, watch: Option<&mut dyn Watch>) -> Reply<Decided>;

    /// Decides an edit and makes it true, as one step: the server as it is afterwards.
    fn edit(&self, request: &EditRequest) -> Reply<Result<Arc<Server>, Refusal>>;
}
