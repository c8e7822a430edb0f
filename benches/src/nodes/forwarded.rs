//! What a request costs that comes to a node which does not lead, beside one that comes to the leader.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use guichet_scratch::Server;
use guichet_wire::{exchange, written};
use tokio::net::TcpStream;

use super::takeover::{self, Node, SERVERS};
use crate::cpu::cpu_ns;

/// Requests of a round.
const REQUESTS: u32 = 4_000;
/// Requests before the first round.
const WARM_UP: u32 = 500;

/// One kind of request, asked of one node.
struct Asked<'a> {
    nodes: Vec<&'a Node>,
    stream: TcpStream,
    request: Vec<u8>,
    wanted: u16,
}

impl Asked<'_> {
    /// µs of processor time of all nodes for a request.
    async fn cost_us(&mut self, requests: u32) -> anyhow::Result<f64> {
        let spent =
            |nodes: &[&Node]| -> anyhow::Result<u64> { nodes.iter().map(|node| cpu(node)).sum() };
        let before = spent(&self.nodes)?;
        let mut buffer = Vec::new();
        for _ in 0..requests {
            let head = exchange(&mut self.stream, &self.request, &mut buffer).await?;
            anyhow::ensure!(head.status == self.wanted, "it is answered {}", head.status);
        }
        let spent_ns = spent(&self.nodes)?.saturating_sub(before);
        Ok(spent_ns as f64 / 1e3 / f64::from(requests))
    }
}

/// µs of processor time of one node for a request.
pub(super) async fn cost_us(node: &Node, request: &[u8], is_first: bool) -> anyhow::Result<f64> {
    let stream = TcpStream::connect(node.address).await?;
    stream.set_nodelay(true)?;
    let mut asked = Asked { nodes: vec![node], stream, request: request.to_owned(), wanted: 200 };
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
    for (what, method, path, body, wanted) in [
        ("GET a page of 1", "GET", format!("{SERVERS}?limit=1"), "", 200),
        ("GET a page of 100", "GET", format!("{SERVERS}?limit=100"), "", 200),
        ("POST, a create", "POST", SERVERS.to_owned(), &*create, 202),
    ] {
        let request = written(method, &path, &pair.token, "", body);
        let mut costs = [Vec::new(), Vec::new()];
        for round in 0..=runs.max(1) {
            for (costs, node) in costs.iter_mut().zip([&pair.leader, &pair.follower]) {
                let stream = TcpStream::connect(node.address).await?;
                stream.set_nodelay(true)?;
                let nodes = vec![&pair.leader, &pair.follower];
                let mut asked = Asked { nodes, stream, request: request.clone(), wanted };
                let cost = asked.cost_us(if round == 0 { WARM_UP } else { REQUESTS }).await?;
                if round > 0 {
                    costs.push(cost);
                }
            }
        }
        let [direct, passed_on] = costs.map(|mut costs| {
            costs.sort_by(f64::total_cmp);
            costs[costs.len() / 2]
        });
        println!(
            "  {what:18} direct {direct:6.1}  passed on {passed_on:6.1}  ratio {:.2}",
            passed_on / direct
        );
    }
    Ok(())
}
