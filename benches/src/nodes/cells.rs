//! What a second cell brings: lives a second of two cells at two nodes beside those of one cell at one node,
//! with as many clients; and what a request costs at the leader of one of two cells beside the only one.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use guichet_clock::Stopwatch;
use guichet_scratch::Server;
use guichet_wire::{exchange, written};
use serde_json::Value;
use tokio::net::TcpStream;

use super::forwarded::{cost_us, cpu};
use super::takeover::{self, CLOUD, CONTROL_TOKEN, Node, SERVERS};
use crate::median::median;

/// Clients of all cells together, each with one request under way.
const CLIENTS: usize = 64;
/// Where nodes listen: the only one, and two.
const PORTS: [u16; 3] = [28_743, 28_744, 28_745];

/// The cloud in two cells: half of the hosts are the second project's.
fn two_cells() -> String {
    let mut cloud = CLOUD.to_owned();
    cloud.push_str(
        "\n[[project]]\nname = \"two\"\n[[user]]\nname = \"two\"\npassword = \"secret\"\n\
         default_project = \"two\"\nroles = [{ project = \"two\", role = \"member\" }]\n\
         [[cells]]\nname = \"one\"\n[[cells]]\nname = \"two\"\nprojects = [\"two\"]\nhosts = [",
    );
    for host in 501..=1_000 {
        // Writing to a text does not fail.
        let _ = write!(cloud, "\"host-{host:04}\", ");
    }
    cloud.push_str("]\n");
    cloud
}

/// A leader, and a token of its cell.
struct Leader {
    node: Node,
    token: String,
}

/// One round of one of the two.
struct Round {
    lives: f64,
    cpu_us: f64,
}

/// Measures both in turn; prints medians and ratios.
pub(super) async fn measure(
    binary: &Path,
    server: &Server,
    (runs, time): (usize, Duration),
) -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let (one, two) = (dir.path().join("one.toml"), dir.path().join("two.toml"));
    std::fs::write(&one, CLOUD)?;
    std::fs::write(&two, two_cells())?;
    let node = takeover::node(binary, &one, &server.database()?, PORTS[0])?;
    let token = takeover::log_in(node.address, "demo").await?;
    let alone = [Leader { node, token }];
    let apart = apart(binary, &two, &server.database()?).await?;
    let mut rounds = [Vec::new(), Vec::new()];
    for round in 0..=runs.max(1) {
        for (rounds, leaders) in rounds.iter_mut().zip([&alone[..], &apart[..]]) {
            let measured = live(leaders, time).await?;
            // The first warms up.
            if round > 0 {
                rounds.push(measured);
            }
        }
    }
    println!("lives by {CLIENTS} clients over HTTP; medians of {runs} rounds of {time:?}");
    let [of_one, of_two] = rounds.map(|rounds| {
        let of = |figure: &dyn Fn(&Round) -> f64| median(rounds.iter().map(figure).collect());
        (of(&|round| round.lives), of(&|round| round.cpu_us))
    });
    for (what, (lives, cpu_us)) in [("1 cell, 1 node", of_one), ("2 cells, 2 nodes", of_two)] {
        println!("  {what:18} {lives:6.0} lives/s  {cpu_us:6.0} µs of the nodes' CPU a life");
    }
    println!("  {:18} {:.2}", "2 over 1", of_two.0 / of_one.0);
    println!("a request at the leader, µs of its processor time; medians of {runs} rounds");
    for (what, path) in [("GET a page of 1", "?limit=1"), ("GET a server", "/ID")] {
        let mut costs = [Vec::new(), Vec::new()];
        for round in 0..=runs.max(1) {
            for (costs, leader) in costs.iter_mut().zip([&alone[0], &apart[0]]) {
                let path = format!("{SERVERS}{}", path.replace("ID", &server_of(leader).await?));
                let request = written("GET", &path, &leader.token, "", "");
                let cost = cost_us(&leader.node, &request, round == 0).await?;
                if round > 0 {
                    costs.push(cost);
                }
            }
        }
        let [only, one_of_two] = costs.map(median);
        let ratio = one_of_two / only;
        println!("  {what:18} of 1 cell {only:6.1}  of 2 cells {one_of_two:6.1}  ratio {ratio:.2}");
    }
    Ok(())
}

