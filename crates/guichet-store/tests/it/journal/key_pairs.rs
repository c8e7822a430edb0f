//! Key pairs: seen when they are durable, answered then, found after a crash.

use std::sync::Arc;

use guichet_core::ids::UserId;
use guichet_core::key_pair::{KeyPair, KeyPairRequest};
use guichet_core::limits;
use guichet_core::refusal::{Refusal, RefusalKind};
use guichet_store::contract::key_pair;
use guichet_store::journal::model::Mood;
use guichet_store::{KeyPairs, Reply};

use super::{World, answer, eventually, pending};

const USER: UserId = UserId(0);

type Made = Result<Arc<KeyPair>, Refusal>;

fn create(world: &World, number: u128, name: &str) -> Reply<Made> {
    let new = key_pair(number, USER, name);
    world.store.change_key_pair(&KeyPairRequest::create(Arc::new(new)))
}

fn delete(world: &World, name: &str) -> Reply<Made> {
    let request = KeyPairRequest::Delete { user: USER, name: Arc::from(name), id: None };
    world.store.change_key_pair(&request)
}

fn kind(made: Made) -> Option<RefusalKind> {
    made.err().map(|refusal| refusal.kind())
}

/// Whether it can be found, in each way there is.
fn is_shown(world: &World, number: u128, name: &str) -> bool {
    let id = key_pair(number, USER, name).id;
    let by_name = world.store.key_pair_named(USER, name).is_some_and(|row| row.id == id);
    let listed = world.store.key_pairs(USER, None).iter().any(|row| row.id == id);
    assert!(by_name == listed, "{by_name} {listed}");
    listed
}

#[test]
fn one_is_nowhere_to_be_seen_before_it_is_durable() {
    let world = World::new();
    world.log.set_mood(Mood::Held);
    let made = pending(create(&world, 1, "ci"));
    assert!(!is_shown(&world, 1, "ci"));
    // The rules know of it; what they say of it waits for it.
    let taken = pending(create(&world, 2, "ci"));
    let checked = pending(world.store.check_key_pair(USER, "ci"));
    world.log.set_mood(Mood::Good);
    assert!(made.blocking_recv().expect("the store is there").is_ok());
    assert!(is_shown(&world, 1, "ci") && !is_shown(&world, 2, "other"));
    let conflict = Some(RefusalKind::Conflict);
    assert_eq!(kind(taken.blocking_recv().expect("the store is there")), conflict);
    assert!(checked.blocking_recv().expect("the store is there").is_err());
    world.audit();
}

#[test]
fn a_deleted_one_is_shown_until_its_end_is_durable() {
    let world = World::new();
    answer(create(&world, 1, "ci")).expect("the store is there").expect("it may");
    world.log.set_mood(Mood::Held);
    let deleted = pending(delete(&world, "ci"));
    let again = pending(create(&world, 2, "ci"));
    assert!(is_shown(&world, 1, "ci"));
    let before = world.crashed();
    assert!(is_shown(&before, 1, "ci"), "what is not durable may be lost");
    world.log.set_mood(Mood::Good);
    assert!(deleted.blocking_recv().expect("the store is there").is_ok());
    assert!(again.blocking_recv().expect("the store is there").is_ok());
    assert!(is_shown(&world, 2, "ci") && !is_shown(&world, 1, "ci"));
    world.audit();
}

#[test]
fn what_was_answered_is_there_after_a_crash() {
    let mut world = World::new();
    for (number, name) in [(1, "ci"), (2, "backup"), (3, "gone")] {
        answer(create(&world, number, name)).expect("the store is there").expect("it may");
    }
    answer(delete(&world, "gone")).expect("the store is there").expect("it is there");
    for _ in 0..2 {
        let before = world.store.key_pairs(USER, None);
        world = world.crashed();
        assert_eq!(world.store.key_pairs(USER, None), before);
        assert_eq!(before.len(), 2);
        let taken = answer(create(&world, 4, "ci")).expect("the store is there");
        assert_eq!(kind(taken), Some(RefusalKind::Conflict));
        world.audit();
    }
}

/// Nothing is begun that could not be written, and readers go on.
#[test]
fn a_full_disk_refuses_and_changes_nothing() {
    let world = World::new();
    answer(create(&world, 1, "ci")).expect("the store is there").expect("it may");
    world.log.set_mood(Mood::Full);
    let first = pending(create(&world, 2, "second"));
    // The writer finds out with the first.
    let busy = |checked: &Reply<Result<(), Refusal>>| match checked {
        Reply::Ready(Err(refusal)) => refusal.kind() == RefusalKind::Unrecorded,
        _ => false,
    };
    eventually("the disk is known to be full", || {
        busy(&world.store.check_key_pair(USER, "third")).then_some(())
    });
    for reply in [create(&world, 3, "third"), delete(&world, "ci")] {
        let refused = answer(reply).expect("at once");
        assert_eq!(kind(refused), Some(RefusalKind::Unrecorded));
    }
    assert!(is_shown(&world, 1, "ci") && !is_shown(&world, 2, "second"));
    world.log.set_mood(Mood::Good);
    assert!(first.blocking_recv().expect("the store is there").is_ok());
    world.audit();
}

/// Changes count in what may wait for the disk.
#[test]
fn what_waits_for_the_disk_is_bounded() {
    let world = World::new();
    world.log.set_mood(Mood::Held);
    let mut waiting = 0;
    let refused = loop {
        // Made and deleted, so that no bound of the user is met first.
        let number = waiting as u128;
        let (made, deleted) = (create(&world, number, "ci"), delete(&world, "ci"));
        match deleted {
            Reply::Ready(Err(refusal)) => break refusal,
            _ => drop(made),
        }
        waiting += 1;
        assert!(waiting <= limits::JOURNAL_BACKLOG_MAX, "nothing bounds it");
    };
    assert_eq!(refused.kind(), RefusalKind::Unrecorded);
    world.log.set_mood(Mood::Good);
    world.durable();
    world.audit();
}
