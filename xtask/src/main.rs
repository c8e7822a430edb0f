//! Tasks of the workspace.
//!
//! `cargo xtask docs` writes what the documentation takes from the code. The other commands are a
//! front: each runs a program of the workspace that has a package of its own, in the profile it
//! is meant for, with the arguments that follow. Which files and crates may depend on which is
//! checked by this package's tests.

mod docs;
mod front;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use front::{Forwarded, Program};

#[derive(Debug, Parser)]
#[command(about = "Tasks of the workspace")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Measure the engine, and print one table
    Bench(Forwarded),
    /// Measure what a request over HTTP costs, beside a bare handler
    BenchHttp(Forwarded),
    /// Measure what lists cost by the size of the fleet, and how long others wait meanwhile
    BenchLists(Forwarded),
    /// Measure what else is asked for costs by the size of the fleet, and how long others wait meanwhile
    BenchRoutes(Forwarded),
    /// Measure what it costs to keep the fleet on a disk, beside a log that only appends
    BenchJournal(Forwarded),
    /// Measure what it costs to keep the fleet in PostgreSQL, and how long a takeover takes
    BenchNodes(Forwarded),
    /// Write docs/flags.md and docs/limits.md from the code
    Docs(docs::DocsArgs),
    /// Kill a server over and over, and check that it loses nothing
    Crash(Forwarded),
    /// Open every report in a browser and check what a reader would see
    Browser(Forwarded),
}

fn main() -> anyhow::Result<ExitCode> {
    match Cli::parse().task {
        Task::Docs(args) => docs::run(&args).map(|()| ExitCode::SUCCESS),
        Task::Bench(args) => front::run(&Program::bench("engine"), &args),
        Task::BenchHttp(args) => front::run(&Program::bench("http"), &args),
        Task::BenchLists(args) => front::run(&Program::bench("lists"), &args),
        Task::BenchRoutes(args) => front::run(&Program::bench("routes"), &args),
        Task::BenchJournal(args) => front::run(&Program::bench("journal"), &args),
        Task::BenchNodes(args) => front::run(&Program::bench("nodes"), &args),
        Task::Crash(args) => front::run(&Program::CRASH, &args),
        Task::Browser(args) => front::run(&Program::BROWSER, &args),
    }
}
