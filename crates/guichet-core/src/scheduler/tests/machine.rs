//! Random steps against a model that is plain lists and looks at everything each time.

use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::{NOW, WIDE, job, operation};
use crate::ids::{OperationId, ProjectId};
use crate::rows::{Job, JobChange};
use crate::scheduler::{Bounds, Load, Scheduler};
use crate::time::Timestamp;

#[derive(Debug, Clone)]
enum Step {
    Push {
        project: u32,
        host: Option<u32>,
    },
    /// Behind a running job, on the same host and project, as a delete is.
    PushBehind {
        pick: usize,
        millis: u64,
    },
    Replace {
        pick: usize,
    },
    Cancel {
        pick: usize,
    },
    Next,
    Done {
        pick: usize,
    },
    Requeue {
        pick: usize,
        millis: u64,
    },
    Pass {
        millis: u64,
    },
    /// Changes that do not fit the state of the job they name.
    Stray {
        pick: usize,
    },
}

#[derive(Debug, Clone)]
struct Waiting {
    job: Job,
    arrival: u64,
    hold: Option<(Timestamp, Option<OperationId>)>,
    restarted: bool,
}

/// What the scheduler should hold.
struct Model {
    bounds: Bounds,
    weights: Vec<u32>,
    now: Timestamp,
    waiting: Vec<Waiting>,
    running: Vec<(Job, u64)>,
    load: Load,
    /// Every job that was ever started, in the order of first starts.
    begun: Vec<OperationId>,
    /// Jobs ever made, and turns ever given.
    made: u32,
    turns: u64,
    /// `overtaken[p][q]`: starts of q since p last started or could not have.
    overtaken: Vec<Vec<u32>>,
}

impl Model {
    fn new(bounds: Bounds, weights: &[u32]) -> Self {
        Self {
            bounds,
            weights: weights.to_vec(),
            now: NOW,
            waiting: Vec::new(),
            running: Vec::new(),
            load: Load::default(),
            begun: Vec::new(),
            made: 0,
            turns: 0,
            overtaken: vec![vec![0; weights.len()]; weights.len()],
        }
    }

    fn make(&mut self, project: u32, host: Option<u32>) -> Job {
        self.made += 1;
        job(self.made, project, host)
    }

    fn wait(&mut self, job: Job, hold: Option<(Timestamp, Option<OperationId>)>) {
        self.turns += 1;
        self.waiting.push(Waiting { job, arrival: self.turns, hold, restarted: false });
    }

    fn host_full(&self, job: &Job) -> bool {
        let on_it = self.running.iter().filter(|(other, _)| other.host == job.host);
        job.host.is_some() && on_it.count() >= self.bounds.per_host
    }

    fn project_full(&self, project: ProjectId) -> bool {
        let of_it = self.running.iter().filter(|(other, _)| other.project == project);
        of_it.count() >= self.bounds.per_project
    }

    fn service_full(&self) -> bool {
        self.running.len() >= self.bounds.service
    }

    /// What could start if the service had a permit.
    fn startable(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting.iter().filter(|w| {
            w.hold.is_none() && !self.host_full(&w.job) && !self.project_full(w.job.project)
        })
    }

    fn could_start(&self, project: usize) -> bool {
        self.startable().any(|w| w.job.project.index() == project)
    }

    fn wake(&mut self) {
        for waiting in &mut self.waiting {
            if waiting.hold.is_some_and(|(until, _)| until <= self.now) {
                waiting.hold = None;
            }
        }
    }

    /// `next` gave this; was it right?
    fn started(&mut self, given: Option<Job>) {
        self.wake();
        let Some(given) = given else {
            let left: Vec<_> = self.startable().collect();
            assert!(
                self.service_full() || left.is_empty(),
                "nothing was given, but these could start: {left:?}"
            );
            return;
        };
        assert!(!self.service_full(), "more than the service allows");
        let first = self
            .startable()
            .filter(|w| w.job.project == given.project)
            .min_by_key(|w| w.arrival)
            .cloned();
        let first = first.expect("a job of a project that has one to start");
        assert_eq!(first.job, given, "not the oldest of its project");
        self.check_fair(given.project.index());
        self.waiting.retain(|w| w.job.operation != given.operation);
        if !self.begun.contains(&given.operation) {
            self.begun.push(given.operation);
        }
        self.running.push((given, first.arrival));
        self.overtaken[given.project.index()].fill(0);
    }

    /// Nobody who could start is overtaken by a project for more than that project's weight.
    fn check_fair(&mut self, project: usize) {
        for other in 0..self.weights.len() {
            if other == project || !self.could_start(other) {
                continue;
            }
            self.overtaken[other][project] += 1;
            assert!(
                self.overtaken[other][project] <= self.weights[project],
                "project {project} overtakes {other}"
            );
        }
    }

    fn return_call(&mut self, operation: OperationId) -> Option<(Job, u64)> {
        let index = self.running.iter().position(|(job, _)| job.operation == operation)?;
        for waiting in &mut self.waiting {
            if waiting.hold.is_some_and(|(_, behind)| behind == Some(operation)) {
                waiting.hold = None;
            }
        }
        Some(self.running.remove(index))
    }

