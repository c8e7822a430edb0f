//! Server groups: where their members are put, and that a strict policy is never broken, whatever
//! comes. Every step is audited.

use std::collections::BTreeMap;
use std::sync::Arc;

use guichet_core::action::{Action, ActionArgs};
use guichet_core::details::Details;
use guichet_core::fleet::{Changes, Fleet, FleetConfig, Saved, SavedRow};
use guichet_core::group::{GroupRequest, Policy, ServerGroup};
use guichet_core::ids::{FlavorId, GroupId, HostId, ProjectId, ServerId, UserId};
use guichet_core::limits;
use guichet_core::refusal::{Refusal, RefusalKind};
use guichet_core::request::{Act, RequestBody};
use guichet_core::rows::{Decision, Outcome};
use guichet_core::server::{Failure, Size};
use guichet_core::state::VmState;
use guichet_core::time::VIRTUAL_START;
use proptest::prelude::*;

use crate::support::{BLUE, RED, SMALL, World, accepted, config, hosts};

const APART: Policy = Policy::AntiAffinity { max_per_host: 1 };

fn world(capacities: &[u32]) -> World {
    World::new(FleetConfig { hosts: hosts(capacities), ..config() })
}

fn row(number: u128, project: ProjectId, policy: Policy) -> ServerGroup {
    ServerGroup {
        id: GroupId::from_bits(number),
        project,
        user: UserId(0),
        name: Arc::from("web"),
        policy,
        has_rules: false,
        created: VIRTUAL_START,
    }
}

fn ask(world: &mut World, request: &GroupRequest) -> Result<GroupId, Refusal> {
    let answer = world.fleet.change_group(request, world.now);
    world.check();
    answer.map(|(_, row)| row.id)
}

fn group(world: &mut World, number: u128, policy: Policy) -> GroupId {
    let new = GroupRequest::create(Arc::new(row(number, BLUE, policy)));
    ask(world, &new).expect("it may")
}

fn body(world: &mut World, count: usize, group: GroupId, size: Size) -> RequestBody {
    let mut body = world.servers(count, 1, size);
    if let RequestBody::Create(create) = &mut body {
        let details = Arc::new(Details { group: Some(group), ..Details::default() });
        create.details = create.servers.iter().map(|_| Arc::clone(&details)).collect();
    }
    body
}

fn make(world: &mut World, count: usize, group: GroupId, size: Size) -> Decision {
    let body = body(world, count, group, size);
    let request = world.request(BLUE, None, body);
    world.send(&request)
}

/// The hosts of as many new members; none for one that got no host.
fn places(world: &mut World, count: usize, group: GroupId) -> Vec<Option<u32>> {
    let answer = accepted(make(world, count, group, SMALL));
    let hosts = answer.operations.iter().map(|operation| {
        let server = world.server(operation.server);
        assert_eq!(server.vm_state == VmState::Error, server.host.is_none());
        server.host.map(|host| host.0)
    });
    hosts.collect()
}

fn members(world: &World, group: GroupId) -> Vec<ServerId> {
    world.fleet.shown_members(group)
}

#[test]
fn members_are_apart_or_not_at_all() {
    let mut world = world(&[50, 50]);
    let group = group(&mut world, 1, APART);
    let mut taken = places(&mut world, 2, group);
    taken.sort_unstable();
    assert_eq!(taken, [Some(0), Some(1)], "within one request too");
    let answer = accepted(make(&mut world, 1, group, SMALL));
    let third = world.server(answer.operations[0].server);
    let fault = third.fault.as_ref().expect("it has one");
    assert_eq!(fault.kind, Failure::NoValidHost);
    assert!(fault.message.starts_with("No valid host was found."));
    assert_eq!(members(&world, group).len(), 3, "it is a member, without a place");
    // What leaves makes its place free.
    world.run_all();
    let gone = members(&world, group)[0];
    let host = world.server(gone).host.map(|host| host.0);
    accepted(world.change(Action::Delete, gone));
    world.run_all();
    assert_eq!(places(&mut world, 1, group), [host]);
}

#[test]
fn so_many_may_be_on_one_host_as_the_rule_says() {
    let mut world = world(&[50, 50]);
    let group = group(&mut world, 1, Policy::AntiAffinity { max_per_host: 2 });
    let mut taken = places(&mut world, 5, group);
    taken.sort_unstable();
    assert_eq!(taken, [None, Some(0), Some(0), Some(1), Some(1)]);
}

#[test]
fn members_are_together_or_not_at_all() {
    let mut world = world(&[3, 50]);
    let group = group(&mut world, 1, Policy::Affinity);
    let first = places(&mut world, 1, group)[0];
    // The search for a host goes on behind the one taken last: it is not by chance.
    let other = accepted(world.ask_create(BLUE)).operations[0].server;
    assert_ne!(world.server(other).host.map(|host| host.0), first);
    assert_eq!(places(&mut world, 2, group), [first, first]);
    assert_eq!(first, Some(0));
    assert_eq!(places(&mut world, 1, group), [None], "the host is full, and no other one will do");
}

