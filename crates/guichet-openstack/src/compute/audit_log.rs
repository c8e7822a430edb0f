//! The log of usage audits (Compute API reference, "Server usage audit log"): Nova has a line for
//! each host on which its periodic task ran. There is no such task here, so no host has run one.

use axum::Json;
use guichet_cloud::Cloud;
use guichet_core::time::Timestamp;
use guichet_http::path::Named;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::prefix::PREFIX;
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::routes::Routes;

const LIST: &str = "os_compute_api:os-instance-usage-audit-log:list";
const SHOW: &str = "os_compute_api:os-instance-usage-audit-log:show";

/// Its routes.
pub fn routes() -> Routes {
    Routes::under(PREFIX)
        .get("/os-instance_usage_audit_log", latest)
        .get("/os-instance_usage_audit_log/{before}", one)
}

async fn latest(In(cloud): In, caller: Caller) -> Result<Json<Value>, Problem> {
    caller.must_be_admin(LIST)?;
    let body = report(&cloud, civil(cloud.now()))?;
    Ok(Json(json!({ "instance_usage_audit_logs": body })))
}

async fn one(In(cloud): In, caller: Caller, Named(before): Named) -> Result<Json<Value>, Problem> {
    caller.must_be_admin(SHOW)?;
    let wrong = || Problem::bad_request(format!("Invalid timestamp for date {before}"));
    let before: DateTime = before.replacen(' ', "T", 1).parse().map_err(|_| wrong())?;
    Ok(Json(json!({ "instance_usage_audit_log": report(&cloud, before)? })))
}

fn civil(at: Timestamp) -> DateTime {
    let micros = i64::try_from(at.micros()).unwrap_or(i64::MAX);
    let at = jiff::Timestamp::from_microsecond(micros).unwrap_or(jiff::Timestamp::MAX);
    at.to_zoned(TimeZone::UTC).datetime()
}

/// The last whole month that ended at this moment or before: Nova's period if nothing is
/// configured.
fn report(cloud: &Cloud, before: DateTime) -> Result<Value, Problem> {
    let out_of_range = |_| Problem::bad_request("The date is out of range.");
    let end = before.date().first_of_month();
    let begin = end.yesterday().map_err(out_of_range)?.first_of_month();
    let shown = |date: jiff::civil::Date| format!("{date} 00:00:00");
    let hosts: Vec<&str> = cloud.catalogue().hosts().iter().map(|host| &*host.name).collect();
    Ok(json!({
        "hosts_not_run": hosts, "log": {}, "num_hosts": hosts.len(), "num_hosts_done": 0,
        "num_hosts_not_run": hosts.len(), "num_hosts_running": 0,
        "overall_status": format!("0 of {} hosts done. 0 errors.", hosts.len()),
        "period_beginning": shown(begin), "period_ending": shown(end), "total_errors": 0,
        "total_instances": 0,
    }))
}
