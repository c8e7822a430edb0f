//! Application credentials: names unique for each user, a bound, and readers who see what is durable.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use guichet_core::audit::audit;
use guichet_core::credential::{ApplicationCredential, CredentialRequest, RoleName, SecretDigest};
use guichet_core::fleet::{Changes, Fleet, Saved};
use guichet_core::ids::{CredentialId, ProjectId, UserId};
use guichet_core::limits;
use guichet_core::refusal::{Refusal, RefusalKind};
use guichet_core::time::{Timestamp, VIRTUAL_START};
use proptest::prelude::*;

use crate::support::{config, digest};

const KIND: &str = "application credential";

fn id(number: u128) -> CredentialId {
    CredentialId::from_bits(number)
}

fn new(number: u128, user: u32, name: &str) -> ApplicationCredential {
    ApplicationCredential {
        id: id(number),
        user: UserId(user),
        project: ProjectId(0),
        name: Arc::from(name),
        description: None,
        roles: vec![RoleName(Arc::from("member"))],
        secret: SecretDigest(Arc::from("$digest")),
        is_unrestricted: false,
        created: VIRTUAL_START,
        expires: None,
    }
}

fn create(fleet: &mut Fleet, new: ApplicationCredential) -> Result<(), Refusal> {
    ask(fleet, &CredentialRequest::Create(Arc::new(new)))
}

fn delete(fleet: &mut Fleet, user: u32, number: u128) -> Result<(), Refusal> {
    ask(fleet, &CredentialRequest::Delete { user: UserId(user), id: id(number) })
}

/// A refusal changes nothing, and whatever comes, the audit holds.
fn ask(fleet: &mut Fleet, request: &CredentialRequest) -> Result<(), Refusal> {
    let before = (digest(fleet), all(fleet));
    let answer = fleet.credential(request, VIRTUAL_START);
    let found = audit(fleet);
    assert!(found.holds(), "{:#?}", found.violations);
    if answer.is_err() {
        before.0.assert_same(fleet);
        assert_eq!(before.1, all(fleet));
    }
    answer.map(|_| ())
}

fn all(fleet: &Fleet) -> Vec<Arc<ApplicationCredential>> {
    fleet.credentials().rows().cloned().collect()
}

#[test]
fn a_name_is_one_of_its_users_until_it_is_deleted() {
    let mut fleet = Fleet::new(config());
    create(&mut fleet, new(1, 0, "ci")).expect("it may");
    let taken = Refusal::NameTaken { what: KIND, name: "ci".to_owned() };
    assert_eq!(create(&mut fleet, new(2, 0, "ci")), Err(taken.clone()));
    assert_eq!(taken.kind(), RefusalKind::Conflict);
    create(&mut fleet, new(3, 1, "ci")).expect("another user's name is its own");
    delete(&mut fleet, 0, 1).expect("it is there");
    create(&mut fleet, new(4, 0, "ci")).expect("the name is free again");
    let found = fleet.credentials().by_key(UserId(0), "ci").map(|row| row.id);
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
    for number in 0..limits::CREDENTIALS_MAX as u128 {
        let request = CredentialRequest::Create(Arc::new(new(number, 0, &format!("n-{number}"))));
        fleet.credential(&request, VIRTUAL_START).expect("it may");
    }
    let most = limits::CREDENTIALS_MAX;
    let refusal = create(&mut fleet, new(5_000, 0, "more"));
    assert_eq!(refusal, Err(Refusal::TooManyRows { what: KIND, most }));
    create(&mut fleet, new(5_001, 1, "more")).expect("another user has its own");
    delete(&mut fleet, 0, 7).expect("it is there");
    create(&mut fleet, new(5_002, 0, "more")).expect("there is a place");
}

#[test]
fn only_what_its_user_has_is_deleted() {
    let mut fleet = Fleet::new(config());
    create(&mut fleet, new(1, 0, "ci")).expect("it may");
    for (user, number) in [(1, 1), (0, 2)] {
        let none = Refusal::NoSuchRow { what: KIND, id: id(number).to_string() };
        assert_eq!(delete(&mut fleet, user, number), Err(none));
    }
    delete(&mut fleet, 0, 1).expect("it is there");
    assert!(delete(&mut fleet, 0, 1).is_err_and(|refusal| refusal.is_of_state()));
    assert!(fleet.credentials().is_empty());
}

#[test]
fn one_that_has_expired_is_not_made_and_one_that_will_stays() {
    let mut fleet = Fleet::new(config());
    let ends = |by: Timestamp| ApplicationCredential { expires: Some(by), ..new(1, 0, "ci") };
    let past = Timestamp::from_micros(VIRTUAL_START.micros() - 1);
    for end in [past, VIRTUAL_START] {
        let refusal = create(&mut fleet, ends(end)).expect_err("it has passed");
        assert!(matches!(refusal, Refusal::Invalid { field: "expires_at", .. }), "{refusal}");
    }
    let end = VIRTUAL_START.after(Duration::from_secs(1));
    create(&mut fleet, ends(end)).expect("it may");
    let row = Arc::clone(fleet.credentials().get(id(1)).expect("it is there"));
    assert!(!row.has_expired(VIRTUAL_START) && row.has_expired(end));
    assert!(create(&mut fleet, new(2, 0, "ci")).is_err(), "its name is taken until it is deleted");
}

#[test]
fn ids_are_written_one_way() {
    let text = "00112233445566778899aabbccddeeff";
    let known = CredentialId::parse(text).expect("an id");
    assert_eq!(known.to_string(), text);
    for other in ["", "x", "00112233-4455-6677-8899-aabbccddeeff", &text.to_uppercase()] {
        assert_eq!(CredentialId::parse(other), None, "{other}");
    }
}

/// What is stored of a secret is shown to nobody by accident.
#[test]
fn no_debug_text_has_a_secret() {
    let text = format!("{:?}", new(1, 0, "ci"));
    assert!(!text.contains("digest") && text.contains("ci"), "{text}");
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
type Model = BTreeMap<(u32, String), CredentialId>;

struct Run {
    fleet: Fleet,
    /// As it is, as the batch that is being written has it, and as it is durable.
    present: Model,
    taken: Option<(Model, Changes)>,
    durable: Model,
    /// Every id ever drawn, with its user.
    drawn: Vec<(CredentialId, u32)>,
}

fn model<'a>(rows: impl Iterator<Item = &'a Arc<ApplicationCredential>>) -> Model {
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
                let credentials = self.fleet.shown_credentials().rows().cloned().collect();
                let saved = Saved { credentials, ..Saved::default() };
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
        let request = CredentialRequest::Delete { user: UserId(user), id };
        let deleted = ask(&mut self.fleet, &request);
        let is_there = self.present.values().any(|known| *known == id);
        assert_eq!(deleted.is_ok(), is_there && owner == user, "{deleted:?}");
        if deleted.is_ok() {
            self.present.retain(|_, known| *known != id);
        }
    }

    fn check(&self) {
        let (present, shown) = (self.fleet.credentials(), self.fleet.shown_credentials());
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
