//! What a node is at present.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use guichet_cloud::data::Term;
use guichet_control::nodes::Leads;
use guichet_http::cells::Ask;
use guichet_http::serve::App;
use http::Uri;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use crate::credential::Credential;

/// What a node is at present.
#[derive(Debug, Clone)]
pub(crate) enum Role {
    /// It is not known who leads, or this node is about to: the reason, in whole sentences.
    Waits(Arc<str>),
    /// Another node leads.
    Follows(Arc<Leader>),
    /// This one does.
    Leads(Leading),
}

impl Role {
    /// Whether another node leads in this epoch.
    pub(crate) fn is_of(&self, epoch: i64) -> bool {
        matches!(self, Self::Follows(leader) if leader.leads.epoch == epoch)
    }
}

/// The node that leads, as another one knows it.
#[derive(Debug, Clone)]
pub struct Leader {
    /// Who it is.
    pub leads: Leads,
    /// Where it takes requests: scheme and authority alone; none if it says nothing that is an address.
    pub(crate) uri: Option<Uri>,
    /// What it knows nodes by.
    pub(crate) credential: Credential,
}

impl Leader {
    /// The node that leads.
    pub fn new(leads: Leads, credential: Credential) -> Self {
        let uri = leads.address.parse().ok().filter(|uri: &Uri| uri.authority().is_some());
        Self { leads, uri, credential }
    }
}

/// How a node leads. Clones are the same.
#[derive(Debug, Clone)]
pub struct Leading {
    /// What answers: it says nothing that is not so any more ([`guichet_control::nodes::leading_app`]).
    app: App,
    /// What answers where metrics are asked for, if they have an address of their own.
    pub(crate) metrics: Option<App>,
    /// What answers what other cells ask, if there are any.
    asked: Option<App>,
    /// For how long it leads.
    term: Term,
    /// What is being answered.
    calls: TaskTracker,
}

impl Leading {
    /// It leads for this term.
    pub fn new(app: App, metrics: Option<App>, term: Term) -> Self {
        Self { app, metrics, asked: None, term, calls: TaskTracker::new() }
    }

    /// The same, with what answers what other cells [ask](Ask): 204, and the answer in [`SAYS`](guichet_http::cells::SAYS).
    #[must_use]
    pub fn asked_by_others(self, asked: App) -> Self {
        Self { asked: Some(asked), ..self }
    }

    /// Whether it still does.
    pub(crate) fn is_on(&self) -> bool {
        !self.term.ended().is_cancelled()
    }

    /// The app's answer.
    pub(crate) async fn answer(&self, request: Request) -> Response {
        let _until_it_is_made = self.calls.token();
        let asked = self.asked.as_ref().filter(|_| request.extensions().get::<Ask>().is_some());
        let Ok(answer) = asked.unwrap_or(&self.app).clone().oneshot(request).await;
        answer
    }

    /// Waits until all that it was asked is answered. Nothing may be asked any more.
    pub async fn answered(&self) {
        self.calls.close();
        self.calls.wait().await;
    }
}
