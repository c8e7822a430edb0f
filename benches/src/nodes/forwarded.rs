//! What a request costs that comes to a node which does not lead, beside one that comes to the leader.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use futures_util::future::try_join_all;
use guichet_scratch::Server;
use guichet_wire::{exchange, written};
use tokio::net::TcpStream;

use super::takeover::{self, Node, SERVERS};
use crate::cpu::cpu_ns;
use crate::median::median;

/// Requests of a round, over all connections.
const REQUESTS: u32 = 4_000;
/// Requests before the first round.
const WARM_UP: u32 = 500;
/// Clients at once: one that waits for each answer, so that every step wakes somebody up; and as many as
/// `bench-http` has.
const CLIENTS: [u32; 2] = [1, 32];

/// One kind of request, asked of one node by several clients.
struct Asked<'a> {
    nodes: Vec<&'a Node>,
    streams: Vec<TcpStream>,
    request: &'a [u8],
    wanted: u16,
}

impl<'a> Asked<'a> {
    async fn of(
        node: &Node,
        nodes: Vec<&'a Node>,
        clients: u32,
        (request, wanted): (&'a [u8], u16),
    ) -> anyhow::Result<Self> {
        let mut streams = Vec::new();
        for _ in 0..clients {
            let stream = TcpStream::connect(node.address).await?;
            stream.set_nodelay(true)?;
            streams.push(stream);
        }
        Ok(Self { nodes, streams, request, wanted })
    }

    /// µs of processor time of all nodes for a request.
    async fn cost_us(&mut self, requests: u32) -> anyhow::Result<f64> {
        let spent =
            |nodes: &[&Node]| -> anyhow::Result<u64> { nodes.iter().map(|node| cpu(node)).sum() };
        let clients = u32::try_from(self.streams.len())?;
        let each = requests.div_ceil(clients);
        let (request, wanted) = (self.request, self.wanted);
        let before = spent(&self.nodes)?;
        let asking = self.streams.iter_mut().map(|stream| async move {
            let mut buffer = Vec::new();
            for _ in 0..each {
                let head = exchange(stream, request, &mut buffer).await?;
                anyhow::ensure!(head.status == wanted, "it is answered {}", head.status);
            }
            Ok(())
        });
        try_join_all(asking).await?;
        let spent_ns = spent(&self.nodes)?.saturating_sub(before);
        Ok(spent_ns as f64 / 1e3 / f64::from(clients * each))
    }
}

/// µs of processor time of one node for a request.
pub(super) async fn cost_us(node: &Node, request: &[u8], is_first: bool) -> anyhow::Result<f64> {
    let mut asked = Asked::of(node, vec![node], 1, (request, 200)).await?;
    asked.cost_us(if is_first { WARM_UP } else { REQUESTS }).await
}

/// Processor time of all threads of a node, ns.
pub(super) fn cpu(node: &Node) -> anyhow::Result<u64> {
    let tasks = format!("/proc/{}/task", node.id());
    let mut sum = 0;
    for task in fs::read_dir(&tasks).with_context(|| tasks.clone())? {
        let name = task?.file_name();
        let thread = format!("{}/task/{}", node.id(), name.to_string_lossy());
        // A thread may have ended since.
        sum += cpu_ns(&thread).unwrap_or(0);
    }
    Ok(sum)
}

/// Asks both nodes in turn; prints medians and the ratio.
pub(super) async fn measure(binary: &Path, server: &Server, runs: usize) -> anyhow::Result<()> {
    let pair = takeover::Pair::start(binary, server, 1_000).await?;
    println!("a request passed on, µs of processor time of both nodes; medians of {runs} rounds");
    let create = takeover::create(1).to_string();
    let each = format!("{SERVERS}/{}", takeover::a_server(&pair.leader, &pair.token).await?);
    for (what, method, path, body, wanted) in [
        ("GET a server", "GET", each, "", 200),
        ("GET a page of 1", "GET", format!("{SERVERS}?limit=1"), "", 200),
        ("GET a page of 100", "GET", format!("{SERVERS}?limit=100"), "", 200),
        ("POST, a create", "POST", SERVERS.to_owned(), &*create, 202),
    ] {
        let request = written(method, &path, &pair.token, "", body);
        for clients in CLIENTS {
            let costs = costs_us(&pair, clients, (&request, wanted), runs).await?;
            let [direct, passed_on] = costs.map(median);
            let ratio = passed_on / direct;
            println!(
                "  {what:18} {clients:2} client(s)  direct {direct:6.1}  passed on {passed_on:6.1}  \
                 ratio {ratio:.2}"
            );
        }
    }
    Ok(())
}

/// What it costs at the leader and at the one that follows, by rounds.
async fn costs_us(
    pair: &takeover::Pair,
    clients: u32,
    asked: (&[u8], u16),
    runs: usize,
) -> anyhow::Result<[Vec<f64>; 2]> {
    let mut costs = [Vec::new(), Vec::new()];
    let nodes = [&pair.leader, &pair.follower];
    for round in 0..=runs.max(1) {
        for (costs, node) in costs.iter_mut().zip(nodes) {
            let mut asked = Asked::of(node, nodes.to_vec(), clients, asked).await?;
            let cost = asked.cost_us(if round == 0 { WARM_UP } else { REQUESTS }).await?;
            if round > 0 {
                costs.push(cost);
            }
        }
    }
    Ok(costs)
}
