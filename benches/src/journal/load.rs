//! Clients in a closed loop on a store with a journal. They ask the store itself, and workers
//! finish at once what they claim, so what is measured is the store, its writer and the log.
//!
//! A life is a create and a delete, each accepted, claimed and settled. The client waits for the
//! answer, which comes when the request is durable, and then for the end, which comes when that is.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use guichet_clock::Stopwatch;
use guichet_core::action::Action;
use guichet_core::chance::Chance;
use guichet_core::ids::WorkerId;
use guichet_core::request::{Request, RequestBody};
use guichet_core::rows::Outcome;
use guichet_lab::measure::cpu_time;
use guichet_store::local::LocalStore;
use guichet_store::{Decide, Decided, JournalFigures, Lifecycle, NextJob, Read, Work};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::cpu::cpu_ns;
use crate::load;

/// Workers that claim; with no driver to wait for, more would only look for the same work.
const WORKERS: u32 = 2;

/// What one measurement found.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figure {
    /// Lives a second.
    pub(crate) lives: f64,
    /// Answers and ends that one commit made durable, over those under way.
    pub(crate) batch: f64,
    /// The answer to a request, ms: half come sooner.
    pub(crate) p50_ms: f64,
    /// All but one in a hundred come sooner.
    pub(crate) p99_ms: f64,
    /// CPU of the writer's thread for each life, µs.
    pub(crate) writer_us: f64,
    /// CPU of everything else: clients, workers, their runtime.
    pub(crate) others_us: f64,
}

impl Figure {
    /// CPU of all that a life takes, µs.
    pub(crate) fn cpu(&self) -> f64 {
        self.writer_us + self.others_us
    }
}

/// A store at work.
#[derive(Debug)]
pub(crate) struct Cloud {
    store: Arc<LocalStore>,
    /// The writer's thread, as proc(5) knows it.
    writer: String,
    /// Every client has ids of its own.
    clients: AtomicU32,
    workers: JoinSet<()>,
}

/// What clients count.
#[derive(Debug, Default)]
struct Tally {
    stop: AtomicBool,
    /// Whether answers are timed.
    counts: AtomicBool,
    /// Operations that ended.
    ends: AtomicU64,
}

/// Everything that goes up meanwhile.
struct Marks {
    ends: u64,
    writer_ns: u64,
    process: Duration,
    journal: JournalFigures,
}

impl Cloud {
    /// Opens a store by `open` and puts workers to it.
    pub(crate) fn start(open: impl FnOnce() -> anyhow::Result<LocalStore>) -> anyhow::Result<Self> {
        let before = writers()?;
        let store = Arc::new(open()?);
        let writer = loop {
            // The thread is there; it gives itself its name.
            match writers()?.into_iter().find(|writer| !before.contains(writer)) {
                Some(writer) => break writer,
                None => std::thread::yield_now(),
            }
        };
        let writer = format!("self/task/{}", writer.display());
        let mut workers = JoinSet::new();
        for id in 0..WORKERS {
            workers.spawn(work(Arc::clone(&store), WorkerId(id)));
        }
        Ok(Self { store, writer, clients: AtomicU32::new(0), workers })
    }

    /// Lives with `flight` clients: for `warm` before and then for `time`, which counts.
    pub(crate) async fn measure(
        &self,
        flight: u32,
        warm: Duration,
        time: Duration,
    ) -> anyhow::Result<Figure> {
        let tally = Arc::new(Tally::default());
        let mut clients = JoinSet::new();
        for _ in 0..flight {
            let id = self.clients.fetch_add(1, Ordering::Relaxed);
            clients.spawn(live(Arc::clone(&self.store), id, Arc::clone(&tally)));
        }
        tokio::time::sleep(warm).await;
        let (watch, first) = (Stopwatch::start(), self.marks(&tally)?);
        tally.counts.store(true, Ordering::Relaxed);
        tokio::time::sleep(time).await;
        tally.counts.store(false, Ordering::Relaxed);
        let (took, last) = (watch.elapsed(), self.marks(&tally)?);
        tally.stop.store(true, Ordering::Relaxed);
        let mut answers = Vec::new();
        while let Some(client) = clients.join_next().await {
            answers.extend(client.context("a client panicked")?);
        }
        answers.sort_unstable();
        Ok(first.until(&last, took, &answers, flight))
    }

