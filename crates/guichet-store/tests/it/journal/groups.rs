//! Server groups: seen when they are durable, found after a crash with their members in their places.

use std::sync::Arc;

use guichet_core::group::{GroupRequest, Policy};
use guichet_core::ids::ProjectId;
use guichet_store::contract::group;
use guichet_store::journal::model::Mood;
use guichet_store::{Groups, Reply};

use super::{World, answer, pending};

const BLUE: ProjectId = ProjectId(0);

fn create(
    world: &World,
    number: u128,
) -> Reply<Result<Arc<guichet_core::group::ServerGroup>, guichet_core::refusal::Refusal>> {
    let new = group(number, BLUE, Policy::Affinity);
    world.store.change_group(&GroupRequest::create(Arc::new(new)))
}

#[test]
fn one_is_shown_when_it_is_durable_and_until_its_end_is() {
    let mut world = World::new();
    let id = group(1, BLUE, Policy::Affinity).id;
    world.log.set_mood(Mood::Held);
    let made = pending(create(&world, 1));
    assert!(world.store.group(id).is_none() && world.store.groups(None, None).is_empty());
    world.log.set_mood(Mood::Good);
    let made = made.blocking_recv().expect("the store is there").expect("it may");
    assert_eq!(world.store.group(id), Some(Arc::clone(&made)));
    world = world.crashed();
    assert_eq!(world.store.groups(Some(BLUE), None), [Arc::clone(&made)]);
    world.log.set_mood(Mood::Held);
    let deleted = pending(world.store.change_group(&GroupRequest::Delete { project: BLUE, id }));
    assert!(world.store.group(id).is_some());
    world.log.set_mood(Mood::Good);
    assert!(deleted.blocking_recv().expect("the store is there").is_ok());
    assert!(world.store.group(id).is_none());
    world = world.crashed();
    assert!(world.store.groups(None, None).is_empty());
    assert!(answer(create(&world, 1)).expect("the store is there").is_ok());
    world.audit();
}
