//! Servers on a thread of their own, with that thread's CPU time.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context;
use axum::extract::{Path, Request};
use axum::routing::{get, post};
use axum::{Router, body};
use guichet_clock::WorldClock;
use guichet_cloud::Cloud;
use guichet_cloud::accounts::{Caller, Role, Session};
use guichet_cloud::config::Declared;
use guichet_cloud::servers::{Networks, NewServers};
use guichet_cloud::worlds::{Blueprint, Worlds};
use guichet_control::access::Access;
use guichet_control::{Beside, app_with};
use guichet_core::chance::Chance;
use guichet_core::ids::{FlavorId, ImageId, OperationId, ProjectId};
use guichet_core::project::Quota;
use guichet_driver::profile::Profile;
use guichet_driver::simulated::{Names, Simulated};
use guichet_engine::NewServer;
use guichet_http::serve::{App, serve};
use guichet_observe::Watch;
use guichet_openstack::app;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::util::BoxCloneSyncService;

use super::client::{Ask, once};
use crate::cpu::cpu_ns;

/// Something that answers, and what its thread has used.
pub(crate) trait Served {
    fn address(&self) -> SocketAddr;
    fn cpu_ns(&self) -> anyhow::Result<u64>;
}

/// A server's thread.
struct Thread {
    address: SocketAddr,
    id: u64,
    stop: CancellationToken,
    handle: JoinHandle<anyhow::Result<()>>,
}

impl Thread {
    /// Starts one that serves what `make` makes inside its runtime, with so many threads that
    /// answer.
    fn start<M, F>(name: &str, threads: usize, make: M) -> anyhow::Result<Self>
    where
        M: FnOnce() -> F + Send + 'static,
        F: Future<Output = anyhow::Result<App>>,
    {
        let (sender, receiver) = sync_channel(1);
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let thread = std::thread::Builder::new().name(name.to_owned());
        let handle = thread.spawn(move || {
            let mut builder = match threads {
                1 => tokio::runtime::Builder::new_current_thread(),
                _ => tokio::runtime::Builder::new_multi_thread(),
            };
            let runtime = builder.worker_threads(threads).enable_all().build()?;
            runtime.block_on(async {
                let app = make().await?;
                let listener = TcpListener::bind("127.0.0.1:0").await?;
                let id = std::fs::read_link("/proc/thread-self")?;
                let id = id.file_name().and_then(|id| id.to_str()?.parse().ok());
                sender.send((listener.local_addr()?, id.context("no thread id")?))?;
                serve(listener, app, stopped).await;
                anyhow::Ok(())
            })
        })?;
        match receiver.recv() {
            Ok((address, id)) => Ok(Self { address, id, stop, handle }),
            Err(_) => match handle.join() {
                Ok(Err(error)) => Err(error),
                _ => anyhow::bail!("the server's thread ended"),
            },
        }
    }

    fn cpu_ns(&self) -> anyhow::Result<u64> {
        cpu_ns(&format!("self/task/{}", self.id))
    }

    fn stop(self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.handle.join().map_err(|_| anyhow::anyhow!("the server panicked"))?
    }
}

/// A handler that answers the same bytes whatever it is asked, behind the same connections.
pub(crate) struct Bare(Thread);

impl Bare {
    pub(crate) fn start(answer: Vec<u8>) -> anyhow::Result<Self> {
        let answer = body::Bytes::from(answer);
        Ok(Self(Thread::start("bare", 1, move || async move {
            let given = answer.clone();
            let shown = move |Path(_): Path<String>| {
                let given = given.clone();
                async move { ([("content-type", "application/json")], given) }
            };
            let taken = move |request: Request| {
                let answer = answer.clone();
                async move {
                    // It reads what it is sent, as whoever answers it must.
                    let _ = body::to_bytes(request.into_body(), 1 << 20).await;
                    let kind = [("content-type", "application/json")];
                    (http::StatusCode::ACCEPTED, kind, answer)
                }
            };
            let router = Router::new()
                .route("/compute/v2.1/servers/{id}", get(shown))
                .route("/compute/v2.1/servers", post(taken));
            Ok(BoxCloneSyncService::new(router))
        })?))
    }

    pub(crate) fn stop(self) -> anyhow::Result<()> {
        self.0.stop()
    }
}

impl Served for Bare {
    fn address(&self) -> SocketAddr {
        self.0.address
    }

    fn cpu_ns(&self) -> anyhow::Result<u64> {
        self.0.cpu_ns()
    }
}

/// The real thing, with a fleet of so many servers that are ACTIVE and a driver that takes new
/// work and never ends it: what is measured of a create is its acceptance.
pub(crate) struct Guichet {
    thread: Thread,
    token: String,
    server: String,
    /// The id of the project that most servers are of.
    project: String,
    /// The id of the server's port, if it has one.
    port: String,
    body: String,
    /// Where the fleet is kept, if not in memory alone; gone when this is dropped.
    _dir: Option<tempfile::TempDir>,
}

