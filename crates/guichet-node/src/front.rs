//! What answers at a node's address as long as its process runs.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use guichet_clock::WorldClock;
use guichet_control::nodes::{Follows, Leads, alive, away, not_ready, ready, unknown, unreadable};
use guichet_control::not_of_metrics;
use guichet_core::limits;
use guichet_http::origin::PassedOn;
use guichet_http::serve::App;
use http::{HeaderValue, Method, StatusCode};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tower::util::BoxCloneSyncService;
use tower::{ServiceExt as _, service_fn};

use crate::credential::Credential;
use crate::forward::{Forwarded, Forwarder};
use crate::headers::{NOT_TAKEN, Sender, take_sender};
use crate::question::Question;
use crate::role::{Leader, Leading, Role};
use crate::trust::Trust;

/// What answers at a node's address, whoever leads. Clones are the same.
#[derive(Clone)]
pub struct Front(Arc<Inner>);

struct Inner {
    role: watch::Sender<Role>,
    /// What other nodes know this one by, and where they reach it.
    own: Credential,
    address: String,
    forwarder: Forwarder,
    /// Whether everything is read that this node would lead. Relaxed: it is said, and nothing else.
    read_ahead: AtomicBool,
    /// Whether it cannot be asked who leads. Relaxed: a hint, and the one that leads says if it does not.
    is_blind: AtomicBool,
    /// Cancelled when this node stops: nobody waits here any more.
    ending: CancellationToken,
    clock: WorldClock,
}

impl fmt::Debug for Front {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Front").field(&*self.0.role.borrow()).finish()
    }
}

impl Front {
    /// One that waits, for this reason.
    pub fn new(reason: &str, own: Credential, address: &str, trust: &Trust) -> Self {
        let (role, _) = watch::channel(Role::Waits(reason.into()));
        let forwarder = Forwarder::new(trust);
        Self(Arc::new(Inner {
            role,
            own,
            address: address.to_owned(),
            forwarder,
            read_ahead: AtomicBool::new(false),
            is_blind: AtomicBool::new(false),
            ending: CancellationToken::new(),
            clock: WorldClock::real(),
        }))
    }

    /// It is not known who leads, or this node is about to: the reason, in whole sentences.
    pub fn wait(&self, reason: &str) {
        self.0.is_blind.store(false, Ordering::Relaxed);
        self.0.role.send_replace(Role::Waits(reason.into()));
    }

    /// It cannot be asked who leads: whoever is known to is still asked, and says so if it does not any more.
    pub fn lose_sight(&self, reason: &str) {
        self.0.is_blind.store(true, Ordering::Relaxed);
        self.0.role.send_if_modified(|role| {
            let is_blind = !matches!(role, Role::Follows(_));
            if is_blind {
                *role = Role::Waits(reason.into());
            }
            is_blind
        });
    }

    /// This node leads.
    pub fn lead(&self, leading: Leading) {
        self.0.role.send_replace(Role::Leads(leading));
    }

    /// Another node leads. Nothing changes if that is known; and if it is this one that led last, or one that
    /// nothing can be passed on to, nobody is known to.
    pub fn follow(&self, leader: Leader) {
        if leader.credential == self.0.own {
            return self.wait("No node leads at present.");
        }
        if leader.leads.address == self.0.address {
            // This node before it was started anew; or two that say the same of themselves.
            return self.wait(
                "The node that leads, or led last, says that it is at this node's address; if that \
                 lasts, give each node its own --node-url.",
            );
        }
        self.0.is_blind.store(false, Ordering::Relaxed);
        let epoch = leader.leads.epoch;
        let leader = Role::Follows(Arc::new(leader));
        self.0.role.send_if_modified(|role| {
            let is_new = !role.is_of(epoch);
            if is_new {
                *role = leader;
            }
            is_new
        });
    }

    /// This node stops: whoever waits for one that leads is told.
    pub fn end(&self) {
        self.0.ending.cancel();
    }

    /// Whether everything is read that this node would lead.
    pub fn set_read_ahead(&self, is_read: bool) {
        self.0.read_ahead.store(is_read, Ordering::Relaxed);
    }

    /// What answers at the service's address.
    pub fn app(&self) -> App {
        let inner = Arc::clone(&self.0);
        BoxCloneSyncService::new(service_fn(move |request| {
            let inner = Arc::clone(&inner);
            async move { Ok(inner.answer(request).await) }
        }))
    }

    /// What answers where metrics are asked for, if they have an address of their own.
    pub fn metrics_app(&self) -> App {
        let inner = Arc::clone(&self.0);
        BoxCloneSyncService::new(service_fn(move |request: Request| {
            let inner = Arc::clone(&inner);
            async move {
                let role = inner.role.borrow().clone();
                if let Role::Leads(Leading { metrics: Some(app), .. }) = role {
                    return app.oneshot(request).await;
                }
                let health = inner.health(request.uri().path(), &role);
                Ok(health.unwrap_or_else(not_of_metrics))
            }
        }))
    }
}

/// What became of a request that was tried once.
enum Tried {
    Answered(Response),
    /// Nothing was done for it, and why.
    NotTaken(Question, String),
    /// Nobody knows what was done. Without the request its body is gone.
    Lost(Option<Question>, String),
}

