//! `cargo xtask bench-lists` and `bench-routes`: what each list, filter and order costs the service, or what
//! it answers besides, by the size of the fleet, and how long others wait for their answer meanwhile.
//!
//! Each is asked for by one client at a time, and all CPU that the process has used counts but the
//! client's own: what looks at much goes on in a thread of its own. Beside it, another client
//! asks for one server again and again, as the same requests run; its longest wait is shown. Both in some
//! rounds, of which the least counts: what else the machine does meanwhile can only add to them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use comfy_table::Table;
use guichet_clock::Stopwatch;
use guichet_lab::measure::cpu_time;

use crate::cpu::cpu_ns;
use crate::http::client::{Ask, Connections};
use crate::http::server::{Fill, Guichet, Served};
use crate::table::right;

#[derive(Debug, Args)]
pub(crate) struct ListsArgs {
    /// Servers of each fleet, the smallest first
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 100_000, 1_000_000])]
    servers: Vec<usize>,
    /// Threads that answer
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Longest time for each row and size
    #[arg(long, default_value_t = 1_000)]
    millis: u64,
    /// Keep the fleets in data directories, as with `serve --data`
    #[arg(long)]
    durable: bool,
    /// Small fleets and a moment for each row: whether it runs, and no figures
    #[arg(long)]
    quick: bool,
}

/// The lists: what is shown, and what is asked for.
const LISTS: &[(&str, &str)] = &[
    ("a page", "limit=100"),
    ("a page, all tenants", "all_tenants=1&limit=100"),
    ("the last page, all tenants", "all_tenants=1&limit=100&sort_dir=asc&sort_key=created_at"),
    ("status=ERROR, none matches", "status=ERROR"),
    ("status=SHUTOFF, 1 in 1,000", "status=SHUTOFF&limit=100"),
    ("status=ACTIVE", "status=ACTIVE&limit=100"),
    ("status=ERROR, all tenants", "status=ERROR&all_tenants=1"),
    ("name=^(one)$", "name=%5Eserver-0000000001%24"),
    ("name=^(prefix)", "name=%5Eserver-00000000&limit=100"),
    ("name=(one), anywhere", "name=server-0000000001"),
    ("name=(regular expression)", "name=r-0%2B1%24"),
    ("sort by name", "sort_key=display_name&limit=100"),
    ("sort by name, all tenants", "sort_key=display_name&all_tenants=1&limit=100"),
    ("sort by age, the oldest first", "sort_key=created_at&sort_dir=asc&limit=100"),
    ("sort by change", "sort_key=updated_at&limit=100"),
    ("sort by host", "sort_key=host&limit=100"),
    ("sort by state and name", "sort_key=vm_state&sort_key=display_name&limit=100"),
    ("uuid=(one)", "uuid={id}"),
    ("ip=(pattern)", "ip=10.0.0.7&limit=100"),
    ("tags=(none has it)", "tags=blue"),
    ("host=(none has it)", "host=host-9999"),
    ("changes-since=now", "changes-since={now}"),
    ("deleted=true", "deleted=true&limit=100"),
];