/// Servers made at once: on a disk each batch of them is one wait.
const AT_ONCE: usize = 256;

/// Room beside the fleet for what the measurement creates.
const SPARE_SERVERS: usize = 800_000;

impl Guichet {
    pub(crate) fn start(name: &str, servers: usize, durable: bool) -> anyhow::Result<Self> {
        let fill = Fill { servers, threads: 1, durable, spread: false, is_whole: false };
        Self::filled(name, fill)
    }

    /// As it is described.
    pub(crate) fn filled(name: &str, fill: Fill) -> anyhow::Result<Self> {
        let (sender, receiver) = sync_channel(1);
        let dir = fill.durable.then(tempfile::tempdir).transpose()?;
        let data = dir.as_ref().map(|dir| dir.path().to_owned());
        let thread = Thread::start(name, fill.threads, move || async move {
            let mut declared = Declared::dev();
            for project in &mut declared.projects {
                project.quota = Quota::default();
            }
            // With room for the ports of a million servers.
            declared.networks.iter_mut().for_each(|network| network.prefix = 8);
            let of_flavor_and_image =
                (declared.flavors[0].id.to_string(), declared.images[0].id.to_string());
            let ids = (of_flavor_and_image, declared.projects[0].id.to_string());
            let cloud = filled(declared.clone(), fill, data.as_deref()).await?;
            let newest = cloud.manager().active_servers(&guichet_store::Query::default());
            let newest = newest.servers.first().context("no server")?;
            let port = newest.ports().first().map_or_else(String::new, |port| port.id.to_string());
            sender.send((ids, newest.id.0.to_string(), port))?;
            if fill.is_whole { whole(cloud, declared) } else { Ok(app(&cloud)) }
        })?;
        let (((flavor, image), project), server, port) = receiver.recv()?;
        let token = token(thread.address, if fill.spread { "admin" } else { "demo" })?;
        let body = format!(
            r#"{{"server":{{"name":"bench","flavorRef":"{flavor}","imageRef":"{image}","networks":"none"}}}}"#
        );
        Ok(Self { thread, token, server, project, port, body, _dir: dir })
    }

    pub(crate) fn show(&self) -> Ask {
        let path = format!("/compute/v2.1/servers/{}", self.server);
        Ask::new("GET", &path, &self.token, "", "200")
    }

    pub(crate) fn list(&self) -> Ask {
        let path = "/compute/v2.1/servers/detail?limit=100";
        Ask::new("GET", path, &self.token, "", "200")
    }

    /// A GET of this path and query, in which `{id}` is a server's, `{project}` its project's, `{port}` its port's and `{now}`
    /// this instant.
    pub(crate) fn get(&self, path: &str) -> Ask {
        let now = jiff::Timestamp::now().to_string().replace(':', "%3A");
        let path = path.replace("{id}", &self.server).replace("{project}", &self.project);
        let path = path.replace("{now}", &now).replace("{port}", &self.port);
        Ask::new("GET", &path, &self.token, "", "200")
    }

    pub(crate) fn create(&self) -> Ask {
        Ask::new("POST", "/compute/v2.1/servers", &self.token, &self.body, "202")
    }

    /// The body of an answer.
    pub(crate) fn answer(&self, ask: &Ask) -> anyhow::Result<Vec<u8>> {
        once(self.thread.address, ask)
    }

    pub(crate) fn stop(self) -> anyhow::Result<()> {
        self.thread.stop()
    }
}

impl Served for Guichet {
    fn address(&self) -> SocketAddr {
        self.thread.address
    }

    fn cpu_ns(&self) -> anyhow::Result<u64> {
        self.thread.cpu_ns()
    }
}

/// What there is once a service has started.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fill {
    /// Servers, all ACTIVE but for what `spread` says.
    pub(crate) servers: usize,
    /// Threads that answer.
    pub(crate) threads: usize,
    /// Whether the fleet is kept in a data directory.
    pub(crate) durable: bool,
    /// A quarter is another project's, and one in a thousand is stopped.
    pub(crate) spread: bool,
    /// With the API that steers clouds, and with who watches them, as `serve` has; and with a port for each
    /// server.
    pub(crate) is_whole: bool,
}

/// The profile's answer to all that comes once the fleet is there: an hour each.
const SLOW: &str = "[default]\ndelay = { fixed = { ms = 3_600_000 } }\n";

/// What `serve` answers, for whoever reaches it.
fn whole(cloud: Arc<Cloud>, declared: Declared) -> anyhow::Result<App> {
    let profile = Profile::builtin("instant").context("instant is built in")?;
    let blueprint = Blueprint { declared, profile, seed: None, is_stored: false, snapshots: None };
    let watch = Arc::new(Watch::new(Arc::new(Worlds::new(cloud, blueprint, 0))));
    let watching = Arc::clone(&watch);
    // It ends with the runtime.
    TaskTracker::new().spawn(async move { watching.run(&CancellationToken::new()).await });
    Ok(app_with(watch, Access::Open, Beside::default()))
}

