//! One cloud that is watched.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use guichet_cloud::Cloud;
use guichet_core::ids::ProjectId;
use guichet_core::limits;
use guichet_core::scheduler::Depth;
use guichet_core::time::Timestamp;
use guichet_http::dates;
use guichet_store::hub::{LogEntry, Subscription};
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::Receiver;

use crate::depths::{self, ProjectDepth};
use crate::line::{Facts, Wanted, event, sent};
use crate::listener::{Listener, Listening};
use crate::log::{Chunk, Log, Place};
use crate::past::{self, Past, Source, Span, Step};
use crate::sample::Sample;
use crate::tally::Tally;

/// A cloud that is watched.
#[derive(Debug)]
pub struct Followed {
    /// Held for a batch of entries, or for a look; never across a wait.
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// The cloud; another one after a reset.
    cloud: Weak<Cloud>,
    subscription: Subscription,
    /// What happened since the last sample, and since the cloud is watched.
    second: Tally,
    total: Tally,
    missed: u64,
    missed_total: u64,
    /// Since when, by the service's time.
    since: Timestamp,
    /// When the second that is being counted began, by the watch of the service.
    second_began: Duration,
    /// When somebody last asked, by the same.
    asked: Duration,
    /// The samples of the last minutes, oldest first.
    ring: VecDeque<Arc<Sample>>,
    next: u64,
    /// What projects had in the queue at the last sample.
    depths: Vec<Depth>,
    listeners: Vec<Listener>,
    /// What happened lately.
    log: Log,
}

/// What has been counted since a cloud is watched.
#[derive(Debug)]
pub(crate) struct Counted {
    pub(crate) total: Tally,
    pub(crate) since: Timestamp,
    pub(crate) missed: u64,
}

impl Followed {
    /// From here on, with a log of so many entries.
    pub(crate) fn begin(
        cloud: &Arc<Cloud>,
        now: Timestamp,
        elapsed: Duration,
        entries: usize,
    ) -> Self {
        let inner = Inner {
            cloud: Arc::downgrade(cloud),
            subscription: cloud.manager().hub().subscribe(),
            second: Tally::new(),
            total: Tally::new(),
            missed: 0,
            missed_total: 0,
            since: now,
            second_began: elapsed,
            asked: elapsed,
            ring: VecDeque::new(),
            next: 1,
            depths: Vec::new(),
            listeners: Vec::new(),
            log: Log::new(entries, cloud.now()),
        };
        Self { inner: Mutex::new(inner) }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Goes on with the cloud that a reset put in place of the other: counts begin anew.
    pub(crate) fn renew(&self, cloud: &Arc<Cloud>, now: Timestamp) {
        let mut inner = self.inner();
        if std::ptr::eq(inner.cloud.as_ptr(), Arc::as_ptr(cloud)) {
            return;
        }
        inner.cloud = Arc::downgrade(cloud);
        inner.subscription = cloud.manager().hub().subscribe();
        inner.second.clear();
        inner.total.clear();
        (inner.missed, inner.missed_total, inner.since) = (0, 0, now);
        inner.depths.clear();
        inner.log.clear(cloud.now());
    }

    /// Counts a batch of what is new, sends it to whoever wants it, and adds it to the log; false if
    /// nothing was.
    pub(crate) fn take_batch(&self, cloud: &Cloud) -> bool {
        let mut inner = self.inner();
        let Inner { subscription, second, missed, listeners, log, .. } = &mut *inner;
        let batch = subscription.try_batch();
        *missed += batch.missed;
        if batch.missed > 0 {
            listeners.iter_mut().for_each(|listener| listener.missed(batch.missed));
            log.push(Place::Missed(batch.missed));
        }
        let is_any = !batch.records.is_empty() || batch.missed > 0;
        for entry in batch.records {
            second.count(&entry);
            // A note is for a history, and nobody's to see here.
            if matches!(entry, LogEntry::Note(_)) {
                continue;
            }
            offer(listeners, cloud, &entry);
            log.push(Place::Entry(entry));
        }
        is_any
    }

    /// Counts all that is new, so that whoever asks what was is shown what was a moment ago.
    pub(crate) fn take_all(&self, cloud: &Cloud) {
        for _ in 0..limits::EVENTS_MAX / limits::EVENT_BATCH_MAX {
            if !self.take_batch(cloud) {
                return;
            }
        }
    }

    /// Ends a second: a sample is made, remembered and sent.
    pub(crate) fn end_second(&self, cloud: &Cloud, now: Timestamp, elapsed: Duration) {
        // Looked at before the lock is taken: it goes through the store's.
        let (figures, detail) = (cloud.manager().figures(), cloud.manager().detail());
        let (projects, other_projects) = depths::longest(cloud, detail.depths.clone());
        let mut inner = self.inner();
        let sample = Arc::new(Sample {
            number: inner.next,
            at: dates::micros(now).to_string(),
            seconds: elapsed.saturating_sub(inner.second_began).as_secs_f64(),
            operations: Some(inner.second.operations()),
            refused: Some(inner.second.refused()),
            wait: inner.second.wait(),
            service: inner.second.service(),
            waiting: figures.load.waiting,
            requeued: figures.load.requeued,
            in_flight: figures.load.in_flight,
            servers: figures.servers,
            projects,
            other_projects,
            missed: inner.missed,
        });
        let Inner { second, total, .. } = &mut *inner;
        total.add(second);
        second.clear();
        inner.missed_total += std::mem::take(&mut inner.missed);
        inner.next += 1;
        inner.second_began = elapsed;
        inner.depths = detail.depths;
        if inner.ring.len() == limits::SAMPLES_KEPT {
            inner.ring.pop_front();
        }
        inner.ring.push_back(Arc::clone(&sample));
        inner.send(cloud, &sample);
    }

    /// The samples behind this number, from the oldest on.
    pub fn samples(&self, since: u64) -> Vec<Arc<Sample>> {
        let inner = self.inner();
        inner.ring.iter().filter(|sample| sample.number > since).cloned().collect()
    }

    /// What a project has in the queue, as of the last sample.
    pub(crate) fn depth(&self, cloud: &Cloud, project: ProjectId) -> Option<ProjectDepth> {
        let inner = self.inner();
        inner.depth(cloud, project)
    }

    /// What has been counted since it is watched.
    pub(crate) fn counted(&self) -> Counted {
        let inner = self.inner();
        let mut total = inner.total.clone();
        total.add(&inner.second);
        Counted { total, since: inner.since, missed: inner.missed_total + inner.missed }
    }

    /// Adds one that is sent what happens from here on, the last sample first.
    pub(crate) fn listen(
        &self,
        cloud: &Cloud,
        wanted: Wanted,
        own: Option<ProjectId>,
        place: OwnedSemaphorePermit,
    ) -> Listening {
        Listening::live(self.inner().add_listener(cloud, wanted, own), place)
    }

    /// One that is sent what was, and then what happens if it wants that.
    pub(crate) fn look_back(
        self: Arc<Self>,
        (wanted, own): (Wanted, Option<ProjectId>),
        span: Span,
        place: OwnedSemaphorePermit,
    ) -> Listening {
        let inner = self.inner();
        let (next, end) = (inner.log.first(), inner.log.end());
        let since = span.since.unwrap_or(Timestamp::from_micros(0));
        let head = Some(past::head(since, inner.log.whole_from()));
        drop(inner);
        let end = (!span.follows).then_some(end);
        let past = Past { source: self, wanted, own, span, next, end, head };
        Listening::past(past, place)
    }

    /// Somebody asked.
    pub(crate) fn touch(&self, elapsed: Duration) {
        self.inner().asked = elapsed;
    }

    /// When somebody last asked; none while somebody listens.
    pub(crate) fn asked(&self) -> Option<Duration> {
        let inner = self.inner();
        inner.listeners.is_empty().then_some(inner.asked)
    }

    /// Lets go of all that listen: their answers end.
    pub(crate) fn end(&self) {
        self.inner().listeners.clear();
    }
}

impl Source for Followed {
    fn read_on(&self, next: u64, end: Option<u64>) -> Option<(Arc<Cloud>, Chunk)> {
        let inner = self.inner();
        let cloud = inner.cloud.upgrade()?;
        let end = end.unwrap_or(u64::MAX);
        Some((cloud, inner.log.read(next, end, limits::ROWS_PER_LOCK_MAX)))
    }

