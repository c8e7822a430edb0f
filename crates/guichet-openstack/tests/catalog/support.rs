//! A small cloud and a way to ask it: the routers of the services behind a stand-in for the gate,
//! which makes the session that a request asks for by its caller's name.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_cloud::accounts::Session;
use guichet_cloud::accounts::{Project, Role};
use guichet_cloud::catalogue::{Flavor, Image, Network};
use guichet_cloud::config::{Declared, DeclaredUser, Rates};
use guichet_core::details::{Details, Port};
use guichet_core::ids::{ClientId, FlavorId, ImageId, ProjectId, RequestId, ServerId};
use guichet_core::project::Quota;
use guichet_core::request::{Create, RequestBody};
use guichet_core::server::Size;
use guichet_driver::profile::Profile;
use guichet_http::links::Base;
use guichet_openstack::http::gate::{Context, Obstacle};
use guichet_openstack::http::shape::shaped;
use guichet_openstack::http::version;
use guichet_openstack::{compute, image, network};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;
use uuid::Uuid;

/// Ids of the projects.
pub(crate) const DEMO: &str = "11111111111111111111111111111111";
pub(crate) const ALT: &str = "22222222222222222222222222222222";
/// The image.
pub(crate) const CIRROS: Uuid = Uuid::from_u128(0xC1);
/// The network and its subnet.
pub(crate) const PRIVATE: Uuid = Uuid::from_u128(0xA1);
pub(crate) const SUBNET: Uuid = Uuid::from_u128(0xA2);

/// Who asks: a role in project `demo`, or a member of `alt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Reader,
    Member,
    Admin,
    Alt,
    Nobody,
}

impl Who {
    fn session(self) -> Option<Arc<Session>> {
        let project = match self {
            Self::Reader => (0, Role::Reader),
            Self::Member => (0, Role::Member),
            Self::Admin => (0, Role::Admin),
            Self::Alt => (1, Role::Member),
            Self::Nobody => return None,
        };
        Some(Arc::new(Session::new(0, Some(project))))
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    /// Its text, if it is a problem of Compute's or Image's.
    pub(crate) fn message(&self) -> &str {
        let fault = self.body.as_object().and_then(|body| body.values().next());
        fault.and_then(|fault| fault["message"].as_str()).unwrap_or("")
    }
}

pub(crate) struct Bench {
    pub(crate) cloud: Arc<Cloud>,
    app: Router,
}

impl Bench {
    /// A cloud of two projects, three flavors (one of them private), two images, one network, two
    /// hosts. To be called inside a runtime.
    pub(crate) fn new() -> Self {
        let profile = Profile::builtin("instant").expect("it is built in");
        let builder = Cloud::builder(declared()).profile(profile).seed(0);
        let cloud = builder.open().expect("it opens").cloud;
        let app = Router::new()
            .merge(compute::routes().into_router())
            .merge(image::routes().into_router())
            .merge(network::routes().into_router());
        Self { cloud, app }
    }

    /// `GET` as this caller at microversion 2.`minor`.
    pub(crate) async fn get(&self, who: Who, minor: u16, path: &str) -> Answer {
        self.ask(who, minor, "GET", path, None).await
    }

    /// Any request as this caller at microversion 2.`minor`.
    pub(crate) async fn ask(
        &self,
        who: Who,
        minor: u16,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        self.send(request(&self.cloud, who, minor, method, path, body)).await
    }

    /// As a member at 2.1, with what the gate found in the way.
    pub(crate) async fn ask_behind(&self, obstacle: Obstacle, method: &str, path: &str) -> Answer {
        let mut request = request(&self.cloud, Who::Member, 1, method, path, None);
        request.extensions_mut().insert(obstacle);
        self.send(request).await
    }

    async fn send(&self, request: Request) -> Answer {
        let service = match request.uri().path().split('/').nth(1) {
            Some("compute") => &compute::SERVICE,
            Some("image") => &image::SERVICE,
            _ => &network::SERVICE,
        };
        let Ok(answer) = self.app.clone().oneshot(request).await;
        read(shaped(answer, service)).await
    }

    /// A body that must come with 200.
    pub(crate) async fn body(&self, who: Who, minor: u16, path: &str) -> Value {
        let answer = self.get(who, minor, path).await;
        assert_eq!(answer.status, 200, "{path} at 2.{minor}: {}", answer.body);
        answer.body
    }

    /// The status of a `GET`.
    pub(crate) async fn status(&self, who: Who, minor: u16, path: &str) -> u16 {
        self.get(who, minor, path).await.status
    }

