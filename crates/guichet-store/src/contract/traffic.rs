//! Random traffic of many threads. What is asserted holds for every schedule; a failure names its
//! seed.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::chance::{Chance, Purpose};
use guichet_core::ids::{ClientId, ProjectId, ServerId};
use guichet_core::rows::{Claim, Outcome};
use tokio_util::sync::CancellationToken;

use super::bench::Bench;
use super::fixtures::{Setup, answer, ended, for_good, in_passing, records, with_quota};
use crate::decide::Decided;
use crate::hub::LogEntry;
use crate::read::Query;
use crate::reply::Completion;
use crate::work::Settled;

/// One thread of random traffic: client and worker in one.
struct Actor<'a> {
    bench: &'a Bench,
    chance: Chance,
    client: u32,
    step: u64,
    mine: Vec<ServerId>,
    held: Option<Claim>,
    cancel: CancellationToken,
    ends: Vec<Completion>,
    accepted: usize,
}

impl<'a> Actor<'a> {
    fn new(bench: &'a Bench, seed: u64, client: u32) -> Self {
        Self {
            bench,
            chance: Chance::new(seed),
            client,
            step: 0,
            mine: Vec::new(),
            held: None,
            cancel: CancellationToken::new(),
            ends: Vec::new(),
            accepted: 0,
        }
    }

    fn draw(&self, purpose: Purpose, below: usize) -> usize {
        let bits = self.chance.bits(purpose, u64::from(self.client), self.step, 0);
        (bits % below as u64) as usize
    }

    fn run(mut self, steps: u64) -> (Vec<Completion>, usize) {
        while self.step < steps {
            self.step += 1;
            match self.draw(Purpose::Action, 10) {
                0..=5 => self.ask(),
                6..=8 => self.work(),
                _ => self.look(),
            }
        }
        self.settle();
        (self.ends, self.accepted)
    }

    fn ask(&mut self) {
        let project = self.client % 3;
        let action = match self.draw(Purpose::Flavor, 12) {
            0..=4 => None,
            5..=6 => Some(Action::RebootSoft),
            7 => Some(Action::RebootHard),
            8 => Some(Action::Stop),
            9 => Some(Action::Start),
            _ => Some(Action::Delete),
        };
        // Often somebody else's server of the same project: threads meet there.
        let shown = self.bench.store.servers(&Query {
            project: Some(ProjectId(project)),
            limit: Some(8),
            ..Query::default()
        });
        let known: Vec<ServerId> = shown.servers.iter().map(|server| server.id).collect();
        let from = if known.is_empty() { &self.mine } else { &known };
        let mut request = match action {
            Some(action) if !from.is_empty() => {
                let target = from[self.draw(Purpose::Target, from.len())];
                self.bench.change(project, action, target)
            }
            _ => self.bench.create_many(project, 1 + self.draw(Purpose::Target, 3), 1),
        };
        request.client = ClientId(self.client);
        let decided = answer(self.bench.store.submit(&request, Some(&mut self.ends)));
        if let Decided::Accepted(answer) = decided {
            self.accepted += answer.operations.len();
            self.mine.extend(answer.operations.iter().map(|operation| operation.server));
        }
    }

    fn work(&mut self) {
        if self.held.is_some() {
            self.settle();
        } else {
            self.cancel = CancellationToken::new();
            self.held = self.bench.try_claim(self.client + 1, &self.cancel);
        }
    }

    fn settle(&mut self) {
        let Some(claim) = self.held.take() else {
            return;
        };
        let outcome = match self.draw(Purpose::Fault, 8) {
            0 => for_good(),
            1..=2 => in_passing(),
            _ => Outcome::Succeeded,
        };
        let settled = self.bench.finish(&claim, &outcome);
        if settled != Settled::Fenced {
            let again = self.bench.finish(&claim, &outcome);
            assert_eq!(again, Settled::Fenced, "{} settled twice", claim.operation);
        }
    }

    fn look(&self) {
        self.bench.clock.advance(Duration::from_millis(self.draw(Purpose::Delay, 400) as u64));
        let page = self.bench.store.servers(&Query { limit: Some(50), ..Query::default() });
        for server in &page.servers {
            let active = server.active.is_some();
            assert_eq!(active, server.task_state.is_some(), "{server:?}");
        }
        self.bench.audit();
    }
}

pub(super) fn random_traffic_keeps_every_invariant(setup: Setup<'_>) {
    for seed in 0..4 {
        let mut config = with_quota(40);
        config.bounds.queue = 60;
        config.bounds.service = 5;
        config.bounds.per_host = 2;
        config.bounds.per_project = 3;
        for host in &mut config.hosts {
            host.capacity.vcpus = 30;
        }
        let bench = Bench::new(setup, config);
        let mut reader = bench.store.hub().subscribe();
        let results = thread::scope(|scope| {
            let start = |client| {
                let actor = Actor::new(&bench, seed, client);
                scope.spawn(move || actor.run(300))
            };
            let actors: Vec<_> = (0..8).map(start).collect();
            let join = |actor: thread::ScopedJoinHandle<'_, _>| actor.join();
            actors.into_iter().map(join).collect::<Result<Vec<_>, _>>()
        });
        let results = results.unwrap_or_else(|_| panic!("seed {seed}: an actor panicked"));
        bench.run_everything();
        check_the_end(&bench, seed, results, &records(&mut reader));
    }
}

fn check_the_end(
    bench: &Bench,
    seed: u64,
    results: Vec<(Vec<Completion>, usize)>,
    records: &[LogEntry],
) {
    let audit = bench.store.audit();
    assert!(audit.holds(), "seed {seed}: {:#?}", audit.violations);
    let figures = bench.store.figures();
    let accepted: usize = results.iter().map(|(_, accepted)| accepted).sum();
    assert_eq!(figures.counts.accepted, accepted as u64, "seed {seed}");
    assert_eq!(figures.counts.finished(), accepted as u64, "seed {seed}: all are over");
    let over =
        |record: &&LogEntry| matches!(record, LogEntry::Event(event) if event.kind.is_final());
    assert_eq!(records.iter().filter(over).count(), accepted, "seed {seed}: one end each");
    for completion in results.into_iter().flat_map(|(ends, _)| ends) {
        assert!(ended(completion).state.is_final());
    }
    let listed: Vec<Arc<_>> = bench.servers();
    assert_eq!(listed.len(), figures.servers, "seed {seed}");
}
