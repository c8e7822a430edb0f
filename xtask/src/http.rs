//! `cargo xtask bench-http`: what a request costs the server, beside a bare handler that answers
//! the same bytes, all in one run. The server has one thread of its own and only that thread's
//! CPU is counted; its clients are on another.

pub(crate) mod client;
mod server;

use clap::Args;
use comfy_table::{CellAlignment, Table};

use client::{Ask, Connections};
use server::{Bare, Guichet, Served};

#[derive(Debug, Args)]
pub(crate) struct HttpArgs {
    /// Requests of each measurement
    #[arg(long, default_value_t = 20_000)]
    requests: u64,
    /// Measurements of each line, in turn; the median is shown
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Connections, each with one request under way
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Servers of the large fleet
    #[arg(long, default_value_t = 100_000)]
    servers: usize,
}

/// Servers of the small fleet: a page of a list is full.
const SMALL: usize = 100;

pub(crate) fn run(args: &HttpArgs) -> anyhow::Result<()> {
    let small = Guichet::start(SMALL)?;
    let large = Guichet::start(args.servers)?;
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
    for (name, asks) in [
        ("GET a server", [small.show(), large.show()]),
        ("GET a list of 100, detailed", [small.list(), large.list()]),
        ("POST a server (accepted)", [small.create(), large.create()]),
    ] {
        // A page costs a hundred times what a server does, and shows as much in fewer requests.
        let requests = if name.contains("list") { args.requests / 10 } else { args.requests };
        let [ask, ask_large] = asks;
        let bare = Bare::start(small.answer(&ask)?)?;
        let [mut bares, mut smalls, mut larges] = [const { Vec::new() }; 3];
        for _ in 0..args.runs {
            bares.push(cost(&bare, &ask, requests, args.connections)?);
            smalls.push(cost(&small, &ask, requests, args.connections)?);
            larges.push(cost(&large, &ask_large, requests, args.connections)?);
        }
        let [bare_us, small_us, large_us] = [bares, smalls, larges].map(median);
        table.add_row(vec![
            name.to_owned(),
            format!("{bare_us:.1}"),
            format!("{small_us:.1}"),
            format!("{:.2}", small_us / bare_us),
            format!("{large_us:.1}"),
            format!("{:.2}", large_us / small_us),
        ]);
        if name.contains("list") {
            let encoding = server::encoding_us(&small.answer(&ask)?, requests)?;
            table.add_row(vec![
                "  beside encoding it alone".to_owned(),
                format!("{encoding:.1}"),
                String::new(),
                format!("{:.2}", small_us / encoding),
            ]);
        }
        bare.stop()?;
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    println!("{table}");
    small.stop()?;
    large.stop()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// CPU of the server's thread for each request, µs, after some that do not count.
fn cost(served: &impl Served, ask: &Ask, requests: u64, connections: usize) -> anyhow::Result<f64> {
    let connections = Connections::open(served.address(), connections)?;
    connections.send(ask, requests / 10)?;
    let before = served.cpu_ns()?;
    connections.send(ask, requests)?;
    Ok((served.cpu_ns()? - before) as f64 / 1e3 / requests as f64)
}
