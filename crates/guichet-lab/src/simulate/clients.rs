//! Simulated clients: what each sends next, and how one request goes.

use std::sync::Arc;
use std::time::Duration;

use guichet_clock::{Stopwatch, WorldClock};
use guichet_core::action::Action;
use guichet_core::chance::{Chance, Purpose};
use guichet_core::ids::{ClientId, FlavorId, ImageId, ProjectId, RequestId, ServerId};
use guichet_core::refusal::Refusal;
use guichet_core::request::{Act, Create, Request, RequestBody};
use guichet_core::server::{Operation, Size};
use guichet_core::time::{Clock, Timestamp};
use guichet_engine::ids::{request_id, server_id};
use guichet_engine::{Ack, ServerManager};
use guichet_store::{Completion, OnEnd, Query, Watch};
use smallvec::smallvec;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::history::Notes;
use super::options::{Mix, MixItem};
use super::tally::{Answered, Tally};
use super::targets::{Rank, Targets};

/// What all clients of a run share.
#[derive(Debug)]
pub struct Lab {
    /// The manager under load.
    pub manager: ServerManager,
    /// What every draw of the run is made from.
    pub chance: Chance,
    /// The world's clock, which stamps what clients do.
    pub clock: WorldClock,
    /// What servers clients know of.
    pub targets: Targets,
    /// What clients see, counted and timed.
    pub tally: Arc<Tally>,
    /// The history, if one is written.
    pub notes: Option<Notes>,
    /// Projects there are; client c belongs to project c mod this.
    pub projects: u32,
    /// Flavors random clients choose from.
    pub flavors: Vec<(FlavorId, Size)>,
    /// Cancelled when nothing will be finished any more.
    pub gone: CancellationToken,
    /// Cancelled when no more is to be sent.
    pub stop: CancellationToken,
    /// Requests that were begun and not yet answered: each holds a token. Once `stop` is cancelled and
    /// this is empty, nothing more is sent, and nothing more is noted.
    pub unanswered: TaskTracker,
    /// When the load began: what its arrivals and its duration count from.
    pub began: Timestamp,
}

/// A request of an open loop that is under way, until it is dropped: all that is left to do at its
/// end is to count that, so no task waits for it.
#[derive(Debug)]
pub struct UnderWay {
    tally: Arc<Tally>,
    request: RequestId,
    client: ClientId,
    intended: Timestamp,
    /// Its place among all that are under way.
    _place: OwnedSemaphorePermit,
}

impl OnEnd for UnderWay {
    /// The answer to a repeat names the first one's operations: these are counted by who sent that.
    fn ended(&self, operation: &Operation) {
        if operation.request == self.request {
            let finished = operation.finished.unwrap_or(self.intended);
            self.tally.ended(self.client.0, operation, finished.since(self.intended));
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.tally.over();
    }
}

/// One request of a client: the `n`-th, and when it was meant to be sent.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    /// The client that sends it.
    pub client: ClientId,
    /// Which of the client's requests it is, from 0.
    pub n: u64,
    /// When it was meant to be sent.
    pub intended: Timestamp,
    /// That instant in the load's own time: since it began, or as a trace says, however fast it goes.
    pub offset: Duration,
}

/// What a client sends at an arrival.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "made once and sent at once; boxing costs more")]
pub enum ClientRequest {
    /// A request that changes something, and where the server that it names stood among
    /// [`Lab::targets`], if it did.
    Submit(Request, Option<Rank>),
    /// A read of the project's list.
    List(ProjectId, RequestId),
}

impl Lab {
    /// The project a random client belongs to.
    pub const fn project_of(&self, client: ClientId) -> ProjectId {
        ProjectId(client.0 % self.projects)
    }

