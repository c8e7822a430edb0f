//! `guichet world`: worlds made, listed, reset and ended at a service that runs.

mod shown;

use std::ffi::OsString;

use anyhow::Context as _;
use guichet_lab::simulate::options::DurationArg;
use guichet_locale::{Message, text};
use http::Method;
use serde_json::{Value, json};

use crate::Ended;
use crate::cli::{
    CreateWorldArgs, CreatedFormatArg, ListWorldsArgs, OneWorldArgs, OperationsArgs, PlaceArgs,
    RememberArgs, RequestsArgs, WorldArgs, WorldCommand,
};
use crate::control::{Client, as_json, encoded, print};
use crate::{output, terminal};

/// Runs the command.
pub(crate) fn run(args: &WorldArgs) -> anyhow::Result<Ended> {
    match &args.command {
        WorldCommand::Create(args) => create(args)?,
        WorldCommand::List(args) => list(args)?,
        WorldCommand::Show(args) => show(args)?,
        WorldCommand::Reset(args) => change(args, &Method::POST, "/reset", "as it was at first")?,
        WorldCommand::Requests(args) => requests(args)?,
        WorldCommand::Remember(args) => remember(args)?,
        WorldCommand::Operations(args) => operations(args)?,
        WorldCommand::End(args) => change(args, &Method::DELETE, "", "has ended")?,
    }
    Ok(Ended::Good)
}

fn create(args: &CreateWorldArgs) -> anyhow::Result<()> {
    let config = args.config.as_deref().map(|path| {
        std::fs::read_to_string(path).with_context(|| format!("--config: {}", path.display()))
    });
    let mut asked = json!({ "idle_s": idle_s(args.idle), "cacert": cacert(&args.place)? });
    if let Some(config) = config.transpose()? {
        asked["config"] = config.into();
    }
    if let Some(profile) = &args.profile {
        asked["profile"] = profile.as_str().into();
    }
    if let Some(seed) = args.seed {
        asked["seed"] = seed.into();
    }
    if let Some(from) = &args.from {
        let (world, snapshot) = from.split_once('/').unwrap_or(("root", from));
        asked["from"] = json!({ "world": world, "snapshot": snapshot });
    }
    let made = Client::new(&args.place)?.ask(&Method::POST, "worlds", Some(&asked))?;
    print_made(&made, args.format, &args.place)
}

/// Prints a world that was made.
pub(crate) fn print_made(
    made: &Value,
    format: CreatedFormatArg,
    place: &PlaceArgs,
) -> anyhow::Result<()> {
    // Whoever is told of the world may not reach the socket that it was made over.
    let own = made["world"]["url"].as_str().and_then(|url| url.split("/w/").next());
    let url = own.filter(|_| place.socket.is_some()).unwrap_or(&place.url);
    output::print(&match format {
        CreatedFormatArg::Table => shown::made(made),
        CreatedFormatArg::Json => as_json(made),
        CreatedFormatArg::Env => shown::environment(made, url, variables_of_clients()),
        CreatedFormatArg::CloudsYaml => made["clouds_yaml"].as_str().unwrap_or("").to_owned(),
    })?;
    Ok(())
}

/// The variables in the environment by which clients of OpenStack find a cloud.
pub(crate) fn variables_of_clients() -> impl Iterator<Item = OsString> {
    let names = std::env::vars_os().map(|(name, _)| name);
    names.filter(|name| name.as_encoded_bytes().starts_with(b"OS_"))
}

/// What clients of a world are to check it by: the file by which this command does, named so that it is
/// found from everywhere.
pub(crate) fn cacert(place: &PlaceArgs) -> anyhow::Result<Option<String>> {
    let path = place.trust.cacert.as_deref().map(std::path::absolute).transpose();
    Ok(path.context("--cacert")?.map(|path| path.to_string_lossy().into_owned()))
}

/// Whole seconds, rounded up: less than a second would be none.
pub(crate) fn idle_s(idle: DurationArg) -> u64 {
    idle.0.as_secs() + u64::from(idle.0.subsec_nanos() > 0)
}

fn list(args: &ListWorldsArgs) -> anyhow::Result<()> {
    let worlds = Client::new(&args.place)?.ask(&Method::GET, "worlds", None)?;
    let table =
        |worlds: &Value| shown::rows(worlds["worlds"].as_array().map_or(&[], Vec::as_slice));
    Ok(print(&worlds, args.format, table)?)
}

fn show(args: &OneWorldArgs) -> anyhow::Result<()> {
    let world = Client::of_world(&args.place, &args.id)?.ask(&Method::GET, "", None)?;
    let table = |world: &Value| shown::rows(std::slice::from_ref(&world["world"]));
    Ok(print(&world, args.format, table)?)
}

fn requests(args: &RequestsArgs) -> anyhow::Result<()> {
    let wanted = [("method", &args.method), ("path", &args.path), ("status", &args.status)];
    let path = format!("/requests?{}", query(&wanted));
    let found = Client::of_world(&args.of.place, &args.of.id)?.ask(&Method::GET, &path, None)?;
    let screen = terminal::stdout();
    Ok(print(&found, args.of.format, |found| shown::requests(found, &args.of.id, screen))?)
}

fn remember(args: &RememberArgs) -> anyhow::Result<()> {
    let mut asked = json!({});
    if let Some(most) = args.most {
        asked["most"] = most.into();
    }
    if let Some(bodies) = args.bodies {
        asked["bodies"] = bodies.into();
    }
    if !args.header.is_empty() {
        asked["headers"] = json!(args.header);
    }
    if asked == json!({}) {
        return Err(Message::new(|locale| text!(locale, "input-remember")).into());
    }
    let client = Client::of_world(&args.of.place, &args.of.id)?;
    client.ask(&Method::PUT, "/requests", Some(&asked))?;
    let id = &args.of.id;
    Ok(print(&json!({}), args.of.format, |_| format!("world {id}: so from now on\n"))?)
}

fn operations(args: &OperationsArgs) -> anyhow::Result<()> {
    let OperationsArgs { request, action, state, server, .. } = args;
    let wanted = [("request", request), ("action", action), ("state", state), ("server", server)];
    let path = format!("/operations?{}", query(&wanted));
    let found = Client::of_world(&args.of.place, &args.of.id)?.ask(&Method::GET, &path, None)?;
    Ok(print(&found, args.of.format, |found| shown::operations(found, terminal::stdout()))?)
}

/// A query of what is wanted.
fn query(wanted: &[(&str, &Option<String>)]) -> String {
    let pair = |(name, value): &(&str, &Option<String>)| {
        value.as_ref().map(|value| format!("{name}={}", encoded(value)))
    };
    wanted.iter().filter_map(pair).collect::<Vec<_>>().join("&")
}

/// A request that has no answer but that it was done.
fn change(args: &OneWorldArgs, method: &Method, behind: &str, done: &str) -> anyhow::Result<()> {
    Client::of_world(&args.place, &args.id)?.ask(method, behind, None)?;
    Ok(print(&json!({}), args.format, |_| format!("world {}: {done}\n", args.id))?)
}
