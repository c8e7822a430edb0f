//! Lists of servers: what is asked for, and the page of it. (Compute API, "List Servers".)

mod filter;
mod order;

use std::sync::Arc;

use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_cloud::servers::Window;
use guichet_core::server::Server;
use guichet_http::answer::BUFFER_BYTES;
use guichet_http::json::name;
use guichet_http::query::Params;
use guichet_http::space::{self, Reserved, Space};
use http::StatusCode;
use serde_json::Value;
use tokio::task::yield_now;

use super::fields::{self, Place};
use super::find::parse;
use super::problem::of_search;
use super::related::Related;
use crate::http::answer::{self, put};
use crate::http::gate::{Caller, In};
use crate::http::paging::{Paging, unknown};
use crate::http::problem::Problem;

/// `GET /servers`: ids and names.
pub(super) async fn brief(
    In(cloud): In,
    caller: Caller,
    params: Params,
    space: Space,
) -> Result<Response, Problem> {
    list(&cloud, &caller, &params, &space, false).await
}

/// `GET /servers/detail`: everything.
pub(super) async fn detail(
    In(cloud): In,
    caller: Caller,
    params: Params,
    space: Space,
) -> Result<Response, Problem> {
    list(&cloud, &caller, &params, &space, true).await
}

async fn list(
    cloud: &Cloud,
    caller: &Caller,
    params: &Params,
    space: &Space,
    detailed: bool,
) -> Result<Response, Problem> {
    let filter = filter::read(cloud, caller, params)?;
    let paging = Paging::of(params)?;
    let order = order::read(caller, params)?;
    let marker = paging.marker.as_deref().map(|text| parse(text).ok_or_else(|| unknown(text)));
    let window = Window { limit: paging.limit, marker: marker.transpose()? };
    let servers = cloud.servers().search(&caller.who, filter, order, window).await;
    let servers = servers.map_err(|error| {
        of_search(error, paging.marker.as_deref(), "os_compute_api:servers:index:get_all_tenants")
    })?;
    let last = servers.last().map(|server| server.id.0.to_string());
    let path = if detailed { "/compute/v2.1/servers/detail" } else { "/compute/v2.1/servers" };
    let link = |query: &Params| caller.context.base.link(&format!("{path}?{query}"));
    let next = paging.links(params, servers.len(), last.as_deref(), link);
    let related = Related::new(cloud, caller);
    let page = Page { servers: &servers, detailed, related, next };
    let mut reserved = space.reserve(page.capacity()).await?;
    let body = page.written(&mut reserved).await?;
    Ok(space::written(StatusCode::OK, body, reserved))
}

/// Rows that are written before others get their turn: a fraction of a millisecond.
const ROWS_PER_SLICE: usize = 64;

/// Bytes of a row of the brief list: an id twice in links, a name.
const BRIEF_BYTES: usize = 512;

/// A page as it is written: from the rows themselves, without a copy of any.
struct Page<'a> {
    servers: &'a [Arc<Server>],
    detailed: bool,
    /// What its servers are of and on.
    related: Related<'a>,
    next: Option<Value>,
}

impl Page<'_> {
    /// The bytes it will probably have.
    fn capacity(&self) -> usize {
        let row = if self.detailed { BUFFER_BYTES } else { BRIEF_BYTES };
        self.servers.len().max(1) * row
    }

    /// Its JSON, in memory that was reserved for it. A full page takes milliseconds: written in one go, it would hold up whoever else
    /// this thread serves.
    async fn written(mut self, reserved: &mut Reserved) -> Result<Vec<u8>, Problem> {
        let mut body = Vec::with_capacity(self.capacity());
        body.extend_from_slice(br#"{"servers":["#);
        for (number, server) in self.servers.iter().enumerate() {
            if number > 0 {
                body.push(b',');
                if number % ROWS_PER_SLICE == 0 {
                    // Rows may carry much more than most do.
                    reserved.cover(body.capacity())?;
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
        reserved.cover(body.capacity())?;
        Ok(body)
    }

    fn put_row(&mut self, body: &mut Vec<u8>, server: &Server) -> Result<(), Problem> {
        let related = &mut self.related;
        answer::put_object(body, |row| {
            if self.detailed {
                return fields::put(row, related, server, Place::Row);
            }
            row.field(name!("id"), &server.id.0)?;
            row.field(name!("name"), &server.name)?;
            row.written(name!("links"), |out| related.put_links(out, server))
        })
    }
}
