//! A whole run, from the runtime to the summary.

use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};

use guichet_clock::{Stopwatch, WorldClock};
use guichet_core::action::Action;
use guichet_core::chance::Chance;
use guichet_core::fleet::Counts;
use guichet_core::limits;
use guichet_core::server::Server;
use guichet_core::state::Status;
use guichet_core::time::Clock;
use guichet_driver::Driver;
use guichet_engine::{Drained, Model, ServerManager};
use guichet_store::Query;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::clients::Lab;
use super::drive::{self, ClosedLoad, OpenLoad};
use super::error::RunError;
use super::history::Notes;
use super::live::{self, Drawing, Live};
use super::log::{Console, LogFormat, Logged};
use super::measure;
use super::open;
use super::recorder::{Recorded, Recorder};
use super::scenario::{FLAVORS, Load, Scenario};
use super::summary::{Measured, Setup, Summary, count_servers};
use super::tally::{Counted, Tally};
use super::targets::Targets;
use super::trail::{Observer, Trail};
use super::verify::verify;
use super::writers::{HistoryFile, Writers, beside, spawn_log};

/// What a run shows while it goes on.
#[derive(Debug, Clone, Default)]
pub struct Show {
    /// The log's format; none: no log.
    pub log: Option<LogFormat>,
    /// Where the log goes.
    pub console: Console,
    /// The live view, if there is one.
    pub live: Option<Live>,
    /// How many of the active servers to bring back at the end.
    pub servers: usize,
    /// Whether to record what a comparison needs; not under virtual time.
    pub trail: bool,
}

/// What came of a run.
#[derive(Debug)]
pub struct Ran {
    /// What the run came to, in figures.
    pub summary: Summary,
    /// What clients counted and timed: the whole distributions.
    pub counted: Counted,
    /// What was recorded for a report, if it was asked for.
    pub recorded: Option<Recorded>,
    /// The first active servers, with how many there are in all.
    pub active: Vec<Arc<Server>>,
    /// What the drain left.
    pub drained: Drained,
    /// What the log came to.
    pub logged: Logged,
    /// Whether it was interrupted.
    pub interrupted: bool,
    /// Rules of the profile that name a project or host there is not, one sentence each.
    pub unmatched_rules: Vec<String>,
    /// When operations ran, if that was to be recorded.
    pub trail: Option<Trail>,
}

/// Runs a scenario to its end, or until it is interrupted: then nothing more is sent, what was
/// accepted is finished, and the summary is of what happened. `interrupt` makes the token that
/// interrupts it; it is called inside the runtime when all is ready and nothing was sent yet.
///
/// # Errors
/// What makes a run impossible: `interrupt` was not called then, and nothing was run. Or the
/// history that could not be written to its end: then the run was ended for it.
pub fn run(
    scenario: &Scenario,
    show: &Show,
    interrupt: impl FnOnce() -> CancellationToken,
) -> Result<Ran, RunError> {
    carry_out(scenario, show, false, interrupt)
}

/// The same, and records what a report draws.
///
/// # Errors
/// Those of [`run`].
pub fn run_recorded(
    scenario: &Scenario,
    show: &Show,
    interrupt: impl FnOnce() -> CancellationToken,
) -> Result<Ran, RunError> {
    carry_out(scenario, show, true, interrupt)
}

fn carry_out(
    scenario: &Scenario,
    show: &Show,
    recorded: bool,
    interrupt: impl FnOnce() -> CancellationToken,
) -> Result<Ran, RunError> {
    // The clock of virtual time, which moves while the runtime has nothing to do, and at no other time.
    let clock: Arc<OnceLock<WorldClock>> = Arc::default();
    let mut builder = if scenario.virtual_time {
        tokio::runtime::Builder::new_current_thread()
    } else {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(runtime_threads(scenario));
        builder
    };
    if scenario.virtual_time {
        // Nothing but time: with a driver of I/O the system would be asked for some each time that
        // the clock goes on.
        builder.enable_time().start_paused(true);
        let moves = Arc::clone(&clock);
        builder.on_thread_unpark(move || {
            if let Some(clock) = moves.get() {
                clock.note();
            }
        });
    } else {
        builder.enable_all();
    }
    let runtime = builder.build().map_err(RunError::Runtime)?;
    runtime.block_on(async {
        let run = Run::start(scenario, show, recorded, interrupt)?;
        clock.get_or_init(|| run.clock.clone());
        run.finish().await
    })
}

/// How many threads serve clients and, in the model `async`, operations. While everything only
/// waits, one thread serves it all and no other takes the fleet's rows out of its cache: half the
/// CPU for each operation. Where operations compute as tasks, every core is wanted; the other
/// models have threads of their own for that, or are to have but one.
fn runtime_threads(scenario: &Scenario) -> usize {
    let computes = |action: &Action| !scenario.profile.behaviour(*action).cpu.is_zero();
    if scenario.config.model == Model::Async && Action::ALL.iter().any(computes) {
        std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
    } else {
        1
    }
}