impl Inner {
    async fn answer(&self, mut request: Request) -> Response {
        let sender = take_sender(request.headers_mut(), &self.own);
        if let Sender::Node(Some(client)) = sender {
            request.extensions_mut().insert(PassedOn(client));
        }
        let role = self.role.borrow().clone();
        match &role {
            Role::Leads(leading) if leading.is_on() => return leading.answer(request).await,
            role => {
                if let Some(answer) = self.health(request.uri().path(), role) {
                    return answer;
                }
            }
        }
        if sender == Sender::Unknown {
            return not_taken("This node does not know who passes this on.");
        }
        if request.method() == Method::CONNECT {
            return StatusCode::METHOD_NOT_ALLOWED.into_response();
        }
        drop(role);
        // Few come here on the node that leads.
        Box::pin(self.passed_on(request, sender)).await
    }

    async fn passed_on(&self, request: Request, sender: Sender) -> Response {
        match Question::of(request).await {
            Ok(question) => self.asked(question, sender).await,
            Err(error) => unreadable(error),
        }
    }

    /// Has it answered by whoever leads, or comes to lead in time.
    async fn asked(&self, mut question: Question, sender: Sender) -> Response {
        let is_read = question.is_read();
        let (mut roles, mut losses) = (self.role.subscribe(), 0);
        let mut out_of_patience = pin!(self.clock.sleep(limits::FORWARD_PATIENCE));
        let mut pause = limits::FORWARD_PAUSE;
        loop {
            let role = roles.borrow_and_update().clone();
            let is_tried = matches!(role, Role::Follows(_));
            let reason;
            (question, reason) = match self.attempt(role, question, sender, &mut roles).await {
                Tried::Answered(answer) => return answer,
                Tried::NotTaken(question, reason) => (question, reason),
                Tried::Lost(Some(question), reason)
                    if is_read && losses < limits::FORWARD_AGAIN_MAX =>
                {
                    losses += 1;
                    (question, reason)
                }
                Tried::Lost(..) => return unknown(is_read),
            };
            tokio::select! {
                biased;
                _ = roles.changed() => pause = limits::FORWARD_PAUSE,
                () = &mut out_of_patience => return away(&reason),
                () = self.ending.cancelled() => return away("This node stops: ask another one."),
                () = self.clock.sleep(pause), if is_tried => {
                    pause = (pause * 2).min(limits::FORWARD_PAUSE_MOST);
                }
            }
        }
    }

    async fn attempt(
        &self,
        role: Role,
        question: Question,
        sender: Sender,
        roles: &mut watch::Receiver<Role>,
    ) -> Tried {
        let leader = match role {
            Role::Leads(leading) if leading.is_on() => {
                return Tried::Answered(leading.answer(question.into_request()).await);
            }
            Role::Leads(_) => return Tried::NotTaken(question, REPLACED.to_owned()),
            Role::Waits(reason) => return Tried::NotTaken(question, reason.to_string()),
            Role::Follows(leader) => leader,
        };
        if sender != Sender::Client {
            return Tried::Answered(not_taken(&leads(&leader)));
        }
        let unreachable =
            |why| format!("Node {} leads, and does not answer: {why}.", leader.leads.node);
        match self.forwarder.forward(&leader, question, roles).await {
            Forwarded::Answered(answer) => Tried::Answered(answer),
            Forwarded::NotTaken(question, why) => {
                self.look_away(leader.leads.epoch);
                Tried::NotTaken(question, unreachable(why))
            }
            Forwarded::Refused(why) => Tried::Answered(away(&unreachable(why))),
            Forwarded::Lost(question, why) => Tried::Lost(question, unreachable(why)),
            Forwarded::Full => Tried::Answered(away(
                "Too many requests are being passed on to the node that leads; send it again.",
            )),
        }
    }

    /// The node that led does not, or is gone: where it cannot be asked who does, nobody is known to.
    fn look_away(&self, epoch: i64) {
        if !self.is_blind.load(Ordering::Relaxed) {
            return;
        }
        self.role.send_if_modified(|role| {
            let is_known = role.is_of(epoch);
            if is_known {
                *role = Role::Waits("PostgreSQL cannot be reached.".into());
            }
            is_known
        });
    }

    /// How a node is that does not lead, if that is what is asked for.
    fn health(&self, path: &str, role: &Role) -> Option<Response> {
        match path {
            "/healthz" => Some(alive()),
            "/metrics" => Some(away("Metrics are those of the node that leads.")),
            "/readyz" => Some(self.readiness(role)),
            _ => None,
        }
    }

    fn readiness(&self, role: &Role) -> Response {
        let read_ahead = self.read_ahead.load(Ordering::Relaxed);
        match role {
            Role::Follows(leader) => {
                ready(Follows::passing_on(&leader.leads).read_ahead(read_ahead))
            }
            Role::Waits(reason) => not_ready(Follows::waiting(reason).read_ahead(read_ahead)),
            Role::Leads(_) => not_ready(Follows::waiting(REPLACED)),
        }
    }
}

const REPLACED: &str = "Another node leads now.";

/// The answer to a node that passed a request on to one that does not lead: nothing was done.
fn not_taken(why: &str) -> Response {
    let mut answer = away(why);
    answer.headers_mut().insert(NOT_TAKEN, HeaderValue::from_static("1"));
    answer
}

fn leads(leader: &Leader) -> String {
    let Leads { node, address, .. } = &leader.leads;
    format!("Node {node} leads: ask {address}.")
}
