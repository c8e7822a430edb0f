//! Key pairs: names unique for each user, a bound, and readers who see what is durable.

use std::collections::BTreeMap;
use std::sync::Arc;

use guichet_core::audit::audit;
use guichet_core::details::Details;
use guichet_core::fleet::{Changes, Fleet, Saved};
use guichet_core::ids::{
    ClientId, FlavorId, ImageId, KeyPairId, ProjectId, RequestId, ServerId, UserId,
};
use guichet_core::key_pair::{KeyKind, KeyPair, KeyPairRequest};
use guichet_core::limits;
use guichet_core::refusal::{Refusal, RefusalKind};
use guichet_core::request::{Create, IdempotencyKey, Request, RequestBody};
use guichet_core::rows::Decision;
use guichet_core::server::Size;
use guichet_core::time::VIRTUAL_START;
use proptest::prelude::*;

use crate::support::{config, digest};

const KIND: &str = "key pair";

fn id(number: u128) -> KeyPairId {
    KeyPairId::from_bits(number)
}

fn new(number: u128, user: u32, name: &str) -> KeyPair {
    KeyPair {
        id: id(number),
        user: UserId(user),
        name: Arc::from(name),
        kind: KeyKind::Ssh,
        public_key: Arc::from(format!("ssh-ed25519 {number}")),
        fingerprint: Arc::from("00:11"),
        created: VIRTUAL_START,
    }
}

fn create(fleet: &mut Fleet, new: KeyPair) -> Result<(), Refusal> {
    ask(fleet, &KeyPairRequest::create(Arc::new(new)))
}

fn delete(fleet: &mut Fleet, user: u32, name: &str) -> Result<(), Refusal> {
    let name = Arc::from(name);
    ask(fleet, &KeyPairRequest::Delete { user: UserId(user), name, id: None })
}

/// A refusal changes nothing, and whatever comes, the audit holds.
fn ask(fleet: &mut Fleet, request: &KeyPairRequest) -> Result<(), Refusal> {
    let before = (digest(fleet), all(fleet));
    let answer = fleet.key_pair(request, VIRTUAL_START);
    let found = audit(fleet);
    assert!(found.holds(), "{:#?}", found.violations);
    if answer.is_err() {
        before.0.assert_same(fleet);
        assert_eq!(before.1, all(fleet));
    }
    answer.map(|_| ())
}

fn all(fleet: &Fleet) -> Vec<Arc<KeyPair>> {
    fleet.key_pairs().rows().cloned().collect()
}

#[test]
fn a_name_is_one_of_its_users_until_it_is_deleted() {
    let mut fleet = Fleet::new(config());
    create(&mut fleet, new(1, 0, "ci")).expect("it may");
    let taken = Refusal::NameTaken { what: KIND, name: "ci".to_owned() };
    assert_eq!(create(&mut fleet, new(2, 0, "ci")), Err(taken.clone()));
    assert_eq!(taken.kind(), RefusalKind::Conflict);
    create(&mut fleet, new(3, 1, "ci")).expect("another user's name is its own");
    delete(&mut fleet, 0, "ci").expect("it is there");
    create(&mut fleet, new(4, 0, "ci")).expect("the name is free again");
    let found = fleet.key_pairs().by_key(UserId(0), "ci").map(|row| row.id);
    assert_eq!(found, Some(id(4)));
}

#[test]
fn an_id_is_there_once() {
    let mut fleet = Fleet::new(config());
    create(&mut fleet, new(1, 0, "one")).expect("it may");
    let again = create(&mut fleet, new(1, 1, "two")).expect_err("its id is taken");
    assert_eq!(again.kind(), RefusalKind::Conflict);
}

