//! Drives a load: closed loop, open loop, or a trace.

mod due;
mod times;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use guichet_core::ids::{ClientId, ServerId};
use guichet_core::limits;
use guichet_core::request::{Request, RequestBody};
use guichet_core::time::{Clock, Timestamp};
use guichet_engine::Catalogue;
use guichet_engine::ids::{request_id, server_id};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use self::due::Due;
use self::times::{Times, VIRTUAL_TICK, meant};
use super::clients::{Arrival, ClientRequest, Lab, create};
use super::options::{Arrivals, Bursts, Mix};
use super::scenario::trace_flavor_id;
use crate::trace::{Trace, TraceBody, TraceRequest};

/// What clients send that each wait for the end of one request before the next.
#[derive(Debug, Clone)]
pub struct ClosedLoad {
    /// How many clients.
    pub clients: usize,
    /// How many requests in all, shared as evenly as they go.
    pub requests: u64,
    /// How often each kind of request is sent.
    pub mix: Mix,
    /// After how long no more is sent.
    pub duration: Option<Duration>,
}

impl ClosedLoad {
    /// How many requests a client sends.
    const fn share(&self, client: u64) -> u64 {
        let clients = self.clients as u64;
        self.requests / clients + (client < self.requests % clients) as u64
    }

    /// One client, from its first request to its last.
    async fn client(&self, lab: &Lab, client: u64) {
        let until = self.duration.map(|duration| lab.began.after(duration));
        let mut ends = Vec::with_capacity(1);
        for n in 0..self.share(client) {
            let Some(begun) = lab.begin() else {
                return;
            };
            let intended = lab.clock.now();
            if until.is_some_and(|until| intended >= until) {
                return;
            }
            let offset = intended.since(lab.began);
            let arrival = Arrival { client: ClientId(client as u32), n, intended, offset };
            lab.carry_out(&self.mix, arrival, begun, &mut ends).await;
            // A client whose requests all end at once must not keep its thread to itself.
            tokio::task::coop::consume_budget().await;
        }
    }
}

/// Each client, a task, sends, waits for the end, sends the next.
pub async fn closed(lab: &Arc<Lab>, load: ClosedLoad) {
    let load = Arc::new(load);
    let tracker = TaskTracker::new();
    for client in 0..load.clients as u64 {
        let (lab, load) = (Arc::clone(lab), Arc::clone(&load));
        tracker.spawn(async move { load.client(&lab, client).await });
    }
    tracker.close();
    tracker.wait().await;
}

/// The same, and each client is a thread that waits for its answers: not under virtual time, where
/// nothing may wait for another thread.
///
/// # Errors
/// The system's, if it gives no thread: then those that were begun send no more, and have ended.
pub async fn closed_on_threads(lab: &Arc<Lab>, load: ClosedLoad) -> std::io::Result<()> {
    let load = Arc::new(load);
    let runtime = tokio::runtime::Handle::current();
    let tracker = TaskTracker::new();
    let mut threads = Vec::with_capacity(load.clients);
    let mut made = Ok(());
    for client in 0..load.clients as u64 {
        let (its, load, runtime) = (Arc::clone(lab), Arc::clone(&load), runtime.clone());
        // Given back when the thread is about to end.
        let running = tracker.token();
        let thread = std::thread::Builder::new()
            .name(format!("client-{client}"))
            .stack_size(limits::THREAD_STACK_BYTES)
            .spawn(move || {
                runtime.block_on(load.client(&its, client));
                drop(running);
            });
        match thread {
            Ok(thread) => threads.push(thread),
            Err(error) => {
                lab.stop.cancel();
                made = Err(error);
                break;
            }
        }
    }
    tracker.close();
    tracker.wait().await;
    for thread in threads {
        // A panic is said by the thread itself, and found by the run's checks.
        let _ = thread.join();
    }
    made
}

/// The requests of an open loop that are under way: so many at once and no more.
#[derive(Debug)]
struct AllUnderWay {
    /// The tasks that send them, each until its requests are answered.
    tracker: TaskTracker,
    /// A request holds one from when it is sent to its end.
    places: Arc<Semaphore>,
}

