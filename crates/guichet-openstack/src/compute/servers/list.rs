//! Lists of servers: what is asked for, and the page of it. (Compute API, "List Servers".)

pub(super) mod filter;
mod order;

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use guichet_core::ids::ServerId;
use guichet_core::limits;
use guichet_core::server::Server;
use guichet_http::answer::{self, written};
use guichet_http::query::Params;
use guichet_store::Query;
use http::StatusCode;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;
use tokio::task::yield_now;

use super::fields::{Place, Shown, links};
use super::find::parse;
use crate::cloud::Cloud;
use crate::http::answer::put;
use crate::http::gate::Caller;
use crate::http::paging::{self, Paging};
use crate::http::problem::Problem;
use filter::Filter;
use order::Order;

/// `GET /servers`: ids and names.
pub(super) async fn brief(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    params: Params,
) -> Result<Response, Problem> {
    list(&cloud, &caller, &params, false).await
}

/// `GET /servers/detail`: everything.
pub(super) async fn detail(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    params: Params,
) -> Result<Response, Problem> {
    list(&cloud, &caller, &params, true).await
}

async fn list(
    cloud: &Cloud,
    caller: &Caller,
    params: &Params,
    detailed: bool,
) -> Result<Response, Problem> {
    let filter = Filter::of(cloud, caller, params)?;
    let paging = Paging::of(params)?;
    let order = Order::of(caller, params)?;
    let servers = match order {
        Order::Newest if filter.project.is_some() && !filter.wants_deleted() => {
            newest(cloud, &filter, &paging).await?
        }
        order => sorted(cloud, &filter, &paging, &order).await?,
    };
    let last = servers.last().map(|server| server.id.0.to_string());
    let path = if detailed { "/compute/v2.1/servers/detail" } else { "/compute/v2.1/servers" };
    let link = |query: &Params| caller.context.base.link(&format!("{path}?{query}"));
    let next = paging.links(params, servers.len(), last.as_deref(), link);
    let page = Page { servers: &servers, cloud, caller, detailed, next };
    Ok(written(StatusCode::OK, page.written().await?))
}

/// The usual order, which is the store's own: a page costs what it shows, however many there are.
async fn newest(
    cloud: &Cloud,
    filter: &Filter,
    paging: &Paging,
) -> Result<Vec<Arc<Server>>, Problem> {
    let mut query = Query { project: filter.project, status: filter.status(), ..Query::default() };
    if let Some(marker) = &paging.marker {
        let server = marked(cloud, filter, marker)?;
        query.after = Some((server.project, server.created, server.id));
    }
    let mut found = Vec::new();
    while found.len() < paging.limit {
        let capacity = paging.limit - found.len();
        query.limit = Some(capacity.clamp(limits::PAGE_DEFAULT, limits::PAGE_MAX));
        let page = cloud.manager.servers(&query);
        found.extend(
            page.servers.into_iter().filter(|server| filter.shows(cloud, server)).take(capacity),
        );
        match page.next {
            Some(next) if found.len() < paging.limit => query.after = Some(next),
            _ => break,
        }
        // A filter that shows little looks at much.
        yield_now().await;
    }
    Ok(found)
}

/// The server that a page is to begin behind.
fn marked(cloud: &Cloud, filter: &Filter, marker: &str) -> Result<Arc<Server>, Problem> {
    let server = parse(marker).and_then(|id| match filter.wants_deleted() {
        true => cloud.manager.remembered(id),
        false => cloud.manager.any_server(id),
    });
    let visible = |server: &Arc<Server>| filter.project.is_none_or(|own| own == server.project);
    server.filter(visible).ok_or_else(|| paging::unknown(marker))
}

/// Any other order, and lists with deleted servers: all that fit are gathered first.
async fn sorted(
    cloud: &Cloud,
    filter: &Filter,
    paging: &Paging,
    order: &Order,
) -> Result<Vec<Arc<Server>>, Problem> {
    let marker = paging.marker.as_ref().map(|marker| marked(cloud, filter, marker)).transpose()?;
    let mut servers = Vec::new();
    if filter.wants_existing() {
        servers = newest(cloud, filter, &Paging { limit: usize::MAX, marker: None }).await?;
    }
    if filter.wants_deleted() {
        add_deleted(cloud, filter, &mut servers).await;
    }
    servers.sort_by(|one, other| order.compare(one, other));
    if let Some(marker) = marker {
        let behind = |server: &Arc<Server>| order.compare(server, &marker) == Ordering::Greater;
        servers.drain(..servers.partition_point(|server| !behind(server)));
    }
    servers.truncate(paging.limit);
    Ok(servers)
}

/// Adds the deleted servers that fit. What was deleted after it had been found is there once, as
/// it is now.
async fn add_deleted(cloud: &Cloud, filter: &Filter, servers: &mut Vec<Arc<Server>>) {
    let mut deleted = Vec::new();
    let mut before = None;
    loop {
        let page = cloud.manager.deleted_servers(before);
        deleted.extend(page.servers);
        before = page.next;
        if before.is_none() {
            break;
        }
        yield_now().await;
    }
    let gone: HashSet<ServerId> = deleted.iter().map(|server| server.id).collect();
    servers.retain(|server| !gone.contains(&server.id));
    servers.extend(deleted.into_iter().filter(|server| filter.shows(cloud, server)));
}

/// Rows that are written before others get their turn: a fraction of a millisecond.
const ROWS_PER_TURN: usize = 64;

/// A page as it is written: from the rows themselves, without a copy of any.
struct Page<'a> {
    servers: &'a [Arc<Server>],
    cloud: &'a Cloud,
    caller: &'a Caller,
    detailed: bool,
    next: Option<Value>,
}

impl Page<'_> {
    /// Its JSON. A full page takes milliseconds: written in one go, it would hold up whoever else
    /// this thread serves.
    async fn written(&self) -> Result<Vec<u8>, Problem> {
        let capacity = if self.detailed {
            self.servers.len().max(1) * answer::BUFFER_BYTES
        } else {
            answer::BUFFER_BYTES
        };
        let mut body = Vec::with_capacity(capacity);
        body.extend_from_slice(br#"{"servers":["#);
        for (place, server) in self.servers.iter().enumerate() {
            if place > 0 {
                body.push(b',');
                if place % ROWS_PER_TURN == 0 {
                    yield_now().await;
                }
            }
            self.put_row(&mut body, server)?;
        }
        body.push(b']');
        if let Some(next) = &self.next {
            body.extend_from_slice(br#","servers_links":"#);
            put(&mut body, next)?;
        }
        body.push(b'}');
        Ok(body)
    }

    fn put_row(&self, body: &mut Vec<u8>, server: &Server) -> Result<(), Problem> {
        let Self { cloud, caller, .. } = *self;
        if !self.detailed {
            return put(body, &Brief(server, caller));
        }
        let (base, version, admin) = (&caller.context.base, caller.version(), caller.is_admin());
        put(body, &Shown { server, cloud, base, version, admin, place: Place::Row })
    }
}

/// A row of the brief list.
struct Brief<'a>(&'a Server, &'a Caller);

impl Serialize for Brief<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("id", &self.0.id.0)?;
        map.serialize_entry("name", &self.0.name)?;
        map.serialize_entry("links", &links(&self.1.context.base, self.0.id))?;
        map.end()
    }
}
