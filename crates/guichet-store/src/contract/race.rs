//! Many threads at once on one server or one quota. What is asserted holds for every schedule.

use std::sync::Barrier;
use std::thread;

use guichet_core::action::Action;
use guichet_core::event::EventKind;
use guichet_core::ids::{ProjectId, ServerId};
use guichet_core::refusal::RefusalKind;
use guichet_core::request::Request;
use guichet_core::rows::Outcome;
use tokio_util::sync::CancellationToken;

use super::bench::Bench;
use super::fixtures::{Setup, records, with_quota};
use crate::decide::Decided;
use crate::hub::LogEntry;

const CROWD: usize = 32;

/// What became of requests that were sent at once, one a thread.
fn all_at_once(bench: &Bench, requests: &[Request]) -> Vec<Decided> {
    let start = Barrier::new(requests.len());
    thread::scope(|scope| {
        let send = |request| {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                bench.submit(request)
            })
        };
        let senders: Vec<_> = requests.iter().map(send).collect();
        senders.into_iter().map(|sender| sender.join().expect("no panic")).collect()
    })
}

/// How many were accepted, repeated and refused.
fn tally(decided: &[Decided]) -> (usize, usize, usize) {
    decided.iter().fold((0, 0, 0), |(accepted, repeated, refused), decided| match decided {
        Decided::Accepted(_) => (accepted + 1, repeated, refused),
        Decided::Repeated(_) => (accepted, repeated + 1, refused),
        Decided::Refused(_) => (accepted, repeated, refused + 1),
    })
}

fn deletes(bench: &Bench, id: ServerId) -> Vec<Request> {
    (0..CROWD).map(|_| bench.change(0, Action::Delete, id)).collect()
}

/// How many events there were of deletes of this kind.
fn count(records: &[LogEntry], kind: EventKind) -> usize {
    let is = |record: &&LogEntry| matches!(record, LogEntry::Event(e) if e.kind == kind && e.action == Action::Delete);
    records.iter().filter(is).count()
}

pub(super) fn many_deletes_have_one_effect(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    for _ in 0..20 {
        let id = bench.active(0);
        let mut reader = bench.store.hub().subscribe();
        let decided = all_at_once(&bench, &deletes(&bench, id));
        assert_eq!(tally(&decided), (1, CROWD - 1, 0));
        let same = |decided: &Decided| match decided {
            Decided::Accepted(answer) | Decided::Repeated(answer) => Some(answer.clone()),
            Decided::Refused(_) => None,
        };
        assert!(decided.windows(2).all(|two| same(&two[0]) == same(&two[1])));
        bench.run_everything();
        bench.shows(id, None);
        let records = records(&mut reader);
        assert_eq!(count(&records, EventKind::Accepted), 1);
        assert_eq!(count(&records, EventKind::Succeeded), 1);
        bench.audit();
    }
}

pub(super) fn deletes_race_a_worker(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    for _ in 0..20 {
        // Not claimed yet: some rounds see it queued, some running, some done.
        let id = bench.accept(&bench.create(0)).operations[0].server;
        let mut reader = bench.store.hub().subscribe();
        let decided = thread::scope(|scope| {
            let worker = scope.spawn(|| {
                for _ in 0..200 {
                    if let Some(claim) = bench.try_claim(2, &CancellationToken::new()) {
                        bench.finish(&claim, &Outcome::Succeeded);
                    }
                }
            });
            let decided = all_at_once(&bench, &deletes(&bench, id));
            worker.join().expect("no panic");
            decided
        });
        let (accepted, _, refused) = tally(&decided);
        assert_eq!(accepted, 1);
        let gone = |decided: &&Decided| {
            matches!(decided, Decided::Refused(refusal)
                if matches!(refusal.kind(), RefusalKind::NotFound | RefusalKind::NoServer))
        };
        assert_eq!(decided.iter().filter(gone).count(), refused);
        bench.run_everything();
        bench.shows(id, None);
        let records = records(&mut reader);
        assert_eq!(count(&records, EventKind::Accepted), 1);
        assert_eq!(count(&records, EventKind::Succeeded), 1);
        assert_eq!(bench.store.usage(ProjectId(0)).map(|(usage, _)| usage.instances), Some(0));
        bench.audit();
    }
}

pub(super) fn a_quota_holds_under_parallel_creates(setup: Setup<'_>) {
    for _ in 0..20 {
        let bench = Bench::new(setup, with_quota(3));
        let requests: Vec<Request> = (0..CROWD).map(|_| bench.create(0)).collect();
        let decided = all_at_once(&bench, &requests);
        assert_eq!(tally(&decided), (3, 0, CROWD - 3));
        assert_eq!(bench.servers().len(), 3);
        let figures = bench.store.figures();
        assert_eq!((figures.jobs, figures.servers, figures.counts.accepted), (3, 3, 3));
        let refused = requests.iter().zip(&decided);
        for (request, _) in refused.filter(|(_, d)| matches!(d, Decided::Refused(_))) {
            let id = request.server().expect("an id");
            assert_eq!(bench.store.server(id), None, "something was left behind");
            assert_eq!(bench.store.operations(id), []);
        }
        bench.run_everything();
        bench.audit();
    }
}
