//! A disk that is slow, full or broken.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use guichet_core::action::Action;
use guichet_core::fleet::Saved;
use guichet_core::limits;
use guichet_core::refusal::{Refusal, RefusalKind};
use guichet_core::rows::Outcome;
use guichet_store::contract::ManualClock;
use guichet_store::journal::model::{ModelLog, Mood};
use guichet_store::journal::{NewName, RecordChange};
use guichet_store::local::LocalStore;
use guichet_store::{Decided, Lifecycle, Read, Records, Reply};

use super::{World, answer, change, config, eventually, pending};

fn refusal(reply: Reply<Decided>) -> Refusal {
    match reply {
        Reply::Ready(Decided::Refused(refusal)) => refusal,
        other => panic!("not refused at once: {other:?}"),
    }
}

fn is_stalled(world: &World) -> bool {
    world.store.figures().journal.is_some_and(|journal| journal.is_stalled)
}

#[test]
fn a_full_disk_keeps_the_batch_and_refuses_the_rest() {
    let world = World::new();
    let (old, other) = (world.active(1, 0), world.active(2, 0));
    world.accept(&change(3, 0, Action::RebootSoft, old));
    let running = world.claim(1).expect("work");
    world.accept(&change(4, 0, Action::RebootSoft, other));
    world.log.set_mood(Mood::Full);
    let waiting = pending(world.submit(&world.create(5, 0)));
    eventually("the writer finds the disk full", || is_stalled(&world).then_some(()));

    let refused = refusal(world.submit(&world.create(6, 0)));
    assert_eq!(
        (refused.kind(), refused.retry_after()),
        (RefusalKind::Unrecorded, Some(limits::JOURNAL_RETRY))
    );
    assert!(refused.to_string().contains("full"), "{refused}");
    let record = RecordChange { kind: "token", id: Arc::from("1"), body: None, expires: None };
    assert!(matches!(world.store.put_record(record), Reply::Ready(Err(_))));
    assert!(world.store.server(old).is_some(), "reads go on");
    assert!(world.claim(2).is_none(), "nothing is started that could not be recorded");
    // What runs may end.
    world.finish(&running, &Outcome::Succeeded);

    world.log.set_mood(Mood::Good);
    assert!(matches!(waiting.blocking_recv(), Ok(Decided::Accepted(_))), "held, and written later");
    world.durable();
    assert!(!is_stalled(&world) && world.claim(2).is_some());
    world.accept(&world.create(7, 0));
    world.audit();
    world.crashed().audit();
}

#[test]
fn names_are_there_once_they_are_durable_and_once_each() {
    let world = World::new();
    let names = |name: &str| vec![NewName::Flavor(Arc::from(name)), NewName::User(Arc::from(name))];
    world.log.set_mood(Mood::Full);
    let Reply::Pending(mut reply) = world.store.put_names(names("a")) else {
        panic!("answered before it is durable");
    };
    eventually("the writer finds the disk full", || is_stalled(&world).then_some(()));
    assert!(reply.try_recv().is_err());
    assert!(matches!(world.store.put_names(names("b")), Reply::Ready(Err(_))));
    world.log.set_mood(Mood::Good);
    reply.blocking_recv().expect("answered").expect("written");
    assert_eq!(world.log.model().names(), names("a"));
    answer(world.store.put_names(names("c"))).expect("answered").expect("written");
    assert_eq!(world.log.model().names(), [names("a"), names("c")].concat());
    assert_eq!(world.store.figures().journal.map(|journal| journal.backlog), Some(0));
}

#[test]
fn a_slow_disk_bounds_what_waits_for_it() {
    let world = World::new();
    world.log.set_mood(Mood::Held);
    let mut waiting = Vec::new();
    let mut number = 0;
    let refused = loop {
        number += 1;
        match world.submit(&world.create(number, number as u32 % 3)) {
            Reply::Pending(receiver) => waiting.push(receiver),
            reply => break refusal(reply),
        }
    };
    // The quota of the suite lets fewer in than the backlog would hold: what is refused by it
    // waits too, and counts.
    assert_eq!(refused.kind(), RefusalKind::Unrecorded);
    assert!(waiting.len() <= limits::JOURNAL_BACKLOG_MAX);
    world.log.set_mood(Mood::Good);
    for receiver in waiting {
        receiver.blocking_recv().expect("each is answered");
    }
    world.durable();
    assert!(matches!(
        answer(world.submit(&world.create(9_999, 2))),
        Some(Decided::Accepted(_) | Decided::Refused(Refusal::OverQuota(_)))
    ));
    world.audit();
}

#[test]
fn a_lost_journal_answers_nobody() {
    let lost = Arc::new(AtomicUsize::new(0));
    let called = Arc::clone(&lost);
    let log = ModelLog::default();
    let store = LocalStore::open(
        config(),
        Arc::new(ManualClock::new()),
        Saved::default(),
        Box::new(log.clone()),
        Box::new(move |_| {
            called.fetch_add(1, Ordering::Relaxed);
        }),
    )
    .expect("an empty model opens");
    let world = World { store, log, clock: Arc::default() };
    world.accept(&world.create(1, 0));
    world.log.set_mood(Mood::Lost);
    let reply = world.submit(&world.create(2, 0));
    assert!(answer(reply).is_none(), "nothing is known, so nothing is answered");
    assert_eq!(lost.load(Ordering::Relaxed), 1);
    assert_eq!(refusal(world.submit(&world.create(3, 0))).kind(), RefusalKind::Unrecorded);
    assert!(answer(world.store.close()).expect("answered").is_err());
}

#[test]
fn a_writer_that_panics_loses_the_journal() {
    let world = World::new();
    world.log.set_mood(Mood::Mad);
    assert!(answer(world.submit(&world.create(1, 0))).is_none(), "nobody is left waiting");
    assert_eq!(refusal(world.submit(&world.create(2, 0))).kind(), RefusalKind::Unrecorded);
    assert!(answer(world.store.close()).expect("answered").is_err());
}

#[test]
fn closing_writes_what_nobody_waited_for() {
    let world = World::new();
    world.accept(&world.create(1, 0));
    let claim = world.claim(1).expect("work");
    world.finish(&claim, &Outcome::Succeeded);
    answer(world.store.close()).expect("answered").expect("written");
    let saved = world.log.model().saved();
    assert!(saved.rows[0].server.active.is_none(), "the outcome is there");
    assert_eq!(refusal(world.submit(&world.create(2, 0))).kind(), RefusalKind::Unrecorded);
    // Closing twice is closing once.
    answer(world.store.close()).expect("answered").expect("written");
}
