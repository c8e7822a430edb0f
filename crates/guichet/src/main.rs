//! The binary: parses, runs, maps to exit codes.

mod admin;
mod beside;
mod cause;
mod cell;
mod cli;
mod clock;
mod compare;
mod config;
mod control;
mod data;
mod ended;
mod fault;
mod files;
mod host;
mod logs;
mod output;
mod pages;
mod race;
mod reader;
mod report;
mod run;
mod serve;
mod simulate;
mod snapshot;
mod terminal;
mod top;
mod tp;
mod wait;
mod world;

use std::process::ExitCode;

use guichet_locale::text;

use ended::Ended;
use reader::Reader;

/// Operations are many small allocations, freed on other threads than made them: about a tenth
/// less CPU for each than with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The exit code of bad input, clap's own too.
const BAD_INPUT: u8 = 2;

fn main() -> ExitCode {
    let (cli, locale) = match cli::parsed(std::env::args_os().collect()) {
        Ok(parsed) => parsed,
        Err(unparsed) => {
            if let Some(message) = unparsed.message {
                output::say_wrapped(&message);
            }
            return unparsed.code;
        }
    };
    let reader = Reader { color: cli.color, locale };
    let ended = match cli.command {
        cli::Command::Simulate(args) => simulate::run(&args, reader),
        cli::Command::Compare(args) => compare::run(&args, reader),
        cli::Command::Report(args) => beside::run(&args, reader),
        cli::Command::Serve(args) => serve::run(&args, cli.color),
        cli::Command::Config(args) => config::run(&args),
        cli::Command::Run(args) => run::run(&args),
        cli::Command::Wait(args) => wait::run(&args, locale),
        cli::Command::CloudsYaml(args) => serve::print_clouds_yaml(&args),
        cli::Command::World(args) => world::run(&args),
        cli::Command::Snapshot(args) => snapshot::run(&args),
        cli::Command::Clock(args) => clock::run(&args),
        cli::Command::Fault(args) => fault::run(&args),
        cli::Command::Project(args) => admin::project(&args.command),
        cli::Command::User(args) => admin::user(&args.command),
        cli::Command::Role(args) => admin::role(&args.command),
        cli::Command::Quota(args) => admin::quota(&args.command),
        cli::Command::Token(args) => admin::token(&args.command),
        cli::Command::Operation(args) => admin::operation(&args.command),
        cli::Command::Queue(args) => admin::queue(&args.command),
        cli::Command::Host(args) => host::run(&args.command),
        cli::Command::Cell(args) => cell::run(&args.command),
        cli::Command::Server(args) => admin::server(&args.command),
        cli::Command::Logs(args) => logs::run(&args),
        cli::Command::Top(args) => top::run(&args, reader),
        cli::Command::Completions(args) => pages::completions(&args),
        cli::Command::Man(args) => pages::man(&args),
        cli::Command::Backup(args) => data::backup(&args),
        cli::Command::Restore(args) => data::restore(&args, cli.color),
        cli::Command::Verify(args) => data::verify(&args, cli.color),
        cli::Command::Data(args) => data::run(&args.command, cli.color),
        cli::Command::OneRun => compare::run_one(),
        cli::Command::Race(args) => race::run(&args, reader),
        cli::Command::Tp(args) => tp::run(&args, reader),
    };
    match ended {
        Ok(ended) => ended.code().into(),
        Err(error) => {
            let told = text!(locale, "error", what = cause::chain(&error, locale));
            output::say_wrapped(&told);
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
