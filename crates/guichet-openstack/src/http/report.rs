//! What whoever writes requests down learns of one from those who read it. Nobody is told anything
//! unless he asked: the request has [`Audited`] among its extensions then, and its answer the others.

use std::sync::Arc;

use axum::response::Response;
use guichet_cloud::accounts::Session;
use guichet_core::ids::RequestId;
use guichet_core::limits;

/// In a request: somebody writes down what comes of it.
#[derive(Debug, Clone, Copy)]
pub struct Audited;

/// In an answer: which request it was, and who sent it.
#[derive(Debug, Clone)]
pub struct Asker {
    /// The request's id.
    pub request: RequestId,
    /// The session of its token, if that was good.
    pub session: Option<Arc<Session>>,
    /// The id of that session's project, if it is another cell's.
    pub project_elsewhere: Option<Arc<str>>,
}

/// In an answer: the session that a login has begun.
#[derive(Debug, Clone)]
pub struct Issued(pub Arc<Session>);

/// In an answer: what only whoever read the body knows. No secret is ever in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The action of a body that names one, such as `os-start`.
    pub action: Option<Box<str>>,
    /// The name of what is made.
    pub name: Option<Box<str>>,
    /// The user of a login, as the client named it: by a name or an id.
    pub user: Option<Box<str>>,
    /// Why a login failed, in one word.
    pub reason: Option<&'static str>,
}

impl Report {
    /// Of an action.
    pub(crate) fn action(name: &str) -> Self {
        Self { action: Some(clipped(name)), ..Self::default() }
    }

    /// Of something that is made.
    pub(crate) fn name(name: &str) -> Self {
        Self { name: Some(clipped(name)), ..Self::default() }
    }

    /// Puts it into an answer.
    pub(crate) fn put(self, answer: &mut Response) {
        answer.extensions_mut().insert(self);
    }
}

/// The beginning of a text that a client chose.
pub(crate) fn clipped(text: &str) -> Box<str> {
    text[..text.floor_char_boundary(limits::REQUEST_TEXT_MAX)].into()
}
