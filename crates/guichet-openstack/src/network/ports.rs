//! Ports: where servers are plugged in (Networking API reference, "Ports"). They are no rows of
//! their own; each is made from its server when somebody asks.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use axum::Json;
use guichet_cloud::Cloud;
use guichet_cloud::network::{mac_text, security_group_id};
use guichet_cloud::servers::{NotVisible, Projects, Scan};
use guichet_core::details::Port;
use guichet_core::ids::{ProjectId, ServerId};
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

/// `GET /v2.0/ports`: of the servers that are named by `device_id`, else of all, newest server
/// first whatever order is asked for: no more of them are held than a page has.
pub(super) async fn all(
    In(cloud): In,
    caller: Caller,
    params: Params,
) -> Result<Json<Value>, Problem> {
    params.check_directions()?;
    let mut page =
        PortsPage { paging: Paging::of(&params)?, filters: Filters::of(&params), rows: Vec::new() };
    if params.has("device_id") {
        let ids: BTreeSet<&str> = params.all("device_id").collect();
        for id in ids {
            if let Some(server) = server(&cloud, &caller, id)
                && page.add(&cloud, &server).is_break()
            {
                break;
            }
        }
    } else {
        let mut scan = scan(&cloud, &caller, Projects::Visible)?;
        while let Some(server) = scan.next_server().await {
            if page.add(&cloud, &server).is_break() {
                break;
            }
        }
    }
    let PortsPage { paging, rows, .. } = page;
    list::answer(&paging, rows, &params, "ports", |query| {
        caller.context.base.link(&format!("/network/v2.0/ports?{query}"))
    })
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
        for row in ports_of(cloud, server) {
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
}

/// `GET /v2.0/ports/{id}`.
pub(super) async fn one(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Json<Value>, Problem> {
    let wanted = Uuid::parse_str(&id).map_err(|_| no_such("port", &id))?;
    let mut found = None;
    let mut scan = scan(&cloud, &caller, Projects::Visible)?;
    while let Some(server) = scan.next_server().await {
        if let Some(port) = server.ports().iter().find(|port| port.id == wanted) {
            found = shown(&cloud, &server, port);
            break;
        }
    }
    Ok(Json(json!({ "port": found.ok_or_else(|| no_such("port", &id))? })))
}

/// How many ports a project has.
///
/// # Errors
/// 403 if it is a project that the caller does not see.
pub(super) async fn count(
    cloud: &Cloud,
    caller: &Caller,
    project: ProjectId,
) -> Result<usize, Problem> {
    let mut count = 0;
    let mut scan = scan(cloud, caller, Projects::One(project))?;
    while let Some(server) = scan.next_server().await {
        count += server.ports().len();
    }
    Ok(count)
}

/// The servers whose ports are looked at.
fn scan<'a>(cloud: &'a Cloud, caller: &Caller, projects: Projects) -> Result<Scan<'a>, Problem> {
    let scan = cloud.servers().scan(&caller.who, projects);
    scan.map_err(|NotVisible| Problem::policy("get_port"))
}

/// The server of this id, if the caller sees it.
fn server(cloud: &Cloud, caller: &Caller, id: &str) -> Option<Arc<Server>> {
    let id = ServerId(Uuid::parse_str(id).ok()?);
    cloud.servers().find(&caller.who, id)
}

fn ports_of(cloud: &Cloud, server: &Server) -> Vec<Value> {
    server.ports().iter().filter_map(|port| shown(cloud, server, port)).collect()
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
