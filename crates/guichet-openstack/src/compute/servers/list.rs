//! Lists of servers: what is asked for, and the page of it. (Compute API, "List Servers".)

pub(super) mod filter;

use std::cmp::Ordering;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use guichet_core::server::Server;
use guichet_store::Query;
use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

use super::fields::{Place, Shown, links};
use super::find::parse;
use crate::cloud::Cloud;
use crate::http::answer;
use crate::http::gate::Caller;
use crate::http::paging::{self, Paging};
use crate::http::problem::Problem;
use crate::http::query::Params;
use filter::Filter;

/// `GET /servers`: ids and names.
pub(super) async fn brief(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    params: Params,
) -> Result<Response, Problem> {
    list(&cloud, &caller, &params, false)
}

/// `GET /servers/detail`: everything.
pub(super) async fn detail(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    params: Params,
) -> Result<Response, Problem> {
    list(&cloud, &caller, &params, true)
}

fn list(
    cloud: &Cloud,
    caller: &Caller,
    params: &Params,
    detailed: bool,
) -> Result<Response, Problem> {
    let filter = Filter::of(cloud, caller, params)?;
    let paging = Paging::of(params)?;
    let order = Order::of(caller, params)?;
    let servers = match order {
        Order::Newest if filter.project.is_some() => newest(cloud, &filter, &paging)?,
        order => sorted(cloud, &filter, &paging, &order)?,
    };
    let last = servers.last().map(|server| server.id.0.to_string());
    let path = if detailed { "/compute/v2.1/servers/detail" } else { "/compute/v2.1/servers" };
    let link = |query: &Params| caller.context.base.link(&format!("{path}?{query}"));
    let next = paging.links(params, servers.len(), last.as_deref(), link);
    let page = Page { servers: &servers, cloud, caller, detailed, next };
    if detailed { answer::list(&page, servers.len()) } else { answer::json(&page) }
}

/// The usual order, which is the store's own: a page costs what it shows, however many there are.
fn newest(cloud: &Cloud, filter: &Filter, paging: &Paging) -> Result<Vec<Arc<Server>>, Problem> {
    let mut query = Query { project: filter.project, status: filter.status(), ..Query::default() };
    if let Some(marker) = &paging.marker {
        let server = parse(marker).and_then(|id| cloud.manager.any_server(id));
        let server = server.filter(|server| filter.project == Some(server.project));
        let server = server.ok_or_else(|| paging::unknown(marker))?;
        query.after = Some((server.project, server.created, server.id));
    }
    let mut found = Vec::new();
    while found.len() < paging.limit {
        let page = cloud.manager.servers(&query);
        let room = paging.limit - found.len();
        found.extend(
            page.servers.into_iter().filter(|server| filter.shows(cloud, server)).take(room),
        );
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    Ok(found)
}

/// Any other order: all that fit are gathered first.
fn sorted(
    cloud: &Cloud,
    filter: &Filter,
    paging: &Paging,
    order: &Order,
) -> Result<Vec<Arc<Server>>, Problem> {
    let all = Paging { limit: usize::MAX, marker: None };
    let mut servers = newest(cloud, filter, &all)?;
    servers.sort_by(|one, other| order.compare(one, other));
    paging.of_rows(servers, |server| server.id.0.to_string())
}

/// In which order.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Order {
    /// By creation, the newest first.
    Newest,
    /// By these, each ascending or not.
    By(Vec<(Key, bool)>),
}

/// What a list can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Id,
    Name,
    Created,
    Updated,
    Launched,
    VmState,
    TaskState,
    Project,
    User,
    Locked,
    Host,
    Same,
}

