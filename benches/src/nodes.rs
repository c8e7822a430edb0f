//! `cargo xtask bench-nodes`: what it costs to keep the fleet in PostgreSQL, beside a file of SQLite on
//! the same disk and beside PostgreSQL's own measure (`pgbench`, TPC-B, scale 10, 64 clients); and how
//! long it takes until another node leads when the one that led was killed, what a request costs that is passed on, and
//! what a second cell brings. All in one run.
//!
//! What travels are ratios; each is the median of the rounds' own.

mod cells;
mod forwarded;
mod takeover;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use comfy_table::Table;
use guichet_scratch::Server;

use crate::journal::load::{Cloud, Figure};
use crate::journal::store;
use crate::median::median;
use crate::table::right;

/// Transitions of a server's life: accepted, started and settled, twice.
const TRANSITIONS: f64 = 6.0;
/// Clients of `pgbench`.
const CLIENTS: u32 = 64;

#[derive(Debug, Args)]
pub(crate) struct NodesArgs {
    /// A directory on the disk to measure, which PostgreSQL's user may enter
    #[arg(long, default_value = "/tmp")]
    dir: PathBuf,
    /// Rounds; medians are shown
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// How long each measurement takes, s
    #[arg(long, default_value_t = 2)]
    seconds: u64,
    /// Lives in flight; 0 leaves them out
    #[arg(long, value_delimiter = ',', default_values_t = [64, 512])]
    flights: Vec<u32>,
    /// Servers of the fleet that is taken over; 0 leaves the takeover out
    #[arg(long, default_value_t = 100_000)]
    servers: usize,
    /// Only what a request costs that is passed on
    #[arg(long)]
    only_passed_on: bool,
    /// The program that is killed [default: guichet beside this one]
    #[arg(long)]
    binary: Option<PathBuf>,
}

pub(crate) fn run(args: &NodesArgs) -> anyhow::Result<()> {
    let server = Server::start_in(&args.dir, "bench-nodes").context("it needs PostgreSQL")?;
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).enable_all().build()?;
    let beside = std::env::current_exe()?.with_file_name("guichet");
    let binary = args.binary.clone().unwrap_or(beside);
    if args.only_passed_on {
        return runtime.block_on(forwarded::measure(&binary, &server, args.runs));
    }
    let scratch = tempfile::tempdir_in(&args.dir)?;
    if args.flights.iter().any(|flight| *flight > 0) {
        runtime.block_on(measure(args, &server, scratch.path()))?;
    }
    if args.servers > 0 {
        runtime.block_on(forwarded::measure(&binary, &server, args.runs))?;
        let time = Duration::from_secs(args.seconds);
        runtime.block_on(cells::measure(&binary, &server, (args.runs, time)))?;
        runtime.block_on(takeover::measure(&binary, &server, args.servers, args.runs))?;
    }
    Ok(())
}

/// One look at all three.
struct Round {
    /// Transactions a second of `pgbench`.
    tps: f64,
    sqlite: Figure,
    postgres: Figure,
}

async fn measure(args: &NodesArgs, server: &Server, dir: &Path) -> anyhow::Result<()> {
    server.sql("postgres", "CREATE DATABASE pgbench")?;
    pgbench(server, &["-i", "-s", "10", "-q"])?;
    let url = server.database()?;
    let lead = store::lead(&url).await?;
    let sqlite = Cloud::start(|| store::sqlite(&dir.join("data"), 0))?;
    let postgres = Cloud::start(|| store::postgres(lead))?;
    let time = Duration::from_secs(args.seconds);
    for cloud in [&sqlite, &postgres] {
        cloud.measure(512, time, Duration::from_millis(1)).await?;
    }
    let mut table = Table::new();
    table.set_header([
        "in flight",
        "pgbench tps",
        "SQLite lives/s",
        "PostgreSQL lives/s",
        "transitions to tps",
        "to SQLite",
        "batch of all",
        "p50 ms",
        "p99 ms",
        "writer µs",
        "others µs",
    ]);
    for flight in args.flights.iter().copied() {
        let mut rounds = Vec::new();
        for _ in 0..args.runs.max(1) {
            let tps = transactions(server, args.seconds)?;
            let sqlite = sqlite.measure(flight, time / 4, time).await?;
            let postgres = postgres.measure(flight, time / 4, time).await?;
            rounds.push(Round { tps, sqlite, postgres });
        }
        table.add_row(row(flight, &rounds));
    }
    right(&mut table, 0);
    println!("lives: create, settle, delete, settle; medians of {} rounds of {time:?}", args.runs);
    println!("{table}");
    sqlite.stop().await?;
    postgres.stop().await
}

fn row(flight: u32, rounds: &[Round]) -> Vec<String> {
    let median = |of: &dyn Fn(&Round) -> f64| median(rounds.iter().map(of).collect());
    vec![
        flight.to_string(),
        format!("{:.0}", median(&|round| round.tps)),
        format!("{:.0}", median(&|round| round.sqlite.lives)),
        format!("{:.0}", median(&|round| round.postgres.lives)),
        format!("{:.1}", median(&|round| round.postgres.lives * TRANSITIONS / round.tps)),
        format!("{:.2}", median(&|round| round.postgres.lives / round.sqlite.lives)),
        format!("{:.2}", median(&|round| round.postgres.batch)),
        format!("{:.2}", median(&|round| round.postgres.p50_ms)),
        format!("{:.2}", median(&|round| round.postgres.p99_ms)),
        format!("{:.1}", median(&|round| round.postgres.writer_us)),
        format!("{:.1}", median(&|round| round.postgres.others_us)),
    ]
}

/// What `pgbench` prints.
fn pgbench(server: &Server, arguments: &[&str]) -> anyhow::Result<String> {
    let mut command = server.program("pgbench");
    command.arg("-h").arg(server.dir()).args(["-U", "guichet"]).args(arguments).arg("pgbench");
    let output = command.output()?;
    let error = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "pgbench {arguments:?}: {error}");
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// TPC-B transactions a second.
fn transactions(server: &Server, seconds: u64) -> anyhow::Result<f64> {
    let (clients, seconds) = (CLIENTS.to_string(), seconds.to_string());
    let said = pgbench(server, &["-n", "-M", "prepared", "-c", &clients, "-T", &seconds])?;
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = "));
    let rate = rate.and_then(|rest| rest.split(' ').next()).context("no tps")?;
    Ok(rate.parse()?)
}