    fn go_live(&self, next: u64, wanted: &Wanted, own: Option<ProjectId>) -> Step {
        let mut inner = self.inner();
        if inner.log.end() != next {
            return Step::Nothing;
        }
        let Some(cloud) = inner.cloud.upgrade() else { return Step::End };
        Step::Live(inner.add_listener(&cloud, wanted.clone(), own))
    }
}

/// Sends an entry to whoever wants it: made once for all of them.
fn offer(listeners: &mut [Listener], cloud: &Cloud, entry: &LogEntry) {
    if listeners.is_empty() {
        return;
    }
    let Some(facts) = Facts::of(entry) else { return };
    let mut made: Option<Bytes> = None;
    for listener in listeners {
        listener.offer(&facts, || made.get_or_insert_with(|| event(cloud, entry, &facts)).clone());
    }
}

impl Inner {
    /// One more that listens: what it reads.
    fn add_listener(
        &mut self,
        cloud: &Cloud,
        wanted: Wanted,
        own: Option<ProjectId>,
    ) -> Receiver<Bytes> {
        let (mut listener, receiver) = Listener::new(wanted, own);
        if let Some(sample) = self.ring.back().cloned() {
            listener.tick(self.shown(cloud, &sample, own));
        }
        self.listeners.push(listener);
        receiver
    }

    fn depth(&self, cloud: &Cloud, project: ProjectId) -> Option<ProjectDepth> {
        let mut depths = self.depths.iter();
        depths.find(|depth| depth.project == project).map(|depth| depths::shown(cloud, depth))
    }

    /// A sample as an event, for those who may see all or one project.
    fn shown(&self, cloud: &Cloud, sample: &Sample, own: Option<ProjectId>) -> Bytes {
        match own {
            None => sent("stats", sample),
            Some(own) => sent("stats", &sample.for_project(self.depth(cloud, own))),
        }
    }

    /// Sends a sample, made once for all who may see the same.
    fn send(&mut self, cloud: &Cloud, sample: &Sample) {
        self.listeners.retain(|listener| !listener.is_gone());
        let mut made: HashMap<Option<ProjectId>, Bytes> = HashMap::new();
        let mut listeners = std::mem::take(&mut self.listeners);
        for listener in &mut listeners {
            let own = listener.own();
            let bytes = made.entry(own).or_insert_with(|| self.shown(cloud, sample, own));
            listener.tick(bytes.clone());
        }
        self.listeners = listeners;
    }
}
