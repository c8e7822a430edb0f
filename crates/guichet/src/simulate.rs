//! `guichet simulate`: from flags to a scenario, and from what came of it to what is printed.

use std::io::IsTerminal;
use std::path::Path;

use anyhow::{Context, bail};
use guichet_core::limits;
use guichet_core::project::{Host, Project};
use guichet_core::server::Size;
use guichet_driver::profile::Profile;
use guichet_engine::config::{hosts, project};
use guichet_engine::{EngineConfig, Model};
use guichet_lab::log::{Console, LogFormat};
use guichet_lab::scenario::{Load, Scenario, catalogue, enough_hosts};
use guichet_lab::simulate::Show;
use guichet_lab::trace::Trace;
use indicatif::{ProgressBar, ProgressStyle};
use tokio_util::sync::CancellationToken;

use crate::Ended;
use crate::cli::{FormatArg, LogFormatArg, ModelArg, SimulateArgs};
use crate::output;

/// Runs the command.
pub(crate) fn run(args: &SimulateArgs) -> anyhow::Result<Ended> {
    let (scenario, notes) = scenario(args)?;
    let show = show(args, &scenario);
    if args.format == FormatArg::Table {
        output::heading(&scenario, &notes);
    }
    let ran = guichet_lab::simulate::run(&scenario, &show, interrupt)?;
    match args.format {
        FormatArg::Json => println!("{}", serde_json::to_string(&ran.summary)?),
        FormatArg::Table => output::report(&ran, &scenario, args.all),
    }
    Ok(match (ran.summary.invariants.holds(), ran.interrupted) {
        (false, _) => Ended::Broken,
        (true, true) => Ended::Interrupted,
        (true, false) => Ended::Good,
    })
}

/// What the flags mean together, and what there is to say about it.
fn scenario(args: &SimulateArgs) -> anyhow::Result<(Scenario, Vec<String>)> {
    let mut notes = Vec::new();
    let load = load(args)?;
    let trace = match &load {
        Load::Trace { trace, .. } => {
            notes.extend(trace.notes.iter().cloned());
            Some(trace)
        }
        _ => None,
    };
    let quota = args.quota.0;
    let projects: Vec<Project> = match trace {
        Some(trace) => {
            let names = trace.projects.iter().zip(0..);
            names.map(|(name, id)| project(id, name, quota)).collect()
        }
        None => (0..args.projects as u32)
            .map(|id| project(id, &format!("project-{}", id + 1), quota))
            .collect(),
    };
    let hosts = host_list(args, &load, &mut notes)?;
    let config = EngineConfig {
        model: match args.model {
            ModelArg::Sequential => Model::Sequential,
            ModelArg::Threads => Model::Threads,
            ModelArg::Pool => Model::Pool,
            ModelArg::Async => Model::Async,
        },
        workers: args.workers as usize,
        permits: args.permits.map(|permits| permits as usize),
        host_permits: args.host_permits.map(|permits| permits as usize),
        project_permits: args.project_permits.map(|permits| permits as usize),
        queue: args.queue as usize,
        project_rate: args.project_rate,
        projects,
        hosts,
        catalogue: catalogue(trace),
        servers_max: load.requests().clamp(1, limits::SERVERS_MAX as u64) as usize,
        seed: args.seed,
    };
    let profile = profile(args)?;
    let scenario = Scenario {
        config,
        profile,
        virtual_time: args.virtual_time,
        load,
        duration: args.duration.map(|duration| duration.0),
        history: args.history.clone(),
    };
    Ok((scenario, notes))
}

fn load(args: &SimulateArgs) -> anyhow::Result<Load> {
    let (clients, requests, mix) = (args.clients as usize, args.requests, args.mix.clone());
    if let Some(path) = &args.trace {
        let trace = Trace::load(path)?;
        let speed = args.speed.unwrap_or(1.0);
        if speed > limits::SPEED_MAX {
            bail!(
                "--speed {speed} is more than {}: use --virtual-time, where waits cost nothing",
                limits::SPEED_MAX
            );
        }
        return Ok(Load::Trace { trace, speed });
    }
    Ok(match args.rate {
        Some(rate) => Load::Open { clients, requests, mix, rate, bursts: args.bursts },
        None => Load::Closed { clients, requests, mix },
    })
}

fn host_list(
    args: &SimulateArgs,
    load: &Load,
    notes: &mut Vec<String>,
) -> anyhow::Result<Vec<Host>> {
    if let Some(path) = &args.hosts_file {
        let list = guichet_lab::trace::hosts::load(path)?;
        notes.push(format!("{} hosts from {}", list.len(), path.display()));
        return Ok(list);
    }
    let spec = args.hosts.unwrap_or_else(|| enough_hosts(load));
    let Size { vcpus, ram_mib } = spec.capacity;
    let why = if args.hosts.is_some() { "" } else { ": enough for every create of this load" };
    notes.push(format!("{} hosts of {vcpus} vcpus and {ram_mib} MiB{why}", spec.count));
    Ok(hosts(spec.count, spec.capacity))
}

fn profile(args: &SimulateArgs) -> anyhow::Result<Profile> {
    let usual = if args.trace.is_some() { "realistic" } else { "fast" };
    let name = args.profile.as_deref().unwrap_or(usual);
    if let Some(profile) = Profile::builtin(name) {
        return Ok(profile);
    }
    if !name.contains(['.', '/']) && !Path::new(name).exists() {
        let known = Profile::BUILTIN.join(", ");
        bail!("--profile {name}: there is no such profile, expected {known}, or a TOML file");
    }
    Profile::load(Path::new(name)).context("--profile")
}

fn show(args: &SimulateArgs, scenario: &Scenario) -> Show {
    let terminal = std::io::stderr().is_terminal();
    let bar = (terminal && !args.quiet).then(|| {
        let style = ProgressStyle::with_template(
            "{bar:40} {human_pos}/{human_len} requests  {per_sec}  {eta} left",
        );
        ProgressBar::new(scenario.load.requests())
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    });
    let log = match args.log_format {
        LogFormatArg::Text => {
            LogFormat::Text { color: terminal && std::env::var_os("NO_COLOR").is_none() }
        }
        LogFormatArg::Json => LogFormat::Json,
    };
    Show {
        log: (!args.quiet).then_some(log),
        console: Console { bar },
        servers: if args.all { limits::SERVERS_MAX } else { output::SERVERS_SHOWN },
    }
}

/// A token that the first Ctrl-C cancels; the second ends the process at once.
#[expect(clippy::disallowed_methods, reason = "it ends with the process, not before")]
fn interrupt() -> CancellationToken {
    let token = CancellationToken::new();
    let told = token.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_err() {
            return;
        }
        eprintln!("\nguichet: stopping: finishing what was accepted; press Ctrl-C again to stop at once");
        told.cancel();
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(130);
        }
    });
    token
}
