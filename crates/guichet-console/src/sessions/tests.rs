use std::time::Duration;

use super::*;

fn held(user: usize, token: &str) -> Held {
    let token: Arc<str> = Arc::from(token);
    Held { user, root: Arc::clone(&token), token, csrf: Arc::from("csrf") }
}

const START: Timestamp = Timestamp::from_micros(1_000_000);

fn later(seconds: u64) -> Timestamp {
    START.after(Duration::from_secs(seconds))
}

#[test]
fn a_cookie_names_its_session_until_that_ends() {
    let sessions = Sessions::default();
    let (one, _) = sessions.open(held(0, "a"), START).unwrap();
    let (other, _) = sessions.open(held(1, "b"), START).unwrap();
    assert_ne!(one, other);
    assert!(sessions.find(&one, START).unwrap() == held(0, "a"));
    assert!(sessions.find("another", START).is_none());
    sessions.use_token(&one, Arc::from("c"));
    let found = sessions.find(&one, START).unwrap();
    assert_eq!((&*found.root, &*found.token), ("a", "c"));
    assert!(sessions.end(&one).is_some() && sessions.end(&one).is_none());
    assert!(sessions.find(&one, START).is_none());
    assert!(sessions.find(&other, START).is_some());
}

#[test]
fn one_that_nobody_uses_ends() {
    let sessions = Sessions::default();
    let (used, _) = sessions.open(held(0, "a"), START).unwrap();
    let (looked_at, _) = sessions.open(held(0, "b"), START).unwrap();
    let half = limits::CONSOLE_IDLE.as_secs() / 2;
    assert!(sessions.find(&used, later(half)).is_some());
    // A page that is open by itself keeps nobody in.
    assert!(sessions.look_at(&looked_at, later(half)).is_some());
    let end = later(2 * half + 1);
    assert!(sessions.look_at(&looked_at, end).is_none());
    assert!(sessions.find(&used, end).is_some());
    let (_, ended) = sessions.open(held(1, "c"), end).unwrap();
    assert_eq!(ended, [Arc::from("b")]);
    assert_eq!(sessions.len(), 2);
}

#[test]
fn a_user_has_a_share_and_the_one_used_least_lately_makes_way() {
    let sessions = Sessions::default();
    let (stranger, _) = sessions.open(held(1, "stranger"), START).unwrap();
    let mut cookies = Vec::new();
    for n in 0..limits::CONSOLE_SESSIONS_PER_USER_MAX {
        let (cookie, ended) = sessions.open(held(0, &n.to_string()), later(n as u64)).unwrap();
        assert!(ended.is_empty());
        cookies.push(cookie);
    }
    assert!(sessions.find(&cookies[0], later(100)).is_some());
    let (_, ended) = sessions.open(held(0, "one more"), later(101)).unwrap();
    assert_eq!(ended, [Arc::from("1")], "the first was used since");
    assert!(sessions.find(&cookies[1], later(101)).is_none());
    assert!(sessions.find(&stranger, later(101)).is_some());
}

#[test]
fn many_users_do_not_fill_it_and_whoever_has_most_makes_way() {
    let sessions = Sessions::default();
    let most = limits::CONSOLE_SESSIONS_MAX;
    let (one, _) = sessions.open(held(0, "one"), START).unwrap();
    sessions.open(held(0, "two"), later(1)).unwrap();
    for user in 1..most - 1 {
        assert!(sessions.open(held(user, "x"), later(2)).unwrap().1.is_empty());
    }
    assert_eq!(sessions.len(), most);
    let (_, ended) = sessions.open(held(most, "new"), later(3)).unwrap();
    assert_eq!((ended, sessions.len()), (vec![Arc::from("one")], most));
    assert!(sessions.find(&one, later(3)).is_none());
}
