//! What answers at a node's address as long as its process runs.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use guichet_clock::WorldClock;
use guichet_control::nodes::{Leads, alive, away, unknown, unreadable};
use guichet_control::not_of_metrics;
use guichet_core::limits;
use guichet_http::cells::{Ask, GoesOn, Introduction, SeesAll};
use guichet_http::origin::PassedOn;
use guichet_http::serve::App;
use http::{HeaderValue, Method, StatusCode};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tower::util::BoxCloneSyncService;
use tower::{ServiceExt as _, service_fn};

use crate::cell::{Cell, FULL, REPLACED};
use crate::credential::Credential;
use crate::forward::{Forwarded, Forwarder};
use crate::headers::{NOT_TAKEN, Passed, SEES_ALL, Sender, take_sender};
use crate::question::Question;
use crate::role::{Leader, Leading, Role};
use crate::routes::Routes;
use crate::shares::Places;
use crate::trust::Trust;

/// What answers at a node's address, whoever leads. Clones are the same.
#[derive(Clone)]
pub struct Front(Arc<Inner>);

pub(crate) struct Inner {
    /// In the order of their numbers; one at least.
    pub(crate) cells: Box<[Cell]>,
    /// Who says which of several cells a request is for.
    routes: Option<Arc<dyn Routes>>,
    /// What other nodes know this one by, and where they reach it.
    own: Credential,
    address: String,
    forwarder: Forwarder,
    /// A place for each request that goes from cell to cell: whoever answers it gives it back.
    pub(crate) across: Places,
    /// The same for questions of those who answer: whoever has a place above has such a question asked.
    questions: Places,
    /// Cancelled when this node stops: nobody waits here any more.
    ending: CancellationToken,
    clock: WorldClock,
}

impl fmt::Debug for Front {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Front").field(&self.0.cells).finish()
    }
}

/// One cell at a node's address: who leads it is said here. Clones are the same.
#[derive(Debug, Clone)]
pub struct CellFront {
    front: Front,
    number: usize,
}

impl CellFront {
    fn cell(&self) -> &Cell {
        &self.front.0.cells[self.number]
    }

    /// The front that it is a part of.
    pub const fn front(&self) -> &Front {
        &self.front
    }

    /// Its name, if it is one of several.
    pub fn name(&self) -> Option<&str> {
        (self.front.0.cells.len() > 1).then(|| &*self.cell().name)
    }

    /// It is not known who leads, or this node is about to: the reason, in whole sentences.
    pub fn wait(&self, reason: &str) {
        self.cell().wait(reason);
    }

    /// It cannot be asked who leads: whoever is known to is still asked, and says so if it does not any more.
    pub fn lose_sight(&self, reason: &str) {
        self.cell().lose_sight(reason);
    }

    /// This node leads.
    pub fn lead(&self, leading: Leading) {
        self.cell().lead(leading);
    }

    /// Another node leads. Nothing changes if that is known; and if it is this one that led last, or one that
    /// nothing can be passed on to, nobody is known to.
    pub fn follow(&self, leader: Leader) {
        let Inner { own, address, .. } = &*self.front.0;
        self.cell().follow(leader, (own, address));
    }

    /// Whether everything is read that this node would lead.
    pub fn set_read_ahead(&self, is_read: bool) {
        self.cell().set_read_ahead(is_read);
    }
}

impl Front {
    /// One of a service of one cell, that waits, for this reason.
    pub fn new(reason: &str, own: Credential, address: &str, trust: &Trust) -> Self {
        Self::of_cells((vec![Arc::from("default")], None), reason, (own, address), trust)
    }

    /// One of a service of cells of these names, one at least; who says which a request is for, if they are
    /// several.
    pub fn of_cells(
        (names, routes): (Vec<Arc<str>>, Option<Arc<dyn Routes>>),
        reason: &str,
        (own, address): (Credential, &str),
        trust: &Trust,
    ) -> Self {
        Self(Arc::new(Inner {
            cells: names.into_iter().map(|name| Cell::new(name, reason)).collect(),
            routes,
            own,
            address: address.to_owned(),
            forwarder: Forwarder::new(trust),
            across: Places::new(),
            questions: Places::new(),
            ending: CancellationToken::new(),
            clock: WorldClock::real(),
        }))
    }

    /// One of its cells, by its number; of one that there is not the first stands in.
    pub fn cell(&self, number: usize) -> CellFront {
        let number = if number < self.0.cells.len() { number } else { 0 };
        CellFront { front: self.clone(), number }
    }

    /// This node stops: whoever waits for one that leads is told.
    pub fn end(&self) {
        self.0.ending.cancel();
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
                let Some(cell) = inner.measured(request.uri()) else { return Ok(not_of_metrics()) };
                let role = cell.role.borrow().clone();
                if let Role::Leads(Leading { metrics: Some(app), .. }) = role {
                    return app.oneshot(request).await;
                }
                let health = inner.health(cell, request.uri().path(), &role);
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
        let (sender, passed) = take_sender(request.headers_mut(), &self.own);
        if let Sender::Node(Some(client)) = sender {
            request.extensions_mut().insert(PassedOn(client));
        }
        let Some(routes) = &self.routes else {
            return self.answer_at(&self.cells[0], request, sender).await;
        };
        // In boxes: what is kept while cells are asked would else be moved about where there is one.
        match sender {
            Sender::Client => Box::pin(self.routed(&**routes, request)).await,
            Sender::Node(_) => Box::pin(self.of_node(passed, request, sender)).await,
            Sender::Unknown => not_taken(STRANGER),
        }
    }

