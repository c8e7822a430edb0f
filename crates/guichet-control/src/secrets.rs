//! What is secret in requests, taken out before anything is written down.

use std::borrow::Cow;

use guichet_http::query::Params;
use serde_json::Value;

/// What stands in place of a secret.
const MASK: &str = "***";

/// Names whose values are secret whatever they are, without case, `_`, `-` and `:`.
const SECRET: [&str; 8] = [
    "adminpass",
    "authorization",
    "blob",
    "contents",
    "osextsrvattruserdata",
    "personality",
    "totp",
    "userdata",
];

/// What in a name says that its value is secret, likewise.
const PARTS: [&str; 9] = [
    "accesskey",
    "apikey",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "secret",
    "token",
];

/// What a login says of each way to log in (Keystone, `auth.identity`): objects with more than secrets.
const METHODS: [&str; 3] = ["password", "token", "totp"];

/// Headers whose values are secret.
const HEADERS: [&str; 8] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
    "x-auth-token",
    "x-service-token",
    "x-storage-token",
    "x-subject-token",
];

/// A body in JSON without its secrets; none if it is no JSON. One that was cut off is none: what is
/// secret in it could not be told.
pub(crate) fn masked_body(body: &[u8]) -> Option<String> {
    let mut body: Value = serde_json::from_slice(body).ok()?;
    mask(&mut body);
    Some(body.to_string())
}

fn mask(body: &mut Value) {
    let Value::Object(fields) = body else { return mask_named(body) };
    for (name, value) in fields {
        match value.get_mut("identity").and_then(Value::as_object_mut) {
            Some(identity) if name == "auth" => {
                identity.iter_mut().for_each(|(method, said)| mask_login(method, said));
                let scope = value.as_object_mut().into_iter().flatten();
                scope.filter(|(name, _)| *name != "identity").for_each(mask_one);
            }
            _ => mask_one((name, value)),
        }
    }
}

/// Takes the secrets out of what a login says of one way to log in.
fn mask_login(method: &str, said: &mut Value) {
    match said.as_object_mut() {
        // Whatever is in it is that token.
        Some(fields) if method == "token" => fields.values_mut().for_each(mask_all),
        Some(fields) if METHODS.contains(&method) => fields.iter_mut().for_each(mask_one),
        Some(_) if !is_secret(method) => mask_named(said),
        _ if method == "methods" => {}
        _ => mask_one((method, said)),
    }
}

/// Takes out what is secret by its name.
fn mask_named(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.iter_mut().for_each(mask_one),
        Value::Array(rows) => rows.iter_mut().for_each(mask_named),
        _ => {}
    }
}

fn mask_one<N: AsRef<str>>((name, value): (N, &mut Value)) {
    if is_secret(name.as_ref()) { mask_all(value) } else { mask_named(value) }
}

/// Takes out all that is said. An action without a value is none, such as `{"changePassword": null}`.
fn mask_all(value: &mut Value) {
    match value {
        Value::Null => {}
        Value::Object(fields) => fields.values_mut().for_each(mask_all),
        Value::Array(rows) => rows.iter_mut().for_each(mask_all),
        _ => *value = MASK.into(),
    }
}

fn is_secret(name: &str) -> bool {
    let plain: String =
        name.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase();
    SECRET.contains(&&*plain) || PARTS.iter().any(|part| plain.contains(part))
}

/// A path with its query, without what is secret in that: as it came otherwise.
pub(crate) fn masked_path(path: &str) -> Cow<'_, str> {
    let Some((path_alone, query)) = path.split_once('?') else { return path.into() };
    let is_secret_pair = |pair: &&str| {
        // A name that cannot be read is no reason to keep its value.
        let read = Params::parse(pair);
        read.map_or(true, |read| read.iter().any(|(name, _)| is_secret(name)))
    };
    if !query.split('&').any(|pair| is_secret_pair(&pair)) {
        return path.into();
    }
    let masked = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_secret_pair(&pair) => format!("{name}={MASK}"),
        _ => pair.to_owned(),
    });
    format!("{path_alone}?{}", masked.collect::<Vec<String>>().join("&")).into()
}

/// The value of a header, unless it is secret.
pub(crate) fn masked_header<'a>(name: &str, value: &'a str) -> &'a str {
    if HEADERS.contains(&name) || is_secret(name) { MASK } else { value }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_secret_is_left_in_a_body() {
        let body = json!({
            "auth": { "identity": {
                "methods": ["password", "token"],
                "password": { "user": { "name": "demo", "password": "hush-1" } },
                "token": { "id": "hush-2" },
                "application_credential": { "id": "1", "secret": "hush-3" },
            } },
            "server": {
                "name": "web", "adminPass": "hush-4", "user_data": "hush-5",
                "OS-EXT-SRV-ATTR:user_data": "hush-6",
                "personality": [{ "path": "/a", "contents": "hush-7" }],
                "metadata": { "db_password": "hush-8", "tier": "front" },
            },
            "changePassword": { "adminPass": "hush-9" },
            "user": { "original_password": "hush-10", "password": "hush-11" },
        });
        let masked = masked_body(body.to_string().as_bytes()).unwrap();
        assert!(!masked.contains("hush"), "{masked}");
        for kept in ["web", "demo", "front", "methods", "db_password"] {
            assert!(masked.contains(kept), "{kept}: {masked}");
        }
        assert_eq!(masked_body(b"{\"password\": \"hush"), None);
        assert_eq!(masked_body(b"[null, 1]").as_deref(), Some("[null,1]"));
    }

    #[test]
    fn what_is_under_the_name_of_a_secret_is_one_whatever_its_form() {
        for body in [
            json!({ "auth": { "identity": { "totp": { "user": { "name": "demo", "passcode": "hush" } } } } }),
            json!({ "auth": { "identity": { "token": { "id": "hush", "more": ["hush"] } } } }),
            json!({ "auth": { "identity": { "Token": { "id": "hush" } } } }),
            json!({ "auth": { "identity": { "password": "hush" } } }),
            json!({ "auth": { "token": { "value": "hush" } } }),
            json!({ "server": { "adminPass": { "is": ["hush", { "or": "hush" }] } } }),
            json!({ "server": { "user_data": { "text": "hush" } } }),
            json!({ "server": { "metadata": { "db_passwd": "hush", "accessKey": "hush" } } }),
            json!({ "credential": { "type": "totp", "blob": "hush" } }),
            json!({ "TOKEN": { "ID": "hush" }, "passphrase": "hush", "api_token": "hush" }),
        ] {
            let masked = masked_body(body.to_string().as_bytes()).unwrap();
            assert!(!masked.contains("hush") && masked.contains(MASK), "{masked}");
        }
        let pin = json!({ "adminPass": { "pin": 77_123, "is": true } }).to_string();
        let masked = masked_body(pin.as_bytes()).unwrap();
        assert!(!masked.contains("77123") && !masked.contains("true"), "{masked}");
        let none = r#"{"changePassword":null}"#;
        assert_eq!(masked_body(none.as_bytes()).as_deref(), Some(none));
    }

    #[test]
    fn the_value_of_a_token_is_never_shown() {
        assert_eq!(masked_header("x-auth-token", "hush"), "***");
        assert_eq!(masked_header("idempotency-key", "k"), "k");
    }
}
