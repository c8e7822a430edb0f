//! What is secret in requests, taken out before anything is written down.

use serde_json::Value;

/// What stands in place of a secret.
const MASK: &str = "***";

/// Fields whose values are secret whatever they are, without case, `_`, `-` and `:`. What contains
/// `password` or `secret` is too.
const SECRET: [&str; 9] = [
    "adminpass",
    "userdata",
    "osextsrvattruserdata",
    "privatekey",
    "token",
    "tokens",
    "personality",
    "contents",
    "totp",
];

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

fn mask(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                // An action without a value is none, such as {"changePassword": null}; and who logs in by
                // what is an object, such as {"password": {"user": …}}, is no secret.
                let is_text = value.is_string() || value.is_array() || value.is_number();
                if is_secret(name) && is_text {
                    *value = MASK.into();
                } else if name == "token" && value.get("id").is_some() {
                    value["id"] = MASK.into();
                } else {
                    mask(value);
                }
            }
        }
        Value::Array(rows) => rows.iter_mut().for_each(mask),
        _ => {}
    }
}

fn is_secret(name: &str) -> bool {
    let plain: String =
        name.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase();
    SECRET.contains(&&*plain) || plain.contains("password") || plain.contains("secret")
}

/// The value of a header, unless it is secret.
pub(crate) fn masked_header<'a>(name: &str, value: &'a str) -> &'a str {
    if HEADERS.contains(&name) { MASK } else { value }
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
    fn the_value_of_a_token_is_never_shown() {
        assert_eq!(masked_header("x-auth-token", "hush"), "***");
        assert_eq!(masked_header("idempotency-key", "k"), "k");
    }
}