/// Two nodes that each lead one of two cells.
async fn apart(binary: &Path, config: &Path, url: &str) -> anyhow::Result<[Leader; 2]> {
    let first = takeover::node(binary, config, url, PORTS[1])?;
    let of_first = takeover::log_in(first.address, "demo").await?;
    let of_second = takeover::log_in(first.address, "two").await?;
    let second = takeover::node(binary, config, url, PORTS[2])?;
    takeover::follows(&second).await;
    let watch = Stopwatch::start();
    loop {
        let mut command = Command::new(binary);
        command.args(["cell", "move", "--cell", "two", "--token", CONTROL_TOKEN, "--url"]);
        let moved = command.arg(format!("http://{}", first.address)).output()?;
        if moved.status.success() {
            break;
        }
        let why = String::from_utf8_lossy(&moved.stderr).into_owned();
        ensure!(watch.elapsed() < takeover::WAIT, "the cell does not move: {why}");
        tokio::time::sleep(takeover::PAUSE).await;
    }
    Ok([Leader { node: first, token: of_first }, Leader { node: second, token: of_second }])
}

/// Creates and deletes servers for so long, at each leader as many clients.
async fn live(leaders: &[Leader], time: Duration) -> anyhow::Result<Round> {
    let before = spent(leaders)?;
    let watch = Stopwatch::start();
    let mut clients = tokio::task::JoinSet::new();
    for leader in leaders {
        for _ in 0..CLIENTS / leaders.len() {
            let (address, token) = (leader.node.address, leader.token.clone());
            clients.spawn(async move {
                let mut stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                let mut lives = 0_u32;
                while watch.elapsed() < time {
                    lives += life(&mut stream, &token).await?;
                }
                anyhow::Ok(lives)
            });
        }
    }
    let mut lives = 0;
    while let Some(lived) = clients.join_next().await {
        lives += lived??;
    }
    let (took, cpu_ns) = (watch.elapsed(), spent(leaders)?.saturating_sub(before));
    let lives = f64::from(lives);
    Ok(Round { lives: lives / took.as_secs_f64(), cpu_us: cpu_ns as f64 / 1e3 / lives })
}

fn spent(leaders: &[Leader]) -> anyhow::Result<u64> {
    leaders.iter().map(|leader| cpu(&leader.node)).sum()
}

/// One server made and deleted; 0 if the leader has no place for it at present.
async fn life(stream: &mut TcpStream, token: &str) -> anyhow::Result<u32> {
    let mut buffer = Vec::new();
    let body = takeover::create(1).to_string();
    let head = exchange(stream, &written("POST", SERVERS, token, "", &body), &mut buffer).await?;
    match head.status {
        202 => {}
        503 => return Ok(0),
        status => bail!("a create is answered {status}"),
    }
    let made: Value = serde_json::from_slice(&buffer[head.body..])?;
    let id = made["server"]["id"].as_str().context("no id")?;
    buffer.clear();
    let path = format!("{SERVERS}/{id}");
    let head = exchange(stream, &written("DELETE", &path, token, "", ""), &mut buffer).await?;
    ensure!(matches!(head.status, 204 | 503), "a delete is answered {}", head.status);
    Ok(1)
}

/// A server that stays.
async fn server_of(leader: &Leader) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(leader.node.address).await?;
    let body = takeover::create(1).to_string();
    let request = written("POST", SERVERS, &leader.token, "", &body);
    let mut buffer = Vec::new();
    let head = exchange(&mut stream, &request, &mut buffer).await?;
    let made: Value = serde_json::from_slice(&buffer[head.body..])?;
    Ok(made["server"]["id"].as_str().context("no id")?.to_owned())
}
