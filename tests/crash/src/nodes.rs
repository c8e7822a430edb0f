//! Several processes over one database with two cells, of each of which one leads: killed, stopped and woken,
//! cut off from the database, and the database itself ended at once and started again.

use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use guichet_clock::Stopwatch;
use guichet_core::limits;
use guichet_scratch::Server;
use nix::sys::signal::Signal;
use tempfile::TempDir;

use crate::plan::{Fault, Trouble};
use crate::process::{CONTROL_TOKEN, Process, Start, USER, free_address};
use crate::relay::Relay;
use crate::violation::{Kind, Violation};
use crate::wire::{Question, Wire, log_in};
use crate::world::{Up, World};

/// Longest wait for a node that leads.
const LEADER_MAX: Duration = Duration::from_secs(60);
/// A gap that is worth a line.
const LONG: Duration = Duration::from_secs(10);
/// Between two looks at who leads.
const PAUSE: Duration = Duration::from_millis(5);

/// The cells: the name of each, and who asks there.
pub(crate) const CELLS: [(&str, &str); 2] = [("east", USER), ("west", "alt")];

/// The cloud for tests, in two cells.
pub(crate) fn config() -> String {
    let cloud = include_str!("../../../crates/guichet-cloud/clouds/dev.toml");
    let hosts: Vec<String> = (9..=16).map(|host| format!("\"host-{host:04}\"")).collect();
    let [(east, _), (west, project)] = CELLS;
    format!(
        "{cloud}\n[[cells]]\nname = \"{east}\"\n[[cells]]\nname = \"{west}\"\n\
         projects = [\"{project}\"]\nhosts = [{}]\n",
        hosts.join(", ")
    )
}

/// The same start, with the data of one cell.
pub(crate) fn cell_of(start: &Start, cell: usize) -> Start {
    let of = |data: &PathBuf| match cell {
        0 => data.clone(),
        _ => format!("{}?cell={}", data.display(), CELLS[cell].0).into(),
    };
    Start { data: start.data.as_ref().map(of), ..start.clone() }
}

/// The processes, by their numbers.
pub(crate) struct Nodes {
    cells: Vec<Cell>,
    server: Arc<Server>,
    starts: Vec<Start>,
    relays: Vec<Relays>,
    processes: Vec<Process>,
}

/// One cell: what its clients know, and who leads it.
struct Cell {
    world: Arc<World>,
    up: Up,
    leader: usize,
}

/// How to start so many of them.
pub(crate) fn starts(first: &Start, nodes: usize) -> anyhow::Result<Vec<Start>> {
    let mut taken: Vec<SocketAddr> = Vec::new();
    let mut starts = Vec::new();
    for number in 0..nodes {
        let address = free_address(&taken)?;
        taken.push(address);
        let log = first.log.with_file_name(format!("node-{number}.log"));
        starts.push(Start { address, log, ..first.clone() });
    }
    Ok(starts)
}

/// What stands before each node.
#[derive(Debug)]
pub(crate) struct Relays {
    /// Between it and the database.
    database: Relay,
    /// Between it and others that pass requests on to it.
    peers: Relay,
    _folder: TempDir,
}

/// Has each node reach the database and the others through relays of its own.
pub(crate) async fn relayed(starts: &mut [Start], server: &Server) -> anyhow::Result<Vec<Relays>> {
    let mut all = Vec::new();
    for start in starts {
        let folder = tempfile::tempdir()?;
        let database = Relay::before_database(server.dir(), folder.path())?;
        let (peers, address) = Relay::before_node(start.address).await?;
        let folder_in_url = folder.path().display().to_string().replace('/', "%2F");
        start.data = Some(format!("postgres://guichet@{folder_in_url}/cloud").into());
        start.node_address = Some(address);
        all.push(Relays { database, peers, _folder: folder });
    }
    Ok(all)
}

/// Starts all, and waits until each cell is led: by which, and a token that it gave.
pub(crate) async fn begin(
    starts: &[Start],
) -> anyhow::Result<(Vec<Process>, Vec<(usize, String)>)> {
    let processes: Vec<Process> = starts.iter().map(Start::spawn).collect::<Result<_, _>>()?;
    let addresses: Vec<SocketAddr> = starts.iter().map(|start| start.address).collect();
    let mut begun = Vec::new();
    for (cell, (_, user)) in CELLS.into_iter().enumerate() {
        let leader = leader(&addresses, cell, None).await?;
        begun.push((leader, log_in(addresses[leader], user).await?));
    }
    Ok((processes, begun))
}

