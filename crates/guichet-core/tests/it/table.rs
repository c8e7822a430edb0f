//! The table of actions, each pair of states.

use guichet_core::action::{Action, TABLE};
use guichet_core::ids::{ClientId, FlavorId, ImageId, RequestId, WorkerId};
use guichet_core::project::Usage;
use guichet_core::refusal::Refusal;
use guichet_core::rows::{Decision, Effects};
use guichet_core::server::{Operation, OperationState, Server, ServerName};
use guichet_core::state::{PowerState, State, Status, TaskState, VmState};
use std::sync::Arc;

use crate::support::{
    BLUE, SMALL, World, accepted, act, allowed, config, failure, is_over_at_once, tasks,
};

/// Which action shows this task; of those that show the same, the first.
fn behind(task: TaskState) -> Action {
    let shows = |action: &Action| {
        let (waiting, started) = tasks(*action);
        !is_over_at_once(*action) && (waiting == task || started == task)
    };
    Action::ALL.iter().copied().find(shows).expect("each task is some action's")
}

/// A fleet with one server in these states; what is done to it runs.
fn put(vm_state: VmState, task_state: Option<TaskState>) -> (World, Server) {
    let mut world = World::new(config());
    let active = task_state.map(|task| Operation {
        number: 2,
        request: RequestId::from_bits(5),
        client: ClientId(0),
        action: behind(task),
        args: None,
        state: OperationState::Running,
        attempt: 1,
        worker: WorkerId(1),
        accepted: world.now,
        started: Some(world.now),
        finished: None,
        not_before: None,
        failure: None,
    });
    let server = Server {
        created_by: guichet_core::ids::ClientId(0),
        details: None,
        launched: None,
        expires: None,
        second: None,
        id: world.server_id(),
        project: BLUE,
        size: SMALL,
        flavor: FlavorId(0),
        image: ImageId(0),
        host: Some(guichet_core::ids::HostId(0)),
        vm_state,
        task_state,
        power_state: PowerState::Running,
        ever_started: true,
        fence: 2,
        operations: 2,
        created: world.now,
        updated: world.now,
        name: ServerName::from("any"),
        fault: None,
        active: active.map(Arc::new),
    };
    let mut effects = Effects::default();
    effects.servers.push(Arc::new(server.clone()));
    effects.usage = Some((BLUE, Usage::default().plus(SMALL, 1)));
    world.fleet.apply(&mut effects, world.now);
    (world, server)
}

fn every_state() -> impl Iterator<Item = (VmState, Option<TaskState>)> {
    let tasks = || TaskState::ALL.iter().map(|task| Some(*task));
    let with_tasks = move |vm: &VmState| {
        let vm = *vm;
        std::iter::once(None).chain(tasks()).map(move |task| (vm, task))
    };
    VmState::ALL.iter().flat_map(with_tasks)
}

#[test]
fn each_action_is_allowed_where_the_table_says_and_nowhere_else() {
    let mut seen = 0;
    for (vm_state, task_state) in every_state() {
        for action in Action::ALL.iter().copied().filter(|action| *action != Action::Create) {
            let (mut world, server) = put(vm_state, task_state);
            let request = world.request(BLUE, None, act(action, server.id, 2));
            let decision = world.fleet.submit(&request, world.now);
            check(&world, &server, action, decision);
            seen += 1;
        }
    }
    assert_eq!(seen, 12 * 31 * 30);
}

fn check(world: &World, before: &Server, action: Action, decision: Decision) {
    let (vm_state, task_state) = (before.vm_state, before.task_state);
    let case = format!("{action} of {vm_state}/{task_state:?}");
    if vm_state == VmState::Deleted {
        let Decision::Refused(Refusal::NotFound { .. }) = decision else {
            panic!("{case}: {decision:?}");
        };
        return;
    }
    // Nothing was ever launched in this test, so a soft delete is one for good.
    let action = if action == Action::SoftDelete { Action::Delete } else { action };
    if action == Action::Delete && task_state == Some(TaskState::Deleting) {
        assert!(matches!(decision, Decision::Repeated(_)), "{case}");
        return;
    }
    match (allowed(action, vm_state, task_state), decision) {
        (Ok(()), Decision::Accepted(effects)) if is_over_at_once(action) => {
            let after = world.server(before.id);
            assert_eq!((&after.active, after.operations), (&None, 3), "{case}");
            assert_eq!(effects.stops().is_some(), task_state.is_some(), "{case}");
        }
        (Ok(()), Decision::Accepted(effects)) => {
            let after = world.server(before.id);
            assert_eq!(after.vm_state, vm_state, "{case}");
            assert_eq!(after.task_state, Some(tasks(action).0), "{case}");
            let active = after.active.as_ref().expect("an operation");
            assert_eq!((active.number, active.action), (3, action), "{case}");
            let cancelled = effects.finished.iter().map(|(_, old)| old.state);
            let expected = task_state.map(|_| OperationState::Cancelled);
            assert!(cancelled.eq(expected), "{case}");
            assert_eq!(effects.stops().is_some(), task_state.is_some(), "{case}");
        }
        (Err(expected), Decision::Refused(Refusal::Conflict { action: of, server, obstacle })) => {
            assert_eq!((of, server, obstacle), (action, before.id, expected), "{case}");
        }
        (expected, decision) => panic!("{case}: expected {expected:?}, got {decision:?}"),
    }
}