impl AllUnderWay {
    fn new() -> Self {
        Self {
            tracker: TaskTracker::new(),
            places: Arc::new(Semaphore::new(limits::ARRIVALS_IN_FLIGHT_MAX)),
        }
    }

    async fn place(&self) -> OwnedSemaphorePermit {
        let place = Arc::clone(&self.places).acquire_owned().await;
        place.expect("nobody closes the semaphore")
    }

    /// The same for one who mostly finds a place.
    async fn next_place(&self) -> OwnedSemaphorePermit {
        match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => place,
            Err(_) => self.place().await,
        }
    }

    fn add(&self, sending: impl Future<Output = ()> + Send + 'static) {
        // A task is copied some times until it runs, and this is large.
        self.tracker.spawn(Box::pin(sending));
    }

    /// Waits for the end of all, or until nothing ends any more.
    async fn finish(&self, lab: &Lab) {
        self.tracker.close();
        self.tracker.wait().await;
        tokio::select! {
            biased;
            _ = self.places.acquire_many(limits::ARRIVALS_IN_FLIGHT_MAX as u32) => {}
            () = lab.gone.cancelled() => {}
        }
    }
}

/// A request of an open loop whose time has come.
trait Sending: Send + 'static {
    /// Sends it; its end is not waited for.
    fn send(self, lab: &Lab) -> impl Future<Output = ()> + Send;

    /// Sends it and waits for its end.
    fn carry_out(self, lab: &Lab) -> impl Future<Output = ()> + Send;
}

/// Who sends the requests of an open loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Senders {
    /// A task for all that are due at the same instant of virtual time. Nothing waits there, so none
    /// needs a task of its own, and none waits for an end.
    Together,
    /// A task each, which waits for its end: in real time; and where there are crowds, so that what
    /// they cause has its turns in between.
    Each,
}

impl Senders {
    /// More than so many requests in a step of the virtual clock are a crowd.
    const CROWD: usize = 50;

    /// Those of a load that has so many requests in a step of the virtual clock at most.
    fn of(lab: &Lab, most: usize) -> Self {
        match lab.clock.is_virtual() && most <= Self::CROWD {
            true => Self::Together,
            false => Self::Each,
        }
    }
}

/// Sends what is due, until no more will be.
async fn send_due<R: Sending>(due: Arc<Due<R>>, lab: Arc<Lab>) {
    let mut requests = Vec::new();
    while due.take(&mut requests).await {
        for request in requests.drain(..) {
            request.send(&lab).await;
        }
    }
}

/// Sends requests at their times, whether or not those before are over. `begin` is given a request,
/// when it was meant to be sent, its place, and what it holds until it is answered.
async fn send_by_the_clock<T, R: Sending>(
    lab: &Arc<Lab>,
    requests: impl Iterator<Item = (Timestamp, T)>,
    senders: Senders,
    begin: impl FnMut(T, Timestamp, OwnedSemaphorePermit, TaskTrackerToken) -> R,
) {
    let under_way = AllUnderWay::new();
    match senders {
        Senders::Together => send_together(lab, requests, &under_way, begin).await,
        Senders::Each => send_each(lab, requests, &under_way, begin).await,
    }
    under_way.finish(lab).await;
}

/// With [`Senders::Each`].
async fn send_each<T, R: Sending>(
    lab: &Arc<Lab>,
    requests: impl Iterator<Item = (Timestamp, T)>,
    under_way: &AllUnderWay,
    mut begin: impl FnMut(T, Timestamp, OwnedSemaphorePermit, TaskTrackerToken) -> R,
) {
    let mut times = Times::new(lab);
    for (at, request) in requests {
        times.wait_until(at).await;
        let now = lab.clock.now();
        let place = under_way.place().await;
        let Some(begun) = lab.begin() else { return };
        let request = begin(request, meant(lab, at, now), place, begun);
        let lab = Arc::clone(lab);
        under_way.add(async move { request.carry_out(&lab).await });
    }
}