    /// What a random client sends at an arrival: all drawn, but for which server stands at the drawn
    /// rank now.
    pub fn choose(&self, mix: &Mix, arrival: Arrival) -> ClientRequest {
        let (client, n) = (u64::from(arrival.client.0), arrival.n);
        let project = self.project_of(arrival.client);
        let id = request_id(self.chance, arrival.client, n);
        let action = match mix.pick(self.chance.unit(Purpose::Action, client, n, 0)) {
            MixItem::List => return ClientRequest::List(project, id),
            MixItem::Action(action) => action,
        };
        let mut rank = None;
        let body = if action == Action::Create {
            let which = self.chance.unit(Purpose::Flavor, client, n, 0);
            let which = (which * self.flavors.len() as f64) as usize;
            let (flavor, size) = self.flavors[which.min(self.flavors.len() - 1)];
            let server = server_id(self.chance, arrival.client, n, 0);
            RequestBody::Create(create(server, name(client, n), flavor, size))
        } else {
            let share = self.chance.unit(Purpose::Target, client, n, 0);
            // With nothing to name, the client names a server that never was: the service says
            // that the list is empty.
            let target = self.targets.at(project, share);
            rank = target.map(|(_, rank)| rank);
            let server = target.map(|(server, _)| server);
            let server = server.unwrap_or_else(|| server_id(self.chance, arrival.client, n, 0));
            RequestBody::act(action, server)
        };
        let client = arrival.client;
        let request = Request { privileged: false, id, client, project, key: None, body };
        ClientRequest::Submit(request, rank)
    }

    /// What one must hold to send a request, until it is answered; `None` if no more is to be
    /// sent. Taken before the look at `stop`: who waits for `unanswered` after cancelling `stop`
    /// misses nobody.
    pub fn begin(&self) -> Option<TaskTrackerToken> {
        let token = self.unanswered.token();
        (!self.stop.is_cancelled()).then_some(token)
    }

    /// Chooses what a random client sends, sends it, gives `begun` back, and waits for the end.
    pub async fn carry_out(
        &self,
        mix: &Mix,
        arrival: Arrival,
        begun: TaskTrackerToken,
        ends: &mut Vec<Completion>,
    ) {
        // Over before the wait, during which there are many of these.
        let answered = {
            let request = self.choose(mix, arrival);
            self.send(&request, arrival, ends).await
        };
        drop(begun);
        self.finish(answered, arrival, ends).await;
    }

    /// Sends what was chosen; a read has no answer but what it saw.
    pub async fn send(
        &self,
        request: &ClientRequest,
        arrival: Arrival,
        watch: &mut dyn Watch,
    ) -> Option<Answered> {
        match request {
            ClientRequest::List(project, id) => {
                self.list(*project, *id, arrival).await;
                None
            }
            ClientRequest::Submit(request, rank) => {
                Some(self.submit(request, *rank, arrival, watch).await)
            }
        }
    }

    /// Waits for the end of what was sent.
    pub async fn finish(
        &self,
        answered: Option<Answered>,
        arrival: Arrival,
        ends: &mut Vec<Completion>,
    ) {
        if let Some(answered) = answered {
            self.await_ends(answered, arrival, ends).await;
        }
        self.tally.over();
    }

    /// Sends what was chosen, and does not wait for its end: `place` is given back then.
    pub async fn send_off(
        &self,
        request: &ClientRequest,
        arrival: Arrival,
        place: OwnedSemaphorePermit,
    ) {
        let id = match request {
            ClientRequest::List(_, id) => *id,
            ClientRequest::Submit(request, _) => request.id,
        };
        let mut under_way = Arc::new(UnderWay {
            tally: Arc::clone(&self.tally),
            request: id,
            client: arrival.client,
            intended: arrival.intended,
            _place: place,
        });
        self.send(request, arrival, &mut under_way).await;
    }

    /// Sends a request and counts its answer; `watch` names who learns how what it asked for ends.
    pub async fn submit(
        &self,
        request: &Request,
        rank: Option<Rank>,
        arrival: Arrival,
        watch: &mut dyn Watch,
    ) -> Answered {
        // A refusal is a record too, and no worker waits for those who read slowly on its behalf.
        let hub = self.manager.hub();
        if hub.is_behind() {
            hub.caught_up().await;
        }
        if let Some(notes) = &self.notes {
            notes.invoke(self.clock.now(), request).await;
        }
        let answer = self.manager.submit_watched(request, watch).await;
        if let Some(notes) = &self.notes {
            notes.answer(self.clock.now(), request, &answer);
        }
        self.update_targets(request, rank, &answer);
        let answered = self.classify(request, arrival, &answer);
        self.tally.answered(arrival.client.0, request.action().as_str(), answered);
        answered
    }