#[test]
fn soft_policies_are_heeded_while_there_is_room() {
    let mut world = world(&[2, 50, 50]);
    let near = group(&mut world, 1, Policy::SoftAffinity);
    assert_eq!(places(&mut world, 1, near), [Some(0)]);
    assert_eq!(places(&mut world, 3, near)[..1], [Some(0)]);
    let taken = places(&mut world, 1, near)[0];
    assert!(taken == Some(1) || taken == Some(2), "{taken:?}");
    let mut world = self::world(&[50, 50]);
    let apart = group(&mut world, 1, Policy::SoftAntiAffinity);
    let mut taken = places(&mut world, 4, apart);
    taken.sort_unstable();
    assert_eq!(taken, [Some(0), Some(0), Some(1), Some(1)], "evenly");
}

#[test]
fn a_group_that_is_not_there_or_is_full_refuses() {
    let mut world = world(&[50, 50]);
    let none = GroupId::from_bits(9);
    let missing = Refusal::NoSuchGroup { group: none };
    assert!(matches!(make(&mut world, 1, none, SMALL), Decision::Refused(it) if it == missing));
    let others = GroupRequest::create(Arc::new(row(2, RED, APART)));
    let others = ask(&mut world, &others).expect("it may");
    let missing = Refusal::NoSuchGroup { group: others };
    assert!(matches!(make(&mut world, 1, others, SMALL), Decision::Refused(it) if it == missing));
    let own = group(&mut world, 3, Policy::SoftAffinity);
    let most = limits::SERVER_GROUP_MEMBERS_MAX;
    accepted(make(&mut world, most - 1, own, SMALL));
    let full = Refusal::GroupFull { most };
    assert_eq!(full.kind(), RefusalKind::OverQuota);
    assert!(matches!(make(&mut world, 2, own, SMALL), Decision::Refused(it) if it == full));
    accepted(make(&mut world, 1, own, SMALL));
    assert!(matches!(make(&mut world, 1, own, SMALL), Decision::Refused(it) if it == full));
}

#[test]
fn a_group_has_no_more_members_than_its_project_may_have_in_one() {
    let mut world = world(&[50, 50]);
    let own = group(&mut world, 3, Policy::SoftAffinity);
    let make = |world: &mut World, count: usize, most: u16| {
        let mut body = body(world, count, own, SMALL);
        if let RequestBody::Create(create) = &mut body {
            create.most_in_group = Some(most);
        }
        let request = world.request(BLUE, None, body);
        world.send(&request)
    };
    let full = |most| Refusal::GroupFull { most };
    assert!(matches!(make(&mut world, 3, 2), Decision::Refused(it) if it == full(2)));
    accepted(make(&mut world, 2, 2));
    assert!(matches!(make(&mut world, 1, 2), Decision::Refused(it) if it == full(2)));
    // What is in it stays when fewer are allowed, and no more come.
    assert!(matches!(make(&mut world, 1, 0), Decision::Refused(it) if it == full(0)));
    // No quota lets in more than any group may have.
    let most = limits::SERVER_GROUP_MEMBERS_MAX;
    accepted(make(&mut world, most - 2, u16::MAX));
    assert!(matches!(make(&mut world, 1, u16::MAX), Decision::Refused(it) if it == full(most)));
}

#[test]
fn a_project_has_so_many_groups_and_deletes_only_its_own() {
    let mut world = world(&[50]);
    for number in 0..limits::SERVER_GROUPS_MAX as u128 {
        group(&mut world, number, APART);
    }
    let more = GroupRequest::create(Arc::new(row(77, BLUE, APART)));
    let refused = ask(&mut world, &more).expect_err("as many as it may have");
    assert!(matches!(refused, Refusal::TooManyRows { .. }), "{refused}");
    let id = GroupId::from_bits(0);
    let of = |project| GroupRequest::Delete { project, id };
    assert_eq!(ask(&mut world, &of(RED)).expect_err("another's").kind(), RefusalKind::NotFound);
    accepted(make(&mut world, 1, id, SMALL));
    ask(&mut world, &of(BLUE)).expect("members do not hold it");
    assert!(ask(&mut world, &of(BLUE)).is_err());
    ask(&mut world, &more).expect("there is a place");
    let again = GroupRequest::create(Arc::new(row(77, RED, APART)));
    assert_eq!(ask(&mut world, &again).expect_err("its id").kind(), RefusalKind::Conflict);
    assert!(members(&world, id).is_empty(), "of what is gone nothing is shown");
}

fn resize(server: ServerId, size: Size) -> RequestBody {
    let args = ActionArgs::Resize { flavor: FlavorId(9), size };
    RequestBody::Act(Act { action: Action::Resize, server, args: Some(Arc::new(args)) })
}