/// Waits until a node says that it leads a cell, but for one that is not asked.
async fn leader(
    addresses: &[SocketAddr],
    cell: usize,
    but: Option<usize>,
) -> anyhow::Result<usize> {
    let search = async {
        loop {
            for (number, address) in addresses.iter().enumerate() {
                if Some(number) != but && leads(*address, cell).await {
                    return number;
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    let found = tokio::time::timeout(LEADER_MAX, search).await;
    found.with_context(|| format!("no node leads {} after {LEADER_MAX:?}", CELLS[cell].0))
}

async fn leads(address: SocketAddr, cell: usize) -> bool {
    let asked = async {
        let mut wire = Wire::connect(address, "").await.ok()?;
        wire.ask(&Question::get("/readyz".to_owned())).await.ok()
    };
    let answer = tokio::time::timeout(limits::LEASE, asked).await;
    // One that follows is ready too, and names its leader.
    matches!(answer, Ok(Some(answer)) if answer.body["cells"][cell]["ready"] == true
        && answer.body["cells"][cell]["leader"].is_null())
}

impl Nodes {
    pub(crate) fn new(
        cells: Vec<(Arc<World>, (usize, String))>,
        server: Arc<Server>,
        (starts, relays): (Vec<Start>, Vec<Relays>),
        processes: Vec<Process>,
    ) -> Self {
        let cell = |(world, (leader, token)): (Arc<World>, (usize, String))| {
            let up = Up { generation: 0, token: token.into(), address: starts[leader].address };
            world.up.send_replace(Some(up.clone()));
            Cell { world, up, leader }
        };
        let cells = cells.into_iter().map(cell).collect();
        Self { cells, server, starts, relays, processes }
    }

    /// One fault, and all that comes of it, until each cell is led and all nodes run. It befalls one cell
    /// after the other, and with it all that the same node leads.
    pub(crate) async fn strike(&mut self, n: u64, trouble: Trouble) -> anyhow::Result<()> {
        tokio::time::sleep(trouble.after).await;
        let gap = Stopwatch::start();
        let cell = n as usize % self.cells.len();
        let before = self.cells[cell].leader;
        match trouble.fault {
            Fault::Kill => {
                self.processes[before].signal(Signal::SIGKILL);
                let status = self.processes[before].ended().await?;
                let is_killed = status.signal() == Some(Signal::SIGKILL as i32);
                self.expect(cell, is_killed, || format!("killed: {status}"));
                self.found(cell, None).await?;
                self.cells[cell].world.known().1.takeovers.push(gap.elapsed());
                self.settle().await?;
                self.processes[before] = self.starts[before].spawn()?;
            }
            Fault::Term => {
                self.processes[before].signal(Signal::SIGTERM);
                let status = self.processes[before].ended().await?;
                self.expect(cell, status.success(), || format!("told to stop: {status}"));
                self.settle().await?;
                self.processes[before] = self.starts[before].spawn()?;
            }
            Fault::Stop => {
                self.processes[before].signal(Signal::SIGSTOP);
                self.found_all(Some(before)).await?;
                // Others go on for a while, and then it wakes in the middle of what it was at.
                tokio::time::sleep(trouble.again).await;
                self.processes[before].signal(Signal::SIGCONT);
            }
            Fault::Cut => {
                // The sessions that have a lock.
                let end = "SELECT pg_terminate_backend(pid) FROM pg_locks
                    WHERE locktype = 'advisory' AND granted AND classid = 1198877027";
                self.with_server(move |server| server.sql("cloud", end).map(drop)).await?;
                self.settle().await?;
            }
            Fault::NoDatabase => self.without_database(before, trouble.again).await?,
            Fault::NoPeers => self.without_peers(trouble.again * 4).await?,
            Fault::Move => {
                self.moved(cell).await?;
            }
            Fault::Database => {
                let restart = ["restart", "-m", "immediate"];
                self.with_server(move |server| server.control(&restart)).await?;
                self.settle().await?;
            }
            Fault::KillFollower => {
                let follower = (before + 1) % self.processes.len();
                self.processes[follower].signal(Signal::SIGKILL);
                self.processes[follower].ended().await?;
                self.processes[follower] = self.starts[follower].spawn()?;
                self.settle().await?;
            }
        }
        self.all_run().await?;
        if gap.elapsed() > LONG {
            let (fault, took) = (trouble.fault.as_str(), gap.elapsed());
            println!("{fault}: {took:?} until a node led again (node {before} led before)");
        }
        let (_, counts) = &mut *self.cells[cell].world.known();
        *counts.faults.entry(trouble.fault.as_str()).or_default() += 1;
        counts.longest_gap = counts.longest_gap.max(gap.elapsed());
        Ok(())
    }

    /// Cuts a node off the database until others lead, and then for a while.
    async fn without_database(&mut self, node: usize, again: Duration) -> anyhow::Result<()> {
        self.relays[node].database.cut(true);
        self.found_all(Some(node)).await?;
        tokio::time::sleep(again).await;
        self.relays[node].database.cut(false);
        Ok(())
    }

    /// Cuts nodes off each other for a while.
    async fn without_peers(&mut self, how_long: Duration) -> anyhow::Result<()> {
        self.relays.iter().for_each(|relays| relays.peers.cut(true));
        tokio::time::sleep(how_long).await;
        self.relays.iter().for_each(|relays| relays.peers.cut(false));
        self.settle().await
    }

    /// Where one node leads all cells, now and then another one is to lead one of them.
    pub(crate) async fn spread(&mut self, n: u64) -> anyhow::Result<()> {
        let first = self.cells[0].leader;
        let is_one = self.cells.iter().all(|cell| cell.leader == first);
        if is_one && !n.is_multiple_of(3) {
            self.moved(n as usize % self.cells.len()).await?;
        }
        Ok(())
    }

    /// Has another node lead a cell, in order. One that was started a moment ago may not follow yet.
    async fn moved(&mut self, cell: usize) -> anyhow::Result<()> {
        let address = self.cells[cell].up.address;
        let mut command = tokio::process::Command::new(&self.starts[0].binary);
        command.args(["cell", "move", "--cell", CELLS[cell].0, "--token", CONTROL_TOKEN, "--url"]);
        let output = command.arg(format!("http://{address}")).output().await?;
        if output.status.success() {
            let (_, counts) = &mut *self.cells[cell].world.known();
            *counts.faults.entry("moved in order").or_default() += 1;
        } else {
            // Nobody follows yet, or the one that led does again.
            let why = String::from_utf8_lossy(&output.stderr);
            println!("cell {} is not moved: {}", CELLS[cell].0, why.trim());
        }
        self.settle().await
    }

    /// Does something with the database, while clients go on.
    async fn with_server(
        &self,
        step: impl FnOnce(&Server) -> anyhow::Result<()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let server = Arc::clone(&self.server);
        tokio::task::spawn_blocking(move || step(&server)).await?
    }

    fn expect(&self, cell: usize, holds: bool, detail: impl FnOnce() -> String) {
        if !holds {
            self.cells[cell].world.known().0.broken(Kind::Exit, detail());
        }
    }

    /// Finds out who leads each cell.
    async fn found_all(&mut self, but: Option<usize>) -> anyhow::Result<()> {
        for cell in 0..self.cells.len() {
            self.found(cell, but).await?;
        }
        Ok(())
    }

    /// Finds out who leads a cell, and tells its clients. The token of before is good there.
    async fn found(&mut self, number: usize, but: Option<usize>) -> anyhow::Result<()> {
        let addresses: Vec<SocketAddr> = self.starts.iter().map(|start| start.address).collect();
        let cell = &mut self.cells[number];
        cell.leader = leader(&addresses, number, but).await?;
        cell.up.address = addresses[cell.leader];
        let mut wire = Wire::connect(cell.up.address, &cell.up.token).await?;
        let list = Question::get("/compute/v2.1/servers?limit=1".to_owned());
        // It may have been replaced since; whoever leads then is found by the next look.
        if let Ok(answer) = wire.ask(&list).await
            && !matches!(answer.status, 200 | 503)
        {
            let detail = format!("after a takeover it is answered {}", answer.status);
            cell.world.known().0.broken(Kind::Token, detail);
        }
        cell.up.generation += 1;
        cell.world.up.send_replace(Some(cell.up.clone()));
        Ok(())
    }

    /// Each runs: none ends for anything that befalls another one or the database.
    async fn all_run(&mut self) -> anyhow::Result<()> {
        for (number, process) in self.processes.iter_mut().enumerate() {
            if let Some(status) = process.has_ended()? {
                let detail = format!("node {number} has ended by itself: {status}");
                self.cells[0].world.known().0.broken(Kind::Exit, detail);
                bail!("node {number} has ended by itself: {status}; {}", process.words());
            }
        }
        Ok(())
    }

    /// Before a check: who leads now, which may be another than after the last fault.
    pub(crate) async fn settle(&mut self) -> anyhow::Result<()> {
        self.found_all(None).await
    }

    /// Stops all of them, followers first.
    pub(crate) async fn stop(mut self) -> anyhow::Result<Vec<Violation>> {
        let mut found = Vec::new();
        let leads = |number: &usize| self.cells.iter().any(|cell| cell.leader == *number);
        let all = 0..self.processes.len();
        let (leaders, followers): (Vec<usize>, Vec<usize>) = all.partition(leads);
        for number in followers.into_iter().chain(leaders) {
            let watch = Stopwatch::start();
            self.processes[number].signal(Signal::SIGTERM);
            let status = self.processes[number].ended().await?;
            if !status.success() || watch.elapsed() > limits::DRAIN_DEADLINE {
                let detail = format!("node {number} told to stop at the end: {status}");
                found.push(Violation { kind: Kind::Exit, detail });
            }
        }
        Ok(found)
    }
}
