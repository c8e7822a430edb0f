use proptest::prelude::*;

use super::*;

const ID: &str = "00112233445566778899aabbccddeeff";

fn found(kind: &str, id: &str, body: &str) -> StoredRecord {
    StoredRecord { kind: kind.to_owned(), id: id.to_owned(), body: body.to_owned(), expires: None }
}

/// A record as version 3 wrote it.
fn body(user: &str, project: &str, name: &str) -> String {
    let (salt, hash) = ("A".repeat(22), "A".repeat(43));
    format!(
        r#"{{"name":"{name}","description":"d","user":"{user}","project":"{project}","roles":["member","reader"],"made_at_us":5,"expires_at_us":9,"unrestricted":true,"hash":"$argon2id$v=19$m=7168,t=5,p=1${salt}${hash}"}}"#
    )
}

fn ids(names: &[&str]) -> Vec<Arc<str>> {
    names.iter().map(|name| Arc::from(*name)).collect()
}

fn moved(found: &[StoredRecord]) -> Vec<Arc<ApplicationCredential>> {
    credentials(found, &ids(&["u", "v"]), &ids(&["p", "q"]), &[])
}

fn id(n: u8) -> String {
    format!("{n:032x}")
}

#[test]
fn a_record_becomes_the_row_that_it_says() {
    let records =
        [found("application_credential", ID, &body("v", "q", "ci")), found("x", ID, "{}")];
    let rows = moved(&records);
    let row = &rows[0];
    assert_eq!((rows.len(), row.id.to_string()), (1, ID.to_owned()));
    assert_eq!((row.user, row.project), (UserId(1), ProjectId(1)));
    assert_eq!((&*row.name, row.description.as_deref()), ("ci", Some("d")));
    let roles: Vec<&str> = row.roles.iter().map(|role| &*role.0).collect();
    assert_eq!((roles, row.is_unrestricted), (vec!["member", "reader"], true));
    assert_eq!((row.created.micros(), row.expires.map(Timestamp::micros)), (5, Some(9)));
    assert!(records[0].body.contains(&*row.secret.0), "the digest is the same text");
    let gone: Vec<_> = replaced(&records, &rows).collect();
    assert_eq!(gone, [&records[0]], "no record of another kind goes with it");
}

#[test]
fn one_that_cannot_be_a_row_stays_a_record() {
    let kind = "application_credential";
    let (longer, whole) =
        (body("u", "p", "ci").replace('}', r#","only_from":"x"}"#), body("u", "p", "ci"));
    let cheaper = whole.replace("t=5", "t=1");
    let nothing = whole.replace(r#"["member","reader"]"#, "[]");
    for (id, body) in [
        (ID, body("w", "p", "ci")),
        (ID, body("u", "r", "ci")),
        ("short", whole.clone()),
        (ID, longer),
        (ID, cheaper),
        (ID, nothing),
    ] {
        assert!(moved(&[found(kind, id, &body)]).is_empty(), "{id} {body}");
    }
    // Two of one name: the second stays what it is.
    let twice = [found(kind, &id(1), &whole), found(kind, &id(2), &whole)];
    let rows = moved(&twice);
    assert_eq!((rows.len(), rows[0].id.to_string()), (1, id(1)));
    // And one whose name a row has.
    assert!(credentials(&twice[1..], &ids(&["u"]), &ids(&["p"]), &rows).is_empty());
}

proptest! {
    /// A record cut short or with one character changed is a row or stays what it is.
    #[test]
    fn a_damaged_record_is_no_panic(at in 0usize..400, other in any::<char>(), cut in any::<bool>()) {
        let whole = body("u", "p", "ci");
        let at = at.min(whole.len() - 1);
        let rest = if cut { "" } else { &whole[at + 1..] };
        let damaged = [found("application_credential", ID, &format!("{}{other}{rest}", &whole[..at]))];
        prop_assert!(moved(&damaged).len() <= 1);
    }
}
