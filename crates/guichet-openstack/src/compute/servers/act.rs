//! `POST /servers/{id}/action` and `DELETE /servers/{id}`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_core::action::Action;
use guichet_core::edit::Edit;
use guichet_core::server::Server;
use guichet_http::answer::empty;
use guichet_http::body::Json;
use guichet_http::path::Named;
use http::StatusCode;
use serde_json::{Value, json};

use super::edit::edit;
use super::find::find;
use super::problem;
use crate::http::answer;
use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::version::Version;

/// The policy of looking at a console.
const CONSOLE: &str = "os_compute_api:os-console-output";

/// What an action's body asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asked {
    /// Something the table of actions has.
    Run(Action),
    /// A lock, or none.
    Edit(Edit),
    /// What the machine wrote on its console.
    Console,
}

/// Nova's actions that there is nothing behind here.
const NOT_OFFERED: [&str; 29] = [
    "pause",
    "unpause",
    "suspend",
    "resume",
    "rebuild",
    "resize",
    "confirmResize",
    "revertResize",
    "rescue",
    "unrescue",
    "shelve",
    "unshelve",
    "shelveOffload",
    "createImage",
    "createBackup",
    "os-resetState",
    "os-migrateLive",
    "migrate",
    "evacuate",
    "restore",
    "addSecurityGroup",
    "removeSecurityGroup",
    "addFloatingIp",
    "removeFloatingIp",
    "addFixedIp",
    "removeFixedIp",
    "changePassword",
    "os-getVNCConsole",
    "trigger_crash_dump",
];

/// `POST /servers/{id}/action`: exactly one, by its name.
pub(super) async fn act(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named(id): Named,
    Json(body): Json,
) -> Result<Response, Problem> {
    let asked = asked(&body, caller.version())?;
    let server = find(&cloud, &caller, &id)?;
    match asked {
        Asked::Run(action) => {
            run(&cloud, &caller, &server, action).await?;
            Ok(empty(StatusCode::ACCEPTED))
        }
        Asked::Edit(change) => {
            edit(&cloud, &caller, &server, change).await?;
            Ok(empty(StatusCode::ACCEPTED))
        }
        Asked::Console => {
            let output = cloud.servers().console(&server);
            let output = output.map_err(|error| problem::of_server(error, CONSOLE))?;
            answer::json(&json!({ "output": output }))
        }
    }
}

