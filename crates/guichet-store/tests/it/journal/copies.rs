//! A copy of all rows, from which a store in memory goes on.

use std::sync::Arc;

use guichet_core::ids::WorkerId;
use guichet_core::rows::Outcome;
use guichet_store::local::LocalStore;
use guichet_store::{Lifecycle, NextJob, Read, Work};
use tokio_util::sync::CancellationToken;

use super::{World, answer, config};

#[test]
fn a_store_in_memory_goes_on_from_a_copy() {
    let world = World::new();
    let active = world.active(1, 0);
    let running = world.accept(&world.create(2, 0));
    let claim = world.claim(1).expect("its record is durable");
    let queued = world.accept(&world.create(3, 1));
    let saved = answer(world.store.saved()).expect("the store is there");
    let clock = Arc::clone(&world.clock);
    let again = LocalStore::resume(config(), clock, saved);
    assert!(again.audit().holds());
    assert_eq!(again.server(active), world.store.server(active));
    // What ran is claimed again, before what came later; the call of the other store is not its own.
    for expected in [running, queued] {
        let next = again.try_claim(WorkerId(1), &CancellationToken::new());
        let NextJob::Claim(next) = next else { panic!("{expected} waits, and is not claimed") };
        assert_eq!((next.operation, next.attempt), (expected, 1));
        answer(again.finish(&next, &Outcome::Succeeded)).expect("the store is there");
    }
    assert!(again.audit().holds());
    // And the other store has heard of nothing.
    world.finish(&claim, &Outcome::Succeeded);
    world.audit();
}