    /// The figures, counted anew.
    fn recount(&mut self) {
        let requeued = self.waiting.iter().filter(|w| w.restarted).count();
        let load = &mut self.load;
        load.requeued = requeued;
        load.waiting = self.waiting.len() - requeued;
        load.in_flight = self.running.len();
        load.max_requeued = load.max_requeued.max(load.requeued);
        load.max_waiting = load.max_waiting.max(load.waiting);
        load.max_in_flight = load.max_in_flight.max(load.in_flight);
        for other in 0..self.weights.len() {
            if !self.could_start(other) {
                self.overtaken[other].fill(0);
            }
        }
    }

    fn check(&mut self, scheduler: &Scheduler) {
        self.recount();
        assert_eq!(scheduler.load(), self.load);
        assert_eq!(scheduler.jobs(), self.waiting.len() + self.running.len());
        let waiting: BTreeSet<_> = self.waiting.iter().map(|w| w.job.operation).collect();
        assert_eq!(scheduler.waiting().collect::<BTreeSet<_>>(), waiting);
        let running: BTreeSet<_> = self.running.iter().map(|(job, _)| job.operation).collect();
        assert_eq!(scheduler.running().collect::<BTreeSet<_>>(), running);
        let is_there = |one: &&OperationId| waiting.contains(one) || running.contains(one);
        let begun: Vec<_> = self.begun.iter().filter(is_there).copied().collect();
        assert_eq!(scheduler.begun(usize::MAX).collect::<Vec<_>>(), begun);
        let timer = self.waiting.iter().filter_map(|w| Some(w.hold?.0)).min();
        assert_eq!(scheduler.next_timer(), timer);
        let work = !self.service_full() && self.startable().next().is_some();
        assert!(scheduler.has_work() || !work, "work nobody is told of");
        for (job, _) in &self.running {
            let on_it = self.running.iter().filter(|(o, _)| o.host == job.host);
            assert!(job.host.is_none() || on_it.count() <= self.bounds.per_host);
            let of_it = self.running.iter().filter(|(o, _)| o.project == job.project);
            assert!(of_it.count() <= self.bounds.per_project);
        }
    }
}

fn pick_from<T: Copy>(pick: usize, list: &[T]) -> Option<T> {
    (!list.is_empty()).then(|| list[pick % list.len()])
}

/// Makes one step on both.
fn step(model: &mut Model, scheduler: &mut Scheduler, step: &Step) {
    let running: Vec<Job> = model.running.iter().map(|(job, _)| *job).collect();
    let waiting: Vec<Job> = model.waiting.iter().map(|w| w.job).collect();
    match *step {
        Step::Push { project, host } => {
            let job = model.make(project % model.weights.len() as u32, host);
            model.wait(job, None);
            scheduler.push(job);
        }
        Step::PushBehind { pick, millis } => {
            if let Some(ahead) = pick_from(pick, &running) {
                push_behind(model, scheduler, ahead, millis);
            }
        }
        Step::Replace { pick } => {
            if let Some(old) = pick_from(pick, &waiting) {
                let job = model.make(old.project.0, old.host.map(|host| host.0));
                let state = model.waiting.iter_mut().find(|w| w.job == old);
                state.expect("picked from there").job = job;
                scheduler.replace(old.operation, job);
            }
        }
        Step::Cancel { pick } => {
            if let Some(job) = pick_from(pick, &waiting) {
                model.waiting.retain(|w| w.job != job);
                scheduler.cancel(job.operation);
            }
        }
        Step::Next => {
            let given = scheduler.next(model.now);
            model.started(given);
        }
        Step::Done { pick } => {
            if let Some(job) = pick_from(pick, &running) {
                model.return_call(job.operation);
                scheduler.done(job.operation);
            }
        }
        Step::Requeue { pick, millis } => {
            if let Some(job) = pick_from(pick, &running) {
                requeue(model, scheduler, job, millis);
            }
        }
        Step::Pass { millis } => model.now = model.now.after(Duration::from_millis(millis)),
        Step::Stray { pick } => stray(scheduler, pick, model.made, &running),
    }
}

fn push_behind(model: &mut Model, scheduler: &mut Scheduler, ahead: Job, millis: u64) {
    let behind = ahead.operation;
    // A server has one live operation, so nobody else is held behind its call.
    if model.waiting.iter().any(|w| w.hold.is_some_and(|(_, b)| b == Some(behind))) {
        return;
    }
    let job = model.make(ahead.project.0, ahead.host.map(|host| host.0));
    let until = model.now.after(Duration::from_millis(millis));
    model.wait(job, Some((until, Some(behind))));
    scheduler.push_behind(job, behind, until);
}

fn requeue(model: &mut Model, scheduler: &mut Scheduler, job: Job, millis: u64) {
    let not_before = model.now.after(Duration::from_millis(millis));
    let (job, arrival) = model.return_call(job.operation).expect("it runs");
    model.waiting.push(Waiting { job, arrival, hold: Some((not_before, None)), restarted: true });
    scheduler.requeue(job.operation, not_before);
}

