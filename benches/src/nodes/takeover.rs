//! From the end of a leader to the first write that another node acknowledges.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};
use guichet_clock::Stopwatch;
use guichet_core::limits;
use guichet_scratch::Server;
use guichet_wire::{exchange, written};
use serde_json::{Value, json};
use tokio::net::TcpStream;

/// Longest wait for anything.
pub(super) const WAIT: Duration = Duration::from_secs(120);
/// Between two attempts.
pub(super) const PAUSE: Duration = Duration::from_millis(2);

/// A cloud that has room for all.
pub(super) const CLOUD: &str = r#"
workers = 64
queue = 100_000
servers_max = 1_000_000
profile = "instant"

[hosts]
count = 1_000
vcpus = 4_096
ram_mib = 16_777_216

[quota]
instances = "unlimited"

[limits]

[[project]]
name = "demo"

[[user]]
name = "demo"
password = "secret"
default_project = "demo"
roles = [{ project = "demo", role = "member" }]

[[flavor]]
name = "tiny"
id = "1"
vcpus = 1
ram_mib = 512
disk_gib = 1

[[image]]
name = "image"
id = "7a0c1a5e-3f0e-5c1b-9d53-0d1b0a6f2c11"

[[network]]
name = "private"
cidr = "10.0.0.0/16"
"#;

/// What lets one move a cell.
pub(super) const CONTROL_TOKEN: &str = "a-token-of-the-bench";

/// A node. Dropped, it is killed.
pub(super) struct Node {
    child: Child,
    pub(super) address: SocketAddr,
}

impl Node {
    /// The process's number.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Node {
    fn has_ended(&mut self) -> anyhow::Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(super) fn node(binary: &Path, config: &Path, url: &str, port: u16) -> anyhow::Result<Node> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut command = Command::new(binary);
    command.arg("serve").arg("--config").arg(config).args(["--data", url, "--listen"]);
    command.arg(address.to_string()).env("GUICHET_LOG", "error");
    command.env("GUICHET_CONTROL_TOKEN", CONTROL_TOKEN);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
    Ok(Node { child: child.with_context(|| binary.display().to_string())?, address })
}

/// A node that leads a fleet of so many servers, and one that follows.
pub(super) struct Pair {
    pub(super) leader: Node,
    pub(super) follower: Node,
    pub(super) token: String,
}

impl Pair {
    pub(super) async fn start(
        binary: &Path,
        server: &Server,
        servers: usize,
    ) -> anyhow::Result<Self> {
        let dir = tempfile::tempdir()?;
        let config = dir.path().join("cloud.toml");
        std::fs::write(&config, CLOUD)?;
        let url = server.database()?;
        let leader = node(binary, &config, &url, PORTS[0])?;
        let token = log_in(leader.address, "demo").await?;
        fill(leader.address, &token, servers).await?;
        let follower = node(binary, &config, &url, PORTS[1])?;
        follows(&follower).await;
        Ok(Self { leader, follower, token })
    }
}

/// Where nodes listen.
const PORTS: [u16; 2] = [28_741, 28_742];

/// Waits until a node knows who leads.
pub(super) async fn follows(node: &Node) {
    while status(node.address, "GET", "/readyz", "", &Value::Null).await != Some(200) {
        tokio::time::sleep(PAUSE).await;
    }
}