    /// What another node passes on: to the cell that it names, with what it has found out.
    async fn of_node(&self, passed: Passed, mut request: Request, sender: Sender) -> Response {
        let Passed { cell, ask, by, goes_on } = passed;
        let number = |name: Arc<str>| self.cells.iter().position(|cell| *cell.name == *name);
        let is_introduced = by.is_some();
        let by = by.and_then(number);
        // A node that knows of one cell alone names none: what there was before is the first.
        let cell = cell.map_or(Some(0), number);
        let Some(cell) = cell.and_then(|cell| self.cells.get(cell)) else {
            return not_taken("This node does not know that cell.");
        };
        let extensions = request.extensions_mut();
        if goes_on {
            extensions.insert(GoesOn);
        }
        match (ask.map(Ask), by) {
            (Some(ask), Some(by)) => {
                extensions.insert(Introduction { by, ask });
            }
            (Some(ask), None) if !is_introduced => {
                extensions.insert(ask);
            }
            _ => {}
        }
        let mut answer = self.answer_at(cell, request, sender).await;
        if answer.extensions().get::<SeesAll>().is_some() {
            answer.headers_mut().insert(SEES_ALL, HeaderValue::from_static("1"));
        }
        answer
    }

    /// The answer of a cell, whoever leads it.
    async fn answer_at(&self, cell: &Cell, request: Request, sender: Sender) -> Response {
        let role = cell.role.borrow().clone();
        match &role {
            Role::Leads(leading) if leading.is_on() => return self.led(leading, request).await,
            role => {
                if let Some(answer) = self.health(cell, request.uri().path(), role) {
                    return answer;
                }
            }
        }
        if sender == Sender::Unknown {
            return not_taken(STRANGER);
        }
        drop(role);
        // Few come here on the node that leads.
        Box::pin(self.passed_on(cell, request, sender)).await
    }

    /// The answer of a cell that is led here: once another one has said who asks, if it is to.
    pub(crate) async fn led(&self, leading: &Leading, mut request: Request) -> Response {
        if let Some(Introduction { by, ask }) = request.extensions_mut().remove() {
            // Given back before the request is answered, whose body may still be on its way.
            let Some(_until_it_is_said) = self.questions.take(request.extensions()) else {
                return away(FULL);
            };
            match self.said(by, &ask, request.extensions()).await {
                Ok(Some(said)) => {
                    request.extensions_mut().insert(said);
                }
                // Whoever answers knows nobody then.
                Ok(None) => {}
                Err(away) => return away,
            }
        }
        leading.answer(request).await
    }

    pub(crate) async fn passed_on(
        &self,
        cell: &Cell,
        request: Request,
        sender: Sender,
    ) -> Response {
        if request.method() == Method::CONNECT {
            return StatusCode::METHOD_NOT_ALLOWED.into_response();
        }
        match Question::of(request).await {
            Ok(question) => self.asked(cell, question, sender).await,
            Err(error) => unreadable(error),
        }
    }

    /// Has it answered by whoever leads, or comes to lead in time.
    pub(crate) async fn asked(
        &self,
        cell: &Cell,
        mut question: Question,
        sender: Sender,
    ) -> Response {
        let is_read = question.is_read();
        let (mut roles, mut losses) = (cell.role.subscribe(), 0);
        let mut out_of_patience = pin!(self.clock.sleep(limits::FORWARD_PATIENCE));
        let mut pause = limits::FORWARD_PAUSE;
        loop {
            let role = roles.borrow_and_update().clone();
            let is_tried = matches!(role, Role::Follows(_));
            let reason;
            (question, reason) =
                match self.attempt((cell, role), question, sender, &mut roles).await {
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
        (cell, role): (&Cell, Role),
        question: Question,
        sender: Sender,
        roles: &mut watch::Receiver<Role>,
    ) -> Tried {
        let leader = match role {
            Role::Leads(leading) if leading.is_on() => {
                return Tried::Answered(self.led(&leading, question.into_request()).await);
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
        let by = question.extensions().get::<Introduction>();
        let by = by.and_then(|it| Some(Arc::clone(&self.cells.get(it.by)?.name)));
        let names = self.routes.as_ref().map(|_| (&*cell.name, by.as_deref()));
        match self.forwarder.forward((&leader, names), question, roles).await {
            Forwarded::Answered(answer) => Tried::Answered(answer),
            Forwarded::NotTaken(question, why) => {
                cell.look_away(leader.leads.epoch);
                Tried::NotTaken(question, unreachable(why))
            }
            Forwarded::Refused(why) => Tried::Answered(away(&unreachable(why))),
            Forwarded::Lost(question, why) => Tried::Lost(question, unreachable(why)),
            Forwarded::Full => Tried::Answered(away(
                "Too many requests are being passed on to the node that leads; send it again.",
            )),
        }
    }

    /// How a node is that does not lead, if that is what is asked for.
    fn health(&self, cell: &Cell, path: &str, role: &Role) -> Option<Response> {
        match path {
            "/healthz" => Some(alive()),
            "/metrics" => Some(away("Metrics are those of the node that leads.")),
            "/readyz" => Some(cell.readiness(role)),
            _ => None,
        }
    }
}

const STRANGER: &str = "This node does not know who passes this on.";

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
