//! Consoles one looks at: `POST /servers/{id}/remote-consoles` from 2.6 on, and the actions before
//! (Compute API reference, "Server consoles"). A simulated machine has no screen, so the address that
//! is answered leads to a page that says so, and where its text is to be read.

use axum::response::{IntoResponse, Response};
use guichet_core::server::Server;
use guichet_core::state::VmState;
use guichet_http::body::Json;
use guichet_http::path::Named;
use http::{StatusCode, header};
use serde_json::{Value, json};

use super::find::find;
use crate::http::answer;
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::version::Version;

/// The policy of asking for one.
const RULE: &str = "os_compute_api:os-remote-consoles";
/// The first version that has them as a resource.
const RESOURCE: Version = Version(6);

/// Protocols with the types of each, and the first version that has it.
const PROTOCOLS: [(&str, &[&str], u16); 4] = [
    ("vnc", &["novnc", "xvpvnc"], 6),
    ("spice", &["spice-html5"], 6),
    ("serial", &["serial"], 6),
    ("mks", &["webmks"], 8),
];

/// The actions that ask for one, until 2.5, with the types of each.
const ACTIONS: [(&str, &[&str]); 3] = [
    ("os-getVNCConsole", &["novnc", "xvpvnc"]),
    ("os-getSPICEConsole", &["spice-html5"]),
    ("os-getSerialConsole", &["serial"]),
];

/// The type of console that an action of this name asks for; none if it is no such action. A
/// version may not have it any more.
pub(super) fn asked(
    name: &str,
    value: &Value,
    version: Version,
) -> Option<Result<&'static str, Problem>> {
    let (action, types) = ACTIONS.iter().find(|(known, _)| *known == name)?;
    if version >= RESOURCE {
        return Some(Err(Problem::no_resource()));
    }
    let console = Object::of(value, action).and_then(|console| {
        console.known(&["type"])?;
        kind(&console, types)
    });
    Some(console)
}

fn kind(console: &Object<'_>, types: &'static [&'static str]) -> Result<&'static str, Problem> {
    let asked = console.text("type", 1, 255)?.ok_or_else(|| console.missing("type"))?;
    let known = types.iter().copied().find(|known| *known == asked);
    known.ok_or_else(|| console.wrong("type", &format!("Expected {}.", types.join(" or "))))
}

/// The answer to an action.
pub(super) fn shown(
    caller: &Caller,
    server: &Server,
    kind: &'static str,
) -> Result<Response, Problem> {
    check(caller, server)?;
    answer::json(&json!({ "console": { "type": kind, "url": url(caller, server, kind) } }))
}

/// `POST /servers/{id}/remote-consoles`.
pub(super) async fn create(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    Json(body): Json,
) -> Result<Response, Problem> {
    let version = caller.version();
    let console = Object::only(&body, "remote_console")?;
    console.known(&["protocol", "type"])?;
    let asked = console.text("protocol", 1, 255)?.ok_or_else(|| console.missing("protocol"))?;
    let there = |(name, _, from): &&(&str, &[&str], u16)| *name == asked && version.0 >= *from;
    let protocol = PROTOCOLS.iter().find(there);
    let (protocol, types, _) =
        protocol.ok_or_else(|| console.wrong("protocol", "It is no protocol of consoles."))?;
    let kind = kind(&console, types)?;
    let server = find(&cloud, &caller, &id)?;
    check(&caller, &server)?;
    let url = url(&caller, &server, kind);
    answer::json(&json!({ "remote_console": { "protocol": protocol, "type": kind, "url": url } }))
}

/// Whether there is a machine that has one, and the caller may ask.
fn check(caller: &Caller, server: &Server) -> Result<(), Problem> {
    caller.must_write(RULE)?;
    if server.launched.is_some() && server.vm_state != VmState::ShelvedOffloaded {
        return Ok(());
    }
    let text = format!("Instance {} is not ready", server.id.0);
    Err(Problem::new(StatusCode::CONFLICT, text))
}

fn url(caller: &Caller, server: &Server, kind: &str) -> String {
    caller.context.base.link(&format!("/compute/consoles/{kind}?server={}", server.id.0))
}

/// The page behind the address: the same for everybody, as it says nothing of any server.
pub(super) async fn page() -> Response {
    const TEXT: &str = "This is a console of a simulated machine.\n\nNothing runs in it, so it has \
        no screen. What it wrote while it booted is its console's text:\n\n    openstack console log \
        show <server>\n";
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], TEXT).into_response()
}
