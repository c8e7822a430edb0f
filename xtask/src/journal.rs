//! `cargo xtask bench-journal`: what it costs to keep the fleet on a disk, beside what the same
//! store costs on a log that only appends (the ceiling, C) and beside what the disk itself does
//! (R: 4 KiB written and synced, so often a second), all in one run.
//!
//! Absolute figures are of this disk at this moment. What travels are ratios; each is the median
//! of the rounds' own.

mod appended;
mod disk;
mod load;
mod rounds;
mod sizes;
mod store;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use comfy_table::{CellAlignment, Table};

use disk::Disk;
use load::{Cloud, Figure};
use rounds::{Plan, Rounds};

#[derive(Debug, Args)]
pub(crate) struct JournalArgs {
    /// A directory on the disk to measure [default: where this program is]
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Good rounds of each figure; the median is shown
    #[arg(long, default_value_t = 9)]
    runs: usize,
    /// How long each measurement takes, s: short, so that the machine is alike all the while
    #[arg(long, default_value_t = 0.15)]
    seconds: f64,
    /// Threads that serve clients and workers
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Lives in flight
    #[arg(long, value_delimiter = ',', default_values_t = [1, 8, FLIGHT, 512])]
    flights: Vec<u32>,
    /// Sizes of fleets that stay, to compare with the first
    #[arg(long, value_delimiter = ',', default_value = "1000,100000,1000000")]
    servers: Vec<usize>,
    /// A ceiling that is higher still: its file does not grow, but is written before and gone
    /// round in, so that a sync writes nothing about the file
    #[arg(long)]
    in_place: bool,
    /// A few seconds in all: shows that it works, and measures nothing
    #[arg(long)]
    quick: bool,
    #[arg(long, hide = true)]
    fill: Option<usize>,
    #[arg(long, hide = true)]
    load: Option<usize>,
}

impl JournalArgs {
    /// How long each look at the disk takes: long enough that one slow write does not say all.
    fn disk_time(&self) -> Duration {
        Duration::from_secs_f64(self.seconds / 2.5)
    }
}

/// So many where one figure stands for all.
const FLIGHT: u32 = 64;

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
    right(&mut table);
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

fn to_ceiling(rounds: &Rounds, place: usize) -> f64 {
    rounds.median(|round| round.figures[place].lives / round.figures[0].lives)
}

/// The slow answers, counted in syncs of the disk.
fn p99_by_r(rounds: &Rounds, place: usize) -> f64 {
    rounds.median(|round| round.figures[place].p99_ms / 1e3 * round.rates[place])
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.set_header(header.to_vec());
    table
}

fn right(table: &mut Table) {
    for column in table.column_iter_mut() {
        column.set_cell_alignment(CellAlignment::Right);
    }
}

/// What was hoped for, and what there is.
#[derive(Debug, Default)]
struct Report {
    rows: Vec<[String; 4]>,
}

impl Report {
    /// The goals with so many lives in flight.
    fn goals(&mut self, flight: u32, rounds: &Rounds) {
        const SQLITE: usize = 1;
        let ratio = to_ceiling(rounds, SQLITE);
        let of = |what: fn(&Figure) -> f64| rounds.median(|round| what(&round.figures[SQLITE]));
        match flight {
            8 => self.at_least("lives at 8 in flight, to C", ratio, 0.8),
            64 => {
                self.at_least("lives at 64 in flight, to C", ratio, 0.5);
                self.at_least("batch at 64, of all", of(|figure| figure.batch), 0.45);
                let (rate, p99) = (rounds.median(|r| r.rates[SQLITE]), p99_by_r(rounds, SQLITE));
                if rate > 5_000.0 {
                    self.at_most("p99 × R at 64 (R > 5000)", p99, 40.0);
                } else if rate < 500.0 {
                    self.at_most("p99 × R at 64 (R < 500)", p99, 6.0);
                }
            }
            512 => {
                let writer = of(|figure| figure.writer_us);
                self.at_most("writer's CPU of a life at 512, µs", writer, 80.0);
                self.at_most("the same, hoped for", writer, 60.0);
            }
            _ => {}
        }
    }

    fn at_least(&mut self, what: &str, found: f64, goal: f64) {
        self.add(what, found, format!("≥ {goal}"), found >= goal);
    }

    fn at_most(&mut self, what: &str, found: f64, goal: f64) {
        self.add(what, found, format!("≤ {goal}"), found <= goal);
    }

    fn add(&mut self, what: &str, found: f64, goal: String, is_met: bool) {
        let said = if is_met { "met" } else { "missed" };
        self.rows.push([what.to_owned(), format!("{found:.2}"), goal, said.to_owned()]);
    }

    fn print(self) {
        let mut table = table(&["goal", "measured", "wanted", ""]);
        table.add_rows(self.rows);
        println!("\n{table}");
    }
}
