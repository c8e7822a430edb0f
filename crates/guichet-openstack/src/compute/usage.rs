//! What servers cost in hours (Compute API reference, "Usage reports"): of those that exist, and of
//! those that were deleted in the time that is reported and are still remembered.

use std::cell::Cell;
use std::sync::Arc;

use axum::Json;
use guichet_cloud::Cloud;
use guichet_cloud::servers::{Charged, NotVisible, Period, ProjectHours, Projects, Window};
use guichet_core::ids::ServerId;
use guichet_core::limits;
use guichet_core::server::Server;
use guichet_core::time::Timestamp;
use guichet_http::dates;
use guichet_http::path::Named;
use guichet_http::query::Params;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::links;
use super::prefix::PREFIX;
use super::quotas::{must_own, project};
use super::servers::of_search;
use crate::http::gate::{Caller, In};
use crate::http::paging::{Paging, unknown};
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;
use crate::http::routes::Routes;
use crate::http::version::Version;

/// Its routes.
pub fn routes() -> Routes {
    Routes::under(PREFIX)
        .get("/os-simple-tenant-usage", list)
        .get("/os-simple-tenant-usage/{project}", show)
}

/// Pages came here; before, a report is whole.
const PAGED: Version = Version(40);
/// The policy that lets one see what other projects cost.
const LIST: &str = "os_compute_api:os-simple-tenant-usage:list";
const KNOWN: &[&str] = &["start", "end", "detailed", "limit", "marker"];

/// A report over some time.
struct Report<'a> {
    cloud: &'a Cloud,
    /// The time that is reported.
    period: Period,
    now: Timestamp,
    /// How many servers may still be shown one by one: none if nobody asked. Before there were
    /// pages a report was whole; its sums are, but no answer has more rows than a page.
    rows_left: Cell<usize>,
}

async fn list(In(cloud): In, caller: Caller, params: Params) -> Result<Json<Value>, Problem> {
    let report = Report::of(&cloud, &caller, &params)?;
    if params.get("detailed") != Some("1") {
        report.rows_left.set(0);
    }
    caller.must_be_admin(LIST)?;
    let path = "os-simple-tenant-usage";
    let from = (report.period.start, path);
    let (servers, next) = page(&cloud, &caller, &params, Projects::All, from).await?;
    let mut body = json!({ "tenant_usages": report.by_project(&servers) });
    if let Some(next) = next {
        body["tenant_usages_links"] = next;
    }
    Ok(Json(body))
}

async fn show(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let report = Report::of(&cloud, &caller, &params)?;
    must_own(&cloud, &caller, &id, "os_compute_api:os-simple-tenant-usage:show")?;
    // Nova does not ask whether there is such a project: one without servers has no usage.
    let Some(project) = project(&cloud, &id) else {
        return Ok(Json(json!({ "tenant_usage": {} })));
    };
    let path = format!("os-simple-tenant-usage/{id}");
    let from = (report.period.start, &*path);
    let (servers, next) = page(&cloud, &caller, &params, Projects::One(project), from).await?;
    let usage = report.by_project(&servers).into_iter().next();
    let mut body = json!({ "tenant_usage": usage.unwrap_or_else(|| json!({})) });
    if let Some(next) = next {
        body["tenant_usage_links"] = next;
    }
    Ok(Json(body))
}

/// The servers of a page of the report, with the link to the next one; before 2.40 all of them.
async fn page(
    cloud: &Cloud,
    caller: &Caller,
    params: &Params,
    projects: Projects,
    (since, path): (Timestamp, &str),
) -> Result<(Vec<Arc<Server>>, Option<Value>), Problem> {
    if caller.version() < PAGED {
        let servers = cloud.servers().all_since(&caller.who, projects, since).await;
        return Ok((servers.map_err(|NotVisible| Problem::policy(LIST))?, None));
    }
    let paging = Paging::of(params)?;
    let marker = match &paging.marker {
        Some(text) => Some(Uuid::parse_str(text).map(ServerId).map_err(|_| unknown(text))?),
        None => None,
    };
    let window = Window { limit: paging.limit, marker };
    let servers = cloud.servers().page(&caller.who, projects, window, since).await;
    let servers = servers.map_err(|error| of_search(error, paging.marker.as_deref(), LIST))?;
    let last = servers.last().map(|server| server.id.to_string());
    let next = paging.links(params, servers.len(), last.as_deref(), |query| {
        links::list(&caller.context.base, path, query)
    });
    Ok((servers, next))
}

