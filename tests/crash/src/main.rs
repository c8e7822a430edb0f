//! `cargo xtask crash`: kills `guichet serve --data` over and over while clients are at work, and
//! proves from their answers alone that nothing it acknowledged is lost, doubled or back again.
//!
//! ```text
//! plan ──▶ clients ──▶ requests ──▶ guichet serve ◀── SIGKILL, SIGTERM, start ◀── killer ◀── plan
//!             │ answers                  ▲
//!             ▼                          │ a look at everything, between strikes
//!          history ──────▶ judge ◀───────┘
//! ```
//!
//! Read [`judge`] first: it says what must hold. A request without an answer may have been done
//! or not, until a look settles it. The same seed sends the same requests and kills at the same
//! moments; how they interleave is the machine's.

mod client;
mod counts;
mod history;
mod judge;
mod killer;
mod look;
mod nodes;
mod plan;
mod process;
mod relay;
mod violation;
mod wire;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Parser;
use guichet_core::limits;
use tokio::task::JoinSet;

use client::Client;
use guichet_scratch::Server;
use killer::Killer;
use nodes::Nodes;
use plan::Plan;
use process::Start;
use violation::{Kind, Violation};
use wire::{Wire, log_in};
use world::{Catalog, World};

#[derive(Debug, Parser)]
#[command(about = "Kill a server over and over, and check that it loses nothing")]
#[command(after_help = "Exit codes: 0 nothing is lost (with --without-data: the loss was found), \
                        1 something is, or the run could not go on, 2 bad options.")]
struct Cli {
    /// How often the process is ended
    #[arg(long, default_value_t = 200)]
    kills: u64,
    /// Clients, each with one request under way
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u64).range(1..=100))]
    clients: u64,
    /// What is sent and when it is killed comes from this number; drawn and shown without it
    #[arg(long)]
    seed: Option<u64>,
    /// Kills between two checks of everything
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    check_every: u64,
    /// The program to kill; without it `guichet` is built as this program was
    #[arg(long)]
    binary: Option<PathBuf>,
    /// The driver's behaviour: fast unless said otherwise
    #[arg(long, value_name = "NAME|FILE")]
    profile: Option<String>,
    /// Keep the data directory and the log also if all is well
    #[arg(long)]
    keep: bool,
    /// So many processes over one database with two cells, of each of which one leads; faults are then kills
    /// of a leader, stops and cuts that outlast the takeover, moves, lost sessions and restarts of the database
    #[arg(long, value_name = "N", conflicts_with = "without_data",
          value_parser = clap::value_parser!(u64).range(2..=9))]
    nodes: Option<u64>,
    /// Try the check itself: a server that keeps all in memory must be found out
    #[arg(long)]
    without_data: bool,
}

/// Violations that are shown.
const SHOWN_MAX: usize = 20;
/// Of each kind.
const ALIKE_MAX: usize = 4;
/// How long a check waits for work to end before it looks at what is there all the same.
const REST: Duration = Duration::from_secs(5);
/// How long the last check waits: past the longest call of a driver and another one.
const REST_LAST: Duration = limits::ACTION_DEADLINE.saturating_mul(3);
/// Clients of each cell who look at it as an administrator of the first: half of them by any node.
const WATCHERS: u64 = 2;
/// How long clients may take to end a step. A create with a key ends within two restarts.
const STEP_MAX: Duration = Duration::from_secs(120);

fn main() -> anyhow::Result<ExitCode> {
    run(&Cli::parse())
}