    /// Keeps what clients know of servers up to date with an answer.
    fn update_targets(&self, request: &Request, rank: Option<Rank>, answer: &Result<Ack, Refusal>) {
        let project = request.project;
        match (&request.body, answer) {
            (RequestBody::Create(_), Ok(ack)) => {
                for operation in &ack.operations {
                    self.targets.add(project, operation.server);
                }
            }
            (RequestBody::Act(Act { action: Action::Delete, server, .. }), Ok(_))
            | (RequestBody::Act(Act { server, .. }), Err(Refusal::NotFound { .. })) => {
                if let Some(rank) = rank {
                    self.targets.drop_one(project, (*server, rank));
                }
            }
            _ => {}
        }
    }

    /// How an answer is counted.
    fn classify(
        &self,
        request: &Request,
        arrival: Arrival,
        answer: &Result<Ack, Refusal>,
    ) -> Answered {
        match answer {
            Ok(ack) if ack.repeated => Answered::Repeated,
            Ok(ack) => Answered::Accepted {
                operations: ack.operations.len() as u64,
                create_hour: (request.action() == Action::Create).then(|| hour(arrival.offset)),
            },
            Err(refusal) => Answered::Refused(refusal.kind()),
        }
    }

    /// Waits for the ends of what was begun, or until nothing ends any more. The answer to a
    /// repeat says how the first one's operations end: these are counted by who sent the first.
    pub async fn await_ends(
        &self,
        answered: Answered,
        arrival: Arrival,
        ends: &mut Vec<Completion>,
    ) {
        for end in ends.drain(..) {
            let ended = tokio::select! {
                biased;
                ended = end => ended,
                () = self.gone.cancelled() => return,
            };
            if let (Ok(operation), Answered::Accepted { .. }) = (ended, answered) {
                let finished = operation.finished.unwrap_or(arrival.intended);
                self.tally.ended(arrival.client.0, &operation, finished.since(arrival.intended));
            }
        }
    }

    /// Reads a page of the project's servers.
    pub async fn list(&self, project: ProjectId, id: RequestId, arrival: Arrival) {
        if let Some(notes) = &self.notes {
            notes.invoke_list(self.clock.now(), arrival.client, id, project).await;
        }
        let late = self.clock.now().since(arrival.intended);
        let watch = Stopwatch::start();
        let page = self.manager.servers(&Query { project: Some(project), ..Query::default() });
        let took = if self.clock.is_virtual() { Duration::ZERO } else { watch.elapsed() };
        if let Some(notes) = &self.notes {
            notes.saw(self.clock.now(), arrival.client, id, &page);
        }
        self.tally.read(arrival.client.0, late + took);
    }
}

/// The name of the server that a random client's `n`-th request creates: `c0007-000042`. Written digit
/// by digit, as there is one for every server and formatting takes several times as long.
fn name(client: u64, n: u64) -> Arc<str> {
    let mut name = String::with_capacity("c0007-000042".len());
    name.push('c');
    push_digits(&mut name, client, 4);
    name.push('-');
    push_digits(&mut name, n, 6);
    Arc::from(name)
}

/// Writes a number with so many digits at least.
fn push_digits(text: &mut String, mut number: u64, least: usize) {
    // Those of `u64::MAX`.
    let mut digits = [b'0'; 20];
    let mut first = digits.len();
    while number > 0 || digits.len() - first < least {
        first -= 1;
        digits[first] += (number % 10) as u8;
        number /= 10;
    }
    text.push_str(std::str::from_utf8(&digits[first..]).unwrap_or_default());
}

/// The hour that an offset falls in.
const fn hour(offset: Duration) -> u64 {
    offset.as_secs() / 3_600
}

/// A create of one server.
pub fn create(server: ServerId, name: Arc<str>, flavor: FlavorId, size: Size) -> Create {
    Create {
        details: Vec::new(),
        hosts: None,
        most_in_group: None,
        body_digest: None,
        ports: Vec::new(),
        servers: smallvec![(server, name)],
        min_count: 1,
        size,
        flavor,
        image: ImageId(0),
    }
}