#[test]
fn the_table_has_each_action_once_and_its_own_tasks() {
    for (row, action) in TABLE.iter().zip(Action::ALL) {
        assert_eq!(row.action, *action);
        assert_eq!((row.task, row.task_started), tasks(*action));
    }
}

#[test]
fn status_is_what_clients_of_nova_expect() {
    use Status as S;
    use TaskState as T;
    use VmState as V;
    let cases = [
        (V::Building, Some(T::Scheduling), S::Build),
        (V::Building, Some(T::Spawning), S::Build),
        (V::Active, None, S::Active),
        (V::Active, Some(T::Rebooting), S::Reboot),
        (V::Active, Some(T::RebootingHard), S::HardReboot),
        (V::Stopped, Some(T::RebootingHard), S::HardReboot),
        (V::Error, Some(T::RebootingHard), S::HardReboot),
        (V::Active, Some(T::PoweringOff), S::Active),
        (V::Stopped, None, S::Shutoff),
        (V::Stopped, Some(T::PoweringOn), S::Shutoff),
        (V::Active, Some(T::Deleting), S::Active),
        (V::Paused, None, S::Paused),
        (V::Suspended, None, S::Suspended),
        (V::Error, None, S::Error),
        (V::Deleted, None, S::Deleted),
        (V::Active, Some(T::ResizePrep), S::Resize),
        (V::Stopped, Some(T::ResizeMigrating), S::Resize),
        (V::Resized, None, S::VerifyResize),
        (V::Resized, Some(T::ResizeConfirming), S::VerifyResize),
        (V::Resized, Some(T::ResizeReverting), S::RevertResize),
        (V::Resized, Some(T::Deleting), S::VerifyResize),
        (V::Active, Some(T::Pausing), S::Active),
        (V::Active, Some(T::Rebuilding), S::Rebuild),
        (V::Error, Some(T::RebuildSpawning), S::Rebuild),
        (V::Rescued, None, S::Rescue),
        (V::Rescued, Some(T::Unrescuing), S::Rescue),
        (V::Active, Some(T::Shelving), S::Active),
        (V::Shelved, None, S::Shelved),
        (V::ShelvedOffloaded, None, S::ShelvedOffloaded),
        (V::ShelvedOffloaded, Some(T::Unshelving), S::ShelvedOffloaded),
        (V::Active, Some(T::ImageUploading), S::Active),
        (V::Active, Some(T::UpdatingPassword), S::Password),
        (V::Active, Some(T::Migrating), S::Migrating),
        (V::SoftDeleted, None, S::SoftDeleted),
    ];
    for (vm_state, task_state, status) in cases {
        let state = State { vm_state, task_state };
        assert_eq!(state.status(), status, "{vm_state}/{task_state:?}");
    }
}

#[test]
fn a_create_goes_from_build_over_spawning_to_active() {
    let mut world = World::new(config());
    let server = world.queued();
    assert_eq!(world.state(server), (VmState::Building, Some(TaskState::Scheduling)));
    let claim = world.claim();
    assert_eq!(world.state(server), (VmState::Building, Some(TaskState::Spawning)));
    world.succeed(&claim);
    assert_eq!(world.state(server), (VmState::Active, None));
    assert_eq!(world.server(server).power_state, PowerState::Running);
}

#[test]
fn each_success_leads_where_the_table_says() {
    let ends = [
        (Action::RebootSoft, false, VmState::Active, PowerState::Running),
        (Action::RebootHard, false, VmState::Active, PowerState::Running),
        (Action::RebootHard, true, VmState::Active, PowerState::Running),
        (Action::Stop, false, VmState::Stopped, PowerState::Shutdown),
        (Action::Start, true, VmState::Active, PowerState::Running),
    ];
    for (action, from_stopped, vm_state, power_state) in ends {
        let mut world = World::new(config());
        let server = if from_stopped { world.stopped() } else { world.active() };
        accepted(world.change(action, server));
        world.run_all();
        assert_eq!(world.state(server), (vm_state, None), "{action}");
        assert_eq!(world.server(server).power_state, power_state, "{action}");
    }
}

#[test]
fn each_permanent_failure_leads_where_the_table_says() {
    let ends = [
        (Action::RebootSoft, false, VmState::Error),
        (Action::RebootHard, false, VmState::Error),
        (Action::RebootHard, true, VmState::Error),
        (Action::Stop, false, VmState::Active),
        (Action::Start, true, VmState::Stopped),
        (Action::Delete, false, VmState::Error),
    ];
    for (action, from_stopped, vm_state) in ends {
        let mut world = World::new(config());
        let server = if from_stopped { world.stopped() } else { world.active() };
        accepted(world.change(action, server));
        let claim = world.claim();
        world.finish(&claim, &failure(false));
        assert_eq!(world.state(server), (vm_state, None), "{action}");
        let fault = world.server(server).fault.as_ref().expect("a fault");
        assert_eq!(&*fault.message, "the disk is on fire");
        // Whatever was wrong, it can be deleted; a success clears the fault.
        if vm_state == VmState::Error {
            accepted(world.change(Action::RebootHard, server));
            world.run_all();
            assert!(world.server(server).fault.is_none(), "{action}");
        }
        accepted(world.change(Action::Delete, server));
        world.run_all();
        assert!(world.fleet.is_empty(), "{action}");
    }
}