impl<'a> Report<'a> {
    fn of(cloud: &'a Cloud, caller: &Caller, params: &Params) -> Result<Self, Problem> {
        params.only(caller.version(), KNOWN)?;
        let now = cloud.now();
        let start = instant(params, "start")?.unwrap_or(now);
        let stop = instant(params, "end")?.unwrap_or(now);
        if start > stop {
            return Err(Problem::bad_request(
                "Invalid start time. The start time cannot occur after the end time.",
            ));
        }
        let period = Period { start, stop: stop.min(now) };
        Ok(Self { cloud, period, now, rows_left: Cell::new(limits::PAGE_MAX) })
    }

    /// One summary for each project that has servers among these, which come project by project.
    fn by_project(&self, servers: &[Arc<Server>]) -> Vec<Value> {
        self.period.by_project(servers).filter_map(|hours| self.summary(&hours)).collect()
    }

    fn summary(&self, hours: &ProjectHours) -> Option<Value> {
        let directory = self.cloud.accounts().directory();
        let id = &directory.owner(hours.project)?.id;
        let mut summary = Map::new();
        let mut put = |name: &str, value: Value| summary.insert(name.to_owned(), value);
        put("tenant_id", json!(id));
        put("start", json!(dates::bare(self.period.start)));
        put("stop", json!(dates::bare(self.period.stop)));
        put("total_hours", json!(hours.sum(|_| 1.0)));
        put("total_vcpus_usage", json!(hours.sum(|server| f64::from(server.size.vcpus))));
        put("total_memory_mb_usage", json!(hours.sum(|server| f64::from(server.size.ram_mib))));
        put("total_local_gb_usage", json!(hours.sum(|server| f64::from(self.local_gb(server)))));
        let rows_left = self.rows_left.get();
        if rows_left > 0 {
            let rows = hours.servers.iter().take(rows_left);
            put("server_usages", rows.map(|charged| self.row(charged, id)).collect());
            self.rows_left.set(rows_left.saturating_sub(hours.servers.len()));
        }
        Some(Value::Object(summary))
    }

    fn local_gb(&self, server: &Server) -> u32 {
        let flavor = self.cloud.catalogue().flavor(server.flavor);
        flavor.map_or(0, |flavor| flavor.disk_gib.saturating_add(flavor.ephemeral_gib))
    }

    fn row(&self, charged: &Charged, project: &str) -> Value {
        let Charged { server, launched, ended, hours } = charged;
        let flavor = self.cloud.catalogue().flavor(server.flavor);
        json!({
            "instance_id": server.id,
            "name": server.name,
            "tenant_id": project,
            "flavor": flavor.as_ref().map_or("", |flavor| &flavor.name),
            "vcpus": server.size.vcpus,
            "memory_mb": server.size.ram_mib,
            "local_gb": self.local_gb(server),
            "hours": hours,
            "started_at": dates::bare(*launched),
            "ended_at": ended.map(dates::bare),
            "state": if ended.is_some() { "terminated" } else { server.vm_state.as_str() },
            "uptime": ended.unwrap_or(self.now).since(*launched).as_secs(),
        })
    }
}

/// An instant without a zone, with or without a fraction; an empty one is none.
fn instant(params: &Params, name: &str) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = params.get(name).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let wrong = || Problem::bad_request("Invalid datetime string: Datetime is in invalid format");
    let civil: jiff::civil::DateTime = text.parse().map_err(|_| wrong())?;
    let at = jiff::tz::Offset::UTC.to_timestamp(civil).map_err(|_| wrong())?;
    // What was before 1970 was before every server.
    Ok(Some(Timestamp::from_micros(u64::try_from(at.as_microsecond()).unwrap_or(0))))
}
