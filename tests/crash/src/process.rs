//! The process that is killed.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use guichet_core::limits;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// Longest wait for a start, recovery included.
const START_MAX: Duration = Duration::from_secs(60);
/// Longest wait for an end: its drain, and as much again.
const END_MAX: Duration = limits::DRAIN_DEADLINE.saturating_mul(2);

/// Who asks, and whose project has the same name.
pub(crate) const USER: &str = "demo";
/// What lets one move a cell.
pub(crate) const CONTROL_TOKEN: &str = "a-token-of-the-harness";

/// How to start one.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    pub(crate) binary: PathBuf,
    /// None: it keeps its servers in memory.
    pub(crate) data: Option<PathBuf>,
    pub(crate) profile: Option<String>,
    /// What its cloud is made of; none: the one for tests.
    pub(crate) config: Option<PathBuf>,
    pub(crate) address: SocketAddr,
    /// Where other nodes reach it, if not there.
    pub(crate) node_address: Option<SocketAddr>,
    /// What it says on stderr goes here.
    pub(crate) log: PathBuf,
}

/// One that runs. Dropped, it is killed.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    log: PathBuf,
}

impl Start {
    /// Starts one, and does not wait for it.
    pub(crate) fn spawn(&self) -> anyhow::Result<Process> {
        let log = std::fs::OpenOptions::new().append(true).create(true).open(&self.log)?;
        let mut command = Command::new(&self.binary);
        command.args(["serve", "--quota", "unlimited"]);
        match &self.config {
            Some(config) => {
                command.args(["--control-token", CONTROL_TOKEN, "--config"]).arg(config)
            }
            None => command.arg("--dev"),
        };
        command.arg("--listen");
        command.arg(self.address.to_string());
        if let Some(data) = &self.data {
            command.arg("--data").arg(data);
        }
        if let Some(address) = &self.node_address {
            command.arg("--node-url").arg(format!("http://{address}"));
        }
        if let Some(profile) = &self.profile {
            command.args(["--profile", profile]);
        }
        command.env("GUICHET_LOG", "warn");
        for name in ["GUICHET_DATA", "GUICHET_CONFIG", "GUICHET_LISTEN"] {
            command.env_remove(name);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
        let spawned = command.spawn();
        let mut child = spawned.with_context(|| self.binary.display().to_string())?;
        let stdout = child.stdout.take().context("its stdout is piped")?;
        Ok(Process { child, lines: BufReader::new(stdout).lines(), log: self.log.clone() })
    }
}

impl Process {
    /// Waits until it says that it listens: how many operations it goes on with, if it says so.
    pub(crate) async fn listens(&mut self) -> anyhow::Result<u64> {
        let lines = &mut self.lines;
        let resumed = async {
            let mut listens = false;
            while let Some(line) = lines.next_line().await? {
                listens |= line.contains("listening on http://");
                if listens && line.contains("servers are kept in memory") {
                    return Ok(Some(0));
                }
                // "servers are kept in DIR: N servers there, M operations to go on with"
                if listens && line.contains("servers are kept") {
                    let last = line.rsplit(", ").next().unwrap_or_default();
                    let count = last.split(' ').next().unwrap_or_default().parse();
                    return Ok(Some(count.with_context(|| format!("no number in {line:?}"))?));
                }
            }
            anyhow::Ok(None)
        };
        match tokio::time::timeout(START_MAX, resumed).await {
            Err(_) => bail!("it does not listen after {START_MAX:?}; {}", tail(&self.log)),
            Ok(resumed) => resumed?.with_context(|| format!("it ended; {}", tail(&self.log))),
        }
    }

    /// Sends a signal. One that has ended gets none.
    pub(crate) fn signal(&self, signal: Signal) {
        if let Some(id) = self.child.id() {
            // It may have ended just now, which its end will say.
            let _ = kill(Pid::from_raw(id.cast_signed()), signal);
        }
    }

    /// How it ended, if it has.
    pub(crate) fn has_ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Its last words.
    pub(crate) fn words(&self) -> String {
        tail(&self.log)
    }

    /// Waits for its end.
    pub(crate) async fn ended(&mut self) -> anyhow::Result<ExitStatus> {
        match tokio::time::timeout(END_MAX, self.child.wait()).await {
            Err(_) => bail!("it has not ended after {END_MAX:?}; {}", tail(&self.log)),
            Ok(status) => Ok(status?),
        }
    }
}

/// The last lines it wrote.
fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let last = lines[lines.len().saturating_sub(5)..].join("\n  ");
    format!("its last words:\n  {last}")
}

/// A free port that no client is given by the system: one that tried to connect to a dead server
/// from the port it had would connect to itself, and hold it.
pub(crate) fn free_address(taken: &[SocketAddr]) -> anyhow::Result<SocketAddr> {
    let first = (std::process::id() % 10_000) as u16;
    let port = |n: u16| 20_000 + (first + n) % 10_000;
    let mut addresses = (0..10_000).map(|n| SocketAddr::from(([127, 0, 0, 1], port(n))));
    let free = |address: &SocketAddr| {
        !taken.contains(address) && std::net::TcpListener::bind(address).is_ok()
    };
    addresses.find(free).context("no free port between 20000 and 30000")
}
