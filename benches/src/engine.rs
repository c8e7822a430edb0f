//! `cargo xtask bench`, the engine: one run, one table. Absolute times are of this machine at this moment;
//! what travels is the ratio of two lines.

mod fleet;
mod yardstick;

use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use comfy_table::Table;
use guichet_engine::Model;

use crate::load::{self, Cost};
use crate::table::right;

#[derive(Debug, Args)]
pub(crate) struct EngineArgs {
    /// Operations for each line of the first table
    #[arg(long, default_value_t = 200_000)]
    operations: u64,
    /// Runs of each line; the median is shown
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Threads that serve clients and tasks
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Servers of the large fleet
    #[arg(long, default_value_t = 1_000_000)]
    servers: usize,
    /// Measure one model alone, with so many clients: for a profiler
    #[arg(long, value_names = ["MODEL", "CLIENTS"], num_args = 2)]
    only: Option<Vec<String>>,
}

pub(crate) fn run(args: &EngineArgs) -> anyhow::Result<()> {
    // As `simulate` does for operations that only wait: one thread for clients and tasks.
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(args.threads).enable_all().build()?;
    runtime.block_on(async {
        if let Some(only) = &args.only {
            return one_model(args, &only[0], &only[1]).await;
        }
        models(args).await;
        fleets(args).await;
        Ok(())
    })
}

/// One run of one model, and nothing beside it.
async fn one_model(args: &EngineArgs, model: &str, clients: &str) -> anyhow::Result<()> {
    let found = Model::ALL.into_iter().find(|known| known.as_str() == model);
    let model = found.with_context(|| format!("--only: no model is called {model:?}"))?;
    let clients = clients.parse().with_context(|| format!("--only: {clients:?} clients"))?;
    let manager = load::manager(model, 4_096);
    let cost = load::load(&manager, clients, args.operations).await;
    let _ = manager.drain(Duration::from_secs(10)).await;
    println!("{}: process CPU / wall time an operation (µs): {}", model.as_str(), shown(cost));
    Ok(())
}

/// The median by CPU.
fn median(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by(|a, b| a.cpu_us.total_cmp(&b.cpu_us));
    costs[costs.len() / 2]
}

const CLIENTS: [u32; 4] = [1, 8, 64, 1_024];

async fn models(args: &EngineArgs) {
    println!("process CPU / wall time an operation (µs), clients in a closed loop, no driver time");
    let mut table = Table::new();
    let mut header = vec!["".to_owned()];
    header.extend(CLIENTS.map(|clients| format!("{clients} clients")));
    table.set_header(header);
    for model in Model::ALL {
        let mut row = vec![format!("guichet {}", model.as_str())];
        for clients in CLIENTS {
            // A thread for each operation costs its making: fewer show as much.
            let share = if model == Model::Threads { 10 } else { 1 };
            let mut costs = Vec::new();
            for _ in 0..args.runs {
                let manager = load::manager(model, 4_096);
                costs.push(load::load(&manager, clients, args.operations / share).await);
                let _ = manager.drain(Duration::from_secs(10)).await;
            }
            row.push(shown(median(costs)));
        }
        table.add_row(row);
    }
    macro_rules! yardstick {
        ($name:literal, $spawn:expr) => {
            let mut row = vec![$name.to_owned()];
            for clients in CLIENTS {
                let mut costs = Vec::new();
                for _ in 0..args.runs {
                    costs.push(yardstick::load($spawn, clients, args.operations).await);
                }
                row.push(shown(median(costs)));
            }
            table.add_row(row);
        };
    }
    yardstick!("rayon::spawn + Mutex<Vec>", yardstick::Rayon::new());
    yardstick!("threadpool + Mutex<Vec>", yardstick::ThreadPool::new());
    yardstick!("tokio::spawn, semaphore + Mutex<Vec>", yardstick::Tasks::new());
    right(&mut table, 1);
    println!("{table}\n");
}

fn shown(cost: Cost) -> String {
    format!("{:.2} / {:.2}", cost.cpu_us, cost.wall_us)
}

async fn fleets(args: &EngineArgs) {
    println!("a small and a large fleet");
    let mut table = Table::new();
    let small = 1_000;
    // Clients that write need room beside the servers that stay.
    let large = args.servers.min(guichet_core::limits::SERVERS_MAX - 100);
    table.set_header(vec![
        "".to_owned(),
        format!("{small} servers"),
        format!("{large} servers"),
        "ratio".to_owned(),
    ]);
    let (small_manager, _) = fleet::filled(small).await;
    let (large_manager, bytes) = fleet::filled(large).await;
    let mut pair = |what: &str, small: f64, large: f64| {
        table.add_row(vec![
            what.to_owned(),
            format!("{small:.2}"),
            format!("{large:.2}"),
            format!("{:.2}", large / small),
        ]);
    };
    let pages = [&small_manager, &large_manager].map(|manager| fleet::page_us(manager, 5_000));
    pair("list page of 100, µs", pages[0], pages[1]);
    let mut costs = Vec::new();
    for manager in [&small_manager, &large_manager] {
        let mut runs = Vec::new();
        for _ in 0..args.runs {
            runs.push(load::load(manager, 64, args.operations).await);
        }
        costs.push(median(runs));
    }
    pair("operation (async, 64 clients), CPU µs", costs[0].cpu_us, costs[1].cpu_us);
    let mut reads = Vec::new();
    for manager in [&small_manager, &large_manager] {
        reads.push(fleet::reads_beside_writers(manager).await);
    }
    pair("get while 64 clients write, µs", reads[0].0, reads[1].0);
    pair("list page while 64 clients write, µs", reads[0].1, reads[1].1);
    let locks = [&small_manager, &large_manager].map(|manager| manager.figures().longest_lock_ns);
    pair("longest lock hold, µs", locks[0] as f64 / 1e3, locks[1] as f64 / 1e3);
    right(&mut table, 1);
    println!("{table}");
    println!("memory a server at {large}: {bytes:.0} bytes");
    for manager in [small_manager, large_manager] {
        let _ = manager.drain(Duration::from_secs(10)).await;
    }
}
