//! Key pairs: rows beside servers, one step each, whoever else asks meanwhile.

use std::sync::{Arc, Barrier};
use std::thread;

use guichet_core::ids::{KeyPairId, UserId};
use guichet_core::key_pair::{KeyKind, KeyPair, KeyPairRequest};
use guichet_core::limits;
use guichet_core::refusal::{Refusal, RefusalKind};
use guichet_core::time::VIRTUAL_START;

use super::bench::Bench;
use super::fixtures::{Setup, answer};

type Made = Result<Arc<KeyPair>, Refusal>;

const USER: UserId = UserId(0);

fn id(number: u128) -> KeyPairId {
    KeyPairId::from_bits(number)
}

/// A key pair of this number, user and name, with something in every field.
pub fn key_pair(number: u128, user: UserId, name: &str) -> KeyPair {
    KeyPair {
        id: id(number),
        user,
        name: Arc::from(name),
        kind: if number.is_multiple_of(2) { KeyKind::Ssh } else { KeyKind::X509 },
        public_key: Arc::from("ssh-ed25519 AAAA \"me\"\n ☃"),
        fingerprint: Arc::from("00:11:22"),
        created: VIRTUAL_START,
    }
}

fn create(bench: &Bench, new: KeyPair) -> Made {
    answer(bench.store.change_key_pair(&KeyPairRequest::create(Arc::new(new))))
}

fn delete(bench: &Bench, user: UserId, name: &str) -> Made {
    let request = KeyPairRequest::Delete { user, name: Arc::from(name), id: None };
    answer(bench.store.change_key_pair(&request))
}

pub(super) fn a_key_pair_is_read_back_until_it_is_deleted(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let wanted = key_pair(1, USER, "ci");
    let made = create(&bench, wanted.clone()).expect("it may");
    assert_eq!(*made, wanted);
    // An answer is given when readers see what it says.
    assert_eq!(bench.store.key_pair_named(USER, "ci").as_deref(), Some(&wanted));
    assert_eq!(bench.store.key_pairs(USER, None), [Arc::clone(&made)]);
    assert!(bench.store.key_pair_named(UserId(1), "ci").is_none());
    bench.audit();
    assert_eq!(delete(&bench, USER, "ci"), Ok(made));
    assert!(bench.store.key_pair_named(USER, "ci").is_none());
    assert!(bench.store.key_pairs(USER, None).is_empty());
    create(&bench, key_pair(2, USER, "ci")).expect("its name is free");
    bench.audit();
}

pub(super) fn a_refused_key_pair_changes_nothing(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    create(&bench, key_pair(1, USER, "ci")).expect("it may");
    let before = bench.store.key_pairs(USER, None);
    let refused = [
        (create(&bench, key_pair(2, USER, "ci")), RefusalKind::Conflict),
        (create(&bench, key_pair(1, UserId(1), "other")), RefusalKind::Conflict),
        (delete(&bench, UserId(1), "ci"), RefusalKind::NotFound),
        (delete(&bench, USER, "none"), RefusalKind::NotFound),
    ];
    for (refused, kind) in refused {
        assert_eq!(refused.map_err(|refusal| refusal.kind()), Err(kind));
    }
    let checked = answer(bench.store.check_key_pair(USER, "ci"));
    assert_eq!(checked.map_err(|refusal| refusal.kind()), Err(RefusalKind::Conflict));
    assert_eq!(answer(bench.store.check_key_pair(USER, "another")), Ok(()));
    assert_eq!(bench.store.key_pairs(USER, None), before);
    bench.audit();
}

pub(super) fn a_user_has_so_many_key_pairs_and_no_more(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    for number in 0..limits::KEY_PAIRS_MAX as u128 {
        // Answers are not waited for one by one: a store on a disk would take a commit for each.
        let request =
            KeyPairRequest::create(Arc::new(key_pair(number, USER, &format!("n{number:04}"))));
        drop(bench.store.change_key_pair(&request));
    }
    let more = create(&bench, key_pair(5_000, USER, "more"));
    assert_eq!(more.map_err(|refusal| refusal.kind()), Err(RefusalKind::OverQuota));
    let listed = bench.store.key_pairs(USER, None);
    let names: Vec<Arc<str>> = listed.iter().map(|row| Arc::clone(&row.name)).collect();
    assert_eq!(names.len(), limits::KEY_PAIRS_MAX);
    assert_eq!(bench.store.key_pairs(USER, Some(&names[6])), listed[7..]);
    assert!(names.is_sorted() && names[0] == Arc::from("n0000"));
    create(&bench, key_pair(5_000, UserId(1), "more")).expect("another user has its own");
    bench.audit();
}

/// Many ask for the same name, and then for its end: each has one effect.
pub(super) fn a_key_pairs_name_is_given_once_under_a_crowd(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let crowd = 16;
    let start = Barrier::new(crowd);
    let asked = |ask: &(dyn Fn(u128) -> Made + Sync)| -> Vec<Made> {
        thread::scope(|scope| {
            let asking: Vec<_> = (0..crowd as u128)
                .map(|number| {
                    let start = &start;
                    scope.spawn(move || {
                        start.wait();
                        ask(number)
                    })
                })
                .collect();
            asking.into_iter().map(|one| one.join().expect("no panic")).collect()
        })
    };
    let made = asked(&|number| create(&bench, key_pair(number, USER, "ci")));
    let made: Vec<_> = made.into_iter().flatten().collect();
    assert_eq!(made.len(), 1);
    assert_eq!(bench.store.key_pairs(USER, None), made);
    let request = KeyPairRequest::Delete { user: USER, name: Arc::from("ci"), id: None };
    let deleted = asked(&|_| answer(bench.store.change_key_pair(&request)));
    assert_eq!(deleted.into_iter().flatten().count(), 1);
    assert!(bench.store.key_pairs(USER, None).is_empty());
    bench.audit();
}