/// With [`Senders::Together`].
async fn send_together<T, R: Sending>(
    lab: &Arc<Lab>,
    requests: impl Iterator<Item = (Timestamp, T)>,
    under_way: &AllUnderWay,
    mut begin: impl FnMut(T, Timestamp, OwnedSemaphorePermit, TaskTrackerToken) -> R,
) {
    let mut requests = requests.peekable();
    let mut times = Times::new(lab);
    let due = Arc::new(Due::new());
    under_way.add(send_due(Arc::clone(&due), Arc::clone(lab)));
    let mut together = Vec::new();
    let mut goes_on = true;
    while goes_on && let Some(first) = requests.next() {
        times.wait_until(first.0).await;
        let now = lab.clock.now();
        let mut next = Some(first);
        while let Some((at, request)) = next {
            let place = under_way.next_place().await;
            let Some(begun) = lab.begin() else {
                goes_on = false;
                break;
            };
            together.push(begin(request, meant(lab, at, now), place, begun));
            next = requests.next_if(|(at, _)| *at <= now);
        }
        if !together.is_empty() {
            due.put(&mut together);
        }
    }
    due.close();
}

/// What an open loop sends.
#[derive(Debug, Clone)]
pub struct OpenLoad {
    /// How many clients it is spread over, one after the other.
    pub clients: usize,
    /// How many requests it has in all.
    pub requests: u64,
    /// How often each kind of request is sent.
    pub mix: Mix,
    /// How many requests arrive in a second, outside of bursts.
    pub rate: f64,
    /// Peaks of the rate, if there are any.
    pub bursts: Option<Bursts>,
}

/// Requests arrive by the clock, whether or not earlier ones are over.
pub async fn open(lab: &Arc<Lab>, load: &OpenLoad, duration: Option<Duration>) {
    let arrivals = Arrivals::new(load.rate, load.bursts, Some(load.requests), duration, lab.chance);
    let mix = Arc::new(load.mix.clone());
    let arrivals = arrivals.enumerate().map(|arrival| (lab.began.after(arrival.1), arrival));
    let peak = load.bursts.map_or(load.rate, |bursts| load.rate.max(bursts.rate));
    let senders = Senders::of(lab, (peak * VIRTUAL_TICK.as_secs_f64()).ceil() as usize);
    let begin = |(count, offset), intended, place, begun| {
        let client = ClientId((count % load.clients) as u32);
        let arrival = Arrival { client, n: (count / load.clients) as u64, intended, offset };
        Random { mix: Arc::clone(&mix), arrival, place, begun }
    };
    send_by_the_clock(lab, arrivals, senders, begin).await;
}

/// What a random client sends.
struct Random {
    mix: Arc<Mix>,
    arrival: Arrival,
    place: OwnedSemaphorePermit,
    begun: TaskTrackerToken,
}

impl Sending for Random {
    async fn send(self, lab: &Lab) {
        let request = lab.choose(&self.mix, self.arrival);
        lab.send_off(&request, self.arrival, self.place).await;
        drop(self.begun);
    }

    async fn carry_out(self, lab: &Lab) {
        lab.carry_out(&self.mix, self.arrival, self.begun, &mut Vec::new()).await;
        drop(self.place);
    }
}

/// A trace's requests at their times, `speed` times faster. A request for a server is sent after
/// the one before it for the same server was answered.
pub async fn replay(lab: &Arc<Lab>, trace: &Trace, speed: f64, duration: Option<Duration>) {
    let mut replay = Replay {
        lab: Arc::clone(lab),
        flavors: lab.manager.catalogue().clone(),
        servers: vec![None; trace.servers.len()],
        sent: vec![0; trace.clients.len()],
        answered: HashMap::new(),
    };
    let requests = trace.requests.iter().map(|request| (faster(request.at, speed), request));
    let requests = requests.take_while(|(offset, _)| duration.is_none_or(|most| *offset < most));
    let requests = requests.map(|(offset, request)| (lab.began.after(offset), request));
    let senders = Senders::of(lab, most_in_a_tick(trace, speed));
    let begin =
        |request, intended, place, begun| replay.begin(trace, request, intended, (place, begun));
    send_by_the_clock(lab, requests, senders, begin).await;
}