    fn marks(&self, tally: &Tally) -> anyhow::Result<Marks> {
        Ok(Marks {
            ends: tally.ends.load(Ordering::Relaxed),
            writer_ns: cpu_ns(&self.writer)?,
            process: cpu_time(),
            journal: self.store.figures().journal.unwrap_or_default(),
        })
    }

    /// Everything is durable, and the files are closed.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        self.store.wake().close();
        while let Some(worker) = self.workers.join_next().await {
            worker.context("a worker panicked")?;
        }
        self.store.close().wait().await.context("the writer panicked")??;
        Ok(())
    }
}

impl Marks {
    fn until(&self, last: &Self, took: Duration, answers: &[Duration], flight: u32) -> Figure {
        let lives = (last.ends - self.ends) as f64 / 2.0;
        let writer_us = (last.writer_ns - self.writer_ns) as f64 / 1e3;
        let process_us = (last.process - self.process).as_secs_f64() * 1e6;
        let batches = last.journal.batches - self.journal.batches;
        let answers_and_ends = (last.journal.answers - self.journal.answers) as f64;
        let at = |share: f64| {
            let place = (answers.len() as f64 * share) as usize;
            answers.get(place).copied().unwrap_or_default().as_secs_f64() * 1e3
        };
        Figure {
            lives: lives / took.as_secs_f64(),
            batch: answers_and_ends / batches.max(1) as f64 / f64::from(flight),
            p50_ms: at(0.5),
            p99_ms: at(0.99),
            writer_us: writer_us / lives,
            others_us: (process_us - writer_us) / lives,
        }
    }
}

/// The threads that write journals.
fn writers() -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for thread in fs::read_dir("/proc/self/task")? {
        let thread = thread?;
        // One that has ended meanwhile is none.
        let name = fs::read_to_string(thread.path().join("comm")).unwrap_or_default();
        if name.trim_end() == "journal" {
            found.push(thread.file_name().into());
        }
    }
    Ok(found)
}

/// A worker whose driver takes no time.
async fn work(store: Arc<LocalStore>, id: WorkerId) {
    let cancel = CancellationToken::new();
    loop {
        let woken = store.wake().waiting();
        if store.wake().is_closed() {
            return;
        }
        match store.try_claim(id, &cancel) {
            NextJob::Claim(claim) => {
                store.finish(&claim, &Outcome::Succeeded).wait().await;
                tokio::task::coop::consume_budget().await;
                continue;
            }
            NextJob::Nothing { .. } => woken.await,
        }
        store.wake().up();
    }
}

/// A client: one life after the other. The times of its answers.
async fn live(store: Arc<LocalStore>, id: u32, tally: Arc<Tally>) -> Vec<Duration> {
    let chance = Chance::new(11);
    let mut answers = Vec::new();
    for n in 0.. {
        let create = load::create(chance, id, 2 * n);
        let server = create.server().expect("a create names its server");
        let delete = RequestBody::act(Action::Delete, server);
        for request in [create, load::request(chance, id, 2 * n + 1, delete)] {
            if tally.stop.load(Ordering::Relaxed) && matches!(request.body, RequestBody::Create(_))
            {
                return answers;
            }
            let took = one(&store, &request).await;
            tally.ends.fetch_add(1, Ordering::Relaxed);
            if tally.counts.load(Ordering::Relaxed) {
                answers.push(took);
            }
        }
    }
    answers
}

/// One request to its end; how long its answer took.
async fn one(store: &LocalStore, request: &Request) -> Duration {
    let watch = Stopwatch::start();
    let mut ends = Vec::with_capacity(1);
    let decided = store.submit(request, Some(&mut ends)).wait().await;
    let took = watch.elapsed();
    assert!(matches!(decided, Some(Decided::Accepted(_))), "there is room: {decided:?}");
    for end in ends {
        end.await.expect("it ends");
    }
    took
}
