//! `guichet race`: from flags to a race, and from what came of it to what is printed.

use std::io::IsTerminal;

use anyhow::{Context, bail};
use guichet_core::limits;
use guichet_race::Options;
use guichet_race::schedule::Schedule;
use guichet_race::state::Manager;

use crate::Ended;
use crate::cli::{FormatArg, RaceArgs};
use crate::{output, report};

/// Runs the command.
pub(crate) fn run(args: &RaceArgs) -> anyhow::Result<Ended> {
    if let Some(schedule) = &args.replay {
        return replay(args, schedule);
    }
    let options = options(args)?;
    if let Some(path) = &args.report {
        report::claim("--report", path, &[], &[])?;
    }
    if args.format == FormatArg::Table {
        // If nobody can be told, the report at the end will say why.
        let _ = output::print(&heading(&options));
    }
    let tells = std::io::stderr().is_terminal() && !args.quiet;
    let outcome = guichet_race::run(options, |what| {
        if tells {
            output::say(&format!("{what} …\n"));
        }
    })?;
    let text = match args.format {
        FormatArg::Json => serde_json::to_string(&outcome.json())? + "\n",
        FormatArg::Table => outcome.lines().join("\n") + "\n",
    };
    output::print(&text).context("standard output")?;
    if let Some(path) = &args.report {
        let mut page = guichet_race::page(&outcome);
        page.facts.extend(report::facts(args.seed));
        page.sections.insert(0, guichet_race::play::section());
        report::write(path, &page)?;
    }
    Ok(Ended::of(outcome.holds(), false))
}

fn replay(args: &RaceArgs, schedule: &Schedule) -> anyhow::Result<Ended> {
    let manager = args.with.map_or(Manager::Unlocked, Manager::Semaphore);
    let replay = guichet_race::replay(schedule, manager).context("--replay")?;
    let text = match args.format {
        FormatArg::Json => serde_json::to_string(&replay.json())? + "\n",
        FormatArg::Table => replay.lines().join("\n") + "\n",
    };
    output::print(&text).context("standard output")?;
    Ok(Ended::of(replay.holds(), false))
}

fn options(args: &RaceArgs) -> anyhow::Result<Options> {
    let round = args.clients * limits::RACE_REQUESTS_PER_ROUND as u64;
    if args.requests < round {
        bail!(
            "--requests: found {}, expected at least {round}: one round of {} clients",
            args.requests,
            args.clients
        );
    }
    Ok(Options {
        clients: args.clients as usize,
        requests: args.requests,
        seed: args.seed,
        permits: args.with,
        states_max: args.states,
    })
}

fn heading(options: &Options) -> String {
    format!(
        "guichet race: what goes wrong without the lock\n\
         {} on threads of their own, at most {}, seed {}\n\n",
        output::counted(options.clients as u64, "client"),
        output::counted(options.requests, "request"),
        options.seed
    )
}
