//! Ports: where servers are plugged in (Networking API reference, "Ports"). They are no rows of
//! their own; each is made from its server when somebody asks.

use std::cmp::Reverse;
use std::ops::ControlFlow;
use std::sync::Arc;

use axum::Json;
use guichet_cloud::Cloud;
use guichet_cloud::network::{mac_text, security_group_id};
use guichet_cloud::servers::{NotVisible, Projects};
use guichet_core::details::Port;
use guichet_core::ids::ServerId;
use guichet_core::limits;
use guichet_core::server::Server;
use guichet_core::state::PowerState;
use guichet_http::dates;
use guichet_http::path::Named;
use guichet_http::query::Params;
use serde_json::{Value, json};
use uuid::Uuid;

use super::list::{self, Filters};
use super::problem::no_such;
use crate::http::gate::{Caller, In};
use crate::http::paging::Paging;
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;

/// `GET /v2.0/ports`: of the servers that are named by `device_id` or by their port's `id`, else of all,
/// newest server first whatever order is asked for: no more of them are held than a page has. A page
/// begins at its marker, which an index finds. Other filters have no index: with one, servers are looked
/// at until a page is full, [`limits::ROWS_PER_LOCK_MAX`] before others have their turn.
pub(super) async fn all(
    In(cloud): In,
    caller: Caller,
    params: Params,
) -> Result<Json<Value>, Problem> {
    params.check_directions()?;
    let mut page =
        PortsPage { paging: Paging::of(&params)?, filters: Filters::of(&params), rows: Vec::new() };
    match named(&cloud, &caller, &params) {
        Some(servers) => {
            let mut servers = servers.iter();
            while servers.next().is_some_and(|server| page.add(&cloud, server).is_continue()) {}
        }
        None => page.fill(&cloud, &caller, &params).await?,
    }
    let PortsPage { paging, rows, .. } = page;
    list::answer(&paging, rows, &params, "ports", |query| {
        caller.context.base.link(&format!("/network/v2.0/ports?{query}"))
    })
}

/// The servers that are named, by their own id or by one of their ports', if any are: in the order in which
/// all would come.
fn named(cloud: &Cloud, caller: &Caller, params: &Params) -> Option<Vec<Arc<Server>>> {
    let mut servers: Vec<_> = if params.has("device_id") {
        params.all("device_id").filter_map(|id| server(cloud, caller, id)).collect()
    } else if params.has("id") {
        params.all("id").filter_map(|id| with_port(cloud, caller, id)).collect()
    } else {
        return None;
    };
    servers.sort_by_key(|server| Reverse((server.project, server.created, server.id)));
    servers.dedup_by_key(|server| server.id);
    Some(servers)
}

/// A page that fills. Without a marker it starts at once; with one, behind that.
struct PortsPage<'a> {
    paging: Paging,
    filters: Filters<'a>,
    rows: Vec<Value>,
}

