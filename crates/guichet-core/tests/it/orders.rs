//! Lists in every order, beside the same lists sorted in the plainest way: whatever happens to the
//! servers, with a journal and without one, and however a list is cut into pages.

use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::details;
use guichet_core::edit::{Edit, EditRequest};
use guichet_core::fleet::{Bound, Changes, FleetConfig, List, ListOrder, Names};
use guichet_core::ids::{ClientId, ProjectId, RequestId, ServerId};
use guichet_core::request::RequestBody;
use guichet_core::rows::{Claim, Decision};
use guichet_core::server::Server;
use guichet_core::state::Status;
use guichet_core::time::Timestamp;
use proptest::prelude::*;

use crate::support::{BLUE, RED, SMALL, WORKER, World, config, failure};
use guichet_core::rows::Outcome;

/// What happens.
#[derive(Debug, Clone)]
enum Step {
    Create {
        project: ProjectId,
        count: usize,
        name: usize,
    },
    Act {
        action: Action,
        pick: usize,
    },
    Rename {
        pick: usize,
        name: usize,
    },
    Claim,
    Finish {
        pick: usize,
        succeeds: bool,
    },
    Pass,
    /// The journal takes what changed.
    Take,
    /// What it took is durable.
    Publish,
}

/// Names of which some begin with others.
const NAMES: [&str; 6] = ["a", "ab", "abc", "b", "ba", ""];

fn step() -> impl Strategy<Value = Step> {
    let project = prop::sample::select(vec![BLUE, RED]);
    let action = prop::sample::select(vec![
        Action::Delete,
        Action::RebootSoft,
        Action::Stop,
        Action::Start,
        Action::Pause,
    ]);
    let (pick, name) = (any::<usize>(), 0..NAMES.len());
    prop_oneof![
        4 => (project, 1..4_usize, name.clone())
            .prop_map(|(project, count, name)| Step::Create { project, count, name }),
        6 => (action, pick).prop_map(|(action, pick)| Step::Act { action, pick }),
        2 => (pick, name).prop_map(|(pick, name)| Step::Rename { pick, name }),
        6 => Just(Step::Claim),
        6 => (pick, any::<bool>()).prop_map(|(pick, succeeds)| Step::Finish { pick, succeeds }),
        3 => Just(Step::Pass),
        2 => Just(Step::Take),
        2 => Just(Step::Publish),
    ]
}

struct Run {
    world: World,
    known: Vec<ServerId>,
    held: Vec<Claim>,
    /// What the journal is writing.
    taken: Option<Changes>,
}

impl Run {
    fn new(has_journal: bool) -> Self {
        let mut world = World::new(FleetConfig { servers_max: 60, ..config() });
        if has_journal {
            world.fleet.start_journal();
        }
        Self { world, known: Vec::new(), held: Vec::new(), taken: None }
    }

    fn picked(&self, pick: usize) -> Option<ServerId> {
        (!self.known.is_empty()).then(|| self.known[pick % self.known.len()])
    }

    fn take(&mut self, step: &Step) {
        let now = self.world.now;
        match step {
            Step::Create { project, count, name } => self.create(*project, *count, NAMES[*name]),
            Step::Act { action, pick } => {
                let Some(server) = self.picked(*pick) else { return };
                let owner = self.world.fleet.get(server).map_or(BLUE, |server| server.project);
                let body = RequestBody::act(*action, server);
                let request = self.world.request(owner, None, body);
                self.world.fleet.submit(&request, now);
            }
            Step::Rename { pick, name } => {
                let Some(server) = self.picked(*pick) else { return };
                let changes =
                    details::Changes { name: Some(Arc::from(NAMES[*name])), ..Default::default() };
                let owner = self.world.fleet.get(server).map_or(BLUE, |server| server.project);
                let (id, client) = (RequestId::from_bits(77), ClientId(3));
                let edit = Edit::Update(Box::new(changes));
                let request = EditRequest {
                    id,
                    client,
                    project: owner,
                    server,
                    privileged: true,
                    most_metadata: None,
                    edit,
                };
                let _ = self.world.fleet.edit(&request, now);
            }
            Step::Claim => {
                self.held.extend(self.world.fleet.claim(WORKER, now).map(|(_, claim)| claim));
            }
            Step::Finish { pick, succeeds } => {
                if self.held.is_empty() {
                    return;
                }
                let claim = self.held.swap_remove(pick % self.held.len());
                let outcome = if *succeeds { Outcome::Succeeded } else { failure(false) };
                self.world.fleet.finish(&claim, &outcome, now);
            }
            Step::Pass => self.world.pass(Duration::from_secs(1)),
            Step::Take => {
                if self.taken.is_none() {
                    let mut changes = Changes::default();
                    self.world.fleet.swap_changes(&mut changes);
                    self.taken = Some(changes);
                }
            }
            Step::Publish => {
                if let Some(taken) = self.taken.take() {
                    self.world.fleet.publish(&taken.rows);
                    self.world.fleet.publish_rest(&taken);
                }
            }
        }
    }

