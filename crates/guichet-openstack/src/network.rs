//! Network v2.0: the declared networks and the ports of servers, to look at (Networking API
//! reference). What clients ask for around servers, and a plain no to the rest.

mod list;
mod objects;
mod ports;
mod problem;
mod quotas;

use axum::Json;
use guichet_cloud::Cloud;
use guichet_http::path::Named;
use guichet_http::query::Params;
use http::Method;
use serde_json::{Value, json};

use self::problem::no_such;
use crate::http::gate::{Caller, Context, In};
use crate::http::paging::Paging;
use crate::http::problem::Problem;
use crate::http::routes::Routes;
use crate::http::service::Service;

/// The service's row in the table of services.
pub static SERVICE: Service = Service {
    kind: "network",
    name: "neutron",
    prefix: "network",
    endpoint: "/network",
    is_open: |_, path| path == "/network/v2.0" || !path.starts_with("/network/v2.0/"),
    problem_body: problem::body,
    is_compute: false,
};

/// Why nothing is written here.
const NOT_WRITTEN: &str = "Networks and what belongs to them cannot be changed while this cloud \
                           runs: declare them in its configuration.";

/// Its routes, with its prefix.
pub fn routes() -> Routes {
    let mut routes = Routes::under("/network")
        .get("", versions)
        .get("/v2.0", resources)
        .get("/v2.0/extensions", extensions)
        .get("/v2.0/extensions/{alias}", extension)
        .get("/v2.0/ports", ports::all)
        .get("/v2.0/ports/{id}", ports::one)
        .get("/v2.0/quotas", quotas::all)
        .get("/v2.0/quotas/{project}", quotas::show)
        .absent_by(Method::PUT, "/v2.0/quotas/{project}", NOT_WRITTEN, no_change)
        .delete("/v2.0/quotas/{project}", quotas::reset)
        .get("/v2.0/quotas/{project}/default", quotas::show)
        .get("/v2.0/quotas/{project}/details", quotas::details)
        .get("/v2.0/quotas/{project}/details.json", quotas::details);
    for collection in COLLECTIONS {
        let all = move |In(cloud): In, caller: Caller, params: Params| async move {
            collection.all(&cloud, &caller, &params)
        };
        let one = move |In(cloud): In, caller: Caller, Named(id): Named| async move {
            collection.one(&cloud, &caller, &id)
        };
        let path = format!("/v2.0/{}", collection.path);
        routes = routes.get(&path, all).get(&format!("{path}/{{id}}"), one);
    }
    for path in COLLECTIONS.iter().map(|collection| collection.path).chain(["ports"]) {
        let path = format!("/v2.0/{path}");
        routes = routes.absent_by(Method::POST, &path, NOT_WRITTEN, no_change);
        let path = format!("{path}/{{id}}");
        routes = routes.absent_by(Method::PUT, &path, NOT_WRITTEN, no_change).absent_by(
            Method::DELETE,
            &path,
            NOT_WRITTEN,
            no_change,
        );
    }
    for path in ["add_router_interface", "remove_router_interface"] {
        let path = format!("/v2.0/routers/{{id}}/{path}");
        routes = routes.absent_by(Method::PUT, &path, NOT_WRITTEN, no_change);
    }
    for path in ABSENT {
        let path = format!("/v2.0/{path}");
        routes = routes.absent(&[Method::GET, Method::POST], &path, NO_SUCH_PART).absent(
            &[Method::GET, Method::PUT, Method::DELETE],
            &format!("{path}/{{id}}"),
            NO_SUCH_PART,
        );
    }
    routes
}

const NO_SUCH_PART: &str = "This cloud has no such part of the network service.";

/// Collections that there is nothing of at all.
const ABSENT: [&str; 12] = [
    "address-groups",
    "auto-allocated-topology",
    "flavors",
    "local_ips",
    "log/logs",
    "metering/metering-labels",
    "metering/metering-label-rules",
    "network-ip-availabilities",
    "network_segment_ranges",
    "qos/policies",
    "segments",
    "service-providers",
];

/// A kind of thing that is there, or might be looked for.
struct Collection {
    /// In the path.
    path: &'static str,
    /// The list's name in its answer.
    plural: &'static str,
    /// A thing's name in its answer.
    singular: &'static str,
    /// All of them that a caller sees.
    rows: fn(&Cloud, &Caller) -> Vec<Value>,
}

const fn collection(
    path: &'static str,
    plural: &'static str,
    singular: &'static str,
    rows: fn(&Cloud, &Caller) -> Vec<Value>,
) -> Collection {
    Collection { path, plural, singular, rows }
}

