//! `cargo xtask bench-journal`: what it costs to keep the fleet on a disk, beside what the same
//! store costs on a log that only appends (the ceiling, C) and beside what the disk itself does
//! (R: 4 KiB written and synced, so often a second), all in one run.
//!
//! Absolute figures are of this disk at this moment. What travels are ratios; each is the median
//! of the rounds' own.

mod appended;
mod disk;
pub(crate) mod load;
mod options;
mod report;
mod rounds;
mod sizes;
pub(crate) mod store;

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;

use disk::Disk;
use load::{Cloud, Figure};
use report::{Report, p99_by_r, table, to_ceiling};
use rounds::{Plan, Rounds};

use crate::table::right;

pub(crate) use options::JournalArgs;

/// A disk that is faster is none: the directory is in memory.
const R_MAX: f64 = 150_000.0;

pub(crate) fn run(mut args: JournalArgs) -> anyhow::Result<()> {
    if let (Some(servers), Some(dir)) = (args.fill, &args.dir) {
        return store::fill(dir, servers);
    }
    if let (Some(servers), Some(dir)) = (args.load, &args.dir) {
        return sizes::load(dir, servers);
    }
    if args.quick {
        (args.runs, args.seconds, args.servers) = (1, 0.1, vec![1_000, 10_000]);
    }
    let beside = std::env::current_exe()?;
    let place = args.dir.as_deref().or(beside.parent()).context("no directory")?;
    let dir = tempfile::tempdir_in(place)?;
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(args.threads).enable_all().build()?;
    runtime.block_on(measure(&args, dir.path()))
}

async fn measure(args: &JournalArgs, dir: &Path) -> anyhow::Result<()> {
    let time = Duration::from_secs_f64(args.seconds);
    let plan = Plan { runs: args.runs.max(1), warm: time / 4, time };
    let mut report = Report::default();
    flights(args, &plan, dir, &mut report).await?;
    if !args.servers.is_empty() {
        sizes::measure(args, &plan, dir, &mut report).await?;
    }
    report.print();
    Ok(())
}

/// The ceiling and SQLite, with more and more lives in flight.
async fn flights(
    args: &JournalArgs,
    plan: &Plan,
    dir: &Path,
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut disk = Disk::new(dir, args.disk_time())?;
    anyhow::ensure!(disk.rate()? < R_MAX, "{} is in memory: give a --dir", dir.display());
    let appended = Cloud::start(|| store::appended(dir, args.in_place))?;
    let sqlite = Cloud::start(|| store::sqlite(&dir.join("data"), 0))?;
    let clouds = [&appended, &sqlite];
    for cloud in clouds {
        // Until as many deleted servers are remembered as ever are, and the logs have their length.
        cloud.measure(512, plan.time * 10, Duration::from_millis(1)).await?;
    }
    let mut table = table(&[
        "in flight",
        "log",
        "rounds",
        "R /s",
        "lives/s",
        "to C",
        "batch",
        "of all",
        "p50 ms",
        "p99 ms",
        "p99 × R",
        "writer µs",
        "others µs",
    ]);
    for flight in args.flights.iter().copied() {
        let rounds = Rounds::measure(plan, &mut disk, &clouds, flight).await?;
        for (place, name) in ["appended (C)", "SQLite"].into_iter().enumerate() {
            table.add_row(row(flight, name, place, &rounds));
        }
        report.goals(flight, &rounds);
    }
    right(&mut table, 0);
    println!(
        "lives in a journal: create, settle, delete, settle; µs are CPU for each; medians of \
         rounds of {} s that count, of all",
        args.seconds
    );
    println!("{table}");
    appended.stop().await?;
    sqlite.stop().await
}

fn row(flight: u32, name: &str, place: usize, rounds: &Rounds) -> Vec<String> {
    let of = |what: fn(&Figure) -> f64| rounds.median(|round| what(&round.figures[place]));
    let batch = of(|figure| figure.batch);
    vec![
        flight.to_string(),
        name.to_owned(),
        rounds.counted(),
        format!("{:.0}", rounds.median(|round| round.rates[place])),
        format!("{:.0}", of(|figure| figure.lives)),
        format!("{:.2}", to_ceiling(rounds, place)),
        format!("{:.1}", batch * f64::from(flight)),
        format!("{batch:.2}"),
        format!("{:.2}", of(|figure| figure.p50_ms)),
        format!("{:.2}", of(|figure| figure.p99_ms)),
        format!("{:.1}", p99_by_r(rounds, place)),
        format!("{:.1}", of(|figure| figure.writer_us)),
        format!("{:.1}", of(|figure| figure.others_us)),
    ]
}