#[test]
fn a_user_has_so_many_and_no_more() {
    let mut fleet = Fleet::new(config());
    for number in 0..limits::KEY_PAIRS_MAX as u128 {
        let request = KeyPairRequest::create(Arc::new(new(number, 0, &format!("n-{number}"))));
        fleet.key_pair(&request, VIRTUAL_START).expect("it may");
    }
    let most = limits::KEY_PAIRS_MAX;
    let refusal = create(&mut fleet, new(5_000, 0, "more"));
    assert_eq!(refusal, Err(Refusal::TooManyRows { what: KIND, most }));
    create(&mut fleet, new(5_001, 1, "more")).expect("another user has its own");
    delete(&mut fleet, 0, "n-7").expect("it is there");
    create(&mut fleet, new(5_002, 0, "more")).expect("there is a place");
}

#[test]
fn only_what_its_user_has_is_deleted() {
    let mut fleet = Fleet::new(config());
    create(&mut fleet, new(1, 0, "ci")).expect("it may");
    for (user, name) in [(1, "ci"), (0, "other")] {
        let none = Refusal::NoSuchRow { what: KIND, id: name.to_owned() };
        assert_eq!(delete(&mut fleet, user, name), Err(none));
    }
    // Whoever undoes what it made does not delete what another made of the same name since.
    let other = KeyPairRequest::Delete { user: UserId(0), name: "ci".into(), id: Some(id(2)) };
    assert!(ask(&mut fleet, &other).is_err());
    delete(&mut fleet, 0, "ci").expect("it is there");
    assert!(delete(&mut fleet, 0, "ci").is_err_and(|refusal| refusal.is_of_state()));
    assert!(fleet.key_pairs().is_empty());
}

fn server(number: u128, user: u32, key_name: Option<&str>) -> Request {
    let details = Details { key_name: key_name.map(Arc::from), ..Details::default() };
    let server = (ServerId::from_bits(number), Arc::from("web"));
    Request {
        id: RequestId::from_bits(number),
        client: ClientId(user),
        project: ProjectId(0),
        privileged: false,
        key: Some(IdempotencyKey(Arc::from(format!("key-{user}")))),
        body: RequestBody::Create(Create {
            servers: [server].into_iter().collect(),
            min_count: 1,
            size: Size { vcpus: 1, ram_mib: 1 },
            flavor: FlavorId(0),
            image: ImageId(0),
            details: vec![Arc::new(details)],
            ports: Vec::new(),
            hosts: None,
            most_in_group: None,
            body_digest: None,
        }),
    }
}

#[test]
fn a_server_has_a_key_pair_of_its_users_or_none() {
    let mut fleet = Fleet::new(config());
    create(&mut fleet, new(1, 0, "ci")).expect("it may");
    let missing = Refusal::NoSuchKeyPair { name: Arc::from("ci") };
    let refused = fleet.submit(&server(1, 1, Some("ci")), VIRTUAL_START);
    assert!(matches!(refused, Decision::Refused(refusal) if refusal == missing));
    let accepted = fleet.submit(&server(2, 0, Some("ci")), VIRTUAL_START);
    assert!(matches!(accepted, Decision::Accepted(_)), "{accepted:?}");
    // The server goes on having it, and a repeat of the request has its first answer.
    delete(&mut fleet, 0, "ci").expect("it is there");
    let id = ServerId::from_bits(2);
    let details = fleet.get(id).expect("it is there").details.clone().expect("it has some");
    assert_eq!(details.key_name.as_deref(), Some("ci"));
    let repeated = fleet.submit(&server(3, 0, Some("ci")), VIRTUAL_START);
    assert!(matches!(repeated, Decision::Repeated(_)), "{repeated:?}");
    let none = fleet.submit(&server(4, 2, None), VIRTUAL_START);
    assert!(matches!(none, Decision::Accepted(_)), "{none:?}");
}

#[derive(Debug, Clone)]
enum Step {
    Create {
        user: u32,
        name: u8,
    },
    Delete {
        user: u32,
        pick: usize,
    },
    /// What changed goes to the journal.
    Take,
    /// It is durable.
    Publish,
    /// The process ends, and another finds what is durable.
    Crash,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..3_u32, 0..5_u8).prop_map(|(user, name)| Step::Create { user, name }),
        5 => (0..3_u32, any::<usize>()).prop_map(|(user, pick)| Step::Delete { user, pick }),
        4 => Just(Step::Take),
        4 => Just(Step::Publish),
        1 => Just(Step::Crash),
    ]
}