/// What else is asked for: what is shown, and the path.
const ROUTES: &[(&str, &str)] = &[
    ("GET /identity/v3/projects", "/identity/v3/projects"),
    ("GET /identity/v3/users", "/identity/v3/users"),
    ("GET /identity/v3/auth/catalog", "/identity/v3/auth/catalog"),
    ("GET /compute/v2.1/servers/{id}", "/compute/v2.1/servers/{id}"),
    ("    …/os-instance-actions", "/compute/v2.1/servers/{id}/os-instance-actions"),
    ("    …/os-interface", "/compute/v2.1/servers/{id}/os-interface"),
    ("    …/ips", "/compute/v2.1/servers/{id}/ips"),
    ("    …/metadata", "/compute/v2.1/servers/{id}/metadata"),
    ("    …/tags", "/compute/v2.1/servers/{id}/tags"),
    ("GET /compute/v2.1/flavors/detail", "/compute/v2.1/flavors/detail"),
    ("    …/limits", "/compute/v2.1/limits"),
    ("    …/os-quota-sets/{project}", "/compute/v2.1/os-quota-sets/{project}"),
    ("    …/os-simple-tenant-usage", "/compute/v2.1/os-simple-tenant-usage"),
    (
        "    …/os-simple-tenant-usage?start=…",
        "/compute/v2.1/os-simple-tenant-usage?start=2020-01-01T00:00:00",
    ),
    (
        "    …/os-simple-tenant-usage/{project}",
        "/compute/v2.1/os-simple-tenant-usage/{project}?start=2020-01-01T00:00:00",
    ),
    ("    …/os-hypervisors/detail?limit=100", "/compute/v2.1/os-hypervisors/detail?limit=100"),
    ("    …/os-services", "/compute/v2.1/os-services"),
    ("    …/os-availability-zone", "/compute/v2.1/os-availability-zone"),
    ("    …/os-aggregates", "/compute/v2.1/os-aggregates"),
    ("    …/os-keypairs", "/compute/v2.1/os-keypairs"),
    ("    …/os-server-groups", "/compute/v2.1/os-server-groups"),
    ("    …/os-migrations", "/compute/v2.1/os-migrations"),
    ("GET /image/v2/images", "/image/v2/images"),
    ("GET /network/v2.0/networks", "/network/v2.0/networks"),
    ("    …/subnets", "/network/v2.0/subnets"),
    ("    …/ports?device_id={id}", "/network/v2.0/ports?device_id={id}"),
    ("    …/ports?limit=100", "/network/v2.0/ports?limit=100"),
    ("    …/ports?limit=100&marker={port}", "/network/v2.0/ports?limit=100&marker={port}"),
    ("    …/ports?mac_address=(none has it)", "/network/v2.0/ports?mac_address=fa:16:3f:00:00:00"),
    ("    …/ports/{port}", "/network/v2.0/ports/{port}"),
    ("    …/quotas/{project}/details", "/network/v2.0/quotas/{project}/details"),
    ("    …/security-groups", "/network/v2.0/security-groups"),
    ("GET /guichet/v1/stats", "/guichet/v1/stats"),
    ("    …/queue", "/guichet/v1/queue"),
    ("    …/hosts", "/guichet/v1/hosts"),
    ("    …/projects", "/guichet/v1/projects"),
    ("    …/operations?limit=100", "/guichet/v1/operations?limit=100"),
    ("    …/operations?state=failed", "/guichet/v1/operations?state=failed"),
    ("    …/worlds/root/operations", "/guichet/v1/worlds/root/operations"),
    ("    …/servers?limit=100", "/guichet/v1/servers?limit=100"),
    ("GET /metrics", "/metrics"),
    ("GET /readyz", "/readyz"),
];

/// Lists of servers.
pub(crate) fn run(args: &ListsArgs) -> anyhow::Result<()> {
    let all: Vec<_> = LISTS
        .iter()
        .map(|(name, query)| (*name, format!("/compute/v2.1/servers?{query}")))
        .collect();
    table(args, &all, false)
}

/// What is no list of servers.
pub(crate) fn run_routes(args: &ListsArgs) -> anyhow::Result<()> {
    let all: Vec<_> = ROUTES.iter().map(|(name, path)| (*name, (*path).to_owned())).collect();
    table(args, &all, true)
}

