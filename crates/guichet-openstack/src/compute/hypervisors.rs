//! Hypervisors: the hosts, as administrators see them (Compute API reference, "Hypervisors").

mod row;

use std::sync::Arc;

use axum::Json;
use guichet_cloud::Cloud;
use guichet_cloud::servers::ByHost;
use guichet_core::project::Host;
use guichet_core::server::Server;
use guichet_http::path::Named;
use guichet_http::query::Params;
use serde_json::{Value, json};

use super::links;
use super::prefix::PREFIX;
use super::services::UUIDS;
use crate::http::gate::{Caller, In};
use crate::http::paging::Paging;
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;
use crate::http::routes::Routes;
use crate::http::version::Version;
use row::{brief, full, id, sums};

const RULE: &str = "os_compute_api:os-hypervisors";
/// Pages of hypervisors came here.
pub(crate) const PAGED: Version = Version(33);
/// From here on what is used is Placement's to tell.
const NO_USAGE: Version = Version(88);
/// From here on servers that were asked for are shown where there are none.
const EMPTY_SERVERS: Version = Version(75);

/// Its routes.
pub fn routes() -> Routes {
    Routes::under(PREFIX)
        .get("/os-hypervisors", list)
        .get("/os-hypervisors/detail", detail)
        .get("/os-hypervisors/{id}", show)
        .until(NO_USAGE.0 - 1)
        .get("/os-hypervisors/statistics", statistics)
        .get("/os-hypervisors/{id}/uptime", uptime)
        .until(UUIDS.0 - 1)
        .get("/os-hypervisors/{id}/search", search)
        .get("/os-hypervisors/{id}/servers", servers)
}

fn none_has(id: &str) -> Problem {
    Problem::not_found(format!("Hypervisor with ID '{id}' could not be found."))
}

fn none_matches(pattern: &str) -> Problem {
    Problem::not_found(format!("No hypervisor matching '{pattern}' could be found."))
}

async fn list(In(cloud): In, caller: Caller, params: Params) -> Result<Json<Value>, Problem> {
    page(&cloud, &caller, &params, false).await
}

async fn detail(In(cloud): In, caller: Caller, params: Params) -> Result<Json<Value>, Problem> {
    page(&cloud, &caller, &params, true).await
}

/// A page of hypervisors.
async fn page(
    cloud: &Cloud,
    caller: &Caller,
    params: &Params,
    is_detailed: bool,
) -> Result<Json<Value>, Problem> {
    let version = caller.version();
    let wanted = Wanted::of(params, version)?;
    caller.must_be_admin(RULE)?;
    let hosts = wanted.hosts(cloud, version)?;
    let servers = if wanted.servers { Some(on(cloud, &hosts).await) } else { None };
    let used = is_detailed.then(|| cloud.servers().host_usage());
    let rows = hosts.iter().map(|host| {
        let mut row = match &used {
            Some(used) => full(cloud, host, used, version),
            None => brief(cloud, host, version),
        };
        put_servers(&mut row, host, servers.as_ref(), version);
        row
    });
    let mut body = json!({ "hypervisors": rows.collect::<Vec<_>>() });
    if let Some(paging) = &wanted.paging {
        let last = hosts.last().map(|host| text(&id(cloud, host, version)));
        let path = if is_detailed { "os-hypervisors/detail" } else { "os-hypervisors" };
        let link = |query: &Params| links::list(&caller.context.base, path, query);
        if let Some(next) = paging.links(params, hosts.len(), last.as_deref(), link) {
            body["hypervisors_links"] = next;
        }
    }
    Ok(Json(body))
}

/// What a list is asked for.
struct Wanted {
    /// Where there are pages.
    paging: Option<Paging>,
    /// A part of the name.
    pattern: Option<String>,
    /// Whether to show servers.
    servers: bool,
}

impl Wanted {
    /// Before 2.53 what a version does not know is ignored, from then on it is refused.
    fn of(params: &Params, version: Version) -> Result<Self, Problem> {
        let paging = if version >= PAGED { Some(Paging::of(params)?) } else { None };
        if version < UUIDS {
            return Ok(Self { paging, pattern: None, servers: false });
        }
        params.strictly(&["limit", "marker", "hypervisor_hostname_pattern", "with_servers"])?;
        let pattern = params.get("hypervisor_hostname_pattern").map(str::to_owned);
        if pattern.is_some() && (params.has("limit") || params.has("marker")) {
            return Err(Problem::bad_request(
                "Paging over hypervisors with the hypervisor_hostname_pattern query parameter is not supported.",
            ));
        }
        Ok(Self { paging, pattern, servers: params.flag("with_servers")?.unwrap_or(false) })
    }

