//! What a request is about, by its method and its path: the action and the target of an event. Pure.

use std::borrow::Cow;

/// Services by the first part of their paths.
const SERVICES: [&str; 4] = ["compute", "identity", "image", "network"];
/// The first part of the paths of what steers clouds.
const CONTROL: &str = "guichet";
/// Ends of paths that say what is to be done, and not with what.
const VERBS: [&str; 7] = ["advance", "drain", "fork", "import", "reload", "reset", "restore"];
/// Words that are no plural.
const SAME: [&str; 3] = ["metadata", "os-server-password", "OS-EC2"];
/// What stands in place of a secret.
const MASK: &str = "***";

/// What a request is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// Such as `create/server`.
    pub(super) action: String,
    /// Such as `service/compute/servers`.
    pub(super) kind: String,
    /// The last id that the path has.
    pub(super) id: Option<String>,
}

impl Named {
    /// Of this method and path; `report` is the action that a body names.
    pub(super) fn of(method: &str, path: &str, report: Option<&str>) -> Self {
        let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let service = match parts.first() {
            Some(first) if SERVICES.contains(first) || *first == CONTROL => parts.remove(0),
            _ => SERVICES[0],
        };
        let service = if service == CONTROL { "control" } else { service };
        if parts.first().is_some_and(|part| is_version(part)) {
            parts.remove(0);
        }
        parts.retain(|part| !matches!(*part, "auth" | "OS-TRUST" | "OS-FEDERATION"));
        let mut verb = verb(method);
        let last = parts.last().copied().unwrap_or_default();
        if method == "POST" && last == "action" {
            parts.pop();
            verb = report.map_or(Cow::Borrowed("act"), |told| Cow::Owned(in_snake_case(told)));
        } else if method == "POST" && parts.len() > 1 && VERBS.contains(&last) {
            parts.pop();
            verb = Cow::Borrowed(last);
        }
        let kinds: Vec<&str> = parts.iter().step_by(2).map(|part| plain(part)).collect();
        let id = parts.chunks(2).rfind(|pair| pair.len() == 2);
        let id = id.map(|pair| if is_secret(pair[0]) { MASK } else { pair[1] }.to_owned());
        let one = kinds.last().map_or(Cow::Borrowed(service), |kind| singular(kind));
        let action = if service == "identity" && verb == "create" && one == "token" {
            "authenticate".to_owned()
        } else {
            format!("{verb}/{one}")
        };
        let kind = kinds.iter().fold(format!("service/{service}"), |all, kind| all + "/" + kind);
        Self { action, kind, id }
    }
}

/// A path without what is secret in it: the ids of what is itself a secret.
pub(super) fn masked(path: &str) -> Cow<'_, str> {
    if !path.contains("token") {
        return path.into();
    }
    let mut was_secret = false;
    let parts = path.split('/').map(|part| {
        let shown = if was_secret && !part.is_empty() { MASK } else { part };
        was_secret = is_secret(part);
        shown
    });
    parts.collect::<Vec<&str>>().join("/").into()
}

/// Whether what stands behind this in a path is a secret.
fn is_secret(part: &str) -> bool {
    part.contains("token")
}

fn verb(method: &str) -> Cow<'static, str> {
    match method {
        "GET" | "HEAD" => "read",
        "POST" => "create",
        "PUT" | "PATCH" => "update",
        "DELETE" => "delete",
        _ => "unknown",
    }
    .into()
}

/// Whether a part of a path is a version, such as `v2.1`.
fn is_version(part: &str) -> bool {
    let digits = part.strip_prefix('v').unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

fn plain(part: &str) -> &str {
    part.strip_prefix("os-").unwrap_or(part)
}

/// One of what a collection has.
fn singular(kind: &str) -> Cow<'_, str> {
    let kind = kind.strip_suffix("_boot").unwrap_or(kind);
    match kind {
        kind if SAME.contains(&kind) => kind.into(),
        kind if kind.ends_with("ies") => format!("{}y", &kind[..kind.len() - 3]).into(),
        kind if kind.ends_with("ss") => kind.into(),
        kind if kind.ends_with("sses") => kind[..kind.len() - 2].into(),
        kind => kind.strip_suffix('s').unwrap_or(kind).into(),
    }
}