/// A cloud with so many servers ACTIVE, made at once by a driver that then becomes slow.
async fn filled(
    declared: Declared,
    fill: Fill,
    dir: Option<&std::path::Path>,
) -> anyhow::Result<Arc<Cloud>> {
    let Fill { servers, .. } = fill;
    let clock = WorldClock::real();
    let names = (Arc::clone(&declared.flavors[0].name), Arc::clone(&declared.images[0].name));
    let quick = Profile::builtin("instant").context("instant is built in")?;
    let slow = Profile::parse(SLOW, "slow")?;
    let driver = |profile| Simulated::new(profile, Names::default(), clock.clone(), Chance::new(1));
    let driver = Arc::new(Turning::new(driver(quick), driver(slow)));
    let dyn_driver = Arc::clone(&driver) as Arc<_>;
    let mut builder = Cloud::builder(declared).driver(dyn_driver).clock(clock).seed(1);
    builder = builder.configure(move |config| {
        config.servers_max = (servers + SPARE_SERVERS).min(guichet_core::limits::SERVERS_MAX);
        config.queue = guichet_core::limits::QUEUE_MAX;
        let capacity = guichet_core::server::Size { vcpus: 1_000, ram_mib: 1_000_000 };
        config.hosts = guichet_engine::config::hosts(10_000, capacity);
    });
    if let Some(dir) = dir {
        builder = builder.data(dir).on_trouble(Box::new(|written| assert_eq!(written, Ok(()))));
    }
    let cloud = builder.open()?.cloud;
    for first in (0..servers).step_by(AT_ONCE) {
        let mut creates = JoinSet::new();
        for n in first..servers.min(first + AT_ONCE) {
            creates.spawn(made(Arc::clone(&cloud), names.clone(), n, fill));
        }
        for created in creates.join_all().await {
            created?;
        }
    }
    driver.turn();
    Ok(cloud)
}

/// Makes the server of this number, and waits until it is there.
async fn made(
    cloud: Arc<Cloud>,
    (flavor, image): (Arc<str>, Arc<str>),
    n: usize,
    fill: Fill,
) -> anyhow::Result<()> {
    let (manager, name) = (cloud.manager(), format!("server-{n:010}"));
    let project = ProjectId(match (fill.spread, n % 4) {
        (false, _) => 0,
        (true, 3) => 1,
        (true, _) => 2,
    });
    let caller = guichet_engine::Caller { project, ..Default::default() };
    let server = if fill.is_whole {
        let session = Session::new(0, Some((project.index(), Role::Admin)));
        let owner = Caller::of(&session, cloud.new_request()).context("it has a project")?;
        let networks = Networks::These(vec![(0, None)]);
        let new = NewServers { networks, ..NewServers::one(&name, FlavorId(0), ImageId(0)) };
        cloud.servers().create(&owner, &new).await?
    } else {
        let new = NewServer::one(&name, &flavor, &image);
        manager.create(caller, &new).await?.server()
    };
    manager.finished(OperationId { server, number: 1 }).await.context("it ends")?;
    if fill.spread && n % 1_000 == 1 {
        let ack = manager.stop_server(caller, server).await?;
        manager.finished(ack.operation()).await.context("it ends")?;
    }
    Ok(())
}

/// Two drivers, the second from a moment on.
#[derive(Debug)]
struct Turning {
    before: Simulated,
    after: Simulated,
    /// Relaxed: it turns once, while nothing runs.
    turned: std::sync::atomic::AtomicBool,
}

impl Turning {
    fn new(before: Simulated, after: Simulated) -> Self {
        Self { before, after, turned: false.into() }
    }

    fn turn(&self) {
        self.turned.store(true, std::sync::atomic::Ordering::Relaxed);
    }
}

#[async_trait::async_trait]
impl guichet_driver::Driver for Turning {
    async fn run(&self, call: guichet_driver::Call) -> guichet_core::rows::Outcome {
        if self.turned.load(std::sync::atomic::Ordering::Relaxed) {
            self.after.run(call).await
        } else {
            self.before.run(call).await
        }
    }

    async fn list(&self) -> Vec<guichet_driver::Machine> {
        self.before.list().await
    }

    fn expected_service(&self) -> Duration {
        Duration::from_millis(10)
    }
}

/// A user's token for the project of its name.
fn token(address: SocketAddr, user: &str) -> anyhow::Result<String> {
    let login = format!(
        r#"{{"auth":{{"identity":{{"methods":["password"],"password":{{"user":{{"name":"{user}","domain":{{"id":"default"}},"password":"secret"}}}}}},"scope":{{"project":{{"name":"{user}","domain":{{"id":"default"}}}}}}}}}}"#
    );
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let mut stream = tokio::net::TcpStream::connect(address).await?;
        let request = format!(
            "POST /identity/v3/auth/tokens HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{login}",
            login.len()
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        let token = answer.lines().find_map(|line| line.strip_prefix("x-subject-token: "));
        Ok(token.with_context(|| answer.clone())?.to_owned())
    })
}
