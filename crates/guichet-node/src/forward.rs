//! Passing a request on to the node that leads.

use std::error::Error as _;
use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use guichet_clock::WorldClock;
use guichet_core::limits;
use guichet_http::cells::SeesAll;
use guichet_http::serve::PassedBack;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::headers::{NOT_TAKEN, SEES_ALL, remove_hop_by_hop};
use crate::question::Question;
use crate::role::{Leader, Role};
use crate::shares::Shares;
use crate::trust::Trust;

/// Passes requests on, over connections that stay open for the next.
#[derive(Debug)]
pub(crate) struct Forwarder {
    client: Client<HttpsConnector<HttpConnector>, Body>,
    /// One for each request that is passed on; the body of its answer gives it back when its last byte is
    /// out.
    permits: Arc<Semaphore>,
    /// The part of them that each client's address has.
    shares: Shares,
    clock: WorldClock,
}

/// What became of a request that was passed on.
pub(crate) enum Forwarded {
    /// The leader's answer.
    Answered(Response),
    /// Nothing was done for it, and why.
    NotTaken(Question, String),
    /// Nobody knows what was done, and why. Without the request its body is gone.
    Lost(Option<Question>, String),
    /// Nothing was done for it, and its body is gone.
    Refused(String),
    /// Too many are being passed on.
    Full,
}

impl Forwarder {
    pub(crate) fn new(trust: &Trust) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(limits::FORWARD_CONNECT_TIME));
        let builder = HttpsConnectorBuilder::new().with_tls_config(trust.config.clone());
        let builder =
            if trust.is_encrypted { builder.https_only() } else { builder.https_or_http() };
        let connector = builder.enable_http1().wrap_connector(tcp);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(limits::FORWARD_IDLE_TIME)
            .pool_max_idle_per_host(limits::FORWARD_IDLE_MAX)
            .http1_max_buf_size(limits::HEADERS_MAX)
            .build(connector);
        let permits = Arc::new(Semaphore::new(limits::FORWARDED_AT_ONCE));
        Self {
            client,
            permits,
            shares: Shares::new(limits::FORWARDED_SHARE),
            clock: WorldClock::real(),
        }
    }

    /// Passes a request on, and waits until its answer begins: or until another node leads. Of several
    /// cells it names the one that it is for, and the one that is to be asked before.
    pub(crate) async fn forward(
        &self,
        (leader, cell): (&Leader, Option<(&str, Option<&str>)>),
        question: Question,
        roles: &mut watch::Receiver<Role>,
    ) -> Forwarded {
        let epoch = leader.leads.epoch;
        let permits = tokio::select! {
            biased;
            permits = self.permits(question.client()) => permits,
            _ = roles.wait_for(|role| !role.is_of(epoch)) => {
                return again(question, "another node leads now".to_owned());
            }
            () = self.clock.sleep(limits::FORWARD_PATIENCE) => None,
        };
        let Some(permits) = permits else { return Forwarded::Full };
        let request = leader.uri.as_ref();
        let request = request.and_then(|uri| question.for_leader(uri, (&leader.credential, cell)));
        let Some(request) = request else {
            let why = format!("{:?} is no address", leader.leads.address);
            return Forwarded::NotTaken(question, why);
        };
        let answered = tokio::select! {
            biased;
            answered = self.client.request(request) => answered,
            () = self.replaced(epoch, question.is_read(), roles) => {
                return lost(question, "another node leads now".to_owned());
            }
            () = self.clock.sleep(limits::FORWARD_TIME) => {
                return lost(question, "it did not answer in time".to_owned());
            }
        };
        match answered {
            Ok(answer) if answer.headers().contains_key(NOT_TAKEN) => {
                again(question, "it does not lead".to_owned())
            }
            Ok(answer) => Forwarded::Answered(passed_back(answer, permits)),
            Err(error) if error.is_connect() || is_unsent(&error) => {
                again(question, reason(&error))
            }
            Err(error) => lost(question, reason(&error)),
        }
    }

    /// Waits until another node leads. A read may be asked again then; of a write the one that led may yet
    /// say what became of it.
    async fn replaced(&self, epoch: i64, is_read: bool, roles: &mut watch::Receiver<Role>) {
        // The front outlives what it is asked.
        let _ = roles.wait_for(|role| !role.is_of(epoch)).await;
        if !is_read {
            self.clock.sleep(limits::FORWARD_GRACE).await;
        }
    }

    /// A permit of the client's share, and one of all.
    async fn permits(&self, client: Option<IpAddr>) -> Option<Permits> {
        let share = match client {
            // Nobody closes a semaphore.
            Some(client) => Some(self.shares.of(client).acquire_owned().await.ok()?),
            None => None,
        };
        Some((share, Arc::clone(&self.permits).acquire_owned().await.ok()?))
    }
}

/// What a request has while it is passed on.
type Permits = (Option<OwnedSemaphorePermit>, OwnedSemaphorePermit);

/// Whether a request was not sent: its connection ended before it was its turn.
fn is_unsent(error: &Error) -> bool {
    let source = error.source().and_then(|source| source.downcast_ref::<hyper::Error>());
    source.is_some_and(hyper::Error::is_canceled)
}

/// Nothing was done: it may be asked again, as long as its body is there.
fn again(question: Question, why: String) -> Forwarded {
    match question.again() {
        Some(question) => Forwarded::NotTaken(question, why),
        None => Forwarded::Refused(why),
    }
}

fn lost(question: Question, why: String) -> Forwarded {
    Forwarded::Lost(question.again(), why)
}

/// An answer as the client gets it. What it is to be charged for is known where it was made.
fn passed_back(answer: http::Response<Incoming>, permits: Permits) -> Response {
    let (mut parts, body) = answer.into_parts();
    remove_hop_by_hop(&mut parts.headers);
    parts.extensions.clear();
    if parts.headers.remove(SEES_ALL).is_some() {
        parts.extensions.insert(SeesAll);
    }
    parts.extensions.insert(PassedBack);
    let body = body.map_frame(move |frame| {
        let _until_its_end = &permits;
        frame
    });
    Response::from_parts(parts, Body::new(body))
}

/// An error with what it comes from: the outermost says little.
fn reason(error: &Error) -> String {
    let mut why = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        why = format!("{why}: {error}");
        source = error.source();
    }
    why
}
