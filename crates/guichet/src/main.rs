//! The binary: parses, runs, maps to exit codes.

mod cli;
mod compare;
mod data;
mod ended;
mod files;
mod output;
mod race;
mod report;
mod serve;
mod simulate;
mod terminal;
mod tp;

use std::process::ExitCode;

use clap::Parser;

use ended::Ended;

/// Operations are many small allocations, freed on other threads than made them: about a tenth
/// less CPU for each than with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The exit code of bad input, clap's own too.
const BAD_INPUT: u8 = 2;

fn main() -> ExitCode {
    // clap prints help and errors of its own and ends with 0 or 2.
    let cli = cli::Cli::parse();
    let ended = match cli.command {
        cli::Command::Simulate(args) => simulate::run(&args, cli.color),
        cli::Command::Compare(args) => compare::run(&args, cli.color),
        cli::Command::Serve(args) => serve::run(&args, cli.color),
        cli::Command::CloudsYaml(args) => serve::print_clouds_yaml(&args),
        cli::Command::Backup(args) => data::backup(&args),
        cli::Command::Restore(args) => data::restore(&args),
        cli::Command::Verify(args) => data::verify(&args, cli.color),
        cli::Command::OneRun => compare::run_one(),
        cli::Command::Race(args) => race::run(&args, cli.color),
        cli::Command::Tp(args) => tp::run(&args),
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

    use super::cli;

    #[test]
    fn the_flags_are_sound() {
        cli::Cli::command().debug_assert();
    }
}
