//! `guichet simulate`: from flags to a scenario, and from what came of it to what is printed.

mod shown;

use std::path::Path;

use anyhow::{Context, bail};
use guichet_core::limits;
use guichet_core::project::{Host, Project};
use guichet_core::server::Size;
use guichet_driver::profile::Profile;
use guichet_engine::config::{hosts, project};
use guichet_engine::{ConfigError, EngineConfig, Model};
use guichet_lab::simulate::live::Live;
use guichet_lab::simulate::log::columns::Columns;
use guichet_lab::simulate::log::{Console, LogFormat};
use guichet_lab::simulate::options::RateArg;
use guichet_lab::simulate::scenario::{DataDir, Load, Scenario, catalogue, enough_hosts};
use guichet_lab::simulate::short::ShortIds;
use guichet_lab::simulate::{RunError, Show};
use guichet_lab::trace::Trace;
use guichet_locale::{Locale, digits, text};
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::cli::{FormatArg, LogFormatArg, SimulateArgs};
use crate::ended::Ended;
use crate::reader::Reader;
use crate::{data, output, report, terminal};

/// Runs the command.
pub(crate) fn run(args: &SimulateArgs, reader: Reader) -> anyhow::Result<Ended> {
    data::survive_file_limits();
    let (scenario, notes) = scenario(args, reader.locale)?;
    if let Some(path) = &args.report {
        let writes: Vec<&Path> = args.history.as_deref().into_iter().collect();
        report::claim("--report", path, &inputs(args), &writes, reader.locale)?;
    }
    let screen = terminal::stdout();
    let ids = if args.full_ids { ShortIds::full() } else { ShortIds::default() };
    let show = show(args, reader, &ids);
    let started = || {
        // Before the heading: whoever has read that may interrupt.
        let token = interrupt(args.log_format, reader.locale);
        if args.format == FormatArg::Table {
            // If nobody can be told, the report at the end will say why.
            let _ = output::print(&output::heading(&scenario, &notes, screen, reader.locale));
        }
        token
    };
    let ran = match &args.report {
        Some(_) => guichet_lab::simulate::run_recorded(&scenario, &show, started),
        None => guichet_lab::simulate::run(&scenario, &show, started),
    };
    let ran = ran.map_err(named)?;
    let said = match args.format {
        FormatArg::Json => serde_json::to_string(&ran.summary)? + "\n",
        FormatArg::Table if screen.is_screen() => {
            shown::report(&ran, &scenario, args, (screen, &ids), reader)
        }
        FormatArg::Table => output::report(&ran, &scenario, args.all, reader.locale),
    };
    let printed = output::print(&said);
    if let Some(path) = &args.report {
        let facts = report::facts(args.seed, reader.locale);
        let page = guichet_lab::report::page::simulated(&scenario, &ran, facts, reader.locale);
        report::write(path, &page)?;
    }
    printed?;
    Ok(Ended::of(ran.summary.invariants.holds(), ran.interrupted))
}

/// The error with the flag it is about.
fn named(error: RunError) -> anyhow::Error {
    match error {
        RunError::History(error) => anyhow::Error::new(error).context("--history"),
        error @ RunError::Data(_) => anyhow::Error::new(error).context("--data"),
        error => error.into(),
    }
}