    fn hosts<'a>(&self, cloud: &'a Cloud, version: Version) -> Result<Vec<&'a Host>, Problem> {
        let hosts = matching(cloud, self.pattern.as_deref().unwrap_or(""));
        match &self.pattern {
            Some(pattern) if hosts.is_empty() => return Err(none_matches(pattern)),
            _ => {}
        }
        match &self.paging {
            Some(paging) => paging.of_rows(hosts, |host| text(&id(cloud, host, version))),
            None => Ok(hosts),
        }
    }
}

/// The hosts with this in their names.
fn matching<'a>(cloud: &'a Cloud, part: &str) -> Vec<&'a Host> {
    cloud.catalogue().hosts().iter().filter(|host| host.name.contains(part)).collect()
}

/// An id as it stands in a path or a marker.
fn text(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

/// The servers that are on these hosts.
async fn on(cloud: &Cloud, hosts: &[&Host]) -> ByHost {
    cloud.servers().by_host(&hosts.iter().map(|host| host.id).collect()).await
}

/// Puts servers in a row, if they were asked for.
fn put_servers(row: &mut Value, host: &Host, servers: Option<&ByHost>, version: Version) {
    let Some(servers) = servers else {
        return;
    };
    let servers = servers.get(&host.id).map_or(&[][..], Vec::as_slice);
    if servers.is_empty() && version < EMPTY_SERVERS {
        return;
    }
    let shown = |server: &Arc<Server>| json!({ "name": server.name, "uuid": server.id });
    row["servers"] = servers.iter().map(shown).collect();
}

/// The host of this id, which is no name: clients try names as ids, and go on after 404.
fn found<'a>(cloud: &'a Cloud, wanted: &str, version: Version) -> Result<&'a Host, Problem> {
    let mut hosts = cloud.catalogue().hosts().iter();
    hosts.find(|host| text(&id(cloud, host, version)) == wanted).ok_or_else(|| none_has(wanted))
}

async fn show(
    In(cloud): In,
    caller: Caller,
    Named(wanted): Named,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let version = caller.version();
    let mut with_servers = false;
    if version >= UUIDS {
        params.strictly(&["with_servers"])?;
        with_servers = params.flag("with_servers")?.unwrap_or(false);
    }
    caller.must_be_admin(RULE)?;
    let host = found(&cloud, &wanted, version)?;
    let used = cloud.servers().host_usage();
    let mut row = full(&cloud, host, &used, version);
    if with_servers {
        put_servers(&mut row, host, Some(&on(&cloud, &[host]).await), version);
    }
    Ok(Json(json!({ "hypervisor": row })))
}

/// Sums over all hosts; gone with what they sum up.
async fn statistics(In(cloud): In, caller: Caller) -> Result<Json<Value>, Problem> {
    if caller.version() >= NO_USAGE {
        return Err(none_has("statistics"));
    }
    caller.must_be_admin(RULE)?;
    let used = cloud.servers().host_usage();
    Ok(Json(json!({ "hypervisor_statistics": sums(&cloud, &used) })))
}

/// How long it has run: as long as this service.
async fn uptime(
    In(cloud): In,
    caller: Caller,
    Named(wanted): Named,
) -> Result<Json<Value>, Problem> {
    caller.must_be_admin(RULE)?;
    let host = found(&cloud, &wanted, caller.version())?;
    let mut row = brief(&cloud, host, caller.version());
    row["uptime"] = json!(row::uptime(&cloud));
    Ok(Json(json!({ "hypervisor": row })))
}

/// Looks for a part of a name; a parameter of the list from 2.53 on.
async fn search(
    In(cloud): In,
    caller: Caller,
    Named(pattern): Named,
) -> Result<Json<Value>, Problem> {
    let hosts = searched(&cloud, &caller, &pattern)?;
    let rows = hosts.iter().map(|host| brief(&cloud, host, caller.version()));
    Ok(Json(json!({ "hypervisors": rows.collect::<Vec<_>>() })))
}

/// The same, with servers.
async fn servers(
    In(cloud): In,
    caller: Caller,
    Named(pattern): Named,
) -> Result<Json<Value>, Problem> {
    let hosts = searched(&cloud, &caller, &pattern)?;
    let servers = on(&cloud, &hosts).await;
    let rows = hosts.iter().map(|host| {
        let mut row = brief(&cloud, host, caller.version());
        put_servers(&mut row, host, Some(&servers), caller.version());
        row
    });
    Ok(Json(json!({ "hypervisors": rows.collect::<Vec<_>>() })))
}

fn searched<'a>(
    cloud: &'a Cloud,
    caller: &Caller,
    pattern: &str,
) -> Result<Vec<&'a Host>, Problem> {
    caller.must_be_admin(RULE)?;
    let hosts = matching(cloud, pattern);
    if hosts.is_empty() { Err(none_matches(pattern)) } else { Ok(hosts) }
}
