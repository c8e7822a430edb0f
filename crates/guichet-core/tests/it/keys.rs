//! Idempotency keys: a repeat gives the first answer and changes nothing.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::fleet::FleetConfig;
use guichet_core::ids::{FlavorId, ProjectId, RequestId};
use guichet_core::limits;
use guichet_core::project::Quota;
use guichet_core::refusal::{Refusal, RefusalKind};
use guichet_core::request::{Answer, Create, Fingerprint, IdempotencyKey, Request, RequestBody};
use guichet_core::rows::{Effects, KeyRow};
use guichet_core::server::Size;

use crate::support::{
    BLUE, RED, SMALL, World, accepted, config, digest, project, refused, repeated,
};

const DAY: Duration = Duration::from_secs(24 * 3_600);

/// A create with a key: another id and other server ids every time, as a client's retry has.
fn keyed(world: &mut World, project: ProjectId, key: &str) -> Request {
    let body = world.servers(1, 1, SMALL);
    world.request(project, Some(key), body)
}

#[test]
fn a_repeat_has_the_first_answer_from_the_queue_to_after_the_end() {
    let mut world = World::new(config());
    let request = keyed(&mut world, BLUE, "k");
    let answer = accepted(world.send(&request));
    let server = answer.operations[0].server;
    let again = |world: &mut World| {
        let request = keyed(world, BLUE, "k");
        let before = digest(&world.fleet);
        let decision = world.send(&request);
        before.assert_same(&world.fleet);
        repeated(decision)
    };
    assert_eq!(again(&mut world), answer, "queued");
    let claim = world.claim();
    assert_eq!(again(&mut world), answer, "running");
    world.succeed(&claim);
    assert_eq!(again(&mut world), answer, "done");
    accepted(world.change(Action::Delete, server));
    world.run_all();
    assert!(world.fleet.get(server).is_none());
    assert_eq!(again(&mut world), answer, "its server is gone");
    assert_eq!(world.instances(BLUE), 0);
}

#[test]
fn a_keyed_delete_is_repeated_after_the_server_is_gone() {
    let mut world = World::new(config());
    let server = world.active();
    let delete = RequestBody::act(Action::Delete, server);
    let request = world.request(BLUE, Some("k"), delete.clone());
    let answer = accepted(world.send(&request));
    world.run_all();
    let request = world.request(BLUE, Some("k"), delete.clone());
    assert_eq!(repeated(world.send(&request)), answer);
    let request = world.request(BLUE, None, delete);
    assert_eq!(refused(world.send(&request)), Refusal::NoServer);
}

#[test]
fn another_body_under_the_same_key_is_a_conflict() {
    let mut world = World::new(config());
    let server = world.active();
    let request = keyed(&mut world, BLUE, "k");
    accepted(world.send(&request));
    let RequestBody::Create(first) = request.body else {
        panic!("a create");
    };
    let changed = |change: &dyn Fn(&mut Create)| {
        let mut create = first.clone();
        change(&mut create);
        RequestBody::Create(create)
    };
    let others = [
        changed(&|create| create.servers[0].1 = Arc::from("other")),
        changed(&|create| create.servers.push(create.servers[0].clone())),
        changed(&|create| create.min_count = 2),
        changed(&|create| create.size = Size { vcpus: 2, ..SMALL }),
        changed(&|create| create.size = Size { ram_mib: 1, ..SMALL }),
        changed(&|create| create.flavor = FlavorId(1)),
        changed(&|create| create.image.0 = 1),
        RequestBody::act(Action::Stop, server),
    ];
    for other in others {
        let request = world.request(BLUE, Some("k"), other);
        let before = digest(&world.fleet);
        let told = refused(world.send(&request));
        assert_eq!(told, Refusal::KeyReused, "{:?}", request.body);
        assert_eq!(told.kind(), RefusalKind::Conflict);
        before.assert_same(&world.fleet);
    }
}

#[test]
fn changes_are_told_apart_by_action_and_server() {
    let mut world = World::new(config());
    let servers = [world.active(), world.active()];
    let ask = |action, server| RequestBody::act(action, server);
    let request = world.request(BLUE, Some("k"), ask(Action::RebootSoft, servers[0]));
    accepted(world.send(&request));
    for (action, server) in [(Action::RebootHard, servers[0]), (Action::RebootSoft, servers[1])] {
        let request = world.request(BLUE, Some("k"), ask(action, server));
        assert_eq!(refused(world.send(&request)), Refusal::KeyReused);
    }
}

#[test]
fn a_key_belongs_to_its_project() {
    let mut world = World::new(config());
    for project in [BLUE, RED] {
        let request = keyed(&mut world, project, "k");
        accepted(world.send(&request));
    }
    assert_eq!((world.instances(BLUE), world.instances(RED)), (1, 1));
}

