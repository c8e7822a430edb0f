//! The store beside a bare [`Fleet`] that is given the same calls: both must say the same.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::chance::{Chance, Purpose};
use guichet_core::fleet::{Bound, Fleet, List, ListOrder};
use guichet_core::ids::{ProjectId, ServerId, WorkerId};
use guichet_core::request::{IdempotencyKey, Request};
use guichet_core::rows::{Claim, Decision, JobChange, Outcome, Rows};
use guichet_core::server::Server;
use guichet_core::time::Clock;
use tokio_util::sync::CancellationToken;

use super::bench::Bench;
use super::fixtures::{Setup, for_good, in_passing, with_quota};
use crate::decide::Decided;
use crate::work::{NextJob, Settled};

const STEPS: u64 = 1_500;
const WORKERS: u32 = 6;

struct Pair {
    bench: Bench,
    fleet: Fleet,
    chance: Chance,
    step: u64,
    /// Every server ever asked for.
    known: Vec<ServerId>,
    held: BTreeMap<u32, Claim>,
}

pub(super) fn the_store_says_what_the_rules_say(setup: Setup<'_>) {
    for seed in 0..4 {
        let mut config = with_quota(12);
        config.bounds.queue = 20;
        config.bounds.service = 4;
        config.bounds.per_host = 2;
        config.bounds.per_project = 3;
        config.servers_max = 40;
        config.projects[2].weight = 3;
        for host in &mut config.hosts {
            host.capacity.vcpus = 9;
        }
        let mut pair = Pair {
            fleet: Fleet::new(config.clone()),
            bench: Bench::new(setup, config),
            chance: Chance::new(seed),
            step: 0,
            known: Vec::new(),
            held: BTreeMap::new(),
        };
        while pair.step < STEPS {
            pair.step += 1;
            pair.take_step();
            pair.compare(&format!("seed {seed}, step {}", pair.step));
        }
        pair.compare_histories(seed);
    }
}

impl Pair {
    fn draw(&self, purpose: Purpose, below: usize) -> usize {
        (self.chance.bits(purpose, 0, self.step, 0) % below as u64) as usize
    }

    fn take_step(&mut self) {
        match self.draw(Purpose::Action, 10) {
            0..=4 => self.submit(),
            5..=6 => self.claim(),
            7..=8 => self.finish(),
            _ => {
                let pause = self.draw(Purpose::Delay, 3_000) as u64;
                self.bench.clock.advance(Duration::from_millis(pause));
            }
        }
    }

    fn request(&self) -> Request {
        let project = self.draw(Purpose::Think, 3) as u32;
        let pick = self.draw(Purpose::Flavor, 14);
        let action = match pick {
            0..=4 => None,
            5 => Some(Action::RebootSoft),
            6..=7 => Some(Action::RebootHard),
            8..=9 => Some(Action::Stop),
            10 => Some(Action::Start),
            _ => Some(Action::Delete),
        };
        let mut request = match action {
            Some(action) if !self.known.is_empty() => {
                // Mostly a late one: early ones are gone.
                let back = self.draw(Purpose::Target, self.known.len().min(25));
                let target = self.known[self.known.len() - 1 - back];
                let owner = self.fleet.get(target).map_or(project, |server| server.project.0);
                self.bench.change(owner, action, target)
            }
            _ => {
                let count = 1 + self.draw(Purpose::Target, 3);
                self.bench.create_many(project, count, 1)
            }
        };
        if pick.is_multiple_of(3) {
            let key = format!("key-{}", self.draw(Purpose::Ids, 20));
            request.key = Some(IdempotencyKey(Arc::from(key)));
        }
        request
    }

