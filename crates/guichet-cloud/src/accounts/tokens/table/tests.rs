use sha2::{Digest as _, Sha256};

use super::*;

const BATCH: usize = limits::KEYS_EXPIRED_PER_STEP;

fn session(user: usize, issued_at: u64, expires_at: u64) -> Session {
    Session {
        issued_at: Timestamp::from_micros(issued_at),
        expires_at: Timestamp::from_micros(expires_at),
        ..Session::new(user, None)
    }
}

fn digest(number: usize) -> Digest {
    Sha256::digest(number.to_le_bytes()).into()
}

fn at(micros: u64) -> Timestamp {
    Timestamp::from_micros(micros)
}

/// Gives a token, as a login does.
fn give(table: &mut Table, number: usize, user: usize, parent: Option<usize>) -> bool {
    assert!(table.reserve(user, at(1)));
    let session = Session { parent: parent.map(digest), ..session(user, number as u64, 1_000_000) };
    let is_in = table.add(digest(number), Arc::new(session));
    table.give_back(user);
    is_in
}

/// That every index has the same tokens.
fn check(table: &Table) {
    let of_users: usize = table.shares.values().map(|share| share.tokens.len()).sum();
    assert_eq!((of_users, table.by_expiry.len()), (table.entries.len(), table.entries.len()));
    let children: usize = table.entries.values().map(|entry| entry.children.len()).sum();
    let with_parent = table.entries.values().filter(|entry| entry.session.parent.is_some()).count();
    assert_eq!(children, with_parent);
    assert!(table.shares.values().all(|share| share.len() > 0));
}

#[test]
fn the_newest_of_each_user_are_taken_over_if_there_are_too_many() {
    let more = limits::TOKENS_PER_USER_MAX + 2;
    let mut found: Vec<_> =
        (0..more).map(|number| (digest(number), session(0, number as u64, 1_000_000))).collect();
    found.push((digest(more), session(1, 0, 1_000_000)));
    let table = Table::restored(found);
    check(&table);
    assert_eq!(table.len(), limits::TOKENS_PER_USER_MAX + 1);
    for (number, is_there) in [(0, false), (1, false), (2, true), (more - 1, true), (more, true)] {
        assert_eq!(table.session(&digest(number)).is_some(), is_there, "{number}");
    }
}

#[test]
fn what_expired_is_forgotten_a_batch_at_a_time() {
    let found = (0..BATCH + 3).map(|n| (digest(n), session(0, n as u64, n as u64 + 1)));
    let mut table = Table::restored(found.collect());
    assert!(table.take_ended().is_empty());
    let late = at(1_000);
    assert!(table.reserve(1, late));
    table.give_back(1);
    assert_eq!(table.take_ended().len(), BATCH);
    assert!(table.reserve(1, late));
    table.give_back(1);
    assert!(table.take_ended().is_empty(), "three wait for more");
    assert_eq!((table.len(), table.ended.len()), (0, 3), "no place is left taken");
    check(&table);
}

#[test]
fn a_user_who_asks_for_tokens_without_end_ends_its_own_oldest() {
    let mut table = Table::default();
    assert!(give(&mut table, 1_000_000, 1, None));
    for number in 0..limits::TOKENS_PER_USER_MAX + 10 {
        assert!(give(&mut table, number, 0, None));
    }
    check(&table);
    assert!(table.session(&digest(1_000_000)).is_some(), "another's is not touched");
    assert!(table.session(&digest(9)).is_none());
    assert!(table.session(&digest(10)).is_some());
    assert_eq!(table.ended.len(), 10);
}

#[test]
fn in_a_full_table_the_user_with_the_most_makes_way() {
    let mut table = Table::default();
    let users = limits::TOKENS_MAX / limits::TOKENS_PER_USER_MAX;
    for user in 0..users {
        for number in 0..limits::TOKENS_PER_USER_MAX {
            assert!(give(&mut table, user * limits::TOKENS_PER_USER_MAX + number, user, None));
        }
    }
    assert_eq!(table.len(), limits::TOKENS_MAX);
    assert!(give(&mut table, 1_000_000, users, None), "a newcomer gets in");
    assert_eq!(table.len(), limits::TOKENS_MAX);
    check(&table);
}

#[test]
fn a_share_that_is_all_reserved_has_nothing_to_end() {
    let mut table = Table::default();
    for _ in 0..limits::TOKENS_PER_USER_MAX {
        assert!(table.reserve(0, at(1)));
    }
    assert!(!table.reserve(0, at(1)));
    assert!(table.reserve(1, at(1)));
    table.give_back(0);
    assert!(table.reserve(0, at(1)));
}

#[test]
fn a_token_got_by_a_token_ends_with_it() {
    let mut table = Table::default();
    for (number, parent) in [(0, None), (1, Some(0)), (2, Some(1)), (3, Some(0)), (4, None)] {
        assert!(give(&mut table, number, 0, parent));
    }
    table.end(&digest(1));
    check(&table);
    assert!(table.session(&digest(2)).is_none());
    assert!(table.session(&digest(3)).is_some());
    table.end(&digest(0));
    check(&table);
    assert_eq!(table.entries.len(), 1);
    // The first's record is removed by whoever ends it.
    assert_eq!(table.ended, [digest(2), digest(3)]);
    assert!(!give(&mut table, 5, 0, Some(0)), "its parent ended while it was made");
    check(&table);
}

#[test]
fn a_chain_of_any_length_ends_at_once() {
    let mut table = Table::default();
    let long = limits::TOKENS_PER_USER_MAX;
    assert!(give(&mut table, 0, 0, None));
    for number in 1..long {
        assert!(give(&mut table, number, 0, Some(number - 1)));
    }
    table.end(&digest(0));
    assert_eq!(table.len(), 0);
    check(&table);
}

#[test]
fn after_a_start_children_of_revoked_tokens_are_gone() {
    let child = |number: u64, parent| Session {
        parent: Some(digest(parent)),
        ..session(0, number, 1_000_000)
    };
    let found = vec![
        (digest(1), child(1, 0)),
        (digest(3), child(3, 2)),
        (digest(2), session(0, 2, 1_000_000)),
        (digest(4), child(4, 1)),
    ];
    let table = Table::restored(found);
    check(&table);
    let is_there = [1, 2, 3, 4].map(|number| table.session(&digest(number)).is_some());
    assert_eq!(is_there, [false, true, true, false]);
    assert_eq!(table.ended, [digest(1), digest(4)]);
}