#[test]
fn a_refusal_is_not_remembered() {
    let quota = Quota { instances: Some(1), ..Quota::default() };
    let mut world = World::new(FleetConfig { projects: vec![project(0, quota)], ..config() });
    let server = world.active();
    let request = keyed(&mut world, BLUE, "k");
    assert_eq!(refused(world.send(&request)).kind(), RefusalKind::OverQuota);
    accepted(world.change(Action::Delete, server));
    world.run_all();
    accepted(world.send(&request));
}

#[test]
fn a_key_is_forgotten_after_a_day() {
    let mut world = World::new(config());
    let request = keyed(&mut world, BLUE, "k");
    let answer = accepted(world.send(&request));
    world.pass(DAY - Duration::from_micros(1));
    let request = keyed(&mut world, BLUE, "k");
    assert_eq!(repeated(world.send(&request)), answer);
    world.pass(Duration::from_micros(1));
    let second = accepted(world.send(&request));
    assert_ne!(second, answer);
    // Now the second one counts, for a day of its own.
    world.pass(DAY - Duration::from_micros(1));
    let request = keyed(&mut world, BLUE, "k");
    assert_eq!(repeated(world.send(&request)), second);
}

#[test]
fn an_old_entry_does_not_take_its_successor_along() {
    let mut world = World::new(config());
    // More than are dropped in one step stand before "k".
    for n in 0..limits::KEYS_EXPIRED_PER_STEP {
        let request = keyed(&mut world, BLUE, &format!("old-{n}"));
        accepted(world.send(&request));
    }
    let request = keyed(&mut world, BLUE, "k");
    accepted(world.send(&request));
    world.pass(DAY);
    let request = keyed(&mut world, BLUE, "k");
    let second = accepted(world.send(&request));
    // This one drops what is left of the first "k".
    let request = keyed(&mut world, BLUE, "new");
    accepted(world.send(&request));
    let request = keyed(&mut world, BLUE, "k");
    assert_eq!(repeated(world.send(&request)), second);
}

#[test]
fn effects_carry_the_key_that_is_to_be_remembered() {
    let mut world = World::new(config());
    let request = keyed(&mut world, BLUE, "k");
    let decision = world.fleet.submit(&request, world.now);
    let guichet_core::rows::Decision::Accepted(effects) = decision else {
        panic!("{decision:?}");
    };
    let row = effects.key.expect("a journal writes it down too");
    assert_eq!((row.project, &*row.key.0), (BLUE, "k"));
    assert_eq!(row.fingerprint, request.fingerprint());
    assert_eq!(row.expires, world.now.after(DAY));
    assert_eq!(Some(row.answer), effects.answer);
}

/// Remembers keys as accepted requests would, without the requests.
fn fill(world: &mut World, count: usize) {
    for n in 0..count {
        let mut effects = Effects {
            key: Some(Box::new(KeyRow {
                project: BLUE,
                key: IdempotencyKey(Arc::from(format!("filled-{n}"))),
                fingerprint: Fingerprint([0; 32]),
                answer: Answer {
                    request: RequestId::from_bits(n as u128),
                    operations: smallvec::SmallVec::new(),
                },
                expires: world.now.after(limits::KEY_TTL),
            })),
            ..Effects::default()
        };
        world.fleet.apply(&mut effects, world.now);
    }
}

#[test]
fn past_the_bound_a_new_key_is_refused_and_nothing_is_forgotten_early() {
    let mut world = World::new(config());
    let request = keyed(&mut world, BLUE, "first");
    let answer = accepted(world.send(&request));
    world.pass(Duration::from_secs(3_600));
    fill(&mut world, limits::KEYS_PER_PROJECT_MAX - 1);

    let request = keyed(&mut world, BLUE, "new");
    let told = refused(world.send(&request));
    let expected = Refusal::RateLimited {
        what: "idempotency keys in use",
        retry_after: DAY - Duration::from_secs(3_600),
    };
    assert_eq!(told, expected);
    assert_eq!(told.kind(), RefusalKind::RateLimited);
    let request = keyed(&mut world, BLUE, "first");
    assert_eq!(repeated(world.send(&request)), answer);
    accepted(world.ask_create(BLUE));
    let request = keyed(&mut world, RED, "new");
    accepted(world.send(&request));

    // One place is free when the first key expires, and only one.
    world.pass(DAY - Duration::from_secs(3_600));
    let request = keyed(&mut world, BLUE, "new");
    accepted(world.send(&request));
    let request = keyed(&mut world, BLUE, "newer");
    assert_eq!(refused(world.send(&request)).kind(), RefusalKind::RateLimited);
    world.pass(Duration::from_secs(3_600));
    accepted(world.send(&request));
}
