//! The reports that are checked: made by the binary, one of every kind.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::driver::Browser;
use crate::sample;
use crate::view::WIDE_LIGHT;

/// A report: its name, and the command that makes it but for `--report`. A new command that
/// makes reports gets a line here.
const MADE: &[(&str, &[&str])] = &[
    ("simulate", &["simulate", "--quiet", "--requests", "5000"]),
    ("peaks", PEAKS),
    (
        "flaky",
        &[
            "simulate",
            "--quiet",
            "--virtual-time",
            "--profile",
            "flaky",
            "--requests",
            "4000",
            "--mix",
            "create=5,reboot=3,reboot_hard=1,start=1,stop=2,delete=2,list=1",
        ],
    ),
    // Few rows with few runs: what is drawn is the same as of many.
    (
        "compare",
        &["compare", "--quiet", "--workers", "1,2,4,8", "--runs", "3", "--requests", "200"],
    ),
    ("race", &["race", "--quiet", "--with", "semaphore=2"]),
    ("race-fr", &["race", "--quiet", "--with", "semaphore=2", "--lang", "fr"]),
    ("check", &["tp", "check", CLASS]),
    ("check-fr", &["tp", "check", CLASS, "--lang", "fr"]),
    ("check-deadlock", &["tp", "check", DEADLOCK]),
    // Nothing is accepted, so nothing runs: pages of nothing must be sound too.
    ("nothing", &["simulate", "--quiet", "--virtual-time", "--mix", "delete=1", "--requests", "5"]),
];

/// Classes that are checked, beside the reports.
const CLASS: &str = "wrong_no_lock.py";
const DEADLOCK: &str = "wrong_deadlock.py";

/// Three peaks in virtual time: the same picture on every machine.
const PEAKS: &[&str] = &[
    "simulate",
    "--quiet",
    "--virtual-time",
    "--rate",
    "500",
    "--bursts",
    "3x2s@5000",
    "--duration",
    "20s",
    "--requests",
    "50000",
    "--queue",
    "2000",
    "--workers",
    "16",
];

/// The README's pictures: file, command, and from which element of the page to which.
const PICTURES: &[(&str, &[&str], &str, &str)] = &[
    ("simulate.png", PEAKS, "h1", "figure:has(#queue)"),
    ("workers.png", PEAKS, "section:has(#workers)", "figure:has(#servers)"),
];

/// Makes them all in a folder.
pub(crate) fn make(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let classes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/guichet/tests/tp");
    for class in [CLASS, DEADLOCK] {
        std::fs::copy(classes.join(class), folder.join(class)).context(class)?;
    }
    let mut reports = vec![sample::write(folder)?];
    for (name, command) in MADE {
        reports.push(one(folder, name, command)?);
    }
    Ok(reports)
}

/// The program: the one that `GUICHET_BIN` names, or a release built here.
pub(crate) fn guichet() -> Command {
    if let Some(built) = std::env::var_os("GUICHET_BIN") {
        return Command::new(built);
    }
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.toml");
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--release", "--quiet", "--package", "guichet", "--manifest-path"]);
    command.arg(manifest).arg("--");
    command
}

fn one(folder: &Path, name: &str, command: &[&str]) -> anyhow::Result<PathBuf> {
    let file = format!("{name}.html");
    let made = guichet()
        .args(command)
        // By its name in the folder: what the report says of itself names no place.
        .args(["--report", &file])
        .current_dir(folder)
        // English where no flag says otherwise, whatever who runs this reads.
        .env("LC_ALL", "C.UTF-8")
        .output()
        .context("guichet")?;
    // A check that finds something says so by its exit code.
    let is_found = command.contains(&"check") && made.status.code() == Some(1);
    if !made.status.success() && !is_found {
        let problem = String::from_utf8_lossy(&made.stderr);
        bail!("guichet {} --report {file}: {problem}", command.join(" "));
    }
    Ok(folder.join(file))
}

/// Writes the README's pictures.
pub(crate) async fn readme(browser: &Browser, folder: &Path) -> anyhow::Result<()> {
    let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/images");
    std::fs::create_dir_all(&images)?;
    for (file, command, first, last) in PICTURES {
        let report = one(folder, "peaks", command)?;
        let seen = WIDE_LIGHT.check(browser, &report).await?;
        if !seen.problems.is_empty() {
            bail!("{file}: {}", seen.problems.join("; "));
        }
        // On which machine and when it was made is nothing to show, nor what waits for a mouse.
        let hide =
            "document.querySelectorAll('.facts, .modebar-container').forEach((it) => it.remove())";
        browser.ask(hide).await?;
        let path = images.join(file);
        WIDE_LIGHT.picture(browser, &path, Some((*first, *last))).await?;
        let kib = std::fs::metadata(&path)?.len() / 1024;
        println!("docs/images/{file}: {kib} KiB");
    }
    Ok(())
}
