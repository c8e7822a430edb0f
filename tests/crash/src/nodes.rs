//! Several processes over one database, of which one leads: killed, stopped and woken, cut off from
//! the database, and the database itself ended at once and started again.

use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use guichet_clock::Stopwatch;
use guichet_core::limits;
use guichet_scratch::Server;
use nix::sys::signal::Signal;

use crate::plan::{Fault, Trouble};
use crate::process::{Process, Start, free_address};
use crate::violation::{Kind, Violation};
use crate::wire::{Question, Wire, log_in};
use crate::world::{Up, World};

/// Longest wait for a node that leads.
const LEADER_MAX: Duration = Duration::from_secs(60);
/// A gap that is worth a line.
const LONG: Duration = Duration::from_secs(10);
/// Between two looks at who leads.
const PAUSE: Duration = Duration::from_millis(5);

/// The processes, by their numbers.
pub(crate) struct Nodes {
    world: Arc<World>,
    server: Arc<Server>,
    starts: Vec<Start>,
    processes: Vec<Process>,
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

/// Starts all, and waits until one leads: which, and a token that it gave.
pub(crate) async fn begin(starts: &[Start]) -> anyhow::Result<(Vec<Process>, usize, String)> {
    let processes: Vec<Process> = starts.iter().map(Start::spawn).collect::<Result<_, _>>()?;
    let addresses: Vec<SocketAddr> = starts.iter().map(|start| start.address).collect();
    let leader = leader(&addresses, None).await?;
    let token = log_in(addresses[leader]).await?;
    Ok((processes, leader, token))
}

/// Waits until a node says that it leads, but for one that is not asked.
async fn leader(addresses: &[SocketAddr], but: Option<usize>) -> anyhow::Result<usize> {
    let search = async {
        loop {
            for (number, address) in addresses.iter().enumerate() {
                if Some(number) != but && leads(*address).await {
                    return number;
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    let found = tokio::time::timeout(LEADER_MAX, search).await;
    found.with_context(|| format!("no node leads after {LEADER_MAX:?}"))
}

async fn leads(address: SocketAddr) -> bool {
    let asked = async {
        let mut wire = Wire::connect(address, "").await.ok()?;
        wire.ask(&Question::get("/readyz".to_owned())).await.ok()
    };
    let answer = tokio::time::timeout(limits::LEASE, asked).await;
    // One that follows is ready too, and names its leader.
    matches!(answer, Ok(Some(answer)) if answer.status == 200 && answer.body["leader"].is_null())
}

impl Nodes {
    pub(crate) fn new(
        world: Arc<World>,
        server: Arc<Server>,
        starts: Vec<Start>,
        (processes, leader, token): (Vec<Process>, usize, String),
    ) -> Self {
        let up = Up { generation: 0, token: token.into(), address: starts[leader].address };
        world.up.send_replace(Some(up.clone()));
        Self { world, server, starts, processes, up, leader }
    }

    /// One fault, and all that comes of it, until a node leads and all nodes run.
    pub(crate) async fn strike(&mut self, trouble: Trouble) -> anyhow::Result<()> {
        tokio::time::sleep(trouble.after).await;
        let gap = Stopwatch::start();
        let before = self.leader;
        match trouble.fault {
            Fault::Kill => {
                self.processes[before].signal(Signal::SIGKILL);
                let status = self.processes[before].ended().await?;
                let is_killed = status.signal() == Some(Signal::SIGKILL as i32);
                self.expect(is_killed, || format!("killed: {status}"));
                self.found(None).await?;
                self.world.known().1.takeovers.push(gap.elapsed());
                self.processes[before] = self.starts[before].spawn()?;
            }
            Fault::Term => {
                self.processes[before].signal(Signal::SIGTERM);
                let status = self.processes[before].ended().await?;
                self.expect(status.success(), || format!("told to stop: {status}"));
                self.found(None).await?;
                self.processes[before] = self.starts[before].spawn()?;
            }
            Fault::Stop => {
                self.processes[before].signal(Signal::SIGSTOP);
                self.found(Some(before)).await?;
                // Others go on for a while, and then it wakes in the middle of what it was at.
                tokio::time::sleep(trouble.again).await;
                self.processes[before].signal(Signal::SIGCONT);
            }
            Fault::Cut => {
                // The session that has the lock.
                let end = "SELECT pg_terminate_backend(pid) FROM pg_locks
                    WHERE locktype = 'advisory' AND granted AND classid = 1198877027";
                self.with_server(move |server| server.sql("cloud", end).map(drop)).await?;
                self.found(None).await?;
            }
            Fault::Database => {
                let restart = ["restart", "-m", "immediate"];
                self.with_server(move |server| server.control(&restart)).await?;
                self.found(None).await?;
            }
            Fault::KillFollower => {
                let follower = (before + 1) % self.processes.len();
                self.processes[follower].signal(Signal::SIGKILL);
                self.processes[follower].ended().await?;
                self.processes[follower] = self.starts[follower].spawn()?;
            }
        }
        self.all_run().await?;
        if gap.elapsed() > LONG {
            let (fault, took) = (trouble.fault.as_str(), gap.elapsed());
            println!("{fault}: {took:?} until a node led again (node {before} led before)");
        }
        let (_, counts) = &mut *self.world.known();
        *counts.faults.entry(trouble.fault.as_str()).or_default() += 1;
        counts.longest_gap = counts.longest_gap.max(gap.elapsed());
        Ok(())
    }

    /// Does something with the database, while clients go on.
    async fn with_server(
        &self,
        step: impl FnOnce(&Server) -> anyhow::Result<()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let server = Arc::clone(&self.server);
        tokio::task::spawn_blocking(move || step(&server)).await?
    }

    fn expect(&self, holds: bool, detail: impl FnOnce() -> String) {
        if !holds {
            self.world.known().0.broken(Kind::Exit, detail());
        }
    }

    /// Finds out who leads, and tells the clients. The token of before is good there.
    async fn found(&mut self, but: Option<usize>) -> anyhow::Result<()> {
        let addresses: Vec<SocketAddr> = self.starts.iter().map(|start| start.address).collect();
        self.leader = leader(&addresses, but).await?;
        self.up.address = addresses[self.leader];
        let mut wire = Wire::connect(self.up.address, &self.up.token).await?;
        let list = Question::get("/compute/v2.1/servers?limit=1".to_owned());
        // It may have been replaced since; whoever leads then is found by the next look.
        if let Ok(answer) = wire.ask(&list).await
            && !matches!(answer.status, 200 | 503)
        {
            let detail = format!("after a takeover it is answered {}", answer.status);
            self.world.known().0.broken(Kind::Token, detail);
        }
        self.up.generation += 1;
        self.world.up.send_replace(Some(self.up.clone()));
        Ok(())
    }

    /// Each runs: none ends for anything that befalls another one or the database.
    async fn all_run(&mut self) -> anyhow::Result<()> {
        for (number, process) in self.processes.iter_mut().enumerate() {
            if let Some(status) = process.has_ended()? {
                let detail = format!("node {number} has ended by itself: {status}");
                self.world.known().0.broken(Kind::Exit, detail);
                bail!("node {number} has ended by itself: {status}; {}", process.words());
            }
        }
        Ok(())
    }

    /// Before a check: who leads now, which may be another than after the last fault.
    pub(crate) async fn settle(&mut self) -> anyhow::Result<()> {
        self.found(None).await
    }

    /// Stops all of them, followers first.
    pub(crate) async fn stop(mut self) -> anyhow::Result<Vec<Violation>> {
        let mut found = Vec::new();
        let leader = self.leader;
        let followers = (0..self.processes.len()).filter(|number| *number != leader);
        for number in followers.chain([leader]) {
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