/// Kills the leader of a fleet of so many servers, so often; prints the median.
pub(super) async fn measure(
    binary: &Path,
    server: &Server,
    servers: usize,
    runs: usize,
) -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let config = dir.path().join("cloud.toml");
    std::fs::write(&config, CLOUD)?;
    let url = server.database()?;
    let mut leader = node(binary, &config, &url, PORTS[0])?;
    let token = log_in(leader.address, "demo").await?;
    fill(leader.address, &token, servers).await?;
    let mut took = Vec::new();
    for run in 0..runs.max(1) {
        let mut follower = node(binary, &config, &url, PORTS[(run + 1) % 2])?;
        follows(&follower).await;
        // It waits for the lock by then, and has read what there is.
        tokio::time::sleep(limits::LOCK_WAIT).await;
        while !has_read_ahead(follower.address).await {
            anyhow::ensure!(!follower.has_ended()?, "the follower has ended");
            tokio::time::sleep(limits::FOLLOW_PAUSE).await;
        }
        let watch = Stopwatch::start();
        leader.child.kill()?;
        let body = create(1);
        while status(follower.address, "POST", SERVERS, &token, &body).await != Some(202) {
            anyhow::ensure!(watch.elapsed() < WAIT, "nobody took over");
            tokio::time::sleep(PAUSE).await;
        }
        took.push(watch.elapsed());
        leader = follower;
    }
    took.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "takeover after kill -9 with {servers} servers, to the first write acknowledged: median {:.0} \
         ms, from {:.0} to {:.0} ms, {} times",
        ms(took[took.len() / 2]),
        ms(took[0]),
        ms(took[took.len() - 1]),
        took.len()
    );
    Ok(())
}

pub(super) const SERVERS: &str = "/compute/v2.1/servers";

pub(super) fn create(count: usize) -> Value {
    json!({ "server": { "name": "filled", "flavorRef": "1", "imageRef": IMAGE, "networks": "none",
        "min_count": count, "max_count": count } })
}

const IMAGE: &str = "7a0c1a5e-3f0e-5c1b-9d53-0d1b0a6f2c11";

async fn fill(address: SocketAddr, token: &str, servers: usize) -> anyhow::Result<()> {
    let mut made = 0;
    while made < servers {
        let count = limits::SERVERS_PER_REQUEST_MAX.min(servers - made);
        match status(address, "POST", SERVERS, token, &create(count)).await {
            Some(202) => made += count,
            Some(503) => tokio::time::sleep(PAUSE).await,
            other => bail!("a create of {count} servers is answered {other:?}"),
        }
    }
    Ok(())
}

/// Whether a node that follows has everything in its memory.
async fn has_read_ahead(address: SocketAddr) -> bool {
    let answer = ask(address, "GET", "/readyz", "", &Value::Null).await;
    answer.is_ok_and(|(.., body)| body["read_ahead"] == true)
}

/// The id of one of the servers.
pub(super) async fn a_server(node: &Node, token: &str) -> anyhow::Result<String> {
    let (_, _, body) =
        ask(node.address, "GET", &format!("{SERVERS}?limit=1"), token, &Value::Null).await?;
    let id = body["servers"][0]["id"].as_str().context("there is no server")?;
    Ok(id.to_owned())
}

/// The status that a request is answered with; none if it is not.
async fn status(
    address: SocketAddr,
    method: &str,
    path: &str,
    token: &str,
    body: &Value,
) -> Option<u16> {
    ask(address, method, path, token, body).await.ok().map(|(status, ..)| status)
}

async fn ask(
    address: SocketAddr,
    method: &str,
    path: &str,
    token: &str,
    body: &Value,
) -> anyhow::Result<(u16, Option<String>, Value)> {
    let mut stream = TcpStream::connect(address).await?;
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let request = written(method, path, token, "", &body);
    let mut buffer = Vec::new();
    let head = tokio::time::timeout(WAIT, exchange(&mut stream, &request, &mut buffer)).await??;
    let token = head.header("x-subject-token").map(str::to_owned);
    let body = serde_json::from_slice(&buffer[head.body..]).unwrap_or(Value::Null);
    Ok((head.status, token, body))
}

/// A token, once the node takes requests.
pub(super) async fn log_in(address: SocketAddr, user: &str) -> anyhow::Result<String> {
    let domain = json!({ "id": "default" });
    let body = json!({ "auth": {
        "identity": { "methods": ["password"], "password": {
            "user": { "name": user, "domain": domain, "password": "secret" } } },
        "scope": { "project": { "name": user, "domain": domain } },
    } });
    let watch = Stopwatch::start();
    while watch.elapsed() < WAIT {
        let answer = ask(address, "POST", "/identity/v3/auth/tokens", "", &body).await;
        if let Ok((201, Some(token), _)) = answer {
            return Ok(token);
        }
        tokio::time::sleep(PAUSE).await;
    }
    bail!("nobody takes requests at {address}")
}