    /// Makes servers of the smallest flavor in this project, each with a port, and waits until
    /// they run.
    pub(crate) async fn servers(&self, project: u32, count: usize) -> Vec<ServerId> {
        let manager = self.cloud.manager();
        let (id, servers) = manager.draw_ids(ClientId(0), count);
        let details = servers.iter().enumerate().map(|(which, server)| {
            let port = Port {
                id: Uuid::from_u128(server.0.as_u128() ^ 1),
                network: 0,
                address: Ipv4Addr::new(10, 0, 0, 10 + which as u8).into(),
                mac: [0xFA, 0x16, 0x3E, 0, 0, which as u8],
            };
            Arc::new(Details { ports: vec![port], ..Details::default() })
        });
        let create = Create {
            details: details.collect(),
            hosts: None,
            most_in_group: None,
            body_digest: None,
            ports: Vec::new(),
            servers: servers.iter().map(|id| (*id, Arc::from(format!("s-{id}")))).collect(),
            min_count: count,
            size: TINY,
            flavor: FlavorId(0),
            image: ImageId(0),
        };
        let request = guichet_core::request::Request {
            privileged: false,
            id,
            client: ClientId(0),
            project: ProjectId(project),
            key: None,
            body: RequestBody::Create(create),
        };
        let ack = manager.submit(&request).await.expect("it is accepted");
        for operation in ack.operations {
            manager.finished(operation).await.expect("it ends");
        }
        servers
    }
}

/// A request as it leaves the gate.
fn request(
    cloud: &Arc<Cloud>,
    who: Who,
    minor: u16,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Request {
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    let request = Request::builder().method(method).uri(path).body(body);
    let mut request = request.expect("a request");
    request.extensions_mut().insert(Context {
        cloud: Arc::clone(cloud),
        request: RequestId::from_bits(1),
        services: &[],
        base: Base(Arc::from("http://cloud")),
        version: version::Version(minor),
        session: who.session(),
        is_audited: false,
    });
    request
}

/// One field of each row of a list.
pub(crate) fn column(rows: &Value, field: &str) -> Vec<String> {
    let rows = rows.as_array().expect("a list").iter();
    rows.map(|row| row[field].as_str().expect("a text").to_owned()).collect()
}

pub(crate) async fn read(answer: Response) -> Answer {
    let status = answer.status().as_u16();
    let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
    Answer { status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
}

const TINY: Size = Size { vcpus: 1, ram_mib: 512 };

fn flavor(id: &str, name: &str, size: Size, disk_gib: u32) -> Flavor {
    Flavor {
        id: Arc::from(id),
        name: Arc::from(name),
        size,
        disk_gib,
        ephemeral_gib: 0,
        swap_mib: 0,
        extra_specs: BTreeMap::new(),
        is_public: true,
        description: None,
        rxtx_factor: 1.0,
        access: std::collections::BTreeSet::new(),
        is_deleted: false,
    }
}

fn declared() -> Declared {
    let project = |id: &str, name: &str, quota| Project {
        id: Arc::from(id),
        name: Arc::from(name),
        description: String::new(),
        quota,
        weight: 1,
    };
    let quota = Quota { instances: Some(10), cores: Some(20), ram_mib: None };
    let image = |id, name: &str| Image {
        id,
        name: Arc::from(name),
        min_disk_gib: 1,
        min_ram_mib: 64,
        size: 21_430_272,
        made: None,
    };
    let mut big = flavor("2", "b3-8", Size { vcpus: 2, ram_mib: 8_192 }, 50);
    big.swap_mib = 512;
    big.extra_specs.insert("hw:cpu_policy".to_owned(), "dedicated".to_owned());
    big.description = Some("Eight gigabytes".to_owned());
    let secret = Flavor {
        is_public: false,
        ..flavor("3", "secret", Size { vcpus: 4, ram_mib: 16_384 }, 100)
    };
    Declared {
        region: Arc::from("RegionOne"),
        zone: Arc::from("nova"),
        projects: vec![project(DEMO, "demo", quota), project(ALT, "alt", Quota::default())],
        users: vec![DeclaredUser {
            id: Arc::from("33333333333333333333333333333333"),
            name: Arc::from("demo"),
            password: None,
            is_drawn: false,
            default_project: Some(0),
            grants: vec![(0, Role::Member)],
        }],
        flavors: vec![flavor("1", "m1.tiny", TINY, 1), big, secret],
        images: vec![image(CIRROS, "cirros"), image(Uuid::from_u128(0xC2), "debian-13")],
        networks: vec![Network {
            id: PRIVATE,
            name: Arc::from("private"),
            subnet_id: SUBNET,
            base: Ipv4Addr::new(10, 0, 0, 0),
            prefix: 24,
        }],
        hosts: guichet_engine::config::hosts(2, Size { vcpus: 64, ram_mib: 256 * 1024 }),
        rates: Rates::default(),
        default_quota: guichet_core::project::Quota::default(),
        driver: Arc::from("simulated"),
        profile: "instant".to_owned(),
        workers: 4,
        queue: 1_000,
        servers_max: 2_000,
        times: guichet_cloud::config::Times::DEFAULT,
        cells: Vec::new(),
        cell: 0,
    }
}