/// A run that goes on.
struct Run<'a> {
    scenario: &'a Scenario,
    show: &'a Show,
    lab: Arc<Lab>,
    driver: Arc<dyn Driver>,
    unmatched_rules: Vec<String>,
    clock: WorldClock,
    interrupt: CancellationToken,
    writers: Writers,
}

impl<'a> Run<'a> {
    fn start(
        scenario: &'a Scenario,
        show: &'a Show,
        recorded: bool,
        interrupt: impl FnOnce() -> CancellationToken,
    ) -> Result<Self, RunError> {
        // Before the file, which creating it empties.
        let mut ready = open::prepare(scenario)?;
        // The file first: a run whose history cannot be written does not take place.
        let history = scenario.history.as_deref().map(HistoryFile::create);
        let history = history.transpose().map_err(RunError::History)?;
        let (config, clock) = (ready.config.clone(), ready.clock.clone());
        let driver = Arc::clone(&ready.driver);
        let unmatched_rules = std::mem::take(&mut ready.unmatched_rules);
        let manager = ready.start()?;
        let hub = manager.hub().clone();
        let notes = history.is_some().then(|| Notes::new(hub.clone()));
        let log = show.log.map(|format| {
            let projects = config.projects.iter().map(|project| Arc::clone(&project.name));
            spawn_log(hub.subscribe(), projects.collect(), format, show.console.clone())
        });
        let log = log.transpose().map_err(RunError::Runtime)?;
        let interrupt = interrupt();
        let stop = interrupt.child_token();
        let began = clock.now();
        let writers = Writers {
            history: history.map(|history| {
                let records = hub.subscribe_lossless();
                beside(history.write(records, stop.clone()), scenario.virtual_time)
            }),
            log,
            recorder: recorded.then(|| {
                let records = hub.subscribe_lossless();
                beside(Recorder::new(began).read(records), scenario.virtual_time)
            }),
        };
        let lab = Lab {
            chance: Chance::new(config.seed),
            clock: clock.clone(),
            targets: match scenario.load {
                Load::Trace { .. } => Targets::none(),
                _ => Targets::new(config.projects.len()),
            },
            tally: Arc::new(if show.trail { Tally::recording_runs() } else { Tally::default() }),
            notes,
            projects: config.projects.len() as u32,
            flavors: FLAVORS
                .iter()
                .filter_map(|(name, _)| config.catalogue.flavor_named(name))
                .collect(),
            gone: CancellationToken::new(),
            stop,
            unanswered: TaskTracker::new(),
            began,
            manager,
        };
        Ok(Self {
            scenario,
            show,
            lab: Arc::new(lab),
            driver,
            unmatched_rules,
            clock,
            interrupt,
            writers,
        })
    }

    async fn finish(self) -> Result<Ran, RunError> {
        let observer =
            self.show.trail.then(|| Observer::start(self.lab.manager.clone(), self.clock.clone()));
        let observer = observer.transpose().map_err(RunError::Runtime)?;
        let drawing = self.show.live.as_ref().map(|live| self.draw(live)).transpose()?;
        let watch = Stopwatch::start();
        let (cpu_before, switches_before) = (measure::cpu_time(), measure::context_switches());
        let machine_before = measure::machine_time();
        let (before, went_on) = self.go_on().await;
        let (drained, sent) = self.carry_load().await;
        let context_switches = measure::context_switches().saturating_sub(switches_before);
        let machine = measure::machine_time().saturating_sub(machine_before);
        let others = machine.saturating_sub(measure::cpu_time().saturating_sub(cpu_before));
        let measured = Measured {
            seconds: watch.elapsed().as_secs_f64(),
            virtual_seconds: self
                .scenario
                .virtual_time
                .then(|| self.clock.now().since(self.lab.began).as_secs_f64()),
            cpu_s: measure::cpu_time().saturating_sub(cpu_before).as_secs_f64(),
            peak_rss_mib: measure::peak_rss_mib(),
        };
        let seen = observer.map(Observer::finish);
        if let Some(drawing) = drawing {
            drawing.finish();
        }
        let (logged, recorded) = self.writers.end().await?;
        sent.map_err(RunError::ClientThread)?;
        let (scenario, lab) = (self.scenario, &self.lab);
        let mut counted = lab.tally.total();
        let ran = std::mem::take(&mut counted.ran);
        let trail = seen.map(|seen| Trail { ran, context_switches, others, ..seen });
        let machines = self.driver.list().await;
        let mut figures = lab.manager.figures();
        // Cut short, all that happened was the earlier run's.
        let before = if went_on { before } else { figures.counts };
        figures.counts = figures.counts.since(&before);
        let audit = verify(&lab.manager, &counted, &machines, &figures.counts, drained);
        let setup = Setup {
            seed: scenario.config.seed,
            model: scenario.config.model.as_str(),
            workers: match scenario.config.model {
                Model::Sequential => 1,
                _ => scenario.config.workers,
            },
            permits: scenario.config.permits,
            queue: scenario.config.queue,
            clients: scenario.load.clients(),
        };
        let servers = count_servers(&lab.manager);
        Ok(Ran {
            summary: Summary::new(setup, &counted, &figures, servers, measured, audit),
            counted,
            recorded,
            active: first_active(&lab.manager, self.show.servers),
            drained,
            logged,
            interrupted: self.interrupt.is_cancelled(),
            unmatched_rules: self.unmatched_rules,
            trail,
        })
    }

