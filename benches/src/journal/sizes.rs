//! What many servers cost that nobody touches: a file, a start, memory, and whatever they add to
//! each request.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use guichet_clock::Stopwatch;
use guichet_lab::measure::rss_mib;

use super::disk::Disk;
use super::load::{Cloud, Figure};
use super::options::{FLIGHT, JournalArgs};
use super::report::{Report, table};
use super::rounds::{Plan, Rounds};
use super::store;
use crate::table::right;

/// One size of a fleet.
struct Fleet {
    servers: usize,
    file: u64,
    start: Start,
    cloud: Cloud,
}

/// What it took to open a directory.
struct Start {
    seconds: f64,
    bytes: f64,
}

/// Servers that are to be loaded within a second.
const LOADED: usize = 100_000;

/// Starts of each; the median is shown.
const STARTS: usize = 3;

/// Measures fleets of these sizes, in the order given; ratios are to the first.
pub(super) async fn measure(
    args: &JournalArgs,
    plan: &Plan,
    dir: &Path,
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut disk = Disk::new(dir, args.disk_time())?;
    let mut fleets = Vec::new();
    for servers in &args.servers {
        fleets.push(Fleet::open(&dir.join(servers.to_string()), *servers)?);
    }
    for fleet in &fleets {
        // Until as many deleted servers are remembered as ever are.
        fleet.cloud.measure(512, plan.time * 10, Duration::from_millis(1)).await?;
    }
    let clouds: Vec<&Cloud> = fleets.iter().map(|fleet| &fleet.cloud).collect();
    let rounds = Rounds::measure(plan, &mut disk, &clouds, FLIGHT).await?;
    let mut table = table(&[
        "servers",
        "file MiB",
        "bytes each",
        "load s",
        "memory each",
        "writer µs",
        "others µs",
        "life",
        "ratio",
    ]);
    for (place, fleet) in fleets.iter().enumerate() {
        let of = |what: fn(&Figure) -> f64| rounds.median(|round| what(&round.figures[place]));
        let each = |bytes: f64| bytes / fleet.servers as f64;
        let ratio = rounds.median(|round| round.figures[place].cpu() / round.figures[0].cpu());
        table.add_row(vec![
            fleet.servers.to_string(),
            format!("{:.1}", fleet.file as f64 / f64::from(1 << 20)),
            format!("{:.0}", each(fleet.file as f64)),
            format!("{:.3}", fleet.start.seconds),
            format!("{:.0}", each(fleet.start.bytes)),
            format!("{:.1}", of(|figure| figure.writer_us)),
            format!("{:.1}", of(|figure| figure.others_us)),
            format!("{:.1}", of(Figure::cpu)),
            format!("{ratio:.2}"),
        ]);
        let servers = fleet.servers;
        if place > 0 {
            report.at_most(&format!("CPU of a life at {servers} servers, ratio"), ratio, 1.5);
        }
        if servers == LOADED {
            report.at_most(&format!("{servers} servers loaded, s"), fleet.start.seconds, 1.0);
        }
    }
    right(&mut table, 0);
    println!("\nservers that stay, {FLIGHT} lives in flight (rounds: {})", rounds.counted());
    println!("{table}");
    for fleet in fleets {
        fleet.cloud.stop().await?;
    }
    Ok(())
}

impl Fleet {
    /// Makes a fleet, starts it to measure that, and starts it. All but the last are done by a
    /// process each, so that no memory is counted that another had before.
    fn open(dir: &Path, servers: usize) -> anyhow::Result<Self> {
        child("--fill", dir, servers)?;
        let mut starts =
            (0..STARTS).map(|_| Start::of(dir, servers)).collect::<Result<Vec<_>, _>>()?;
        starts.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        let start = starts.swap_remove(STARTS / 2);
        let file = fs::metadata(dir.join("guichet.db"))?.len();
        let cloud = Cloud::start(|| store::sqlite(dir, servers))?;
        Ok(Self { servers, file, start, cloud })
    }
}

impl Start {
    fn of(dir: &Path, servers: usize) -> anyhow::Result<Self> {
        let printed = child("--load", dir, servers)?;
        let (seconds, bytes) = printed.trim().split_once(' ').context("no figures of a start")?;
        Ok(Self { seconds: seconds.parse()?, bytes: bytes.parse()? })
    }
}

/// This program once more, for one step.
fn child(step: &str, dir: &Path, servers: usize) -> anyhow::Result<String> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["journal", step, &servers.to_string(), "--dir"]).arg(dir);
    let output = command.output()?;
    let problem = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "{step} {servers}: {problem}");
    Ok(String::from_utf8(output.stdout)?)
}

/// Opens a directory until its store is ready, and prints the seconds and the bytes that took.
pub(super) fn load(dir: &Path, servers: usize) -> anyhow::Result<()> {
    let (before, watch) = (rss_mib(), Stopwatch::start());
    let store = store::sqlite(dir, servers)?;
    let took = watch.elapsed().as_secs_f64();
    println!("{took} {}", (rss_mib() - before) * 1024.0 * 1024.0);
    drop(store);
    Ok(())
}