/// Names of sort keys. What there is nothing to tell servers apart by leaves them as they are.
const KEYS: [(&str, Key); 24] = [
    ("uuid", Key::Id),
    ("display_name", Key::Name),
    ("created_at", Key::Created),
    ("updated_at", Key::Updated),
    ("launched_at", Key::Launched),
    ("vm_state", Key::VmState),
    ("task_state", Key::TaskState),
    ("project_id", Key::Project),
    ("user_id", Key::User),
    ("locked", Key::Locked),
    ("host", Key::Host),
    ("node", Key::Host),
    ("power_state", Key::VmState),
    ("terminated_at", Key::Same),
    ("access_ip_v4", Key::Same),
    ("access_ip_v6", Key::Same),
    ("auto_disk_config", Key::Same),
    ("availability_zone", Key::Same),
    ("config_drive", Key::Same),
    ("display_description", Key::Same),
    ("image_ref", Key::Same),
    ("instance_type_id", Key::Same),
    ("key_name", Key::Same),
    ("hostname", Key::Name),
];

impl Order {
    fn of(caller: &Caller, params: &Params) -> Result<Self, Problem> {
        let mut keys = Vec::new();
        let mut directions = params.all("sort_dir");
        for name in params.all("sort_key") {
            let known = KEYS.iter().find(|(known, _)| *known == name);
            let (_, key) = known.ok_or_else(|| {
                Problem::bad_request(format!(
                    "Invalid input for query parameters sort_key: '{name}'."
                ))
            })?;
            if matches!(key, Key::Host) && !caller.is_admin() {
                return Err(Problem::policy("sorting by host"));
            }
            let ascending = match directions.next() {
                None | Some("desc") => false,
                Some("asc") => true,
                Some(other) => {
                    return Err(Problem::bad_request(format!(
                        "Invalid input for query parameters sort_dir: '{other}', expected asc or desc."
                    )));
                }
            };
            keys.push((*key, ascending));
        }
        let usual = keys.is_empty() || keys == [(Key::Created, false)];
        Ok(if usual { Self::Newest } else { Self::By(keys) })
    }

    fn compare(&self, one: &Server, other: &Server) -> Ordering {
        let newest = || (other.created, other.id).cmp(&(one.created, one.id));
        let Self::By(keys) = self else {
            return newest();
        };
        let by = keys.iter().map(|(key, ascending)| {
            let order = key.compare(one, other);
            if *ascending { order } else { order.reverse() }
        });
        by.fold(Ordering::Equal, Ordering::then).then_with(newest)
    }
}

impl Key {
    fn compare(self, one: &Server, other: &Server) -> Ordering {
        match self {
            Self::Id => one.id.cmp(&other.id),
            Self::Name => one.name.cmp(&other.name),
            Self::Created => one.created.cmp(&other.created),
            Self::Updated => one.updated.cmp(&other.updated),
            Self::Launched => one.launched.cmp(&other.launched),
            Self::VmState => one.vm_state.cmp(&other.vm_state),
            Self::TaskState => one.task_state.cmp(&other.task_state),
            Self::Project => one.project.cmp(&other.project),
            Self::User => one.created_by.cmp(&other.created_by),
            Self::Locked => one.is_locked().cmp(&other.is_locked()),
            Self::Host => one.host.cmp(&other.host),
            Self::Same => Ordering::Equal,
        }
    }
}

/// A page as it is written: from the rows themselves, without a copy of any.
struct Page<'a> {
    servers: &'a [Arc<Server>],
    cloud: &'a Cloud,
    caller: &'a Caller,
    detailed: bool,
    next: Option<Value>,
}

impl Serialize for Page<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("servers", &Rows(self))?;
        if let Some(next) = &self.next {
            map.serialize_entry("servers_links", next)?;
        }
        map.end()
    }
}

struct Rows<'a>(&'a Page<'a>);

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

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Page { servers, cloud, caller, detailed, .. } = *self.0;
        let mut rows = serializer.serialize_seq(Some(servers.len()))?;
        for server in servers {
            if detailed {
                rows.serialize_element(&Shown {
                    server,
                    cloud,
                    base: &caller.context.base,
                    version: caller.version(),
                    admin: caller.is_admin(),
                    place: Place::Row,
                })?;
            } else {
                rows.serialize_element(&Brief(server, caller))?;
            }
        }
        rows.end()
    }
}