/// Neither a waiting, nor a gone, nor an unknown job can return or be sent back; a running one
/// cannot be cancelled.
fn stray(scheduler: &mut Scheduler, pick: usize, made: u32, running: &[Job]) {
    let stray = operation((pick as u32) % (made + 2));
    let before = format!("{scheduler:?}");
    if running.iter().any(|job| job.operation == stray) {
        scheduler.apply(JobChange::Remove(stray));
    } else {
        scheduler.apply(JobChange::Done(stray));
        scheduler.apply(JobChange::Requeue { operation: stray, not_before: NOW });
    }
    assert_eq!(format!("{scheduler:?}"), before);
}

/// Everything that waits gets its turn in the end.
fn drain(model: &mut Model, scheduler: &mut Scheduler) {
    for _ in 0..=model.made {
        if let Some(timer) = scheduler.next_timer() {
            model.now = model.now.max(timer);
        }
        while !model.service_full() {
            let given = scheduler.next(model.now);
            model.started(given);
            model.check(scheduler);
            if given.is_none() {
                break;
            }
        }
        for (job, _) in model.running.clone() {
            model.return_call(job.operation);
            scheduler.done(job.operation);
            model.check(scheduler);
        }
    }
    assert!(scheduler.is_idle() && !scheduler.has_work());
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let pick = 0..1_000_usize;
    let host = prop_oneof![1 => Just(None), 6 => (0..3_u32).prop_map(Some)];
    let one = prop_oneof![
        8 => (0..4_u32, host).prop_map(|(project, host)| Step::Push { project, host }),
        1 => (pick.clone(), 0..40_u64)
            .prop_map(|(pick, millis)| Step::PushBehind { pick, millis }),
        1 => pick.clone().prop_map(|pick| Step::Replace { pick }),
        3 => pick.clone().prop_map(|pick| Step::Cancel { pick }),
        8 => Just(Step::Next),
        4 => pick.clone().prop_map(|pick| Step::Done { pick }),
        2 => (pick.clone(), 0..40_u64).prop_map(|(pick, millis)| Step::Requeue { pick, millis }),
        2 => (0..30_u64).prop_map(|millis| Step::Pass { millis }),
        1 => pick.prop_map(|pick| Step::Stray { pick }),
    ];
    prop::collection::vec(one, 1..250)
}

fn tight() -> impl Strategy<Value = (Bounds, Vec<u32>)> {
    let bounds =
        (1..6_usize, 1..4_usize, 1..4_usize).prop_map(|(service, per_host, per_project)| Bounds {
            service,
            per_host,
            per_project,
            ..WIDE
        });
    (bounds, prop::collection::vec(1..4_u32, 1..5))
}

/// The same cases every time; another seed by `PROPTEST_RNG_SEED`, more by `PROPTEST_CASES`.
fn config(cases: u32) -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
        config.cases = cases;
    }
    config
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn agrees_with_a_naive_model((bounds, weights) in tight(), steps in steps()) {
        let mut model = Model::new(bounds, &weights);
        let mut scheduler = Scheduler::new(bounds, weights, 0);
        for one in &steps {
            step(&mut model, &mut scheduler, one);
            model.check(&scheduler);
        }
        drain(&mut model, &mut scheduler);
    }

    #[test]
    fn position_is_the_order_of_starts(
        weights in prop::collection::vec(1..4_u32, 1..5),
        steps in steps(),
    ) {
        let mut model = Model::new(WIDE, &weights);
        let mut scheduler = Scheduler::new(WIDE, weights, 0);
        for one in &steps {
            step(&mut model, &mut scheduler, one);
            model.check(&scheduler);
        }
        let mut drained = scheduler.clone();
        // Nobody's time comes at the beginning of time, so this is the order of who is ready.
        let beginning = Timestamp::from_micros(1);
        let order: Vec<_> = std::iter::from_fn(|| drained.next(beginning)).collect();
        for waiting in &model.waiting {
            let operation = waiting.job.operation;
            let state = order.iter().position(|job| job.operation == operation);
            prop_assert_eq!(scheduler.position(operation), state);
        }
    }

    #[test]
    fn in_a_round_each_project_starts_its_weight(
        weights in prop::collection::vec(1..6_u32, 1..6),
        service in 1..5_usize,
        rounds in 1..4_u32,
    ) {
        let mut scheduler = Scheduler::new(Bounds { service, ..WIDE }, weights.clone(), 0);
        let mut made = 0;
        for (project, weight) in weights.iter().enumerate() {
            for _ in 0..=weight * rounds {
                made += 1;
                scheduler.push(job(made, project as u32, None));
            }
        }
        let mut starts = vec![0; weights.len()];
        for _ in 0..weights.iter().sum::<u32>() * rounds {
            if !scheduler.has_work() {
                let first = scheduler.running().next().expect("the service is full");
                scheduler.done(first);
            }
            let given = scheduler.next(NOW).expect("a permit is free");
            starts[given.project.index()] += 1;
        }
        let shares: Vec<u32> = weights.iter().map(|weight| weight * rounds).collect();
        prop_assert_eq!(starts, shares);
    }
}
