//! Application credentials: rows beside servers, one step each, whoever else asks meanwhile.

use std::sync::{Arc, Barrier};
use std::thread;

use guichet_core::credential::{ApplicationCredential, CredentialRequest, RoleName, SecretDigest};
use guichet_core::ids::{CredentialId, ProjectId, UserId};
use guichet_core::limits;
use guichet_core::refusal::{Refusal, RefusalKind};
use guichet_core::time::VIRTUAL_START;

use super::bench::Bench;
use super::fixtures::{Setup, answer};

type Made = Result<Arc<ApplicationCredential>, Refusal>;

const USER: UserId = UserId(0);

fn id(number: u128) -> CredentialId {
    CredentialId::from_bits(number)
}

/// A credential of this number, user and name, with something in every field.
pub fn credential(number: u128, user: UserId, name: &str) -> ApplicationCredential {
    ApplicationCredential {
        id: id(number),
        user,
        project: ProjectId(1),
        name: Arc::from(name),
        description: Some(Arc::from("for \"CI\"\n\u{0} ☃")),
        roles: vec![RoleName(Arc::from("member")), RoleName(Arc::from("reader"))],
        secret: SecretDigest(Arc::from("$argon2id$salt$hash")),
        is_unrestricted: number.is_multiple_of(2),
        created: VIRTUAL_START,
        expires: Some(VIRTUAL_START.after(limits::TOKEN_TTL)),
    }
}

fn create(bench: &Bench, new: ApplicationCredential) -> Made {
    answer(bench.store.change_credential(&CredentialRequest::Create(Arc::new(new))))
}

fn delete(bench: &Bench, user: UserId, number: u128) -> Made {
    let request = CredentialRequest::Delete { user, id: id(number) };
    answer(bench.store.change_credential(&request))
}

pub(super) fn a_credential_is_read_back_until_it_is_deleted(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let wanted = credential(1, USER, "ci");
    let made = create(&bench, wanted.clone()).expect("it may");
    assert_eq!(*made, wanted);
    // An answer is given when readers see what it says.
    assert_eq!(bench.store.credential(id(1)).as_deref(), Some(&wanted));
    assert_eq!(bench.store.credential_named(USER, "ci").as_deref(), Some(&wanted));
    assert_eq!(bench.store.credentials(USER, None), [Arc::clone(&made)]);
    assert!(bench.store.credential_named(UserId(1), "ci").is_none());
    bench.audit();
    assert_eq!(delete(&bench, USER, 1), Ok(made));
    assert!(bench.store.credential(id(1)).is_none());
    assert!(bench.store.credentials(USER, None).is_empty());
    create(&bench, credential(2, USER, "ci")).expect("its name is free");
    bench.audit();
}

pub(super) fn a_refused_credential_changes_nothing(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    create(&bench, credential(1, USER, "ci")).expect("it may");
    let before = bench.store.credentials(USER, None);
    let expired =
        ApplicationCredential { expires: Some(VIRTUAL_START), ..credential(2, USER, "late") };
    let refused = [
        (create(&bench, credential(2, USER, "ci")), RefusalKind::Conflict),
        (create(&bench, credential(1, UserId(1), "other")), RefusalKind::Conflict),
        (create(&bench, expired), RefusalKind::Invalid),
        (delete(&bench, UserId(1), 1), RefusalKind::NotFound),
        (delete(&bench, USER, 3), RefusalKind::NotFound),
    ];
    for (refused, kind) in refused {
        assert_eq!(refused.map_err(|refusal| refusal.kind()), Err(kind));
    }
    let checked = answer(bench.store.check_credential(USER, "ci"));
    assert_eq!(checked.map_err(|refusal| refusal.kind()), Err(RefusalKind::Conflict));
    assert_eq!(answer(bench.store.check_credential(USER, "another")), Ok(()));
    assert_eq!(bench.store.credentials(USER, None), before);
    bench.audit();
}

/// More than one hold of the lock shows; put together they are the whole, each once.
pub(super) fn a_user_has_so_many_credentials_and_no_more(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    for number in 0..limits::CREDENTIALS_MAX as u128 {
        // Answers are not waited for one by one: a store on a disk would take a commit for each.
        let request =
            CredentialRequest::Create(Arc::new(credential(number, USER, &format!("n{number:04}"))));
        drop(bench.store.change_credential(&request));
    }
    let more = create(&bench, credential(5_000, USER, "more"));
    assert_eq!(more.map_err(|refusal| refusal.kind()), Err(RefusalKind::OverQuota));
    let mut names: Vec<Arc<str>> = Vec::new();
    loop {
        let page = bench.store.credentials(USER, names.last());
        names.extend(page.iter().map(|row| Arc::clone(&row.name)));
        assert!(page.len() <= limits::ROWS_PER_LOCK_MAX);
        if page.len() < limits::ROWS_PER_LOCK_MAX {
            break;
        }
    }
    assert_eq!(names.len(), limits::CREDENTIALS_MAX);
    assert!(names.is_sorted() && names[0] == Arc::from("n0000"));
    create(&bench, credential(5_000, UserId(1), "more")).expect("another user has its own");
    bench.audit();
}

/// Many ask for the same name, and then for its end: each has one effect.
pub(super) fn a_name_is_given_once_under_a_crowd(setup: Setup<'_>) {
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
    let made = asked(&|number| create(&bench, credential(number, USER, "ci")));
    let made: Vec<_> = made.into_iter().flatten().collect();
    assert_eq!(made.len(), 1);
    assert_eq!(bench.store.credentials(USER, None), made);
    let request = CredentialRequest::Delete { user: USER, id: made[0].id };
    let deleted = asked(&|_| answer(bench.store.change_credential(&request)));
    assert_eq!(deleted.into_iter().flatten().count(), 1);
    assert!(bench.store.credentials(USER, None).is_empty());
    bench.audit();
}
