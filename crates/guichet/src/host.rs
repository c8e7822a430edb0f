//! `guichet host`: hosts, how full they are, and how far they are being emptied.

mod shown;
mod waited;

use anyhow::Context as _;
use http::Method;
use serde_json::json;

use crate::Ended;
use crate::cli::ShownFormatArg;
use crate::cli::admin::AtArgs;
use crate::cli::host::{DrainArgs, HostCommand, OneHostArgs, UndrainArgs};
use crate::control::{Client, as_json, encoded, print};
use crate::output;

/// Runs the command.
pub(crate) fn run(command: &HostCommand) -> anyhow::Result<Ended> {
    match command {
        HostCommand::List(at) => list(at),
        HostCommand::Show(args) => show(args),
        HostCommand::Drain(args) => drain(args),
        HostCommand::Undrain(args) => undrain(args),
    }
}

/// The path of a host.
fn path(of: &OneHostArgs) -> String {
    // No host has an empty name, and what is none must not become another path.
    let name = if of.name.is_empty() { "-" } else { &of.name };
    format!("hosts/{}", encoded(name))
}

fn list(at: &AtArgs) -> anyhow::Result<Ended> {
    let answer = Client::new(&at.place)?.ask(&Method::GET, "stats", None)?;
    print(&answer, at.format, shown::list)?;
    Ok(Ended::Good)
}

fn show(of: &OneHostArgs) -> anyhow::Result<Ended> {
    let answer = Client::new(&of.at.place)?.ask(&Method::GET, &path(of), None)?;
    print(&answer, of.at.format, |answer| shown::one(&answer["host"]))?;
    Ok(Ended::Good)
}

fn drain(args: &DrainArgs) -> anyhow::Result<Ended> {
    let DrainArgs { of, reason, wait, timeout } = args;
    let client = Client::new(&of.at.place)?;
    let body = reason.as_ref().map_or_else(|| json!({}), |reason| json!({ "reason": reason }));
    let path = format!("{}/drain", path(of));
    let begun = client.ask(&Method::POST, &path, Some(&body))?;
    if *wait {
        return waited::run(&client, of, &path, timeout.as_ref().map(|timeout| timeout.0));
    }
    let name = &of.name;
    print(&begun, of.at.format, |_| {
        format!("host {name}: it is being emptied; guichet host show {name} says how far that is\n")
    })?;
    Ok(Ended::Good)
}

fn undrain(args: &UndrainArgs) -> anyhow::Result<Ended> {
    let UndrainArgs { of, enable } = args;
    let client = Client::new(&of.at.place)?;
    let host = path(of);
    let path = format!("{host}/drain");
    client.ask(&Method::DELETE, &path, None)?;
    if *enable {
        client.ask(&Method::PATCH, &host, Some(&json!({ "status": "enabled" })))?;
    }
    match of.at.format {
        ShownFormatArg::Json => output::print(&as_json(&client.ask(&Method::GET, &path, None)?)),
        ShownFormatArg::Table if *enable => {
            output::print(&format!("host {}: it takes servers again\n", of.name))
        }
        ShownFormatArg::Table => output::print(&format!(
            "host {name}: nothing more is moved; it takes no servers until it is enabled (guichet host \
             undrain {name} --enable)\n",
            name = of.name
        )),
    }
    .context("the answer")?;
    Ok(Ended::Good)
}