/// `is_whole`: with all that a service has beside its cloud.
fn table(args: &ListsArgs, rows: &[(&str, String)], is_whole: bool) -> anyhow::Result<()> {
    let sizes = if args.quick { vec![100, 2_000] } else { args.servers.clone() };
    let time = Duration::from_millis(if args.quick { 1 } else { args.millis });
    let threads = args.threads;
    println!(
        "CPU of the service a request (µs), {threads} thread(s), and the longest wait of a GET beside it (ms)"
    );
    let mut columns = Vec::new();
    for size in &sizes {
        let fill = Fill { servers: *size, threads, durable: args.durable, spread: true, is_whole };
        let guichet = Guichet::filled("lists", fill)?;
        let mut column = Vec::new();
        for (name, path) in rows {
            let cost = measured(&guichet, path, time).with_context(|| (*name).to_owned())?;
            column.push(cost);
        }
        guichet.stop()?;
        columns.push(column);
    }
    let mut table = Table::new();
    let mut header = vec![String::new()];
    header.extend(sizes.iter().map(|size| format!("{size} servers")));
    header.extend(["last : first".to_owned(), "GET waits (last)".to_owned()]);
    table.set_header(header);
    for (row, (name, _)) in rows.iter().enumerate() {
        let costs: Vec<_> = columns.iter().map(|column| &column[row]).collect();
        let (first, last) = (costs.first().context("a size")?, costs.last().context("a size")?);
        let mut cells = vec![(*name).to_owned()];
        cells.extend(costs.iter().map(|cost| format!("{:.0}", cost.cpu_us)));
        cells.push(format!("{:.2}", last.cpu_us / first.cpu_us));
        cells.push(format!("{:.1}", last.wait.as_secs_f64() * 1e3));
        table.add_row(cells);
    }
    right(&mut table, 1);
    println!("{table}");
    Ok(())
}

/// Rounds that a row's time is divided into.
const ROUNDS: u32 = 5;

/// What a list costs, and makes others wait.
struct Cost {
    cpu_us: f64,
    /// The longest of the answers beside it.
    wait: Duration,
}

fn measured(guichet: &Guichet, path: &str, time: Duration) -> anyhow::Result<Cost> {
    let ask = guichet.get(path);
    let lists = Connections::open(guichet.address(), 1)?;
    lists.send(&ask, 2)?;
    let mut least = Cost { cpu_us: f64::MAX, wait: Duration::MAX };
    for _ in 0..ROUNDS {
        let cpu_us = cpu_us(&ask, &lists, time / ROUNDS)?;
        let wait = longest_wait(guichet, &ask, &lists, time / ROUNDS)?;
        least = Cost { cpu_us: least.cpu_us.min(cpu_us), wait: least.wait.min(wait) };
    }
    Ok(least)
}

/// What a list costs the service, µs of CPU each time.
fn cpu_us(list: &Ask, lists: &Connections, time: Duration) -> anyhow::Result<f64> {
    let (cpu, own, began) = (cpu_time(), cpu_ns("thread-self")?, Stopwatch::start());
    let mut sent = 0;
    while sent == 0 || began.elapsed() < time {
        sent += lists.send(list, 1)?;
    }
    let used = cpu_time().saturating_sub(cpu).as_nanos() as u64;
    Ok(used.saturating_sub(cpu_ns("thread-self")? - own) as f64 / 1e3 / sent as f64)
}

/// The longest time that a GET takes while a list runs again and again.
fn longest_wait(
    guichet: &Guichet,
    list: &Ask,
    lists: &Connections,
    time: Duration,
) -> anyhow::Result<Duration> {
    let (ask, address) = (guichet.show(), guichet.address());
    let is_over = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&is_over);
    let beside = std::thread::spawn(move || {
        let connection = Connections::open(address, 1)?;
        let mut longest = Duration::ZERO;
        while !stop.load(Ordering::Relaxed) {
            let began = Stopwatch::start();
            connection.send(&ask, 1)?;
            longest = longest.max(began.elapsed());
            // A client that asks without a pause would keep the lists from running at all.
            std::thread::park_timeout(Duration::from_micros(500));
        }
        anyhow::Ok(longest)
    });
    let (began, mut sent) = (Stopwatch::start(), 0);
    while sent == 0 || began.elapsed() < time {
        sent += lists.send(list, 1)?;
    }
    is_over.store(true, Ordering::Relaxed);
    beside.join().map_err(|_| anyhow::anyhow!("the client beside the lists panicked"))?
}
