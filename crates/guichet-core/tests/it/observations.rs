//! What a driver sees happen to a machine that nobody asked for.

use guichet_core::action::Action;
use guichet_core::event::Cause;
use guichet_core::ids::ServerId;
use guichet_core::observation::{Observation, Observed};
use guichet_core::rows::Effects;
use guichet_core::state::{PowerState, VmState};

use crate::support::{World, accepted, config, digest};

fn observe(world: &mut World, server: ServerId, what: Observed) -> Effects {
    let fence = world.fleet.get(server).map_or(0, |server| server.fence);
    let effects = world.fleet.observe(&Observation { server, fence, what }, world.now);
    world.check();
    effects
}

fn changes_nothing(world: &mut World, observation: Observation) {
    let before = digest(&world.fleet);
    let effects = world.fleet.observe(&observation, world.now);
    assert!(effects.servers.is_empty() && effects.change.is_none(), "{observation:?}");
    before.assert_same(&world.fleet);
}

#[test]
fn a_machine_that_went_off_is_a_stopped_server() {
    let mut world = World::new(config());
    let server = world.active();
    let effects = observe(&mut world, server, Observed::PoweredOff);
    let change = effects.change.expect("a change");
    assert_eq!((change.cause, change.request, change.client), (Cause::PoweredOff, None, None));
    assert_eq!((change.from.vm_state, change.to.vm_state), (VmState::Active, VmState::Stopped));
    assert_eq!(world.server(server).power_state, PowerState::Shutdown);
    accepted(world.change(Action::Start, server));
    world.run_all();
    assert_eq!(world.state(server), (VmState::Active, None));
}

#[test]
fn a_machine_that_is_gone_is_an_error_that_can_be_deleted() {
    let mut world = World::new(config());
    let server = world.active();
    let effects = observe(&mut world, server, Observed::Gone);
    assert_eq!(effects.change.expect("a change").cause, Cause::Gone);
    let row = world.server(server);
    assert_eq!((row.vm_state, row.power_state), (VmState::Error, PowerState::None));
    assert!(row.fault.is_some());
    accepted(world.change(Action::Delete, server));
    world.run_all();
    assert!(world.fleet.is_empty());
}

#[test]
fn what_is_known_already_or_outdated_changes_nothing() {
    let mut world = World::new(config());
    let server = world.stopped();
    let fence = world.server(server).fence;
    let seen = |fence, what| Observation { server, fence, what };
    changes_nothing(&mut world, seen(fence, Observed::PoweredOff));
    // A call was made since it was seen.
    changes_nothing(&mut world, seen(fence - 1, Observed::Gone));
    let nobody = world.server_id();
    changes_nothing(&mut world, Observation { server: nobody, fence, what: Observed::Gone });
    // Something is being done: its outcome will say.
    accepted(world.change(Action::Start, server));
    changes_nothing(&mut world, seen(fence, Observed::Gone));
    world.run_all();
    observe(&mut world, server, Observed::Gone);
    let fence = world.server(server).fence;
    changes_nothing(&mut world, seen(fence, Observed::Gone));
}