#[test]
fn a_member_that_is_resized_heeds_the_others() {
    let large = Size { vcpus: 2, ram_mib: 1_024 };
    let mut world = world(&[50, 50]);
    let apart = group(&mut world, 1, APART);
    places(&mut world, 2, apart);
    world.run_all();
    let member = members(&world, apart)[0];
    let own = world.server(member).host;
    let request = world.request(BLUE, None, resize(member, large));
    accepted(world.send(&request));
    let second = world.server(member).second.as_ref().expect("it holds two");
    assert_eq!(second.host, own, "the other host is the other member's");
    // One that is alone may go anywhere, and nobody joins it while it is between two hosts.
    let mut world = self::world(&[1, 50]);
    let near = group(&mut world, 2, Policy::Affinity);
    assert_eq!(places(&mut world, 1, near), [Some(0)]);
    world.run_all();
    let member = members(&world, near)[0];
    let request = world.request(BLUE, None, resize(member, large));
    accepted(world.send(&request));
    world.run_all();
    assert_eq!(world.server(member).second.as_ref().and_then(|it| it.host), Some(HostId(0)));
    assert_eq!(places(&mut world, 1, near), [None]);
    accepted(world.change(Action::ConfirmResize, member));
    world.run_all();
    assert_eq!(places(&mut world, 1, near), [Some(1)]);
}

#[derive(Debug, Clone)]
enum Step {
    Make { group: u128, count: usize, size: u32 },
    Act { action: Action, pick: usize, size: u32 },
    Claim,
    Finish { pick: usize, is_good: bool },
    Drop { group: u128 },
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let action = prop_oneof![
        Just(Action::Delete),
        Just(Action::Resize),
        Just(Action::ConfirmResize),
        Just(Action::RevertResize),
    ];
    prop_oneof![
        8 => (0..4_u128, 1..4_usize, 1..4_u32)
            .prop_map(|(group, count, size)| Step::Make { group, count, size }),
        8 => (action, any::<usize>(), 1..4_u32)
            .prop_map(|(action, pick, size)| Step::Act { action, pick, size }),
        8 => Just(Step::Claim),
        8 => (any::<usize>(), any::<bool>())
            .prop_map(|(pick, is_good)| Step::Finish { pick, is_good }),
        1 => (0..4_u128).prop_map(|group| Step::Drop { group }),
        1 => Just(Step::Restart),
    ]
}

/// What is durable, as a journal has it, and put back.
fn restarted(world: &World) -> Fleet {
    let mut fleet = world.fleet.clone();
    let mut changes = Changes::default();
    fleet.swap_changes(&mut changes);
    let rows = changes.rows.iter().map(|(slot, image)| SavedRow {
        slot: *slot,
        server: Arc::clone(&image.server),
        arrival: image.arrival,
        finished: fleet
            .operations(image.server.id)
            .into_iter()
            .filter(|operation| operation.state.is_final())
            .collect(),
    });
    let groups = fleet.groups().rows().cloned().collect();
    let saved = Saved { rows: rows.collect(), groups, ..Saved::default() };
    let config = FleetConfig { hosts: hosts(&[8, 8, 8]), ..config() };
    Fleet::restore(config, saved, world.now)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    /// The audit, which is run after every step, holds: strict policies too.
    #[test]
    fn no_policy_is_broken_whatever_comes(steps in prop::collection::vec(step(), 1..80)) {
        let mut world = world(&[8, 8, 8]);
        let two = Policy::AntiAffinity { max_per_host: 2 };
        for (number, policy) in (0..).zip([Policy::Affinity, APART, two, Policy::SoftAffinity]) {
            group(&mut world, number, policy);
        }
        let mut servers: Vec<ServerId> = Vec::new();
        let mut claims = BTreeMap::new();
        for step in &steps {
            match step {
                Step::Make { group, count, size } => {
                    let size = Size { vcpus: *size, ram_mib: 1 };
                    let made = make(&mut world, *count, GroupId::from_bits(*group), size);
                    if let Decision::Accepted(effects) = made {
                        servers.extend(effects.servers.iter().map(|server| server.id));
                    }
                }
                Step::Act { action, pick, size } if !servers.is_empty() => {
                    let server = servers[pick % servers.len()];
                    let body = match action {
                        Action::Resize => resize(server, Size { vcpus: *size, ram_mib: 1 }),
                        other => RequestBody::act(*other, server),
                    };
                    let request = world.request(BLUE, None, body);
                    world.send(&request);
                }
                Step::Claim => {
                    if let Some(claim) = world.try_claim() {
                        claims.insert(claim.operation, claim);
                    }
                }
                Step::Finish { pick, is_good } if !claims.is_empty() => {
                    let id = *claims.keys().nth(pick % claims.len()).expect("there is one");
                    let claim = claims.remove(&id).expect("it is there");
                    let message = Arc::from("it failed");
                    let failed =
                        Outcome::Failed { kind: Failure::Driver, transient: false, message };
                    let outcome = if *is_good { Outcome::Succeeded } else { failed };
                    world.finish(&claim, &outcome);
                }
                Step::Drop { group } => {
                    let id = GroupId::from_bits(*group);
                    let _ = ask(&mut world, &GroupRequest::Delete { project: BLUE, id });
                }
                Step::Restart if world.fleet.unwritten() > 0 => {
                    let again = restarted(&world);
                    let found = guichet_core::audit::audit(&again);
                    prop_assert!(found.holds(), "{:#?}", found.violations);
                }
                _ => {}
            }
        }
    }
}
