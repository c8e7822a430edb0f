//! `guichet snapshot`: snapshots of worlds at a service that runs.

use std::fs::File;
use std::io::{Read, stdin};
use std::path::Path;

use anyhow::{Context as _, bail};
use guichet_core::limits;
use guichet_view::screen::{Screen, Squeeze, framed};
use http::Method;
use serde_json::{Value, json};

use crate::Ended;
use crate::cli::{
    ForkArgs, ImportArgs, OfWorldArgs, OneSnapshotArgs, SnapshotArgs, SnapshotCommand, TakeArgs,
};
use crate::control::{Client, encoded, print};
use crate::{output, terminal, world};

/// Runs the command.
pub(crate) fn run(args: &SnapshotArgs) -> anyhow::Result<Ended> {
    match &args.command {
        SnapshotCommand::Take(args) => take(args)?,
        SnapshotCommand::List(args) => list(args)?,
        SnapshotCommand::Show(args) => show(args)?,
        SnapshotCommand::Restore(args) => {
            change(args, &Method::POST, "/restore", "the world is again as it was")?;
        }
        SnapshotCommand::Fork(args) => fork(args)?,
        SnapshotCommand::Export(args) => export(args)?,
        SnapshotCommand::Import(args) => import(args)?,
        SnapshotCommand::Delete(args) => change(args, &Method::DELETE, "", "is gone")?,
    }
    Ok(Ended::Good)
}

fn client(of: &OfWorldArgs) -> anyhow::Result<Client<'_>> {
    Client::of_world(&of.place, &of.world)
}

/// The path of a snapshot. No name is empty, and what is none must not become another path.
fn path(name: &str, behind: &str) -> String {
    let name = if name.is_empty() { "-" } else { name };
    format!("/snapshots/{}{behind}", encoded(name))
}

fn take(args: &TakeArgs) -> anyhow::Result<()> {
    let asked = json!({ "name": args.one.name, "replace": args.replace });
    let taken = client(&args.one.of)?.ask(&Method::POST, "/snapshots", Some(&asked))?;
    Ok(print(&taken, args.one.of.format, one)?)
}

fn list(args: &OfWorldArgs) -> anyhow::Result<()> {
    let found = client(args)?.ask(&Method::GET, "/snapshots", None)?;
    Ok(print(&found, args.format, |found| all(found, terminal::stdout()))?)
}

fn show(args: &OneSnapshotArgs) -> anyhow::Result<()> {
    let found = client(&args.of)?.ask(&Method::GET, &path(&args.name, ""), None)?;
    Ok(print(&found, args.of.format, one)?)
}

/// A request that has no answer but that it was done.
fn change(args: &OneSnapshotArgs, method: &Method, behind: &str, done: &str) -> anyhow::Result<()> {
    client(&args.of)?.ask(method, &path(&args.name, behind), None)?;
    let told = |_: &Value| format!("snapshot {}: {done}\n", args.name);
    Ok(print(&json!({}), args.of.format, told)?)
}

fn fork(args: &ForkArgs) -> anyhow::Result<()> {
    let mut asked =
        json!({ "idle_s": world::idle_s(args.idle), "cacert": world::cacert(&args.place)? });
    if let Some(name) = &args.name {
        asked["snapshot"] = name.as_str().into();
    }
    if let Some(profile) = &args.profile {
        asked["profile"] = profile.as_str().into();
    }
    // A world's own token makes no others.
    let id = if args.world.is_empty() { "-" } else { &args.world };
    let path = format!("worlds/{}/fork", encoded(id));
    let made = Client::new(&args.place)?.ask(&Method::POST, &path, Some(&asked))?;
    world::print_made(&made, args.format, &args.place)
}

fn export(args: &OneSnapshotArgs) -> anyhow::Result<()> {
    let path = path(&args.name, "/document");
    output::print(&client(&args.of)?.ask_for_text(&Method::GET, &path, None)?)?;
    Ok(())
}

fn import(args: &ImportArgs) -> anyhow::Result<()> {
    let text = document(&args.file)?;
    let path = path(&args.one.name, "/document");
    let made = client(&args.one.of)?.ask_for_text(&Method::PUT, &path, Some(text));
    let made = made.with_context(|| args.file.display().to_string())?;
    let made: Value = serde_json::from_str(&made)?;
    Ok(print(&made, args.one.of.format, one)?)
}

/// The text of a document's file.
fn document(file: &Path) -> anyhow::Result<String> {
    let name = || file.display().to_string();
    let source: Box<dyn Read> = if file == Path::new("-") {
        Box::new(stdin().lock())
    } else {
        Box::new(File::open(file).with_context(name)?)
    };
    let (mut text, most) = (String::new(), limits::SNAPSHOT_DOCUMENT_MAX);
    source.take(most as u64 + 1).read_to_string(&mut text).with_context(name)?;
    if text.len() > most {
        bail!("{}: larger than {most} bytes, the most a snapshot may have", name());
    }
    Ok(text)
}

/// A snapshot that was asked for.
fn one(found: &Value) -> String {
    rows(std::slice::from_ref(&found["snapshot"]), terminal::stdout())
}

/// All snapshots, and what is wrong with those that could not be read.
fn all(found: &Value, screen: Screen) -> String {
    let list = |name: &str| found[name].as_array().map_or(&[][..], Vec::as_slice);
    let mut text = rows(list("snapshots"), screen);
    for row in list("unreadable") {
        let said = |name: &str| row[name].as_str().unwrap_or("-");
        let line = format!("{}: cannot be read: {}", said("name"), said("problem"));
        text.push_str(&(screen.line(&line, 2).join("\n") + "\n"));
    }
    text
}

/// How many operations there are, and when it was taken, go first from a table that is too wide; then long
/// names are wrapped.
const SQUEEZE: Squeeze<'_> = Squeeze { drops: &[2, 3], wraps: 0 };

/// A line for each snapshot.
fn rows(snapshots: &[Value], screen: Screen) -> String {
    let head = ["name", "servers", "operations", "taken", "time there"].map(str::to_owned);
    let rows = snapshots.iter().map(|row| {
        let text = |name: &str| row[name].as_str().unwrap_or("-").to_owned();
        let now = text("now");
        // To the second, as when it was taken is.
        let now = now.split_once('.').map_or(now.clone(), |(seconds, _)| format!("{seconds}Z"));
        let (servers, operations) = (row["servers"].to_string(), row["operations"].to_string());
        vec![text("name"), servers, operations, text("taken_at"), now]
    });
    screen.table(framed(head.to_vec(), rows, 1..3), SQUEEZE) + "\n"
}
