//! The binary: parses, runs, maps to exit codes.

mod cli;
mod compare;
mod data;
mod output;
mod race;
mod report;
mod serve;
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

/// The exit code of bad input, clap's own too.
const BAD_INPUT: u8 = 2;

impl Ended {
    /// A run ended: whether all invariants hold, and whether it was interrupted. What broke
    /// outweighs the interrupt.
    const fn of(holds: bool, interrupted: bool) -> Self {
        match (holds, interrupted) {
            (false, _) => Self::Broken,
            (true, true) => Self::Interrupted,
            (true, false) => Self::Good,
        }
    }

    /// Its exit code.
    const fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Broken => 1,
            Self::Interrupted => 130,
        }
    }
}

fn main() -> ExitCode {
    // clap prints help and errors of its own and ends with 0 or 2.
    let cli = cli::Cli::parse();
    let ended = match cli.command {
        cli::Command::Simulate(args) => simulate::run(&args),
        cli::Command::Compare(args) => compare::run(&args),
        cli::Command::Serve(args) => serve::run(&args),
        cli::Command::CloudsYaml(args) => serve::print_clouds_yaml(&args),
        cli::Command::Backup(args) => data::backup(&args),
        cli::Command::Restore(args) => data::restore(&args),
        cli::Command::Verify(args) => data::verify(&args),
        cli::Command::OneRun => compare::run_one(),
        cli::Command::Race(args) => race::run(&args),
    };
    match ended {
        Ok(ended) => ended.code().into(),
        Err(error) => {
            output::say(&format!("error: {error:#}\n"));
            BAD_INPUT.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::{Ended, cli};

    #[test]
    fn each_end_has_its_exit_code() {
        for (holds, interrupted, code) in
            [(true, false, 0), (false, false, 1), (false, true, 1), (true, true, 130)]
        {
            assert_eq!(Ended::of(holds, interrupted).code(), code);
        }
    }

    #[test]
    fn the_flags_are_sound() {
        cli::Cli::command().debug_assert();
    }
}
