//! Drives a load: closed loop, open loop, or a trace.

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

/// Open-loop requests under way: each a task, so many at once and no more.
#[derive(Debug)]
struct UnderWay {
    tracker: TaskTracker,
    /// A task holds a permit from its start to its end.
    permits: Arc<Semaphore>,
}

impl UnderWay {
    fn new() -> Self {
        Self {
            tracker: TaskTracker::new(),
            permits: Arc::new(Semaphore::new(limits::ARRIVALS_IN_FLIGHT_MAX)),
        }
    }

    /// Waits for a permit; `None` never comes, for nobody closes the semaphore.
    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.permits).acquire_owned().await.ok()
    }

    fn add(
        &self,
        permit: Option<OwnedSemaphorePermit>,
        request: impl Future<Output = ()> + Send + 'static,
    ) {
        // A task is copied some times until it runs, and this is large.
        let request = Box::pin(request);
        self.tracker.spawn(async move {
            request.await;
            drop(permit);
        });
    }

    async fn finish(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }
}

/// The virtual clock goes on in steps of this: who sleeps wakes up so much too late at most.
const VIRTUAL_TICK: Duration = Duration::from_millis(1);

/// Waits until it is time to send, or no more is to be sent. When that was: virtual time is late by
/// less than a tick because of how it is counted, and nobody has waited for that.
async fn due(lab: &Lab, at: Timestamp) -> Timestamp {
    if lab.clock.now() < at {
        tokio::select! {
            biased;
            () = lab.stop.cancelled() => {}
            () = lab.clock.sleep_until(at) => {}
        }
    }
    let now = lab.clock.now();
    if lab.clock.is_virtual() && now.since(at) < VIRTUAL_TICK { at.max(now) } else { at }
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
    let (under_way, mix) = (UnderWay::new(), Arc::new(load.mix.clone()));
    for (count, offset) in arrivals.enumerate() {
        let intended = due(lab, lab.began.after(offset)).await;
        let permit = under_way.permit().await;
        let Some(begun) = lab.begin() else {
            break;
        };
        let client = ClientId((count % load.clients) as u32);
        let arrival = Arrival { client, n: (count / load.clients) as u64, intended, offset };
        let (lab, mix) = (Arc::clone(lab), Arc::clone(&mix));
        let send = async move {
            lab.carry_out(&mix, arrival, begun, &mut Vec::new()).await;
        };
        under_way.add(permit, send);
    }
    under_way.finish().await;
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
    let under_way = UnderWay::new();
    for request in &trace.requests {
        let offset = faster(request.at, speed);
        if duration.is_some_and(|duration| offset >= duration) {
            break;
        }
        let intended = due(lab, lab.began.after(offset)).await;
        let permit = under_way.permit().await;
        let Some(begun) = lab.begin() else {
            break;
        };
        under_way.add(permit, replay.send(trace, request, intended, begun));
    }
    under_way.finish().await;
}

/// A time of a trace that is replayed `speed` times faster; none is longer than can be.
fn faster(at: Duration, speed: f64) -> Duration {
    Duration::try_from_secs_f64(at.as_secs_f64() / speed).unwrap_or(Duration::MAX)
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
    /// One request of the trace, to be carried out as a task.
    fn send(
        &mut self,
        trace: &Trace,
        request: &TraceRequest,
        intended: Timestamp,
        begun: TaskTrackerToken,
    ) -> impl Future<Output = ()> + Send + 'static {
        let n = self.sent[request.client.index()];
        self.sent[request.client.index()] += 1;
        let arrival = Arrival { client: request.client, n, intended, offset: request.at };
        let (request, server) = self.translate(trace, request, arrival);
        let (answer_seen, answered) = oneshot::channel();
        let before = server.and_then(|server| self.answered.insert(server, answered));
        let lab = Arc::clone(&self.lab);
        async move {
            if let Some(before) = before {
                // An error means that the runtime is going away, and this task with it.
                let _ = before.await;
            }
            let mut ends = Vec::new();
            let answered = lab.send(&request, arrival, &mut ends).await;
            let _ = answer_seen.send(());
            drop(begun);
            lab.finish(answered, arrival, &mut ends).await;
        }
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
                (RequestBody::Create(create(fresh, name, flavor, size)), server)
            }
            TraceBody::Act { action, server } => {
                let known = self.servers[server as usize].unwrap_or(fresh);
                (RequestBody::act(action, known), server)
            }
        };
        let project = request.project;
        (
            ClientRequest::Submit(Request {
                privileged: false,
                id,
                client,
                project,
                key: None,
                body,
            }),
            Some(server),
        )
    }
}