/// Names of users, with whose they are: what the rules must come to.
type Model = BTreeMap<(u32, String), KeyPairId>;

struct Run {
    fleet: Fleet,
    /// As it is, as the batch that is being written has it, and as it is durable.
    present: Model,
    taken: Option<(Model, Changes)>,
    durable: Model,
    /// Every id ever drawn, with its user.
    drawn: Vec<(KeyPairId, u32)>,
}

fn model<'a>(rows: impl Iterator<Item = &'a Arc<KeyPair>>) -> Model {
    rows.map(|row| ((row.user.0, row.name.to_string()), row.id)).collect()
}

impl Run {
    fn new() -> Self {
        let mut fleet = Fleet::new(config());
        fleet.start_journal();
        let (present, durable) = (Model::new(), Model::new());
        Self { fleet, present, taken: None, durable, drawn: Vec::new() }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Create { user, name } => self.create(*user, &format!("name-{name}")),
            Step::Delete { user, pick } => self.delete(*user, *pick),
            Step::Take if self.taken.is_none() => {
                let mut changes = Changes::default();
                self.fleet.swap_changes(&mut changes);
                self.taken = Some((self.present.clone(), changes));
            }
            Step::Publish => {
                if let Some((model, changes)) = self.taken.take() {
                    self.fleet.publish_rest(&changes);
                    self.durable = model;
                }
            }
            Step::Take => {}
            Step::Crash => {
                let key_pairs = self.fleet.shown_key_pairs().rows().cloned().collect();
                let saved = Saved { key_pairs, ..Saved::default() };
                self.fleet = Fleet::restore(config(), saved, VIRTUAL_START);
                (self.present, self.taken) = (self.durable.clone(), None);
                assert_eq!(self.fleet.unwritten(), 0, "nothing of it is to be written again");
            }
        }
        self.check();
    }

    fn create(&mut self, user: u32, name: &str) {
        let number = self.drawn.len() as u128;
        self.drawn.push((id(number), user));
        let made = create(&mut self.fleet, new(number, user, name));
        let key = (user, name.to_owned());
        assert_eq!(made.is_ok(), !self.present.contains_key(&key), "{made:?}");
        self.present.entry(key).or_insert(id(number));
    }

    fn delete(&mut self, user: u32, pick: usize) {
        let Some((id, owner)) = self.drawn.get(pick % self.drawn.len().max(1)).copied() else {
            return;
        };
        let known = self.present.iter().find(|(_, known)| **known == id);
        let name = known.map_or_else(|| "gone".into(), |((_, name), _)| Arc::from(&**name));
        let is_there = known.is_some();
        let request = KeyPairRequest::Delete { user: UserId(user), name, id: Some(id) };
        let deleted = ask(&mut self.fleet, &request);
        assert_eq!(deleted.is_ok(), is_there && owner == user, "{deleted:?}");
        if deleted.is_ok() {
            self.present.retain(|_, known| *known != id);
        }
    }

    fn check(&self) {
        let (present, shown) = (self.fleet.key_pairs(), self.fleet.shown_key_pairs());
        assert_eq!(model(present.rows()), self.present);
        assert_eq!(model(shown.rows()), self.durable, "readers see what is durable");
        for table in [present, shown] {
            let by_owner = (0..3).flat_map(|user| table.of_owner(UserId(user), None));
            assert_eq!(model(by_owner), model(table.rows()));
            for row in table.rows() {
                assert_eq!(table.by_key(row.user, &*row.name), Some(row));
                let after = table.of_owner(row.user, Some(&row.name));
                assert!(after.into_iter().all(|later| later.name > row.name));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn rules_and_readers_agree_with_the_model(steps in prop::collection::vec(step(), 1..80)) {
        let mut run = Run::new();
        for step in &steps {
            run.step(step);
        }
    }
}
