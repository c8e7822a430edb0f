//! Simulated clients: what each asks next, and how one request goes.

use std::sync::Arc;
use std::time::Duration;

use guichet_clock::{Stopwatch, WorldClock};
use guichet_core::action::Action;
use guichet_core::chance::{Chance, Purpose};
use guichet_core::ids::{ClientId, FlavorId, ImageId, ProjectId, RequestId, ServerId};
use guichet_core::refusal::Refusal;
use guichet_core::request::{Act, Create, Request, RequestBody};
use guichet_core::server::Size;
use guichet_core::time::{Clock, Timestamp};
use guichet_engine::ids::{request_id, server_id};
use guichet_engine::{Ack, ServerManager};
use guichet_store::{Completion, Query};
use smallvec::smallvec;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::history::Notes;
use crate::options::{Mix, MixItem};
use crate::tally::{Answered, Tally};
use crate::targets::Targets;

/// What all clients of a run share.
#[derive(Debug)]
pub struct Lab {
    /// The manager under load.
    pub manager: ServerManager,
    /// All chance.
    pub chance: Chance,
    /// The world's clock.
    pub clock: WorldClock,
    /// What servers clients know of.
    pub targets: Targets,
    /// What clients see.
    pub tally: Tally,
    /// The history, if one is written.
    pub notes: Option<Notes>,
    /// Projects there are; client c belongs to project c mod this.
    pub projects: u32,
    /// Flavors random clients choose from.
    pub flavors: Vec<(FlavorId, Size)>,
    /// Told when nothing will be finished any more.
    pub gone: CancellationToken,
    /// Told when no more is to be sent.
    pub stop: CancellationToken,
    /// Requests that were begun and not yet answered: each holds a token. Once `stop` is told and
    /// this is empty, nothing more is sent, and nothing more is noted.
    pub unanswered: TaskTracker,
    /// When the load began: what its arrivals and its duration count from.
    pub began: Timestamp,
    /// Told of every request that is over, for the progress bar.
    pub progress: Option<indicatif::ProgressBar>,
}

/// The `n`-th request of a client, and when it was meant to be sent.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    /// Whose.
    pub client: ClientId,
    /// Which of that client's, from 0.
    pub n: u64,
    /// When.
    pub intended: Timestamp,
    /// When in the load's own time: since it began, or as a trace says, however fast it goes.
    pub offset: Duration,
}

/// What one turn asks.
#[derive(Debug)]
pub enum Asked {
    /// A request.
    Request(Request),
    /// A read of the project's list.
    List(ProjectId, RequestId),
}

impl Lab {
    /// The project a random client belongs to.
    pub const fn project_of(&self, client: ClientId) -> ProjectId {
        ProjectId(client.0 % self.projects)
    }

    /// What a random client asks at a turn: all drawn, but for which server stands at the drawn
    /// rank now.
    pub fn choose(&self, mix: &Mix, turn: Turn) -> Asked {
        let (client, n) = (u64::from(turn.client.0), turn.n);
        let project = self.project_of(turn.client);
        let id = request_id(self.chance, turn.client, n);
        let action = match mix.pick(self.chance.unit(Purpose::Action, client, n, 0)) {
            MixItem::List => return Asked::List(project, id),
            MixItem::Action(action) => action,
        };
        let body = if action == Action::Create {
            let which = self.chance.unit(Purpose::Flavor, client, n, 0);
            let which = (which * self.flavors.len() as f64) as usize;
            let (flavor, size) = self.flavors[which.min(self.flavors.len() - 1)];
            let server = server_id(self.chance, turn.client, n, 0);
            RequestBody::Create(create(server, &format!("c{client:04}-{n:06}"), flavor, size))
        } else {
            let share = self.chance.unit(Purpose::Target, client, n, 0);
            // With nothing to name, the client names a server that never was: the service says
            // that the list is empty.
            let server = self
                .targets
                .at(project, share)
                .unwrap_or_else(|| server_id(self.chance, turn.client, n, 0));
            RequestBody::act(action, server)
        };
        Asked::Request(Request {
            privileged: false,
            id,
            client: turn.client,
            project,
            key: None,
            body,
        })
    }

    /// What one must hold to send a request, until it is answered; `None` if no more is to be
    /// sent. Taken before the look at `stop`: who waits for `unanswered` after telling `stop`
    /// misses nobody.
    pub fn begin(&self) -> Option<TaskTrackerToken> {
        let token = self.unanswered.token();
        (!self.stop.is_cancelled()).then_some(token)
    }

    /// Sends what was chosen, gives `begun` back, and waits for the end.
    pub async fn carry_out(
        &self,
        asked: Asked,
        turn: Turn,
        begun: TaskTrackerToken,
        ends: &mut Vec<Completion>,
    ) {
        let answered = self.ask(asked, turn, ends).await;
        drop(begun);
        self.finish(answered, turn, ends).await;
    }

