//! `cargo xtask docs`: what the documentation takes from the code, so that there is one source.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct DocsArgs {
    /// Write nothing; fail if a file is not what the code says
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(args: &DocsArgs) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let pages: [(PathBuf, String); 2] =
        [(root.join("docs/limits.md"), limits()?), (root.join("docs/flags.md"), flags(&root)?)];
    for (path, text) in pages {
        if args.check {
            let there = std::fs::read_to_string(&path).unwrap_or_default();
            if there != text {
                bail!("{} is not what the code says: run `cargo xtask docs`", path.display());
            }
        } else {
            std::fs::write(&path, text).with_context(|| path.display().to_string())?;
        }
    }
    Ok(())
}

fn limits() -> anyhow::Result<String> {
    let head = include_str!("limits_head.md");
    let names = guichet_core::limits::all().map(|limit| limit.name);
    let known: Vec<&str> = names.collect();
    for name in head.split('`').filter(|word| is_limit(word)) {
        if !known.contains(&name) {
            bail!("limits_head.md names {name}, and there is no such limit");
        }
    }
    let mut text = format!("{head}| limit | value | reason |\n| --- | --- | --- |\n");
    for limit in guichet_core::limits::all() {
        writeln!(text, "| `{}` | {} | {} |", limit.name, limit.value, limit.reason)?;
    }
    Ok(text)
}

/// Whether a word looks like the name of a limit.
fn is_limit(word: &str) -> bool {
    word.contains('_') && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// The program: the one that `GUICHET_BIN` names, or built here.
fn guichet(root: &Path) -> Command {
    if let Some(built) = std::env::var_os("GUICHET_BIN") {
        return Command::new(built);
    }
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root).args(["run", "--quiet", "--package", "guichet", "--"]);
    command
}

fn flags(root: &Path) -> anyhow::Result<String> {
    let mut text = String::from("# Flags\n\nFrom the program's own help, by `cargo xtask docs`.\n");
    let commands = [
        &["--help"][..],
        &["simulate", "--help"],
        &["compare", "--help"],
        &["report", "--help"],
        &["race", "--help"],
        &["tp", "--help"],
        &["tp", "check", "--help"],
        &["serve", "--help"],
        &["clouds-yaml", "--help"],
        &["backup", "--help"],
        &["restore", "--help"],
        &["verify", "--help"],
        &["data", "--help"],
        &["data", "copy", "--help"],
    ];
    for command in commands {
        let help = guichet(root)
            .args(command)
            .env("COLUMNS", "100")
            .env("LC_ALL", "C")
            .output()
            .context("guichet")?;
        if !help.status.success() {
            bail!("guichet {} failed", command.join(" "));
        }
        let shown = String::from_utf8(help.stdout)?;
        let shown: Vec<&str> = shown.lines().map(str::trim_end).collect();
        write!(
            text,
            "\n## `guichet {}`\n\n```text\n{}\n```\n",
            command.join(" "),
            shown.join("\n")
        )?;
    }
    Ok(text)
}
