use proptest::prelude::*;

use super::*;
use crate::records::{SECRET, TOKEN, USER};
use crate::servers::password::AdminKey;

fn found(kind: &str, id: &str, body: &str) -> StoredRecord {
    StoredRecord { kind: kind.to_owned(), id: id.to_owned(), body: body.to_owned(), expires: None }
}

#[test]
fn a_tokens_digest_is_read_as_it_was_written() {
    let bytes: Digest = std::array::from_fn(|position| position as u8 * 8);
    assert_eq!(digest(&token_id(&bytes)), Some(bytes));
    assert_eq!(digest(&"é".repeat(32)), None);
}

#[test]
fn a_field_that_is_not_known_makes_a_row_unreadable() {
    let (salt, hash) = ("A".repeat(22), "A".repeat(43));
    let hash = format!("$argon2id$v=19$m=7168,t=5,p=1${salt}${hash}");
    let whole = format!(r#"{{"hash":"{hash}"}}"#);
    assert!(has_password(&[found(USER, "u", &whole)], "u"));
    assert!(!has_password(&[found(USER, "u", &whole)], "v"));
    let more = format!(r#"{{"hash":"{hash}","only_from":"10.0.0.0/8"}}"#);
    assert!(!has_password(&[found(USER, "u", &more)], "u"));
    let cheaper = whole.replace("t=5", "t=1");
    assert!(!has_password(&[found(USER, "u", &cheaper)], "u"), "made at another cost");
}

/// Rows with parts of true ones, put together anyhow.
fn rows() -> impl Strategy<Value = Vec<StoredRecord>> {
    let kind = prop_oneof![Just(TOKEN), Just(USER), Just(SECRET), Just("x")];
    let kind = prop_oneof![4 => kind.prop_map(str::to_owned), 1 => any::<String>()];
    let id = prop_oneof![Just("0a".repeat(32)), Just("admin_pass".to_owned()), any::<String>()];
    let key = prop_oneof![
        Just("user"),
        Just("project"),
        Just("methods"),
        Just("audit"),
        Just("issued_at_us"),
        Just("expires_at_us"),
        Just("hash"),
        Just("key"),
    ];
    let value = prop_oneof![
        Just("null".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<String>().prop_map(|text| serde_json::Value::from(text).to_string()),
        Just(r#"["password"]"#.to_owned()),
        Just(r#"{"id":"x","role":"admin"}"#.to_owned()),
        Just(r#""$argon2id$v=19$m=7168,t=5,p=1$AA$é""#.to_owned()),
        any::<String>(),
    ];
    let fields = prop::collection::vec((key, value), 0..10).prop_map(|fields| {
        let fields = fields.iter().map(|(key, value)| format!("\"{key}\":{value}"));
        format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
    });
    let body = prop_oneof![3 => fields, 1 => any::<String>(), 1 => Just("[".repeat(10_000))];
    let row = (kind, id, body).prop_map(|(kind, id, body)| found(&kind, &id, &body));
    prop::collection::vec(row, 0..8)
}

proptest! {
    /// Whatever is found, nothing panics, and what is not sound is left out.
    #[test]
    fn any_rows_are_read_or_left_out(found in rows()) {
        let rows = Rows::read(&found);
        let taken = rows.tokens.len() + rows.users.len();
        let keys = usize::from(AdminKey::read(&found).is_some());
        prop_assert!(taken + keys <= found.len());
    }

    /// A row cut short or with one byte changed is read as it is or left out.
    #[test]
    fn a_damaged_row_is_no_panic(at in 0usize..200, byte in any::<char>(), cut in any::<bool>()) {
        let token = r#"{"user":"u","project":{"id":"p","role":"member"},"methods":["password"],"audit":"AAAAAAAAAAAAAAAAAAAAAA","audit_root":null,"issued_at_us":1,"expires_at_us":2,"credential":null}"#;
        prop_assert_eq!(Rows::read(&[found(TOKEN, &"0a".repeat(32), token)]).tokens.len(), 1);
        let at = at.min(token.len() - 1);
        let rest = if cut { "" } else { &token[at + 1..] };
        let damaged = [found(TOKEN, &"0a".repeat(32), &format!("{}{byte}{rest}", &token[..at]))];
        prop_assert!(Rows::read(&damaged).tokens.len() <= 1);
    }
}