impl PortsPage<'_> {
    /// Takes in those of a server's ports that are wanted, until the page is full. The marker's
    /// own port stays in front, for the page to begin behind it.
    fn add(&mut self, cloud: &Cloud, server: &Server) -> ControlFlow<()> {
        for port in server.ports() {
            let row = self.may_be_wanted(port).then(|| shown(cloud, server, port)).flatten();
            let Some(row) = row else { continue };
            let is_marker = self.paging.marker.as_deref().is_some_and(|marker| row["id"] == marker);
            let has_begun = self.paging.marker.is_none() || !self.rows.is_empty();
            if is_marker || (has_begun && self.filters.want(&row)) {
                self.rows.push(row);
            }
        }
        let in_front = usize::from(self.paging.marker.is_some());
        if self.rows.len() >= self.paging.limit + in_front {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Whether a port may be one that is asked for, as far as that can be told before it is written: most
    /// are looked for by an address, and not found. The marker's own is.
    fn may_be_wanted(&self, port: &Port) -> bool {
        let (mac, address) = (|| mac_text(port.mac), || port.address.to_string());
        let is_any = |values: &[&str], own: String| values.iter().any(|value| *value == own);
        let has_mac = |values| is_any(values, mac());
        let has_address = |values: &[&str]| {
            let asked: Option<Vec<&str>> =
                values.iter().map(|value| value.strip_prefix("ip_address=")).collect();
            asked.is_none_or(|asked| is_any(&asked, address()))
        };
        let is_marker = || self.paging.marker.as_deref() == Some(&*port.id.to_string());
        (self.filters.values("mac_address").is_none_or(has_mac)
            && self.filters.values("fixed_ips").is_none_or(has_address))
            || is_marker()
    }

    /// Takes in ports of all servers, from the marker's on.
    async fn fill(
        &mut self,
        cloud: &Cloud,
        caller: &Caller,
        params: &Params,
    ) -> Result<(), Problem> {
        let mut after = None;
        if let Some(marker) = &self.paging.marker {
            // A page that has no marker's row is answered as one whose marker is unknown.
            let Some(server) = with_port(cloud, caller, marker) else { return Ok(()) };
            if self.add(cloud, &server).is_break() {
                return Ok(());
            }
            after = Some(server);
        }
        let projects = projects(cloud, caller, params);
        let scan =
            cloud.servers().scan_behind(&caller.who, projects, after, self.servers_at_once());
        let mut scan = scan.map_err(|NotVisible| Problem::policy("get_port"))?;
        while let Some(servers) = scan.next_page().await {
            let mut servers = servers.iter();
            if servers.any(|server| self.add(cloud, server).is_break()) {
                break;
            }
        }
        Ok(())
    }

    /// Servers of one look: as many as the page has, where no filter leaves any out.
    fn servers_at_once(&self) -> usize {
        let most = if self.filters.are_none() { self.paging.limit } else { usize::MAX };
        most.clamp(1, limits::ROWS_PER_LOCK_MAX)
    }
}

/// Whose servers are looked at: of one project, if the caller asks for one that it sees.
fn projects(cloud: &Cloud, caller: &Caller, params: &Params) -> Projects {
    let mut asked = params.all("project_id").chain(params.all("tenant_id"));
    let one = asked.next().filter(|_| asked.next().is_none());
    let directory = cloud.accounts().directory();
    let project = one.and_then(|id| directory.project_id(id));
    project.filter(|project| caller.who.sees(*project)).map_or(Projects::Visible, Projects::One)
}

/// `GET /v2.0/ports/{id}`.
pub(super) async fn one(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Json<Value>, Problem> {
    let server = with_port(&cloud, &caller, &id);
    let port = server.and_then(|server| {
        let own = server.ports().iter().find(|port| Uuid::parse_str(&id) == Ok(port.id))?;
        shown(&cloud, &server, own)
    });
    Ok(Json(json!({ "port": port.ok_or_else(|| no_such("port", &id))? })))
}

/// The server that has the port of this id, if the caller sees it.
fn with_port(cloud: &Cloud, caller: &Caller, id: &str) -> Option<Arc<Server>> {
    cloud.servers().with_port(&caller.who, Uuid::parse_str(id).ok()?)
}

/// The server of this id, if the caller sees it.
fn server(cloud: &Cloud, caller: &Caller, id: &str) -> Option<Arc<Server>> {
    let id = ServerId(Uuid::parse_str(id).ok()?);
    cloud.servers().find(&caller.who, id)
}

/// A port; none of a network or project that is not declared, which no port has.
fn shown(cloud: &Cloud, server: &Server, port: &Port) -> Option<Value> {
    let network = cloud.catalogue().network(port.network)?;
    let directory = cloud.accounts().directory();
    let project = directory.owner(server.project)?;
    let is_up = server.power_state == PowerState::Running;
    let created = dates::seconds(server.created);
    Some(json!({
        "id": port.id,
        "name": "",
        "description": "",
        "tenant_id": project.id,
        "project_id": project.id,
        "network_id": network.id,
        "device_id": server.id,
        "device_owner": format!("compute:{}", cloud.catalogue().zone()),
        "mac_address": mac_text(port.mac),
        "fixed_ips": [{ "subnet_id": network.subnet_id, "ip_address": port.address }],
        "status": if is_up { "ACTIVE" } else { "DOWN" },
        "admin_state_up": true,
        "security_groups": [security_group_id(project)],
        "port_security_enabled": true,
        "allowed_address_pairs": [],
        "extra_dhcp_opts": [],
        "binding:vnic_type": "normal",
        "tags": [],
        "revision_number": 1,
        "created_at": created,
        "updated_at": created,
    }))
}