/// `DELETE /servers/{id}`: 204 also while it is being deleted, 404 once it is gone.
pub(super) async fn delete(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    run(&cloud, &caller, &server, Action::Delete).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

async fn run(
    cloud: &Cloud,
    caller: &Caller,
    server: &Server,
    action: Action,
) -> Result<(), Problem> {
    let acted = cloud.servers().act(&caller.who, server, action).await;
    acted.map_err(|error| {
        problem::of_server(error, &format!("os_compute_api:servers:{}", action.verb()))
    })
}

fn asked(body: &Value, version: Version) -> Result<Asked, Problem> {
    let body = Object::of(body, "body")?;
    let mut names = body.iter();
    let (Some((name, value)), None) = (names.next(), names.next()) else {
        return Err(Problem::bad_request("Expected exactly one action in the body."));
    };
    match name.as_str() {
        "reboot" => reboot(value),
        "os-start" => nothing(name, value, Asked::Run(Action::Start)),
        "os-stop" => nothing(name, value, Asked::Run(Action::Stop)),
        "forceDelete" => nothing(name, value, Asked::Run(Action::Delete)),
        "lock" => lock(value, version),
        "unlock" => nothing(name, value, Asked::Edit(Edit::Unlock)),
        "os-getConsoleOutput" => asked_console(value),
        other if NOT_OFFERED.contains(&other) => Err(Problem::new(
            StatusCode::NOT_IMPLEMENTED,
            format!("The action '{other}' is not offered by this service."),
        )),
        other => Err(Problem::bad_request(format!("There is no such action: {other}"))),
    }
}

/// `null`, and the empty object some clients send.
fn nothing(name: &str, value: &Value, asked: Asked) -> Result<Asked, Problem> {
    let empty = value.is_null() || value.as_object().is_some_and(serde_json::Map::is_empty);
    if empty { Ok(asked) } else { Err(Problem::bad_field(name, "Expected null.")) }
}

/// A number of lines, or all of them.
fn asked_console(value: &Value) -> Result<Asked, Problem> {
    if value.is_null() {
        return Ok(Asked::Console);
    }
    let console = Object::of(value, "os-getConsoleOutput")?;
    console.known(&["length"])?;
    let digits = |text: &str| text.strip_prefix('-').unwrap_or(text).parse::<u64>().is_ok();
    match console.raw("length") {
        None | Some(Value::Null) => Ok(Asked::Console),
        Some(Value::Number(number)) if number.is_i64() || number.is_u64() => Ok(Asked::Console),
        Some(Value::String(text)) if digits(text) => Ok(Asked::Console),
        Some(_) => Err(console.wrong("length", "It is no whole number.")),
    }
}

fn reboot(value: &Value) -> Result<Asked, Problem> {
    let reboot = Object::of(value, "reboot")?;
    reboot.known(&["type"])?;
    let kind = reboot.text("type", 1, 255)?.ok_or_else(|| reboot.missing("type"))?;
    match kind {
        "SOFT" | "Soft" | "soft" => Ok(Asked::Run(Action::RebootSoft)),
        "HARD" | "Hard" | "hard" => Ok(Asked::Run(Action::RebootHard)),
        _ => Err(reboot.wrong("type", "Expected SOFT or HARD.")),
    }
}

/// With a reason from 2.73 on (REST API Version History).
fn lock(value: &Value, version: Version) -> Result<Asked, Problem> {
    if value.is_null() || version < Version(73) {
        return nothing("lock", value, Asked::Edit(Edit::Lock { reason: None }));
    }
    let lock = Object::of(value, "lock")?;
    lock.known(&["locked_reason"])?;
    let reason = lock.text("locked_reason", 1, 255)?.map(Arc::from);
    Ok(Asked::Edit(Edit::Lock { reason }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "it is written where it is passed")]
    fn status(body: Value, minor: u16) -> Result<Asked, u16> {
        asked(&body, Version(minor)).map_err(|problem| problem.status.as_u16())
    }

    #[test]
    fn each_action_by_its_name() {
        for kind in ["SOFT", "Soft", "soft"] {
            let body = json!({ "reboot": { "type": kind } });
            assert_eq!(status(body, 1), Ok(Asked::Run(Action::RebootSoft)));
        }
        assert_eq!(
            status(json!({ "reboot": { "type": "HARD" } }), 1),
            Ok(Asked::Run(Action::RebootHard))
        );
        for value in [json!(null), json!({})] {
            assert_eq!(status(json!({ "os-stop": value }), 1), Ok(Asked::Run(Action::Stop)));
            assert_eq!(status(json!({ "os-start": value }), 96), Ok(Asked::Run(Action::Start)));
        }
        let reason = json!({ "lock": { "locked_reason": "mine" } });
        let lock = Asked::Edit(Edit::Lock { reason: Some(Arc::from("mine")) });
        assert_eq!(status(reason.clone(), 73), Ok(lock));
        assert_eq!(status(reason, 72), Err(400));
    }

    #[test]
    fn what_is_no_action_is_400_and_what_is_not_offered_501() {
        for body in [
            json!({}),
            json!({ "os-stop": null, "os-start": null }),
            json!({ "dance": null }),
            json!({ "os-stop": 7 }),
            json!({ "reboot": null }),
            json!({ "reboot": {} }),
            json!({ "reboot": { "type": "GENTLE" } }),
            json!({ "reboot": { "type": "SOFT", "more": 1 } }),
        ] {
            assert_eq!(status(body.clone(), 96), Err(400), "{body}");
        }
        assert_eq!(status(json!({ "pause": null }), 1), Err(501));
    }
}
