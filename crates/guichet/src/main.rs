//! The binary: parses, runs, maps to exit codes.

mod cli;
mod output;
mod simulate;

use std::process::ExitCode;

use clap::Parser;

/// Operations are many small allocations, freed on other threads than made them: about a tenth
/// less CPU for each than with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How a command ended, and the exit code that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// All is well.
    Good,
    /// An invariant broke.
    Broken,
    /// Interrupted; what was accepted was finished.
    Interrupted,
}

impl From<Ended> for ExitCode {
    fn from(ended: Ended) -> Self {
        Self::from(match ended {
            Ended::Good => 0,
            Ended::Broken => 1,
            Ended::Interrupted => 130,
        })
    }
}

fn main() -> ExitCode {
    // clap prints help and errors of its own and ends with 0 or 2.
    let cli = cli::Cli::parse();
    let ended = match cli.command {
        cli::Command::Simulate(args) => simulate::run(&args),
    };
    match ended {
        Ok(ended) => ended.into(),
        Err(error) => {
            eprintln!("guichet: {error:#}");
            ExitCode::from(2)
        }
    }
}
