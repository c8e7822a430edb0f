//! Tasks of the workspace.
//!
//! `cargo xtask bench` measures the engine beside what one would take instead, all in one run,
//! and prints one table. `cargo xtask limits` prints the table of limits for the documentation.

mod bench;
mod engine;
mod fleet;
mod yardstick;

use clap::{Parser, Subcommand};

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Debug, Parser)]
#[command(about = "Tasks of the workspace")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Measure, and print one table
    Bench(bench::BenchArgs),
    /// Print the table of limits, as in docs/limits.md
    Limits,
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().task {
        Task::Bench(args) => bench::run(&args),
        Task::Limits => {
            limits();
            Ok(())
        }
    }
}

fn limits() {
    println!("| limit | value | reason |\n| --- | --- | --- |");
    for limit in guichet_core::limits::ALL {
        println!("| `{}` | {} | {} |", limit.name, limit.value, limit.reason);
    }
}
