//! The same requests answered by one thread and by two: what each costs, and how many get done. All CPU
//! of the process counts but the clients'.

use comfy_table::Table;
use guichet_clock::Stopwatch;
use guichet_lab::measure::cpu_time;

use super::client::{Ask, Connections};
use super::figures::{ratio, us};
use super::server::{Fill, Guichet, Served};
use crate::median::median;

use crate::cpu::cpu_ns;
use crate::table::right;

/// Servers of each fleet.
const SERVERS: usize = 1_000;

/// How it is measured.
pub(super) struct Run {
    /// Requests of each measurement; of a list a tenth.
    pub(super) requests: u64,
    pub(super) rounds: usize,
    pub(super) connections: usize,
    pub(super) durable: bool,
}

pub(super) fn run(args: &Run) -> anyhow::Result<()> {
    println!("\nCPU of the service a request (µs), and requests a second, by threads that answer");
    let fill = |threads| Fill {
        servers: SERVERS,
        threads,
        durable: args.durable,
        spread: false,
        is_whole: false,
    };
    let one = Guichet::filled("one", fill(1))?;
    let two = Guichet::filled("two", fill(2))?;
    let mut table = Table::new();
    table.set_header(vec!["", "one", "two", "ratio", "one, a second", "two, a second", "ratio"]);
    for (name, requests, asks) in [
        ("GET a server", args.requests, [one.show(), two.show()]),
        ("GET a list of 100, detailed", args.requests / 10, [one.list(), two.list()]),
        ("POST a server (accepted)", args.requests, [one.create(), two.create()]),
    ] {
        let mut costs = [Vec::new(), Vec::new()];
        let mut rates = [Vec::new(), Vec::new()];
        let connections =
            [&one, &two].map(|guichet| Connections::open(guichet.address(), args.connections));
        let [of_one, of_two] = connections;
        let connections = [of_one?, of_two?];
        for round in 0..args.rounds {
            for turn in 0..2 {
                let place = (round + turn) % 2;
                let (cost, rate) = measured(&connections[place], &asks[place], requests)?;
                costs[place].push(cost);
                rates[place].push(rate);
            }
        }
        table.add_row(vec![
            name.to_owned(),
            us(&costs[0]),
            us(&costs[1]),
            ratio(&costs[1], &costs[0]),
            format!("{:.0}", median(rates[0].clone())),
            format!("{:.0}", median(rates[1].clone())),
            ratio(&rates[1], &rates[0]),
        ]);
    }
    right(&mut table, 1);
    println!("{table}");
    one.stop()?;
    two.stop()
}

/// What one round cost, and its requests a second.
fn measured(connections: &Connections, ask: &Ask, requests: u64) -> anyhow::Result<(f64, f64)> {
    connections.send(ask, requests / 10)?;
    let (cpu, own, watch) = (cpu_time(), cpu_ns("thread-self")?, Stopwatch::start());
    let sent = connections.send(ask, requests)?;
    let wall = watch.elapsed().as_secs_f64();
    let used = cpu_time().saturating_sub(cpu).as_nanos() as u64;
    let cost = used.saturating_sub(cpu_ns("thread-self")? - own) as f64 / 1e3 / sent as f64;
    Ok((cost, sent as f64 / wall))
}
