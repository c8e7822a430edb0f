//! `guichet race`: from flags to a race, and from what came of it to what is printed.

use anstyle::AnsiColor;
use anyhow::{anyhow, bail};
use guichet_core::limits;
use guichet_lab::simulate::paint::painted;
use guichet_locale::{Locale, text};
use guichet_race::Options;
use guichet_race::schedule::Schedule;
use guichet_race::state::Manager;
use guichet_race::timeline::HARM_MARK;
use guichet_view::screen::Screen;

use crate::cli::{FormatArg, RaceArgs};
use crate::ended::Ended;
use crate::reader::Reader;
use crate::{output, report, terminal};

/// Runs the command.
pub(crate) fn run(args: &RaceArgs, reader: Reader) -> anyhow::Result<Ended> {
    if let Some(schedule) = &args.replay {
        return replay(args, schedule, reader);
    }
    let (screen, locale) = (terminal::stdout(), reader.locale);
    let options = options(args, locale)?;
    if let Some(path) = &args.report {
        report::claim("--report", path, &[], &[], reader.locale)?;
    }
    if args.format == FormatArg::Table {
        // If nobody can be told, the report at the end will say why.
        let _ = output::print(&heading(&options, screen, locale));
    }
    let tells = terminal::is_stderr() && !args.quiet;
    let outcome = guichet_race::run(options, |part| {
        if tells {
            output::say(&format!("{} …\n", part.sentence(locale)));
        }
    });
    let outcome = outcome.map_err(|error| anyhow!(error.sentence(locale)))?;
    let text = match args.format {
        FormatArg::Json => serde_json::to_string(&outcome.json())? + "\n",
        FormatArg::Table => in_colour(&outcome.lines(screen, locale), screen, reader),
    };
    output::print(&text)?;
    if let Some(path) = &args.report {
        let mut page = guichet_race::page(&outcome, locale);
        page.facts.extend(report::facts(args.seed, locale));
        page.sections.insert(0, guichet_race::play::section(locale));
        report::write(path, &page)?;
    }
    Ok(Ended::of(outcome.holds(), false))
}

fn replay(args: &RaceArgs, schedule: &Schedule, reader: Reader) -> anyhow::Result<Ended> {
    let (screen, locale) = (terminal::stdout(), reader.locale);
    let manager = args.with.map_or(Manager::Unlocked, Manager::Semaphore);
    let replay = guichet_race::replay(schedule, manager)
        .map_err(|error| anyhow!(error.sentence(locale)).context("--replay"))?;
    let text = match args.format {
        FormatArg::Json => serde_json::to_string(&replay.json())? + "\n",
        FormatArg::Table => in_colour(&replay.lines(screen, locale), screen, reader),
    };
    output::print(&text)?;
    Ok(Ended::of(replay.holds(), false))
}

/// Lines as one text; those with the moment of harm in a colour, if there are any.
fn in_colour(lines: &[String], screen: Screen, reader: Reader) -> String {
    let has_color = terminal::has_color(reader.color, screen.is_screen());
    let painted = lines.iter().map(|line| {
        let is_harm = line.trim_start().starts_with(HARM_MARK);
        painted(line, AnsiColor::Red, has_color && is_harm) + "\n"
    });
    painted.collect()
}

fn options(args: &RaceArgs, locale: Locale) -> anyhow::Result<Options> {
    let round = args.clients * limits::RACE_REQUESTS_PER_ROUND as u64;
    if args.requests < round {
        let (requests, clients) = (args.requests, args.clients);
        bail!(text!(
            locale,
            "race-too-few",
            requests = requests.to_string(),
            round = round.to_string(),
            clients = clients
        ));
    }
    Ok(Options {
        clients: args.clients as usize,
        requests: args.requests,
        seed: args.seed,
        permits: args.with,
        states_max: args.states,
    })
}

fn heading(options: &Options, screen: Screen, locale: Locale) -> String {
    let first = text!(locale, "race-heading");
    let second = text!(
        locale,
        "race-heading-threads",
        clients = options.clients,
        requests = options.requests,
        seed = options.seed.to_string()
    );
    format!("{first}\n{}\n\n", screen.line(&second, 2).join("\n"))
}
