//! Tasks of the workspace.
//!
//! `cargo xtask bench` measures the engine beside what one would take instead, all in one run,
//! and prints one table; `bench-http` does so for requests over HTTP, and `bench-journal` for what
//! a disk adds. `cargo xtask docs` writes what the documentation takes from the code:
//! the flags and the limits. `cargo xtask crash` kills a server over and over and looks whether
//! anything it acknowledged is lost. With the feature `browser`, `browser` opens the reports in a
//! browser and checks them.

mod bench;
#[cfg(feature = "browser")]
mod browser;
mod crash;
mod docs;
mod engine;
mod fleet;
mod http;
mod journal;
mod yardstick;

use std::process::ExitCode;

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
    /// Measure what a request over HTTP costs, beside a bare handler
    BenchHttp(http::HttpArgs),
    /// Measure what it costs to keep the fleet on a disk, beside a log that only appends
    BenchJournal(journal::JournalArgs),
    /// Write docs/flags.md and docs/limits.md from the code
    Docs(docs::DocsArgs),
    /// Kill a server over and over, and check that it loses nothing
    Crash(crash::CrashArgs),
    /// Open every report in a browser and check what a reader would see
    #[cfg(feature = "browser")]
    Browser(browser::BrowserArgs),
}

fn main() -> anyhow::Result<ExitCode> {
    match Cli::parse().task {
        Task::Crash(args) => return crash::run(&args),
        Task::Bench(args) => bench::run(&args),
        Task::BenchHttp(args) => http::run(&args),
        Task::BenchJournal(args) => journal::run(args),
        Task::Docs(args) => docs::run(&args),
        #[cfg(feature = "browser")]
        Task::Browser(args) => browser::run(&args),
    }?;
    Ok(ExitCode::SUCCESS)
}
