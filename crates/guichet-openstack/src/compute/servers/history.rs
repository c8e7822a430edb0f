//! Instance actions: each operation of a server is one, named by its request. (Compute API,
//! "Servers actions".)

use std::ops::RangeInclusive;
use std::sync::Arc;

use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_core::action::Action;
use guichet_core::server::{Operation, OperationState, Server};
use guichet_core::time::Timestamp;
use guichet_http::dates;
use guichet_http::path::Named;
use guichet_http::query::Params;
use serde_json::{Value, json};

use super::find::parse;
use super::related::host_id;
use super::time::time;
use crate::http::answer;
use crate::http::gate::{Caller, In};
use crate::http::paging::Paging;
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;
use crate::http::version::Version;

/// The server, from 2.21 also one that was deleted and is still remembered.
fn find(cloud: &Cloud, caller: &Caller, id: &str) -> Result<Arc<Server>, Problem> {
    let not_there = || Problem::no_instance(id);
    let server = parse(id)
        .and_then(|id| cloud.servers().find_remembered(&caller.who, id))
        .ok_or_else(not_there)?;
    let is_shown = !server.is_deleted() || caller.version() >= Version(21);
    if is_shown { Ok(server) } else { Err(not_there()) }
}

/// `GET /os-instance-actions`: the newest first.
pub(super) async fn all(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    params: Params,
) -> Result<Response, Problem> {
    let wanted = wanted(&caller, &params)?;
    let server = find(&cloud, &caller, &id)?;
    let mut operations = cloud.servers().operations(server.id);
    operations.reverse();
    operations.retain(|operation| wanted.contains(&last_change(operation)));
    let mut next = None;
    if caller.version() >= Version(58) {
        let paging = Paging::of(&params)?;
        operations = paging.of_rows(operations, |operation| operation.request.to_string())?;
        let last = operations.last().map(|operation| operation.request.to_string());
        let path = format!("/compute/v2.1/servers/{id}/os-instance-actions");
        let link = |query: &Params| caller.context.base.link(&format!("{path}?{query}"));
        next = paging.links(&params, operations.len(), last.as_deref(), link);
    }
    let rows: Vec<Value> =
        operations.iter().map(|operation| row(&cloud, &caller, &server, operation)).collect();
    let mut body = json!({ "instanceActions": rows });
    if let Some(next) = next {
        body["links"] = next;
    }
    answer::json(&body)
}

/// Between which times an action must have changed: parameters came with 2.58 and 2.66, and are
/// refused from 2.58 on if they are none.
fn wanted(caller: &Caller, params: &Params) -> Result<RangeInclusive<Timestamp>, Problem> {
    let (mut since, mut before) = (Timestamp::from_micros(0), Timestamp::from_micros(u64::MAX));
    if caller.version() >= Version(58) {
        let known = ["limit", "marker", "changes-since", "changes-before"];
        let count = if caller.version() >= Version(66) { 4 } else { 3 };
        params.strictly(&known[..count])?;
        since = time(params, "changes-since")?.unwrap_or(since);
        before = time(params, "changes-before")?.unwrap_or(before);
    }
    Ok(since..=before)
}

fn last_change(operation: &Operation) -> Timestamp {
    operation.finished.or(operation.started).unwrap_or(operation.accepted)
}

/// `GET /os-instance-actions/{request}`: with its events.
pub(super) async fn one(
    In(cloud): In,
    caller: Caller,
    Named((id, request)): Named<(String, String)>,
) -> Result<Response, Problem> {
    let server = find(&cloud, &caller, &id)?;
    let operations = cloud.servers().operations(server.id);
    let operation = operations.iter().find(|operation| operation.request.to_string() == request);
    let operation = operation.ok_or_else(|| {
        Problem::not_found(format!("Action for request_id {request} on instance {id} not found"))
    })?;
    let mut body = row(&cloud, &caller, &server, operation);
    // To everybody from 2.51 on, with what went wrong for administrators only.
    if caller.is_admin() || caller.version() >= Version(51) {
        let events = operation.started.map(|_| event(&cloud, &caller, &server, operation));
        body["events"] = Value::Array(events.into_iter().collect());
    }
    answer::json(&json!({ "instanceAction": body }))
}

