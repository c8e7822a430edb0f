//! The list of servers, a page at a time.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_cloud::servers::{Condition, Filter, Order, Projects, SortKey, Window, pattern};
use guichet_core::ids::ServerId;
use guichet_core::limits;
use guichet_core::server::Server;
use guichet_core::state::Status;
use guichet_http::query::Params;
use guichet_locale::text;
use uuid::Uuid;

use crate::figure::Moment;
use crate::form::given;
use crate::frame::{Choice, Frame, Here, shown};
use crate::notice::Notice;
use crate::refusal::of_search;
use crate::signed::Signed;

/// Statuses that one looks for.
const STATUSES: [Status; 6] = [
    Status::Active,
    Status::Build,
    Status::Shutoff,
    Status::VerifyResize,
    Status::Error,
    Status::SoftDeleted,
];

#[derive(Template)]
#[template(path = "servers.html")]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
    /// What is looked for.
    name: String,
    statuses: Vec<Choice>,
    is_of_all: bool,
    /// The page behind this one.
    next: Option<String>,
    /// Whether it is not the first.
    is_later: bool,
    first: String,
}

/// A server in a list.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) status: &'static str,
    pub(crate) task: &'static str,
    pub(crate) project: String,
    pub(crate) flavor: String,
    pub(crate) addresses: String,
    pub(crate) host: String,
    pub(crate) created: Moment,
}

impl Row {
    pub(crate) fn of(cloud: &Cloud, server: &Server) -> Self {
        let directory = cloud.accounts().directory();
        let project = directory.owner(server.project);
        let flavor = cloud.catalogue().flavor(server.flavor);
        let host = server.host.and_then(|host| cloud.catalogue().host(host));
        let addresses = server.ports().iter().map(|port| port.address.to_string());
        Self {
            id: server.id.to_string(),
            name: server.name.to_string(),
            status: server.status().as_str(),
            task: server.task_state.map_or("", |task| task.as_str()),
            project: project.map_or_else(String::new, |project| project.name.to_string()),
            flavor: flavor.map_or_else(String::new, |flavor| flavor.name.to_string()),
            addresses: addresses.collect::<Vec<_>>().join(", "),
            host: host.map_or_else(String::new, |host| host.name.to_string()),
            created: Moment::of(server.created),
        }
    }
}

/// What a list is asked for.
struct Asked {
    filter: Filter,
    order: Order,
    window: Window,
}

impl Asked {
    /// Reads what is looked for. Names that begin with a text are in an index, and in its order.
    fn read(signed: &Signed) -> Self {
        let query = &signed.query;
        let mut filter = Filter::default();
        let mut order = Order::Newest;
        if signed.caller.is_admin() && query.has("all") {
            filter.projects = Projects::All;
        }
        if let Some(status) = given(query, "status").and_then(|text| text.parse().ok()) {
            filter.statuses = Some(vec![status]);
        }
        if let Some(name) = given(query, "name") {
            let begins = pattern(&format!("^{}", regex::escape(name)));
            filter.conditions = vec![begins.map_or(Condition::Never, Condition::Name)];
            order = Order::by(vec![(SortKey::Name, true), (SortKey::Created, true)]);
        }
        let marker = query.get("after").and_then(|id| Uuid::parse_str(id).ok()).map(ServerId);
        let limit = limits::CONSOLE_SERVERS_SHOWN + 1;
        Self { filter, order, window: Window { limit, marker } }
    }
}

/// `GET /console/servers`.
pub(crate) async fn list(signed: Signed) -> Response {
    let Asked { filter, order, window } = Asked::read(&signed);
    let found = signed.cloud.servers().search(&signed.caller, filter, order, window).await;
    let (mut found, notice) = match found {
        Ok(found) => (found, None),
        Err(error) => (Vec::new(), Some(of_search(signed.locale, &error))),
    };
    let has_more = found.len() > limits::CONSOLE_SERVERS_SHOWN;
    found.truncate(limits::CONSOLE_SERVERS_SHOWN);
    let last = found.last().filter(|_| has_more).map(|server| server.id.to_string());
    page(&signed, &found, last, notice)
}

fn page(
    signed: &Signed,
    found: &[Arc<Server>],
    last: Option<String>,
    notice: Option<Notice>,
) -> Response {
    let asked = signed.query.without("said");
    let address = |query: &Params| format!("/console/servers?{query}");
    let status = given(&asked, "status").unwrap_or_default();
    let choice = |known: &Status| Choice {
        value: known.as_str().to_owned(),
        name: known.as_str().to_owned(),
        is_chosen: known.as_str() == status,
    };
    let title = text!(signed.locale, "console-servers-title");
    let page = Page {
        frame: signed.frame(title, Here::Servers, notice),
        rows: found.iter().map(|server| Row::of(&signed.cloud, server)).collect(),
        name: given(&asked, "name").unwrap_or_default().to_owned(),
        statuses: STATUSES.iter().map(choice).collect(),
        is_of_all: asked.has("all"),
        next: last.map(|last| address(&asked.with("after", &last))),
        is_later: asked.has("after"),
        first: address(&asked.without("after")),
    };
    shown(&page, page.frame.notice.as_ref())
}