/// Most requests of a trace in a step of the virtual clock.
fn most_in_a_tick(trace: &Trace, speed: f64) -> usize {
    let tick = |request: &TraceRequest| {
        faster(request.at, speed).as_nanos().div_ceil(VIRTUAL_TICK.as_nanos())
    };
    let ticks = trace.requests.chunk_by(|one, next| tick(one) == tick(next));
    ticks.map(<[_]>::len).max().unwrap_or(0)
}

/// A time of a trace that is replayed `speed` times faster; none is longer than can be.
fn faster(at: Duration, speed: f64) -> Duration {
    Duration::try_from_secs_f64(at.as_secs_f64() / speed).unwrap_or(Duration::MAX)
}

/// A request of a trace as it is sent.
struct Replayed {
    request: ClientRequest,
    arrival: Arrival,
    /// Comes when the one before it for the same server was answered.
    before: Option<oneshot::Receiver<()>>,
    answer_seen: oneshot::Sender<()>,
    place: OwnedSemaphorePermit,
    begun: TaskTrackerToken,
}

impl Replayed {
    async fn wait_for_turn(before: Option<oneshot::Receiver<()>>) {
        if let Some(before) = before {
            // An error means that the runtime is going away, and this task with it.
            let _ = before.await;
        }
    }
}

impl Sending for Replayed {
    async fn send(self, lab: &Lab) {
        Self::wait_for_turn(self.before).await;
        lab.send_off(&self.request, self.arrival, self.place).await;
        let _ = self.answer_seen.send(());
        drop(self.begun);
    }

    async fn carry_out(self, lab: &Lab) {
        Self::wait_for_turn(self.before).await;
        let mut ends = Vec::new();
        let answered = lab.send(&self.request, self.arrival, &mut ends).await;
        let _ = self.answer_seen.send(());
        drop(self.begun);
        lab.finish(answered, self.arrival, &mut ends).await;
        drop(self.place);
    }
}

/// How far a replay is.
struct Replay {
    lab: Arc<Lab>,
    flavors: Catalogue,
    /// The ids that the trace's servers have here.
    servers: Vec<Option<ServerId>>,
    /// How many requests each client has sent.
    sent: Vec<u64>,
    /// For each server, when the last request sent for it was answered.
    answered: HashMap<u32, oneshot::Receiver<()>>,
}

impl Replay {
    /// One request of the trace, whose time has come.
    fn begin(
        &mut self,
        trace: &Trace,
        request: &TraceRequest,
        intended: Timestamp,
        (place, begun): (OwnedSemaphorePermit, TaskTrackerToken),
    ) -> Replayed {
        let n = self.sent[request.client.index()];
        self.sent[request.client.index()] += 1;
        let arrival = Arrival { client: request.client, n, intended, offset: request.at };
        let (request, server) = self.translate(trace, request, arrival);
        let (answer_seen, answered) = oneshot::channel();
        let before = server.and_then(|server| self.answered.insert(server, answered));
        Replayed { request, arrival, before, answer_seen, place, begun }
    }

    /// A request of the trace as a client sends it, and which of the trace's servers it is for.
    fn translate(
        &mut self,
        trace: &Trace,
        request: &TraceRequest,
        arrival: Arrival,
    ) -> (ClientRequest, Option<u32>) {
        let (chance, client) = (self.lab.chance, request.client);
        let id = request_id(chance, client, arrival.n);
        let fresh = server_id(chance, client, arrival.n, 0);
        let (body, server) = match request.body {
            TraceBody::List => return (ClientRequest::List(request.project, id), None),
            TraceBody::Create { server, size } => {
                self.servers[server as usize] = Some(fresh);
                let flavor = trace_flavor_id(&self.flavors, size);
                let name = &trace.servers[server as usize];
                (RequestBody::Create(create(fresh, Arc::clone(name), flavor, size)), server)
            }
            TraceBody::Act { action, server } => {
                let known = self.servers[server as usize].unwrap_or(fresh);
                (RequestBody::act(action, known), server)
            }
        };
        let project = request.project;
        let request = Request { privileged: false, id, client, project, key: None, body };
        (ClientRequest::Submit(request, None), Some(server))
    }
}