    fn submit(&mut self) {
        let request = self.request();
        let body_digest = self.bench.submit(&request);
        match (self.fleet.submit(&request, self.bench.clock.now()), body_digest) {
            (Decision::Accepted(effects), Decided::Accepted(answer)) => {
                assert_eq!(effects.answer.as_ref(), Some(&answer), "step {}", self.step);
                self.known.extend(answer.operations.iter().map(|operation| operation.server));
            }
            (Decision::Repeated(expected), Decided::Repeated(answer)) => {
                assert_eq!(answer, expected, "step {}", self.step);
            }
            (Decision::Refused(expected), Decided::Refused(refusal)) => {
                assert_eq!(refusal, expected, "step {}", self.step);
            }
            (expected, body_digest) => {
                panic!("step {}: {body_digest:?}, not {expected:?}", self.step)
            }
        }
    }

    fn claim(&mut self) {
        let Some(worker) = (1..=WORKERS).find(|worker| !self.held.contains_key(worker)) else {
            return;
        };
        let expected = self.fleet.claim(WorkerId(worker), self.bench.clock.now());
        match self.bench.store.try_claim(WorkerId(worker), &CancellationToken::new()) {
            NextJob::Claim(claim) => {
                assert_eq!(expected.map(|(_, claim)| claim).as_ref(), Some(&claim));
                self.held.insert(worker, claim);
                self.bench.durable();
            }
            NextJob::Nothing { until } => {
                assert!(expected.is_none(), "step {}: {expected:?} is there", self.step);
                assert_eq!(until, self.fleet.scheduler().next_timer());
            }
        }
    }

    fn finish(&mut self) {
        let held: Vec<u32> = self.held.keys().copied().collect();
        if held.is_empty() {
            return;
        }
        let worker = held[self.draw(Purpose::Target, held.len())];
        let Some(claim) = self.held.remove(&worker) else {
            return;
        };
        let outcome = match self.draw(Purpose::Fault, 6) {
            0 => for_good(),
            1..=2 => in_passing(),
            _ => Outcome::Succeeded,
        };
        let effects = self.fleet.finish(&claim, &outcome, self.bench.clock.now());
        let requeued = matches!(effects.jobs.first(), Some(JobChange::Requeue { .. }));
        let expected = match () {
            () if effects.servers.is_empty() => Settled::Fenced,
            () if requeued => Settled::Requeued,
            () => Settled::Final,
        };
        assert_eq!(self.bench.finish(&claim, &outcome), expected, "step {}", self.step);
    }

    fn compare(&self, step: &str) {
        let snapshot = self.bench.snapshot();
        let mut servers: Vec<Arc<Server>> = Vec::new();
        let all = Bound { found: usize::MAX, looked_at: usize::MAX };
        let order = ListOrder::default();
        let list = List { project: None, status: None, order: &order, after: None };
        self.fleet.page(&list, all, &mut servers);
        assert_eq!(snapshot.servers, servers, "{step}");
        assert_eq!(snapshot.counts, *self.fleet.counts(), "{step}");
        assert_eq!(snapshot.load, self.fleet.scheduler().load(), "{step}");
        assert_eq!(snapshot.jobs, self.fleet.scheduler().jobs(), "{step}");
        for (project, usage) in (0..).map(ProjectId).zip(snapshot.usage) {
            assert_eq!(usage, Some(self.fleet.usage(project)), "{step}");
        }
        for server in servers {
            if let Some(active) = &server.active {
                let id = server.operation_id(active.number);
                let expected = self.fleet.scheduler().position(id);
                assert_eq!(self.bench.store.position(id), expected, "{step}");
            }
        }
        let audit = self.bench.store.audit();
        assert!(audit.holds(), "{step}: {:#?}", audit.violations);
    }

    fn compare_histories(&self, seed: u64) {
        for id in &self.known {
            let operations = self.bench.store.operations(*id);
            assert_eq!(operations, self.fleet.operations(*id), "seed {seed}, server {id}");
            for operation in operations {
                let found = self.bench.store.operation(guichet_core::ids::OperationId {
                    server: *id,
                    number: operation.number,
                });
                assert_eq!(found.as_ref(), Some(&operation), "seed {seed}");
            }
        }
    }
}
