//! A fleet to which projects are added decides as one that had them from the start.

use std::time::Duration;

use guichet_core::fleet::FleetConfig;
use guichet_core::ids::ProjectId;
use guichet_core::limits;
use guichet_core::project::{Project, Quota};
use guichet_core::rows::{Claim, Decision, Outcome};
use guichet_core::scheduler::Bounds;
use guichet_core::setting::Setting;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::support::{SMALL, World, config, digest, failure, project};

/// All that there are in the end; the growing one begins with the first.
fn all() -> Vec<Project> {
    let of = |id: u32, instances: Option<u64>, weight: u32| Project {
        weight,
        ..project(id, Quota { instances, ..Quota::default() })
    };
    vec![of(0, Some(6), 1), of(1, Some(4), 3), of(2, None, 2)]
}

fn with(count: usize) -> FleetConfig {
    let projects = all().into_iter().take(count).collect();
    let bounds = Bounds { queue: 12, service: 5, per_host: 3, per_project: 3, active: usize::MAX };
    FleetConfig { projects, bounds, ..config() }
}

#[derive(Debug, Clone)]
enum Step {
    Create(u32, usize),
    Claim,
    Finish(usize, bool),
    Pass(u64),
    /// What a project may hold is another.
    Quota(u32, u64),
    /// One more project, before anybody asks for it.
    Add,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3_u32, 1..4_usize).prop_map(|(project, count)| Step::Create(project, count)),
        5 => Just(Step::Claim),
        4 => (any::<usize>(), any::<bool>()).prop_map(|(pick, is_good)| Step::Finish(pick, is_good)),
        1 => (1..5_000_u64).prop_map(Step::Pass),
        1 => (0..3_u32, 0..8_u64).prop_map(|(project, most)| Step::Quota(project, most)),
        1 => Just(Step::Add),
    ]
}

/// A fleet, and what runs in it.
struct Side {
    world: World,
    claims: Vec<Claim>,
    count: usize,
}

impl Side {
    fn new(count: usize) -> Self {
        Self { world: World::new(with(count)), claims: Vec::new(), count }
    }

    fn has(&mut self, count: usize) {
        while self.count < count {
            self.world.fleet.set(Setting::Project(all().swap_remove(self.count)));
            self.count += 1;
            self.world.check();
        }
    }

    /// Does it, and says what came of it.
    fn does(&mut self, step: &Step) -> String {
        match *step {
            Step::Create(project, count) => {
                self.has(project as usize + 1);
                let body = self.world.servers(count, 1, SMALL);
                let request = self.world.request(ProjectId(project), None, body);
                format!("{:?}", self.world.send(&request))
            }
            Step::Claim => {
                let claim = self.world.try_claim();
                let told = format!("{claim:?}");
                self.claims.extend(claim);
                told
            }
            Step::Finish(_, _) if self.claims.is_empty() => String::new(),
            Step::Finish(pick, is_good) => {
                let claim = self.claims.swap_remove(pick % self.claims.len());
                let outcome = if is_good { Outcome::Succeeded } else { failure(true) };
                format!("{:?}", self.world.finish(&claim, &outcome))
            }
            Step::Pass(ms) => {
                self.world.pass(Duration::from_millis(ms));
                String::new()
            }
            Step::Quota(project, most) => {
                self.has(project as usize + 1);
                let quota = Quota { instances: Some(most), ..Quota::default() };
                self.world.fleet.set(Setting::Quota { project: ProjectId(project), quota });
                self.world.check();
                String::new()
            }
            Step::Add => {
                self.has((self.count + 1).min(all().len()));
                String::new()
            }
        }
    }
}

fn cases() -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
        config.cases = 200;
    }
    config
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn it_decides_as_if_they_had_been_there(
        steps in proptest::collection::vec(step(), 20..150),
    ) {
        let (mut whole, mut growing) = (Side::new(all().len()), Side::new(1));
        for step in &steps {
            prop_assert_eq!(whole.does(step), growing.does(step), "{:?}", step);
        }
        growing.has(all().len());
        for side in [&mut whole, &mut growing] {
            for claim in std::mem::take(&mut side.claims) {
                side.world.succeed(&claim);
            }
            side.world.run_all();
        }
        prop_assert_eq!(&whole.world.events, &growing.world.events);
        digest(&whole.world.fleet).assert_same(&growing.world.fleet);
    }
}

#[test]
fn a_project_of_another_place_or_beyond_the_bound_is_not_added() {
    let mut world = World::new(config());
    let before = digest(&world.fleet);
    for id in [0, 1, 3] {
        world.fleet.set(Setting::Project(project(id, Quota::default())));
    }
    before.assert_same(&world.fleet);
    for id in 2..=limits::PROJECTS_MAX as u32 {
        world.fleet.set(Setting::Project(project(id, Quota::default())));
    }
    assert_eq!(world.fleet.projects().len(), limits::PROJECTS_MAX);
    let last = ProjectId(limits::PROJECTS_MAX as u32 - 1);
    assert!(matches!(world.ask_create(last), Decision::Accepted(_)));
}