    /// Sends what was chosen; a read has no answer but what it saw.
    pub async fn ask(
        &self,
        asked: Asked,
        turn: Turn,
        ends: &mut Vec<Completion>,
    ) -> Option<Answered> {
        match asked {
            Asked::List(project, id) => {
                self.list(project, id, turn).await;
                None
            }
            Asked::Request(request) => Some(self.send(&request, turn, ends).await),
        }
    }

    /// Waits for the end of what was asked.
    pub async fn finish(&self, answered: Option<Answered>, turn: Turn, ends: &mut Vec<Completion>) {
        if let Some(answered) = answered {
            self.await_ends(answered, turn, ends).await;
        }
        if let Some(progress) = &self.progress {
            progress.inc(1);
        }
    }

    /// Sends a request and counts its answer; how what it asked for ends will be told through
    /// `ends`.
    pub async fn send(
        &self,
        request: &Request,
        turn: Turn,
        ends: &mut Vec<Completion>,
    ) -> Answered {
        // A refusal is a record too, and no worker waits for those who read slowly on its behalf.
        let hub = self.manager.hub();
        if hub.is_behind() {
            hub.caught_up().await;
        }
        if let Some(notes) = &self.notes {
            notes.invoke(self.clock.now(), request).await;
        }
        let answer = self.manager.submit_watched(request, ends).await;
        if let Some(notes) = &self.notes {
            notes.answer(self.clock.now(), request, &answer);
        }
        self.learn(request, &answer);
        let answered = self.counted(request, turn, &answer);
        self.tally.answered(turn.client.0, request.action().as_str(), answered);
        answered
    }

    /// What clients know of servers after an answer.
    fn learn(&self, request: &Request, answer: &Result<Ack, Refusal>) {
        let project = request.project;
        match (&request.body, answer) {
            (RequestBody::Create(_), Ok(ack)) => {
                for operation in &ack.operations {
                    self.targets.add(project, operation.server);
                }
            }
            (RequestBody::Act(Act { action: Action::Delete, server, .. }), Ok(_))
            | (RequestBody::Act(Act { server, .. }), Err(Refusal::NotFound { .. })) => {
                self.targets.drop_one(project, *server);
            }
            _ => {}
        }
    }

    fn counted(&self, request: &Request, turn: Turn, answer: &Result<Ack, Refusal>) -> Answered {
        match answer {
            Ok(ack) if ack.repeated => Answered::Repeated,
            Ok(ack) => Answered::Accepted {
                operations: ack.operations.len() as u64,
                create_hour: (request.action() == Action::Create).then(|| hour(turn.offset)),
            },
            Err(refusal) => Answered::Refused(refusal.kind()),
        }
    }

    /// Waits for the ends of what was begun, or until nothing ends any more. The answer to a
    /// repeat tells how the first one's operations end: these are counted by who sent the first.
    pub async fn await_ends(&self, answered: Answered, turn: Turn, ends: &mut Vec<Completion>) {
        for end in ends.drain(..) {
            let ended = tokio::select! {
                biased;
                ended = end => ended,
                () = self.gone.cancelled() => return,
            };
            if let (Ok(operation), Answered::Accepted { .. }) = (ended, answered) {
                let finished = operation.finished.unwrap_or(turn.intended);
                self.tally.ended(turn.client.0, &operation, finished.since(turn.intended));
            }
        }
    }

    /// Reads a page of the project's servers.
    pub async fn list(&self, project: ProjectId, id: RequestId, turn: Turn) {
        if let Some(notes) = &self.notes {
            notes.invoke_list(self.clock.now(), turn.client, id, project).await;
        }
        let late = self.clock.now().since(turn.intended);
        let watch = Stopwatch::start();
        let page = self.manager.servers(&Query { project: Some(project), ..Query::default() });
        let took = if self.clock.is_virtual() { Duration::ZERO } else { watch.elapsed() };
        if let Some(notes) = &self.notes {
            notes.saw(self.clock.now(), turn.client, id, &page);
        }
        self.tally.read(turn.client.0, late + took);
    }
}

/// The hour that an offset falls in.
const fn hour(offset: Duration) -> u64 {
    offset.as_secs() / 3_600
}

/// A create of one server.
pub fn create(server: ServerId, name: &str, flavor: FlavorId, size: Size) -> Create {
    Create {
        details: Vec::new(),
        body_digest: None,
        ports: Vec::new(),
        servers: smallvec![(server, Arc::from(name))],
        min_count: 1,
        size,
        flavor,
        image: ImageId(0),
    }
}