fn row(cloud: &Cloud, caller: &Caller, server: &Server, operation: &Operation) -> Value {
    let directory = cloud.accounts().directory();
    let user = directory.client(operation.client).map(|user| &user.id);
    let project = directory.owner(server.project).map(|project| &project.id);
    // One that was given up before it began has no event that could say so.
    let failed = matches!(operation.state, OperationState::Failed | OperationState::Cancelled);
    let mut row = json!({
        "action": operation.action.verb(), "instance_uuid": server.id.0,
        "request_id": operation.request.to_string(), "user_id": user, "project_id": project,
        "start_time": dates::bare(operation.accepted),
        "message": if failed { Some("Error") } else { None },
    });
    if caller.version() >= Version(58) {
        row["updated_at"] = json!(dates::bare(last_change(operation)));
    }
    row
}

/// The one event of an operation: what the machine's host did.
fn event(cloud: &Cloud, caller: &Caller, server: &Server, operation: &Operation) -> Value {
    let name = event_name(operation.action);
    let result = match operation.state {
        OperationState::Succeeded => Some("Success"),
        OperationState::Failed | OperationState::Cancelled => Some("Error"),
        OperationState::Queued | OperationState::Running => None,
    };
    let mut event = json!({
        "event": name, "start_time": operation.started.map(dates::bare),
        "finish_time": operation.finished.map(dates::bare), "result": result,
    });
    let host = server.host.and_then(|host| cloud.catalogue().host(host));
    if caller.is_admin() || caller.version() < Version(51) {
        event["traceback"] = json!(operation.failure.map(|failure| failure.as_str()));
    }
    if caller.version() >= Version(62) {
        event["hostId"] = json!(host_id(cloud, server));
        if caller.is_admin() {
            event["host"] = json!(host.map(|host| &host.name));
        }
    }
    if caller.version() >= Version(84) {
        event["details"] = json!(operation.failure.map(|failure| failure.as_str()));
    }
    event
}

/// What Nova calls the step of its compute service that does an action.
const fn event_name(action: Action) -> &'static str {
    match action {
        Action::Create => "compute__do_build_and_run_instance",
        Action::RebootSoft | Action::RebootHard => "compute_reboot_instance",
        Action::Start => "compute_start_instance",
        Action::Stop => "compute_stop_instance",
        Action::Delete => "compute_terminate_instance",
        Action::SoftDelete => "compute_soft_delete_instance",
        Action::Restore => "compute_restore_instance",
        Action::Resize => "compute_resize_instance",
        Action::Migrate => "compute_prep_resize",
        Action::ConfirmResize => "compute_confirm_resize",
        Action::RevertResize => "compute_revert_resize",
        Action::Pause => "compute_pause_instance",
        Action::Unpause => "compute_unpause_instance",
        Action::Suspend => "compute_suspend_instance",
        Action::Resume => "compute_resume_instance",
        Action::Rebuild | Action::Evacuate => "compute_rebuild_instance",
        Action::Rescue => "compute_rescue_instance",
        Action::Unrescue => "compute_unrescue_instance",
        Action::Shelve => "compute_shelve_instance",
        Action::ShelveOffload => "compute_shelve_offload_instance",
        Action::Unshelve => "compute_unshelve_instance",
        Action::CreateImage => "compute_snapshot_instance",
        Action::CreateBackup => "compute_backup_instance",
        Action::ChangePassword => "compute_set_admin_password",
        Action::LiveMigrate => "compute_live_migration",
        Action::CrashDump => "compute_trigger_crash_dump",
        Action::AbortMigration => "compute_live_migration_abort",
        Action::ResetActive | Action::ResetError => "compute_reset_state",
    }
}
