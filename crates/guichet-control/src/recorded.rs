//! What a request asks for, as a recording says it.

use guichet_cloud::Cloud;
use guichet_cloud::catalogue::Viewer;
use guichet_openstack::http::made::MadeServers;
use http::Method;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::clipped::clipped;

/// Where servers are.
const SERVERS: &str = "/compute/v2.1/servers";

/// What was asked of servers.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Asked {
    /// The action: of those that are replayed its word of a trace, else Nova's.
    pub(crate) action: Option<String>,
    /// The server's id.
    pub(crate) server: Option<Box<str>>,
    /// Of a create that made several, the ids of all of them, of so many at most as a recording names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) servers: Vec<Uuid>,
    /// Of a create its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<Box<str>>,
    /// Of a create how many servers it made, or was to make.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) count: Option<u64>,
    /// Of a create the size of each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) vcpus: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ram_mib: Option<u32>,
}

/// Whether what a request asks for stands in its body.
pub(crate) fn is_in_body(method: &Method, path: &str) -> bool {
    *method == Method::POST && (path == SERVERS || acted_on(path).is_some())
}

/// Whether it makes servers, whose id is in the answer.
pub(crate) fn is_create(method: &Method, path: &str) -> bool {
    *method == Method::POST && path == SERVERS
}

/// The server that a path of an action is about.
fn acted_on(path: &str) -> Option<&str> {
    path.strip_prefix(SERVERS)?.strip_prefix('/')?.strip_suffix("/action")
}

impl Asked {
    /// It made these servers.
    pub(crate) fn made(&mut self, made: &MadeServers) {
        self.count = Some(made.count as u64);
        self.server = made.first.first().map(|id| id.0.to_string().into_boxed_str());
        if made.count > 1 {
            self.servers = made.first.iter().map(|id| id.0).collect();
        }
    }

    /// What a request with this unified path and body asks for.
    pub(crate) fn of(cloud: &Cloud, method: &Method, path: &str, body: Option<&Value>) -> Self {
        let word = |action: &str| Some(action.to_owned());
        let behind = path.strip_prefix(SERVERS);
        match (method.as_str(), behind) {
            ("GET", Some("" | "/detail")) => Self { action: word("list"), ..Self::default() },
            ("POST", Some("")) => create(cloud, body.unwrap_or(&Value::Null)),
            ("POST", Some(_)) => {
                let server = acted_on(path).map(clipped);
                let action = body.and_then(action).filter(|_| server.is_some());
                Self { action, server, ..Self::default() }
            }
            ("DELETE", Some(behind)) => {
                let server = behind.strip_prefix('/').filter(|id| !id.contains('/'));
                let action = server.and_then(|_| word("delete"));
                Self { action, server: server.map(clipped), ..Self::default() }
            }
            _ => Self::default(),
        }
    }
}

fn create(cloud: &Cloud, body: &Value) -> Asked {
    let server = &body["server"];
    // A number may be sent as a text.
    let number = |name: &str| {
        let value = &server[name];
        value.as_u64().or_else(|| value.as_str().and_then(|text| text.parse().ok()))
    };
    let flavor = &server["flavorRef"];
    let flavor = flavor.as_str().map(str::to_owned).or_else(|| Some(flavor.as_u64()?.to_string()));
    // What clients send is an id, or an address that ends with one.
    let id = flavor.as_deref().and_then(|flavor| flavor.rsplit('/').next()).unwrap_or_default();
    let size = cloud.catalogue().find_flavor(id, Viewer::Admin).map(|(_, flavor)| flavor.size);
    Asked {
        action: Some("create".to_owned()),
        server: None,
        servers: Vec::new(),
        name: server["name"].as_str().map(clipped),
        count: number("max_count").or_else(|| number("min_count")).or(Some(1)),
        vcpus: size.map(|size| size.vcpus),
        ram_mib: size.map(|size| size.ram_mib),
    }
}

/// The word of an action's body, which has one field.
fn action(body: &Value) -> Option<String> {
    let (name, value) = body.as_object()?.iter().next()?;
    let word = match name.as_str() {
        "reboot"
            if value["type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("hard")) =>
        {
            "reboot_hard"
        }
        "os-start" => "start",
        "os-stop" => "stop",
        other => other,
    };
    Some(word.chars().take(64).collect())
}