/// What the flags mean together, and what there is to say about it.
fn scenario(args: &SimulateArgs, locale: Locale) -> anyhow::Result<(Scenario, Vec<String>)> {
    let mut notes = Vec::new();
    if let Some(history) = &args.history {
        report::spare("--history", history, &inputs(args), locale)?;
    }
    let model = model(args)?;
    // Before the trace, which may be large.
    let profile = profile(args, locale)?;
    let load = load(args, locale)?;
    let trace = match &load {
        Load::Trace { trace, .. } => {
            notes.extend(trace.notes.iter().map(|note| note.text_in(locale)));
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
    let hosts = host_list(args, &load, &mut notes, locale)?;
    let config = EngineConfig {
        model,
        workers: args.workers as usize,
        permits: args.permits.map(|permits| permits as usize),
        host_permits: args.host_permits.map(|permits| permits as usize),
        project_permits: args.project_permits.map(|permits| permits as usize),
        queue: args.queue as usize,
        project_rate: args.project_rate,
        projects,
        hosts,
        catalogue: catalogue(trace),
        servers_max: servers_max(args, &load),
        state_times: guichet_core::fleet::StateTimes::default(),
        networks: Vec::new(),
        seed: args.seed,
    };
    let scenario = Scenario {
        config,
        profile,
        virtual_time: args.virtual_time,
        client_threads: args.client_threads,
        load,
        duration: args.duration.map(|duration| duration.0),
        history: args.history.clone(),
        data: args.data.clone().map(|dir| DataDir { dir, on_trouble: data::trouble }),
    };
    Ok((scenario, notes))
}

/// Servers that a data directory has room for at least, whatever one run of many brings.
const KEPT_SERVERS: u64 = 100_000;

/// As many as the load could create, and with a data directory what earlier runs left.
fn servers_max(args: &SimulateArgs, load: &Load) -> usize {
    let least = if args.data.is_some() { KEPT_SERVERS } else { 1 };
    load.requests().max(least).min(limits::SERVERS_MAX as u64) as usize
}

/// What the run reads: no output may overwrite it.
fn inputs(args: &SimulateArgs) -> Vec<&Path> {
    let profile = args.profile.as_ref().map(Path::new);
    let files = [args.trace.as_deref(), args.hosts_file.as_deref(), profile];
    let is_file = |path: &&Path| *path != Path::new(guichet_lab::trace::input::STANDARD_INPUT);
    files.into_iter().flatten().filter(is_file).collect()
}

fn model(args: &SimulateArgs) -> anyhow::Result<Model> {
    let model = args.model.model();
    if args.virtual_time && model.uses_threads() {
        return Err(ConfigError::ThreadsUnderVirtualTime(model)).context("--virtual-time");
    }
    Ok(model)
}

fn load(args: &SimulateArgs, locale: Locale) -> anyhow::Result<Load> {
    if args.client_threads && args.clients > limits::CLIENT_THREADS_MAX as u64 {
        let most = digits(limits::CLIENT_THREADS_MAX as u64);
        let found = digits(args.clients);
        bail!(text!(locale, "simulate-error-client-threads", found = found, most = most));
    }
    if args.bursts.is_some() && args.rate.is_none() && args.trace.is_none() {
        bail!(text!(locale, "simulate-error-bursts"));
    }
    if args.speed.is_some() && args.trace.is_none() {
        bail!(text!(locale, "simulate-error-speed"));
    }
    if let Some(path) = &args.trace {
        let trace = Trace::load(path).context("--trace")?;
        return Ok(Load::Trace { trace, speed: args.speed.unwrap_or(1.0) });
    }
    let (clients, requests, mix) = (args.clients as usize, args.requests, args.mix.clone());
    Ok(match args.rate {
        Some(RateArg(rate)) => Load::Open { clients, requests, mix, rate, bursts: args.bursts },
        None => Load::Closed { clients, requests, mix },
    })
}

fn host_list(
    args: &SimulateArgs,
    load: &Load,
    notes: &mut Vec<String>,
    locale: Locale,
) -> anyhow::Result<Vec<Host>> {
    if let Some(path) = &args.hosts_file {
        let list = guichet_lab::trace::hosts::load(path).context("--hosts-file")?;
        let (count, file) = (list.len() as u64, path.display().to_string());
        notes.push(text!(locale, "simulate-hosts-from", count = count, file = file));
        return Ok(list);
    }
    let spec = args.hosts.unwrap_or_else(|| match args.data {
        // Of one run as of the next: servers stand on them.
        Some(_) => enough_hosts(&Load::Closed {
            clients: 1,
            requests: servers_max(args, load) as u64,
            mix: args.mix.clone(),
        }),
        None => enough_hosts(load),
    });
    let Size { vcpus, ram_mib } = spec.capacity;
    let (count, vcpus, ram) = (spec.count as u64, u64::from(vcpus), u64::from(ram_mib));
    notes.push(if args.hosts.is_some() {
        text!(locale, "simulate-hosts", count = count, vcpus = vcpus, ram = ram)
    } else {
        text!(locale, "simulate-hosts-enough", count = count, vcpus = vcpus, ram = ram)
    });
    Ok(hosts(spec.count, spec.capacity))
}

fn profile(args: &SimulateArgs, locale: Locale) -> anyhow::Result<Profile> {
    let usual = if args.trace.is_some() { "realistic" } else { "fast" };
    profile_named(args.profile.as_deref().unwrap_or(usual), locale)
}

/// The profile that `--profile` names: a built-in one, or a file's.
pub(crate) fn profile_named(name: &str, locale: Locale) -> anyhow::Result<Profile> {
    if let Some(profile) = Profile::builtin(name) {
        return Ok(profile);
    }
    if !name.contains(['.', '/']) && !Path::new(name).exists() {
        let known = Profile::BUILTIN.join(", ");
        bail!(text!(locale, "simulate-error-profile", name = format!("{name:?}"), known = known));
    }
    Profile::load(Path::new(name)).context("--profile")
}

/// What is shown while the run goes on. On a terminal that is a view of it, or its log above a bar;
/// elsewhere the log, as it always was.
fn show(args: &SimulateArgs, reader: Reader, ids: &ShortIds) -> Show {
    let is_terminal = terminal::is_stderr();
    let has_color = terminal::has_color(reader.color, is_terminal);
    let format = match args.log_format {
        LogFormatArg::Text => LogFormat::Text { color: has_color, locale: reader.locale },
        LogFormatArg::Json => LogFormat::Json,
    };
    let servers = if args.all { limits::SERVERS_MAX } else { output::SERVERS_SHOWN };
    let mut show = Show { servers, ..Show::default() };
    if args.quiet {
        return show;
    }
    // Who names a format of lines wants lines.
    let is_logged = args.log || format == LogFormat::Json || !is_terminal || terminal::is_dumb();
    show.log = is_logged.then_some(format);
    if is_terminal {
        let columns = Columns {
            width: terminal::stderr_width,
            ids: ids.clone(),
            color: has_color,
            locale: reader.locale,
        };
        let bar = (!terminal::is_dumb()).then(terminal::drawn);
        show.console = Console::stderr(bar.clone(), Some(columns.clone()));
        let height = terminal::stderr_height;
        show.live = bar.map(|bar| Live { bar, columns, height, whole: !is_logged });
    }
    show
}

/// A token that the first Ctrl-C cancels; the second ends the process at once. A thread listens, which
/// ends with the process: a run in virtual time has no eye for the system.
fn interrupt(log: LogFormatArg, locale: Locale) -> CancellationToken {
    let token = CancellationToken::new();
    let interrupted = token.clone();
    let (listens, is_listening) = std::sync::mpsc::sync_channel(1);
    let listener = std::thread::Builder::new().name("interrupts".to_owned());
    let thread = listener.spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        let Ok(runtime) = runtime else { return };
        runtime.block_on(async move {
            let Ok(mut interrupts) = signal(SignalKind::interrupt()) else { return };
            let _ = listens.send(());
            if interrupts.recv().await.is_none() {
                return;
            }
            output::say(&stopping(log, locale));
            interrupted.cancel();
            if interrupts.recv().await.is_some() {
                terminal::clear();
                std::process::exit(Ended::Interrupted.code().into());
            }
        });
    });
    if thread.is_ok() {
        // From here on none is missed. An error: nobody listens, as the system does not let it.
        let _ = is_listening.recv();
    }
    token
}

/// What an interrupt is answered with: a line of the log's own kind.
fn stopping(log: LogFormatArg, locale: Locale) -> String {
    match log {
        LogFormatArg::Json => {
            let what = text!(Locale::English, "simulate-stopping");
            format!("{}\n", json!({ "event": "stopping", "message": what }))
        }
        LogFormatArg::Text => {
            // The terminal has just shown ^C.
            let line_end = if terminal::is_stderr() { "\n" } else { "" };
            let what = text!(locale, "simulate-stopping");
            format!("{line_end}{}\n", text!(locale, "simulate-stopping-line", what = what))
        }
    }
}