/// The name of an action as others are written: `os-migrateLive` is `migrate_live`.
fn in_snake_case(name: &str) -> String {
    let mut written = String::with_capacity(name.len() + 2);
    for letter in plain(name).chars() {
        if letter.is_ascii_uppercase() && !written.is_empty() {
            written.push('_');
        }
        written.push(letter.to_ascii_lowercase());
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Method, path, what the handler said, and what is written of them.
    type Row = (
        &'static str,
        &'static str,
        Option<&'static str>,
        &'static str,
        &'static str,
        Option<&'static str>,
    );

    const ROWS: &[Row] = &[
        ("POST", "/compute/v2.1/servers", None, "create/server", "compute/servers", None),
        ("DELETE", "/compute/v2.1/servers/1", None, "delete/server", "compute/servers", Some("1")),
        (
            "POST",
            "/compute/v2.1/servers/1/action",
            Some("os-migrateLive"),
            "migrate_live/server",
            "compute/servers",
            Some("1"),
        ),
        (
            "POST",
            "/compute/v2.1/servers/1/action",
            None,
            "act/server",
            "compute/servers",
            Some("1"),
        ),
        (
            "PUT",
            "/compute/v2.1/servers/1/metadata/a",
            None,
            "update/metadata",
            "compute/servers/metadata",
            Some("a"),
        ),
        (
            "POST",
            "/compute/v2.1/servers/1/metadata",
            None,
            "create/metadata",
            "compute/servers/metadata",
            Some("1"),
        ),
        (
            "PUT",
            "/compute/v2.1/os-services/9",
            None,
            "update/service",
            "compute/services",
            Some("9"),
        ),
        ("POST", "/identity/v3/auth/tokens", None, "authenticate", "identity/tokens", None),
        ("DELETE", "/identity/v3/auth/tokens", None, "delete/token", "identity/tokens", None),
        (
            "POST",
            "/identity/v3/users/1/application_credentials",
            None,
            "create/application_credential",
            "identity/users/application_credentials",
            Some("1"),
        ),
        (
            "GET",
            "/compute/v2.1/os-console-auth-tokens/hush",
            None,
            "read/console-auth-token",
            "compute/console-auth-tokens",
            Some("***"),
        ),
        (
            "POST",
            "/guichet/v1/worlds/root/reset",
            None,
            "reset/world",
            "control/worlds",
            Some("root"),
        ),
        (
            "POST",
            "/guichet/v1/worlds/root/clock/advance",
            None,
            "advance/clock",
            "control/worlds/clock",
            Some("root"),
        ),
        ("POST", "/guichet/v1/hosts/h-1/drain", None, "drain/host", "control/hosts", Some("h-1")),
        ("BREW", "/", None, "unknown/compute", "compute", None),
    ];

    #[test]
    fn an_action_is_a_verb_and_what_it_is_done_to() {
        for &(method, path, told, action, kind, id) in ROWS {
            let named = Named::of(method, path, told);
            assert_eq!((&*named.action, &*named.kind), (action, &*format!("service/{kind}")));
            assert_eq!(named.id.as_deref(), id, "{method} {path}");
        }
    }

    #[test]
    fn what_is_secret_in_a_path_is_not_shown() {
        assert_eq!(masked("/compute/v2.1/servers/1"), "/compute/v2.1/servers/1");
        let path = "/compute/v2.1/os-console-auth-tokens/hush";
        assert_eq!(masked(path), "/compute/v2.1/os-console-auth-tokens/***");
        assert_eq!(masked("/identity/v2.0/tokens/hush/"), "/identity/v2.0/tokens/***/");
    }
}
