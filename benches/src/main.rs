//! What Guichet costs, beside what one would take instead, each in one run that prints one table.
//!
//! Absolute times are of this machine at this moment; what travels is the ratio of two figures.
//! They are measured with the profile `dist`, which `cargo xtask bench`, `bench-http` and
//! `bench-journal` build this program with.

mod cpu;
mod engine;
mod http;
mod journal;
mod lists;
mod load;
mod median;
mod nodes;
mod table;

use clap::{Parser, Subcommand};

/// The allocator of the shipped program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Debug, Parser)]
#[command(about = "Measure, and print one table")]
struct Cli {
    #[command(subcommand)]
    bench: Bench,
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// Measure the engine, beside what one would take instead
    Engine(engine::EngineArgs),
    /// Measure what a request over HTTP costs, beside a bare handler
    Http(http::HttpArgs),
    /// Measure what lists cost by the size of the fleet, and how long others wait meanwhile
    Lists(lists::ListsArgs),
    /// Measure what else is asked for costs by the size of the fleet, and how long others wait meanwhile
    Routes(lists::ListsArgs),
    /// Measure what it costs to keep the fleet on a disk, beside a log that only appends
    Journal(journal::JournalArgs),
    /// Measure what it costs to keep the fleet in PostgreSQL, and how long a takeover takes
    Nodes(nodes::NodesArgs),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().bench {
        Bench::Engine(args) => engine::run(&args),
        Bench::Http(args) => http::run(&args),
        Bench::Lists(args) => lists::run(&args),
        Bench::Routes(args) => lists::run_routes(&args),
        Bench::Journal(args) => journal::run(args),
        Bench::Nodes(args) => nodes::run(&args),
    }
}
