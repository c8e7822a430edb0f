//! Runs the program of another package through cargo.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::Context as _;
use clap::Args;

/// What follows a command: it is the other program's to understand, `--help` too.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Forwarded {
    /// Flags of the program that does it
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// A program of the workspace, and how it is built.
#[derive(Debug)]
pub(crate) struct Program {
    package: &'static str,
    profile: &'static str,
    features: &'static [&'static str],
    subcommand: Option<&'static str>,
}

impl Program {
    /// As `guichet` is shipped: the harness builds the program it kills with its own profile.
    pub(crate) const CRASH: Self =
        Self { package: "guichet-crash", profile: "dist", features: &[], subcommand: None };

    /// It only waits for a browser, so it is built the quickest way.
    pub(crate) const BROWSER: Self = Self {
        package: "guichet-browser",
        profile: "dev",
        features: &["chromium"],
        subcommand: None,
    };

    /// One of the benches. Only what is built as it is shipped is worth measuring.
    pub(crate) const fn bench(subcommand: &'static str) -> Self {
        Self {
            package: "guichet-benches",
            profile: "dist",
            features: &[],
            subcommand: Some(subcommand),
        }
    }

    fn command(&self, arguments: &[OsString]) -> Command {
        let mut command = Command::new(env!("CARGO"));
        command.args(["run", "--quiet", "--package", self.package, "--profile", self.profile]);
        command.args(["--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml")]);
        for feature in self.features {
            command.args(["--features", feature]);
        }
        command.arg("--").args(self.subcommand).args(arguments);
        command
    }
}

/// Builds and runs a program; its exit code is this one's.
pub(crate) fn run(program: &Program, forwarded: &Forwarded) -> anyhow::Result<ExitCode> {
    let status = program.command(&forwarded.arguments).status().context("cargo run")?;
    // One that a signal ended has no code.
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(program: &Program, forwarded: &[&str]) -> String {
        let forwarded: Vec<OsString> = forwarded.iter().map(OsString::from).collect();
        let command = program.command(&forwarded);
        let shown: Vec<_> = command.get_args().map(|it| it.to_string_lossy()).collect();
        shown.join(" ")
    }

    #[test]
    fn a_bench_is_built_as_what_is_shipped() {
        let shown = arguments(&Program::bench("journal"), &["--quick"]);
        assert!(shown.contains("--package guichet-benches --profile dist"), "{shown}");
        assert!(shown.ends_with(" -- journal --quick"), "{shown}");
    }

    #[test]
    fn flags_are_the_other_programs() {
        let shown = arguments(&Program::BROWSER, &["--help"]);
        assert!(shown.contains("--package guichet-browser --profile dev"), "{shown}");
        assert!(shown.ends_with("--features chromium -- --help"), "{shown}");
    }
}