    /// Starts the live view.
    fn draw(&self, live: &Live) -> Result<Drawing, RunError> {
        let (scenario, projects) = (self.scenario, self.scenario.config.projects.iter());
        let plan = live::Plan {
            all: scenario.load.requests(),
            duration: scenario.duration,
            queue: scenario.config.queue,
            projects: projects.map(|project| Arc::clone(&project.name)).collect(),
        };
        Drawing::start(live, &self.lab, plan).map_err(RunError::Runtime)
    }

    /// What an earlier run left unfinished comes to its end first: nobody here counts it. The
    /// counts so far, and whether it did: if not, nothing of this run is sent.
    async fn go_on(&self) -> (Counts, bool) {
        let manager = &self.lab.manager;
        let mut went_on = true;
        if self.scenario.data.is_some() {
            let quiet = async {
                while manager.figures().jobs > 0 {
                    self.clock.sleep(limits::BACKOFF_FIRST).await;
                }
            };
            tokio::select! {
                biased;
                () = self.interrupt.cancelled() => went_on = false,
                () = quiet => {}
            }
        }
        (manager.figures().counts, went_on)
    }

    /// Sends the load and drains; and whether there was a thread for each client that was to have
    /// one. Interrupted, it drains while clients still wait for their ends.
    async fn carry_load(&self) -> (Drained, std::io::Result<()>) {
        let lab = &self.lab;
        let load = self.send_load();
        tokio::pin!(load);
        tokio::select! {
            biased;
            sent = &mut load => return (lab.manager.drain(limits::DRAIN_DEADLINE).await, sent),
            () = self.interrupt.cancelled() => {}
        }
        lab.unanswered.close();
        let drained = async {
            // What was begun is answered, and noted, before the drain closes the hub.
            // On a full disk that may take for ever; the drain lets them go.
            tokio::select! {
                biased;
                () = lab.unanswered.wait() => {}
                () = self.stalled() => {}
            }
            let drained = lab.manager.drain(limits::DRAIN_DEADLINE).await;
            // What is not over now never will be: clients need not wait for it.
            lab.gone.cancel();
            drained
        };
        let (sent, drained) = tokio::join!(load, drained);
        (drained, sent)
    }

    /// Comes when the journal cannot be written, if ever.
    async fn stalled(&self) {
        if self.scenario.data.is_none() {
            return std::future::pending().await;
        }
        while !self.lab.manager.figures().is_stalled() {
            self.clock.sleep(limits::BACKOFF_FIRST).await;
        }
    }

    async fn send_load(&self) -> std::io::Result<()> {
        let (lab, duration) = (&self.lab, self.scenario.duration);
        match &self.scenario.load {
            Load::Closed { clients, requests, mix } => {
                let load = ClosedLoad {
                    clients: *clients,
                    requests: *requests,
                    mix: mix.clone(),
                    duration,
                };
                if self.scenario.client_threads {
                    return drive::closed_on_threads(lab, load).await;
                }
                drive::closed(lab, load).await;
            }
            Load::Open { clients, requests, mix, rate, bursts } => {
                let load = OpenLoad {
                    clients: *clients,
                    requests: *requests,
                    mix: mix.clone(),
                    rate: *rate,
                    bursts: *bursts,
                };
                drive::open(lab, &load, duration).await;
            }
            Load::Trace { trace, speed } => drive::replay(lab, trace, *speed, duration).await,
        }
        Ok(())
    }
}

/// The first `count` active servers, project by project, newest first.
fn first_active(manager: &ServerManager, count: usize) -> Vec<Arc<Server>> {
    let query = Query {
        status: Some(Status::Active),
        limit: Some(count.min(limits::PAGE_MAX)),
        ..Query::default()
    };
    manager.scan(&query).take(count).collect()
}