    fn create(&mut self, project: ProjectId, count: usize, name: &str) {
        let mut body = self.world.servers(count, count, SMALL);
        if let RequestBody::Create(create) = &mut body {
            create.servers.iter_mut().for_each(|server| server.1 = Arc::from(name));
        }
        let request = self.world.request(project, None, body);
        if let Decision::Accepted(effects) = self.world.fleet.submit(&request, self.world.now) {
            let answer = effects.answer.expect("what is accepted is answered");
            self.known.extend(answer.operations.iter().map(|operation| operation.server));
        }
    }

    /// Compares every list with the shown servers, sorted.
    fn compare(&self, size: usize, looked_at: usize) -> Result<(), TestCaseError> {
        let shown = self.known.iter().filter_map(|id| self.world.fleet.shown(*id));
        let shown: Vec<Arc<Server>> = shown.cloned().collect();
        for project in [None, Some(BLUE), Some(RED)] {
            for status in [None, Some(Status::Active), Some(Status::Build), Some(Status::Shutoff)] {
                for order in orders() {
                    let is_in = |server: &&Arc<Server>| {
                        project.is_none_or(|project| server.project == project)
                            && status.is_none_or(|status| server.status() == status)
                            && has(&order, &server.name)
                    };
                    let mut expected: Vec<_> = shown.iter().filter(is_in).cloned().collect();
                    expected.sort_by(|one, other| compared(&order, one, other));
                    let list = List { project, status, order: &order, after: None };
                    let found = self.walk(list, Bound { found: size, looked_at });
                    prop_assert_eq!(found, expected, "{:?} {:?} {:?}", project, status, order);
                }
            }
        }
        for seconds in [0, 1, 3] {
            let since = Timestamp::from_micros(self.world.now.micros() - seconds * 1_000_000);
            let mut found = Vec::new();
            let mut before = None;
            loop {
                let page = self.world.fleet.changed(since, before, size).expect("little changed");
                found.extend(page.servers);
                before = page.next;
                if before.is_none() {
                    break;
                }
            }
            for server in shown.iter().filter(|server| server.updated >= since) {
                prop_assert!(found.contains(server), "{server:?} changed since {since:?}");
            }
        }
        Ok(())
    }

    fn walk(&self, list: List<'_>, bound: Bound) -> Vec<Arc<Server>> {
        let (mut all, mut after) = (Vec::new(), None::<Arc<Server>>);
        loop {
            let before = all.len();
            let list = List { after: after.as_deref(), ..list };
            let reached = self.world.fleet.page(&list, bound, &mut all);
            assert!(all.len() - before <= bound.found && reached.looked_at <= bound.looked_at);
            after = reached.last;
            if after.is_none() {
                return all;
            }
        }
    }
}

fn orders() -> Vec<ListOrder> {
    let mut orders = vec![ListOrder::Projects];
    for ascending in [true, false] {
        orders.push(ListOrder::Age { ascending });
        let texts = ["", "a", "ab", "b", "c"].map(Arc::<str>::from);
        let prefixes = texts.clone().map(Names::Prefix);
        for names in prefixes.into_iter().chain(texts.map(Names::Exact)).chain([Names::All]) {
            orders.push(ListOrder::Name { names, ascending });
        }
    }
    orders
}

fn has(order: &ListOrder, name: &str) -> bool {
    match order {
        ListOrder::Name { names: Names::Prefix(prefix), .. } => name.starts_with(&**prefix),
        ListOrder::Name { names: Names::Exact(exact), .. } => *name == **exact,
        _ => true,
    }
}

fn compared(order: &ListOrder, one: &Server, other: &Server) -> Ordering {
    let age = |server: &Server| (server.created, server.id);
    let ascending = |ascending: bool, order: Ordering| {
        if ascending { order } else { order.reverse() }
    };
    match order {
        ListOrder::Projects => (other.project, age(other)).cmp(&(one.project, age(one))),
        ListOrder::Age { ascending: up } => ascending(*up, age(one).cmp(&age(other))),
        ListOrder::Name { ascending: up, .. } => {
            ascending(*up, (&one.name, age(one)).cmp(&(&other.name, age(other))))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn every_order_is_the_sorted_one(
        steps in prop::collection::vec(step(), 1..120),
        has_journal in any::<bool>(),
        size in 1..40_usize,
        looked_at in 1..60_usize,
    ) {
        let mut run = Run::new(has_journal);
        for (number, step) in steps.iter().enumerate() {
            run.take(step);
            if number % 8 == 0 {
                run.compare(size, looked_at)?;
                run.world.check();
            }
        }
        run.compare(size, looked_at)?;
        run.world.check();
    }
}
