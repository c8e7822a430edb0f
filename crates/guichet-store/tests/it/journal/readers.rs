//! Readers see what is durable, and nobody is answered before.

use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::ids::{HostId, ProjectId};
use guichet_core::rows::Outcome;
use guichet_core::state::Status;
use guichet_core::time::Clock;
use guichet_store::journal::model::Mood;
use guichet_store::{Decide, Decided, Lifecycle, Query, Read};

use super::{World, answer, change, pending, server_id};

fn listed(world: &World) -> Vec<(u128, Status)> {
    let servers = world.store.servers(&Query::default()).servers;
    servers.iter().map(|server| (server.id.0.as_u128(), server.status())).collect()
}

#[test]
fn a_create_is_nowhere_to_be_seen_before_it_is_durable() {
    let world = World::new();
    world.log.set_mood(Mood::Held);
    let reply = pending(world.submit(&world.create(1, 0)));
    let id = server_id(1);
    assert!(world.store.server(id).is_none() && world.store.remembered(id).is_none());
    assert!(listed(&world).is_empty() && world.store.operations(id).is_empty());
    let instances = || world.store.usage(ProjectId(0)).expect("a project").0.instances;
    assert_eq!(instances(), 0);
    let free = || {
        world.store.capacities(HostId(0), 2).iter().map(|capacity| capacity.free_vcpus).sum::<u32>()
    };
    assert_eq!(free(), 2_000);
    assert!(world.claim(1).is_none(), "a driver call never precedes its record");

    world.log.set_mood(Mood::Good);
    assert!(matches!(reply.blocking_recv(), Ok(Decided::Accepted(_))));
    assert_eq!(listed(&world), [(id.0.as_u128(), Status::Build)]);
    assert_eq!((instances(), world.store.operations(id).len(), free()), (1, 1, 1_999));
    assert!(world.claim(1).is_some());
}

#[test]
fn a_deleted_server_is_shown_until_its_end_is_durable() {
    let world = World::new();
    let (first, second) = (world.active(1, 0), world.active(2, 0));
    let delete = world.accept(&change(3, 0, Action::Delete, first));
    let claim = world.claim(1).expect("a delete");
    world.durable();
    let before = listed(&world);
    assert_eq!(before.len(), 2);
    world.log.set_mood(Mood::Held);
    world.finish(&claim, &Outcome::Succeeded);
    assert_eq!(listed(&world), before);
    assert!(world.store.server(first).is_some(), "readers see no more than the file");
    assert!(world.store.operation(delete).is_some_and(|op| !op.state.is_final()));
    let barrier = pending(world.store.durable());

    world.log.set_mood(Mood::Good);
    barrier.blocking_recv().expect("the store is there");
    assert_eq!(listed(&world), [(second.0.as_u128(), Status::Active)]);
    assert!(world.store.server(first).is_none());
    assert!(world.store.operation(delete).is_some_and(|op| op.state.is_final()));
    world.audit();
}

#[test]
fn who_asks_what_changed_misses_nothing_that_was_not_durable_when_it_looked() {
    let world = World::new();
    world.log.set_mood(Mood::Held);
    let reply = pending(world.submit(&world.create(1, 0)));
    let second = || world.clock.advance(Duration::from_secs(1));
    second();
    let looked = world.clock.now();
    assert!(listed(&world).is_empty());
    second();
    world.log.set_mood(Mood::Good);
    assert!(matches!(reply.blocking_recv(), Ok(Decided::Accepted(_))));
    let stamp = world.store.server(server_id(1)).expect("a server").updated;
    assert!(stamp < looked && world.store.shown_since(looked) <= stamp);
    second();
    let after = world.clock.now();
    assert_eq!(world.store.shown_since(after), after);
}

#[test]
fn what_a_process_never_showed_before_it_ended_counts_as_changed_since() {
    let world = World::new();
    world.active(1, 0);
    let stamp = world.store.server(server_id(1)).expect("a server").updated;
    world.clock.advance(Duration::from_secs(1));
    let looked = world.clock.now();
    let next = world.crashed();
    assert!(next.store.shown_since(looked) <= stamp);
}

#[test]
fn a_row_that_changes_while_it_is_written_is_shown_as_written() {
    let world = World::new();
    let id = world.active(1, 0);
    world.log.set_mood(Mood::Held);
    let stop = pending(world.submit(&change(2, 0, Action::Stop, id)));
    // The first image may be with the writer already; the second gathers behind it.
    let delete = pending(world.submit(&change(3, 0, Action::Delete, id)));
    assert_eq!(listed(&world), [(id.0.as_u128(), Status::Active)]);
    world.log.set_mood(Mood::Good);
    assert!(matches!(stop.blocking_recv(), Ok(Decided::Accepted(_))));
    assert!(matches!(delete.blocking_recv(), Ok(Decided::Accepted(_))));
    let claim = world.claim(1).expect("the delete took the place of the stop");
    assert_eq!(claim.action, Action::Delete);
    world.finish(&claim, &Outcome::Succeeded);
    world.durable();
    assert!(listed(&world).is_empty());
    world.audit();
}

#[test]
fn a_refusal_that_rests_on_what_is_not_durable_waits_for_it() {
    let world = World::new();
    let id = world.active(1, 0);
    world.log.set_mood(Mood::Held);
    let first = pending(world.submit(&change(2, 0, Action::RebootSoft, id)));
    let refused = pending(world.submit(&change(3, 0, Action::RebootSoft, id)));
    world.log.set_mood(Mood::Good);
    assert!(matches!(first.blocking_recv(), Ok(Decided::Accepted(_))));
    assert!(matches!(refused.blocking_recv(), Ok(Decided::Refused(_))));
    // With nothing on its way a refusal is there at once.
    world.durable();
    assert!(matches!(
        world.submit(&change(4, 0, Action::RebootSoft, id)),
        guichet_store::Reply::Ready(Decided::Refused(_))
    ));
}

#[test]
fn an_end_is_answered_when_it_is_durable() {
    let world = World::new();
    let mut ends = Vec::new();
    let decided = answer(world.store.submit(&world.create(1, 0), Some(&mut ends)));
    assert!(matches!(decided, Some(Decided::Accepted(_))));
    let claim = world.claim(1).expect("work");
    world.durable();
    world.log.set_mood(Mood::Held);
    world.finish(&claim, &Outcome::Succeeded);
    let mut end = ends.remove(0);
    assert!(end.try_recv().is_err(), "answered before it is durable");
    world.log.set_mood(Mood::Good);
    assert!(end.blocking_recv().is_ok_and(|operation| operation.state.is_final()));
}
