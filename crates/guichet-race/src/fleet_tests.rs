//! With the lock, the cells are the fleet: the same whole requests and jobs, in the same order,
//! leave the same rows in both, so what is explored here is what production does.

use std::time::Duration;

use guichet_core::audit::audit;
use guichet_core::fleet::{Bound, Fleet, FleetConfig, List, ListOrder};
use guichet_core::ids::ProjectId;
use guichet_core::rows::{Outcome, Rows};
use guichet_core::scheduler::Bounds;
use guichet_core::server::Server;

use crate::case::Case;
use crate::interner::Interner;
use crate::scope::scope;
use crate::state::{Actor, Manager, Moved, State};
use crate::world::{AT, CHANCE, WORKER, World};

/// The fleet that a world starts from.
fn fleet(world: &World) -> Fleet {
    let mut fleet = Fleet::new(FleetConfig {
        projects: vec![world.project.clone()],
        hosts: world.hosts.clone(),
        bounds: Bounds { queue: 100, service: 1, per_host: 1, per_project: 1, active: 100 },
        servers_max: 100,
        workers: 1,
        expected_service: Duration::from_millis(1),
        times: Default::default(),
        networks: Vec::new(),
        chance: CHANCE,
    });
    for planned in &world.opening {
        fleet.submit(&planned.request, AT);
    }
    if world.start.is_active {
        run_job(&mut fleet);
    }
    fleet
}

fn run_job(fleet: &mut Fleet) -> bool {
    let Some((_, claim)) = fleet.claim(WORKER, AT) else {
        return false;
    };
    fleet.finish(&claim, &Outcome::Succeeded, AT);
    true
}

/// Follows every schedule of whole steps, the fleet beside the cells.
fn compare(world: &World, state: &State, fleet: &Fleet, interner: &Interner) -> u64 {
    let mut existing: Vec<&Server> = state.cells.existing(interner).collect();
    existing.sort_unstable_by_key(|server| server.id);
    let mut page = Vec::new();
    let all = Bound { found: 100, looked_at: 100 };
    let order = ListOrder::default();
    fleet.page(&List { project: None, status: None, order: &order, after: None }, all, &mut page);
    page.sort_unstable_by_key(|server| server.id);
    let case = world.start.name;
    assert_eq!(existing, page.iter().map(|server| &**server).collect::<Vec<_>>(), "{case}");
    assert_eq!(*interner.usages.get(state.cells.usage), fleet.usage(ProjectId(0)), "{case}");
    for (cell, (_, capacity)) in state.cells.capacities.iter().zip(fleet.hosts_with_capacity()) {
        assert_eq!(*interner.capacities.get(*cell), capacity, "{case}");
    }
    assert_eq!(state.cells.queue.len(), fleet.scheduler().load().waiting, "{case}");
    let audit = audit(fleet);
    assert!(audit.holds(), "{case}: {:?}", audit.violations);

    let mut ends = 0;
    for actor in state.actors() {
        let (mut next, mut interner, mut fleet) = (state.clone(), interner.clone(), fleet.clone());
        let planned = match actor {
            Actor::Client(number) => {
                let index = usize::from(number) - 1;
                world.programs[index].get(state.clients[index].at())
            }
            Actor::Worker => None,
        };
        match next.step(world, &mut interner, Manager::Locked, actor) {
            Some(Moved::Job(_)) => assert!(run_job(&mut fleet)),
            Some(_) => {
                let planned = planned.expect("a client that takes a step has a request");
                fleet.submit(&planned.request, AT);
            }
            None => continue,
        }
        ends += compare(world, &next, &fleet, &interner);
    }
    ends.max(1)
}

#[test]
fn the_locked_cells_and_the_fleet_go_the_same_way() {
    // A fleet goes on behind the host that it filled last; the cells always look from the first.
    let one_host = |case: &Case| World::new(case).hosts.len() == 1;
    let mut compared = 0;
    for case in scope().iter().filter(|case| one_host(case)) {
        let world = World::new(case);
        let (interner, state) = State::open(&world);
        compared += compare(&world, &state, &fleet(&world), &interner);
    }
    assert!(compared > 10_000, "{compared}");
}
