//! What servers cost in hours (Compute API reference, "Usage reports"): of those that exist, and of
//! those that were deleted in the time that is reported and are still remembered. A whole report is made of
//! sums that are kept; a page of one, of its servers.

use axum::Json;
use guichet_cloud::Cloud;
use guichet_cloud::servers::{NotVisible, ProjectCharges, Projects, Window, hours};
use guichet_core::charge::{Charged, Period};
use guichet_core::ids::{FlavorId, ServerId};
use guichet_core::limits;
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
pub(crate) const PAGED: Version = Version(40);
/// The policy that lets one see what other projects cost.
const LIST: &str = "os_compute_api:os-simple-tenant-usage:list";
const KNOWN: &[&str] = &["start", "end", "detailed", "limit", "marker"];

/// A report over some time.
struct Report<'a> {
    cloud: &'a Cloud,
    /// The time that is reported.
    period: Period,
    now: Timestamp,
    /// How many servers are shown one by one: none if nobody asked. Before there were pages a report was
    /// whole; its sums are, but no answer has more rows than a page.
    most_rows: usize,
}

/// What a report has: what projects cost, and the servers that are shown one by one, project by project.
struct Found {
    projects: Vec<ProjectCharges>,
    rows: Vec<Charged>,
    /// The link to the next page.
    next: Option<Value>,
}

async fn list(In(cloud): In, caller: Caller, params: Params) -> Result<Json<Value>, Problem> {
    let mut report = Report::of(&cloud, &caller, &params)?;
    if params.get("detailed") != Some("1") {
        report.most_rows = 0;
    }
    caller.must_be_admin(LIST)?;
    let found = report.found(&caller, &params, Projects::All, "os-simple-tenant-usage").await?;
    let mut body = json!({ "tenant_usages": report.by_project(&found) });
    if let Some(next) = found.next {
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
    let found = report.found(&caller, &params, Projects::One(project), &path).await?;
    let usage = report.by_project(&found).into_iter().next();
    let mut body = json!({ "tenant_usage": usage.unwrap_or_else(|| json!({})) });
    if let Some(next) = found.next {
        body["tenant_usage_links"] = next;
    }
    Ok(Json(body))
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
        Ok(Self { cloud, period, now, most_rows: limits::PAGE_MAX })
    }

    /// The report; from 2.40 on a page of it.
    async fn found(
        &self,
        caller: &Caller,
        params: &Params,
        projects: Projects,
        path: &str,
    ) -> Result<Found, Problem> {
        let (servers, period) = (self.cloud.servers(), self.period);
        let not_visible = |NotVisible| Problem::policy(LIST);
        if caller.version() < PAGED {
            let costs =
                servers.charges(&caller.who, projects, period).await.map_err(not_visible)?;
            let rows = match self.most_rows {
                0 => Vec::new(),
                most => servers
                    .charged(&caller.who, projects, period, most)
                    .await
                    .map_err(not_visible)?,
            };
            return Ok(Found { projects: costs, rows, next: None });
        }
        let paging = Paging::of(params)?;
        let marker = match &paging.marker {
            Some(text) => Some(Uuid::parse_str(text).map(ServerId).map_err(|_| unknown(text))?),
            None => None,
        };
        let window = Window { limit: paging.limit, marker };
        let page = servers.page(&caller.who, projects, window, period.start).await;
        let page = page.map_err(|error| of_search(error, paging.marker.as_deref(), LIST))?;
        let last = page.last().map(|server| server.id.to_string());
        let next = paging.links(params, page.len(), last.as_deref(), |query| {
            links::list(&caller.context.base, path, query)
        });
        let rows = page.iter().filter_map(|server| period.charged(server)).take(self.most_rows);
        let rows = rows.collect();
        Ok(Found { projects: ProjectCharges::of(period, &page), rows, next })
    }

    /// One summary for each project that has something charged.
    fn by_project(&self, found: &Found) -> Vec<Value> {
        let summary = |costs| self.summary(costs, &found.rows);
        found.projects.iter().filter_map(summary).collect()
    }

    fn summary(&self, costs: &ProjectCharges, rows: &[Charged]) -> Option<Value> {
        let directory = self.cloud.accounts().directory();
        let id = &directory.owner(costs.project)?.id;
        let mut summary = Map::new();
        let mut put = |name: &str, value: Value| summary.insert(name.to_owned(), value);
        put("tenant_id", json!(id));
        put("start", json!(dates::bare(self.period.start)));
        put("stop", json!(dates::bare(self.period.stop)));
        put("total_hours", json!(costs.hours(|_| 1.0)));
        put("total_vcpus_usage", json!(costs.hours(|charge| f64::from(charge.size.vcpus))));
        put("total_memory_mb_usage", json!(costs.hours(|charge| f64::from(charge.size.ram_mib))));
        let local_gb = |flavor| f64::from(self.local_gb(flavor));
        put("total_local_gb_usage", json!(costs.hours(|charge| local_gb(charge.flavor))));
        let rows: Vec<_> = rows.iter().filter(|row| row.server.project == costs.project).collect();
        if !rows.is_empty() {
            put("server_usages", rows.into_iter().map(|row| self.row(row, id)).collect());
        }
        Some(Value::Object(summary))
    }

    fn local_gb(&self, flavor: FlavorId) -> u32 {
        let flavor = self.cloud.catalogue().flavor(flavor);
        flavor.map_or(0, |flavor| flavor.disk_gib.saturating_add(flavor.ephemeral_gib))
    }

    fn row(&self, charged: &Charged, project: &str) -> Value {
        let Charged { server, launched, ended, time_us } = charged;
        let flavor = self.cloud.catalogue().flavor(server.flavor);
        json!({
            "instance_id": server.id,
            "name": server.name,
            "tenant_id": project,
            "flavor": flavor.as_ref().map_or("", |flavor| &flavor.name),
            "vcpus": server.size.vcpus,
            "memory_mb": server.size.ram_mib,
            "local_gb": self.local_gb(server.flavor),
            "hours": hours((*time_us).into()),
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