const fn none(_: &Cloud, _: &Caller) -> Vec<Value> {
    Vec::new()
}

/// All of them; ports are too many to be made for each question, so they are elsewhere.
static COLLECTIONS: &[Collection] = &[
    collection("networks", "networks", "network", objects::networks),
    collection("subnets", "subnets", "subnet", objects::subnets),
    collection("security-groups", "security_groups", "security_group", objects::security_groups),
    collection("security-group-rules", "security_group_rules", "security_group_rule", none),
    collection("availability_zones", "availability_zones", "availability_zone", objects::zones),
    collection("floatingips", "floatingips", "floatingip", none),
    collection("routers", "routers", "router", none),
    collection("subnetpools", "subnetpools", "subnetpool", none),
    collection("address-scopes", "address_scopes", "address_scope", none),
    collection("trunks", "trunks", "trunk", none),
    collection("rbac-policies", "rbac_policies", "rbac_policy", none),
    // Administrators alone see agents: for others Neutron leaves them out, one by one.
    collection("agents", "agents", "agent", none),
];

impl Collection {
    fn all(&self, cloud: &Cloud, caller: &Caller, params: &Params) -> Result<Json<Value>, Problem> {
        let paging = Paging::of(params)?;
        let rows = list::wanted((self.rows)(cloud, caller), params)?;
        let path = format!("/network/v2.0/{}", self.path);
        list::answer(&paging, rows, params, self.plural, |query| {
            caller.context.base.link(&format!("{path}?{query}"))
        })
    }

    /// By its id, which is no name: clients try names as ids, and go on after 404.
    fn one(&self, cloud: &Cloud, caller: &Caller, id: &str) -> Result<Json<Value>, Problem> {
        let row = (self.rows)(cloud, caller).into_iter().find(|row| row["id"] == id);
        let row = row.ok_or_else(|| no_such(self.singular, id))?;
        Ok(Json(json!({ self.singular: row })))
    }
}

async fn no_change(caller: Caller) -> Problem {
    caller.must_write("network_write").err().unwrap_or_else(|| Problem::not_offered(NOT_WRITTEN))
}

/// The versions. Open to all.
async fn versions(context: Context) -> Json<Value> {
    let href = context.base.link("/network/v2.0/");
    Json(json!({ "versions": [{
        "id": "v2.0",
        "status": "CURRENT",
        "links": [{ "rel": "self", "href": href }],
    }]}))
}

/// What there is below a version. Open to all.
async fn resources(context: Context) -> Json<Value> {
    let shown = |(path, plural, singular): (&str, &str, &str)| {
        let href = context.base.link(&format!("/network/v2.0/{path}"));
        json!({
            "name": singular,
            "collection": plural,
            "links": [{ "rel": "self", "href": href }],
        })
    };
    let listed = COLLECTIONS.iter().map(|one| (one.path, one.plural, one.singular));
    // What is elsewhere than in the table.
    let others = [("ports", "ports", "port"), ("quotas", "quotas", "quota")];
    Json(json!({ "resources": listed.chain(others).map(shown).collect::<Vec<_>>() }))
}

/// (alias, name) of what clients look for before they use it.
const EXTENSIONS: &[(&str, &str)] = &[
    ("availability_zone", "Availability Zone"),
    ("external-net", "Neutron external network"),
    ("net-mtu", "Network MTU"),
    ("network_availability_zone", "Network Availability Zone"),
    ("pagination", "Pagination support"),
    ("port-security", "Port Security"),
    ("project-id", "project_id field enabled"),
    ("quota_details", "Quota details management support"),
    ("quotas", "Quota management support"),
    ("security-group", "security-group"),
    ("sorting", "Sorting support"),
    ("standard-attr-description", "standard-attr-description"),
    ("standard-attr-timestamp", "Resource timestamps"),
];

fn extension_shown((alias, name): &(&str, &str)) -> Value {
    json!({
        "alias": alias,
        "name": name,
        "description": "",
        "links": [],
        "updated": "2016-09-12T10:00:00-00:00",
    })
}

async fn extensions(_caller: Caller) -> Json<Value> {
    let shown: Vec<Value> = EXTENSIONS.iter().map(extension_shown).collect();
    Json(json!({ "extensions": shown }))
}

async fn extension(_caller: Caller, Named(alias): Named) -> Result<Json<Value>, Problem> {
    let found = EXTENSIONS.iter().find(|(known, _)| *known == alias);
    let found = found.ok_or_else(|| {
        Problem::not_found(format!("Extension with alias {alias} does not exist"))
    })?;
    Ok(Json(json!({ "extension": extension_shown(found) })))
}