fn run(args: &Cli) -> anyhow::Result<ExitCode> {
    let seed = args.seed.unwrap_or_else(guichet_engine::ids::fresh_seed);
    let binary = match &args.binary {
        Some(binary) if !binary.is_file() => {
            eprintln!("error: --binary: {}: there is no such file", binary.display());
            return Ok(ExitCode::from(2));
        }
        Some(binary) => binary.clone(),
        None => built()?,
    };
    println!("seed {seed}: {} kills, {} clients", args.kills, args.clients);
    let dir = tempfile::Builder::new().prefix("guichet-crash-").tempdir()?;
    let start = Start {
        binary,
        data: (!args.without_data).then(|| dir.path().join("data")),
        profile: args.profile.clone(),
        config: None,
        address: process::free_address(&[])?,
        node_address: None,
        log: dir.path().join("server.log"),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = match args.nodes {
        None => runtime.block_on(crash(args, Plan::new(seed), &start)),
        Some(nodes) => {
            let Some(server) = Server::start("guichet-crash --nodes") else {
                eprintln!("error: --nodes: PostgreSQL is not installed (Debian: postgresql)");
                return Ok(ExitCode::from(2));
            };
            let server = Arc::new(server);
            server.sql("postgres", "CREATE DATABASE cloud")?;
            let config = dir.path().join("cloud.toml");
            std::fs::write(&config, nodes::config())?;
            let data = Some(server.url("cloud").into());
            let start = Start { data, config: Some(config), ..start };
            let starts = nodes::starts(&start, nodes as usize)?;
            runtime.block_on(crash_nodes(args, Plan::new(seed), server, (&start, starts)))
        }
    };
    if args.keep || !matches!(&ended, Ok(found) if found.is_empty()) && !args.without_data {
        println!("kept: {}", dir.keep().display());
    }
    let found = ended.with_context(|| format!("seed {seed}"))?;
    let is_good = if args.without_data {
        let is_found_out = found.iter().any(|violation| violation.kind == Kind::Lost);
        println!("{}", if is_found_out { "found out, as it must be" } else { "not found out" });
        is_found_out
    } else {
        found.is_empty()
    };
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// `guichet`, built with this program's own profile.
fn built() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let dir = own.parent().context("a program is in a directory")?;
    let name = dir.file_name().and_then(|name| name.to_str()).unwrap_or("debug");
    let profile = if name == "debug" { "dev" } else { name };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["build", "--quiet", "--package", "guichet", "--profile", profile];
    let target = dir.parent().context("it is in the target directory")?;
    let mut command = std::process::Command::new(cargo);
    let status = command.args(arguments).arg("--target-dir").arg(target).status()?;
    anyhow::ensure!(status.success(), "guichet could not be built");
    Ok(dir.join("guichet"))
}

/// The whole run: what it found.
async fn crash(args: &Cli, plan: Plan, start: &Start) -> anyhow::Result<Vec<Violation>> {
    let mut process = start.spawn()?;
    process.listens().await?;
    let token = log_in(start.address, process::USER).await?;
    let catalog = catalog(&mut Wire::connect(start.address, &token).await?).await?;
    let world = Arc::new(World::new(plan, vec![start.address], catalog));
    let mut killer = Killer::new(Arc::clone(&world), start.clone(), process, &token);
    let mut clients = clients(&world, args.clients);
    let mut found = Vec::new();
    for n in 0..args.kills {
        killer.strike(plan.strike(n)).await?;
        go_on(args, &world, n, &mut clients, &mut found).await?;
        if args.without_data && !found.is_empty() {
            break;
        }
    }
    end(&world, clients).await?;
    found.extend(check(&world, true).await?);
    found.extend(cold(&world, killer, start).await?);
    report_counts(&world);
    report(&found);
    Ok(found)
}

/// The same with several processes over one database.
async fn crash_nodes(
    args: &Cli,
    plan: Plan,
    server: Arc<Server>,
    (first, mut starts): (&Start, Vec<Start>),
) -> anyhow::Result<Vec<Violation>> {
    let relays = nodes::relayed(&mut starts, &server).await?;
    let (processes, begun) = nodes::begin(&starts).await?;
    let addresses: Vec<SocketAddr> = starts.iter().map(|start| start.address).collect();
    let mut worlds = Vec::new();
    for (leader, token) in &begun {
        let catalog = catalog(&mut Wire::connect(addresses[*leader], token).await?).await?;
        worlds.push(Arc::new(World::new(plan, addresses.clone(), catalog)));
    }
    let cells = worlds.iter().cloned().zip(begun).collect();
    let mut nodes = Nodes::new(cells, Arc::clone(&server), (starts, relays), processes);
    // The clients of each cell know of no other.
    let each = args.clients.div_ceil(worlds.len() as u64);
    let mut clients: Vec<_> = worlds.iter().map(|world| clients(world, each)).collect();
    // But an administrator of the first cell looks at the servers of all.
    let admin: Arc<str> = log_in(addresses[0], "admin").await?.into();
    for (world, clients) in worlds.iter().zip(&mut clients) {
        for number in 0..WATCHERS {
            let (world, admin) = (Arc::clone(world), Arc::clone(&admin));
            clients.spawn(Client::watching(world, each + number, admin).run());
        }
    }
    let mut found = Vec::new();
    for n in 0..args.kills {
        nodes.strike(n, plan.trouble(n)).await?;
        nodes.spread(n).await?;
        nodes.settle().await?;
        for (world, clients) in worlds.iter().zip(&mut clients) {
            go_on(args, world, n, clients, &mut found).await?;
        }
    }
    for (world, clients) in worlds.iter().zip(clients) {
        end(world, clients).await?;
    }
    nodes.settle().await?;
    for world in &worlds {
        found.extend(check(world, true).await?);
    }
    found.extend(nodes.stop().await?);
    for (cell, world) in worlds.iter().enumerate() {
        found.extend(verified(world, &nodes::cell_of(first, cell)).await?);
        println!("cell {}", nodes::CELLS[cell].0);
        report_counts(world);
    }
    report(&found);
    Ok(found)
}

/// So many clients at work.
fn clients(world: &Arc<World>, count: u64) -> JoinSet<anyhow::Result<()>> {
    (0..count).map(|number| Client::new(Arc::clone(world), number).run()).collect()
}

/// After the n-th strike: a check if it is time for one.
async fn go_on(
    args: &Cli,
    world: &World,
    n: u64,
    clients: &mut JoinSet<anyhow::Result<()>>,
    found: &mut Vec<Violation>,
) -> anyhow::Result<()> {
    // A client that ended had a reason.
    if let Some(ended) = clients.try_join_next() {
        ended??;
    }
    if (n + 1).is_multiple_of(args.check_every) {
        found.extend(check(world, false).await?);
        println!("{} of {} kills, {} violations", n + 1, args.kills, found.len());
    }
    Ok(())
}

/// Has the clients end with the step that they are at.
async fn end(world: &World, mut clients: JoinSet<anyhow::Result<()>>) -> anyhow::Result<()> {
    world.stop.cancel();
    let all = async {
        while let Some(ended) = clients.join_next().await {
            ended??;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(STEP_MAX, all).await.context("a client does not come to an end")?
}

/// What creates name: the first flavor and the first image.
async fn catalog(wire: &mut Wire) -> anyhow::Result<Catalog> {
    let flavors = wire.read("/compute/v2.1/flavors").await?;
    let images = wire.read("/image/v2/images").await?;
    let id = |value: &serde_json::Value| value[0]["id"].as_str().map(str::to_owned);
    Ok(Catalog {
        flavor: id(&flavors["flavors"]).context("no flavor")?,
        image: id(&images["images"]).context("no image")?,
    })
}

/// Looks at everything while the clients stand still.
async fn check(world: &World, is_last: bool) -> anyhow::Result<Vec<Violation>> {
    let alone = tokio::time::timeout(STEP_MAX, world.gate.write()).await;
    let Ok(_alone) = alone else { bail!("a step does not end after {STEP_MAX:?}") };
    let known: BTreeSet<String> = {
        let (history, _) = &*world.known();
        let open = history.servers.iter().filter(|(_, known)| !known.closed);
        open.map(|(id, _)| id.clone()).collect()
    };
    let up = world.serving()?;
    let mut wire = Wire::connect(up.address, &up.token).await?;
    let rest = if is_last { REST_LAST } else { REST };
    let look = look::look(&mut wire, known, rest, is_last).await?;
    let (history, counts) = &mut *world.known();
    counts.checks += 1;
    counts.servers = look.listed.len();
    Ok(judge::judge(history, &look))
}

/// After the end: it stops as it should, and what is on the disk is sound.
async fn cold(world: &World, killer: Killer, start: &Start) -> anyhow::Result<Vec<Violation>> {
    let mut found = Vec::new();
    let (status, took) = killer.stop().await?;
    if !status.success() || took > limits::DRAIN_DEADLINE {
        let detail = format!("told to stop at the end: {status} after {took:?}");
        found.push(Violation { kind: Kind::Exit, detail });
    }
    found.extend(verified(world, start).await?);
    Ok(found)
}

/// What `guichet verify` says of the data that were left.
async fn verified(world: &World, start: &Start) -> anyhow::Result<Vec<Violation>> {
    let mut found = Vec::new();
    let Some(data) = &start.data else { return Ok(found) };
    let mut verify = tokio::process::Command::new(&start.binary);
    let output = verify.arg("verify").arg("--data").arg(data).output().await?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    let (printed, error) = (text(&output.stdout), text(&output.stderr));
    if error.contains("unrecognized subcommand") {
        return Ok(found);
    }
    if !output.status.success() {
        let detail = format!("{}: {printed} {error}", output.status);
        found.push(Violation { kind: Kind::Verify, detail });
    }
    world.known().1.verified = Some(printed);
    Ok(found)
}

fn report_counts(world: &World) {
    for (name, value) in world.known().1.lines() {
        println!("{name:<26}{value}");
    }
}

fn report(found: &[Violation]) {
    println!("{:<26}{}", "violations", found.len());
    let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
    for violation in found {
        *kinds.entry(violation.kind).or_default() += 1;
    }
    for (kind, count) in &kinds {
        println!("  {:<24}{count}", kind.to_string());
    }
    let mut shown: Vec<&Violation> = Vec::new();
    for kind in kinds.keys() {
        shown.extend(found.iter().filter(|violation| violation.kind == *kind).take(ALIKE_MAX));
    }
    for violation in shown.iter().take(SHOWN_MAX) {
        println!("  {violation}");
    }
    let rest = found.len() - shown.len().min(SHOWN_MAX);
    if rest > 0 {
        println!("  and {rest} more");
    }
}
