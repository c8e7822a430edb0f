//! `cargo xtask bench-http`: what a request costs the server, beside a bare handler that answers
//! the same bytes, all in one run. The server has one thread of its own and only that thread's
//! CPU is counted; its clients are on another.
//!
//! What else the machine does shows in every figure: caches are shared, and a core is slower while
//! its twin is busy. So all that is compared is measured in turn, in many short rounds; a ratio is
//! the median of the rounds' own ratios, out of which falls what slows a whole round.

pub(crate) mod client;
mod figures;
mod rows;
pub(crate) mod server;
mod threads;

use std::hint::black_box;

use clap::Args;
use comfy_table::Table;

use client::{Ask, Connections};
use figures::{ratio, us};
use rows::Rows;
use server::{Bare, Guichet, Served};

use crate::cpu::cpu_ns;
use crate::table::right;

#[derive(Debug, Args)]
pub(crate) struct HttpArgs {
    /// Requests of each measurement; of a list a tenth
    #[arg(long, default_value_t = 4_000)]
    requests: u64,
    /// Measurements of each figure, in turn; medians are shown
    #[arg(long, default_value_t = 25)]
    rounds: usize,
    /// Connections, each with one request under way
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Servers of the large fleet
    #[arg(long, default_value_t = 100_000)]
    servers: usize,
    /// Keep the fleets in data directories, as with `serve --data`
    #[arg(long)]
    durable: bool,
    /// Only the table of one thread and two
    #[arg(long)]
    only_threads: bool,
}

/// Servers of the small fleet: a page of a list is full.
const SMALL: usize = 100;

pub(crate) fn run(args: &HttpArgs) -> anyhow::Result<()> {
    let HttpArgs { requests, rounds, connections, durable, .. } = *args;
    let threads = threads::Run { requests, rounds, connections, durable };
    if args.only_threads {
        return threads::run(&threads);
    }
    let small = Guichet::start("small", SMALL, args.durable)?;
    let large = Guichet::start("large", args.servers, args.durable)?;
    println!(
        "server CPU a request (µs), one server thread, {} connections, token checked",
        args.connections
    );
    let mut table = Table::new();
    table.set_header(vec![
        "".to_owned(),
        "bare axum".to_owned(),
        format!("guichet, {SMALL} servers"),
        "ratio".to_owned(),
        format!("guichet, {} servers", args.servers),
        "to small".to_owned(),
    ]);
    for (name, is_list, asks) in [
        ("GET a server", false, [small.show(), large.show()]),
        ("GET a list of 100, detailed", true, [small.list(), large.list()]),
        ("POST a server (accepted)", false, [small.create(), large.create()]),
    ] {
        let [ask, ask_large] = asks;
        let answer = small.answer(&ask)?;
        let bare = Bare::start(answer.clone())?;
        // A page costs what many servers do, and shows as much in fewer requests.
        let requests = if is_list { args.requests / 10 } else { args.requests };
        let mut bare_http = Http::new(&bare, &ask, requests, args)?;
        let mut small_http = Http::new(&small, &ask, requests, args)?;
        let mut large_http = Http::new(&large, &ask_large, requests, args)?;
        let mut figures: Vec<&mut dyn Figure> =
            vec![&mut bare_http, &mut small_http, &mut large_http];
        let mut encoding = is_list.then(|| Encoding::new(&answer, requests)).transpose()?;
        figures.extend(encoding.as_mut().map(|encoding| encoding as &mut dyn Figure));
        let costs = measured(&mut figures, args.rounds)?;
        table.add_row(vec![
            name.to_owned(),
            us(&costs[0]),
            us(&costs[1]),
            ratio(&costs[1], &costs[0]),
            us(&costs[2]),
            ratio(&costs[2], &costs[1]),
        ]);
        if let Some(encoding) = costs.get(3) {
            table.add_row(vec![
                "  beside encoding it alone".to_owned(),
                us(encoding),
                String::new(),
                ratio(&costs[1], encoding),
            ]);
        }
        bare.stop()?;
    }
    right(&mut table, 1);
    println!("{table}");
    small.stop()?;
    large.stop()?;
    threads::run(&threads)
}

/// Something that costs CPU.
trait Figure {
    /// µs of CPU for each time it is done.
    fn cost(&mut self) -> anyhow::Result<f64>;
}

/// Requests to a server, on connections that stay open.
struct Http<'a> {
    served: &'a dyn Served,
    ask: &'a Ask,
    requests: u64,
    connections: Connections,
}

impl<'a> Http<'a> {
    fn new(
        served: &'a dyn Served,
        ask: &'a Ask,
        requests: u64,
        args: &HttpArgs,
    ) -> anyhow::Result<Self> {
        let connections = Connections::open(served.address(), args.connections)?;
        Ok(Self { served, ask, requests, connections })
    }
}

impl Figure for Http<'_> {
    fn cost(&mut self) -> anyhow::Result<f64> {
        // Some that do not count: another server had the caches meanwhile.
        self.connections.send(self.ask, self.requests / 10)?;
        let before = self.served.cpu_ns()?;
        let sent = self.connections.send(self.ask, self.requests)?;
        Ok((self.served.cpu_ns()? - before) as f64 / 1e3 / sent as f64)
    }
}

/// Encoding a page into a buffer that does not grow.
struct Encoding {
    rows: Rows,
    times: u64,
}

impl Encoding {
    fn new(answer: &[u8], times: u64) -> anyhow::Result<Self> {
        Ok(Self { rows: Rows::of(answer)?, times })
    }
}

impl Figure for Encoding {
    fn cost(&mut self) -> anyhow::Result<f64> {
        let mut buffer = Vec::new();
        serde_json::to_writer(&mut buffer, &self.rows)?;
        let before = cpu_ns("thread-self")?;
        for _ in 0..self.times {
            buffer.clear();
            serde_json::to_writer(&mut buffer, black_box(&self.rows))?;
            black_box(&buffer);
        }
        Ok((cpu_ns("thread-self")? - before) as f64 / 1e3 / self.times as f64)
    }
}

/// The costs of each, round by round; every second round goes through them the other way, so that
/// none always comes behind the same one.
fn measured(figures: &mut [&mut dyn Figure], rounds: usize) -> anyhow::Result<Vec<Vec<f64>>> {
    let mut costs = vec![Vec::new(); figures.len()];
    for round in 0..rounds {
        for turn in 0..figures.len() {
            let place = if round % 2 == 0 { turn } else { figures.len() - 1 - turn };
            costs[place].push(figures[place].cost()?);
        }
    }
    Ok(costs)
}
