//! What people read.

use std::io::{ErrorKind, Write as _};

use guichet_core::time::Timestamp;
use guichet_lab::simulate::Ran;
use guichet_lab::simulate::scenario::{Load, Scenario};
use guichet_lab::simulate::short::ShortIds;
use guichet_locale::{Locale, Message, system_error, text};
use guichet_view::screen::{Screen, Squeeze, framed};

use crate::terminal;

/// Active servers listed unless all are asked for.
pub(crate) const SERVERS_SHOWN: usize = 10;

/// Writes to stdout. Whoever reads it may have read enough (`| head`): that is no error.
///
/// # Errors
/// Standard output's, by its name.
pub(crate) fn print(text: &str) -> Result<(), Message> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.or_else(|error| match error.kind() {
        ErrorKind::BrokenPipe => Ok(()),
        _ => Err(Message::new(move |locale| {
            let (name, join) = (text!(locale, "output-standard"), text!(locale, "error-join"));
            format!("{name}{join}{}", system_error(&error, locale))
        })),
    })
}

/// Writes to stdout what more is to follow: whether somebody still reads it.
///
/// # Errors
/// Standard output's.
pub(crate) fn print_on(text: &str) -> std::io::Result<bool> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error),
    }
}

/// Writes to stderr, above what is drawn there. Nobody reading it is no reason to fail.
pub(crate) fn say(text: &str) {
    terminal::aside(|| {
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    });
}

/// The same, in lines that a terminal there has place for.
pub(crate) fn say_wrapped(text: &str) {
    let screen = terminal::stderr();
    let lines: Vec<String> = text.lines().flat_map(|line| screen.line(line, 2)).collect();
    say(&(lines.join("\n") + "\n"));
}

/// A count with its noun.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// What is about to run.
pub(crate) fn heading(
    scenario: &Scenario,
    notes: &[String],
    screen: Screen,
    locale: Locale,
) -> String {
    let config = &scenario.config;
    let load = load(&scenario.load, scenario.virtual_time, locale);
    let mut lines = vec![
        if scenario.virtual_time {
            text!(locale, "simulate-heading-virtual", load = load)
        } else {
            text!(locale, "simulate-heading", load = load)
        },
        text!(
            locale,
            "simulate-setup",
            model = config.model.as_str(),
            flight = config.in_flight_max(),
            queue = config.queue,
            profile = scenario.profile.name(),
            seed = config.seed.to_string()
        ),
    ];
    lines.extend(notes.iter().cloned());
    let lines: Vec<String> = lines.iter().flat_map(|line| screen.line(line, 2)).collect();
    lines.join("\n") + "\n\n"
}

/// What is sent, and by whom.
fn load(load: &Load, is_virtual: bool, locale: Locale) -> String {
    let requests = text!(locale, "count-requests", count = load.requests());
    let clients = text!(locale, "count-clients", count = load.clients());
    match load {
        Load::Closed { .. } => {
            text!(locale, "simulate-load-closed", requests = requests, clients = clients)
        }
        Load::Open { rate, bursts: None, .. } => text!(
            locale,
            "simulate-load-open",
            requests = requests,
            clients = clients,
            rate = rate.to_string()
        ),
        Load::Open { rate, bursts: Some(bursts), .. } => text!(
            locale,
            "simulate-load-bursts",
            requests = requests,
            clients = clients,
            rate = rate.to_string(),
            bursts = bursts.to_string()
        ),
        Load::Trace { speed, .. } if is_virtual || *speed == 1.0 => {
            text!(locale, "simulate-load-trace", requests = requests, clients = clients)
        }
        Load::Trace { speed, .. } => text!(
            locale,
            "simulate-load-faster",
            requests = requests,
            clients = clients,
            speed = speed.to_string()
        ),
    }
}

/// What came of it, for a pipe.
pub(crate) fn report(ran: &Ran, scenario: &Scenario, all: bool, locale: Locale) -> String {
    let mut lines = ran.summary.lines(locale);
    lines.push(ran.summary.table(locale).to_string());
    lines.push(servers(ran, scenario, all, (Screen::PIPE, &ShortIds::full()), locale));
    lines.extend(remarks(ran, locale));
    lines.push(ran.summary.invariants_line(locale));
    lines.join("\n") + "\n"
}

/// What there is to say beside the figures, line by line.
pub(crate) fn remarks(ran: &Ran, locale: Locale) -> Vec<String> {
    let mut lines = Vec::new();
    if ran.logged.dropped > 0 {
        lines.push(text!(
            locale,
            "simulate-log-dropped",
            lines = ran.logged.lines,
            dropped = ran.logged.dropped
        ));
    }
    let rules = ran.unmatched_rules.iter();
    lines.extend(rules.map(|rule| text!(locale, "simulate-profile-rule", rule = rule.as_str())));
    if !ran.drained.is_complete() {
        lines.push(text!(
            locale,
            "simulate-not-finished",
            waiting = ran.drained.left_queued,
            running = ran.drained.left_running
        ));
    }
    let violations = ran.summary.invariants.violations.iter();
    lines.extend(
        violations.map(|found| text!(locale, "simulate-violation", found = found.to_string())),
    );
    lines
}

/// The active servers: under each other, and as wide as a screen has place for.
pub(crate) fn servers(
    ran: &Ran,
    scenario: &Scenario,
    all: bool,
    (screen, ids): (Screen, &ShortIds),
    locale: Locale,
) -> String {
    let total = ran.summary.servers.active;
    let shown = ran.active.len() as u64;
    if shown == 0 {
        return text!(locale, "simulate-active-none");
    }
    let mut text = if shown < total && !all {
        text!(locale, "simulate-active-first", shown = shown, total = total)
    } else {
        text!(locale, "simulate-active", total = total)
    };
    text.push('\n');
    let config = &scenario.config;
    let head = vec![
        text!(locale, "simulate-column-id"),
        text!(locale, "simulate-column-name"),
        text!(locale, "simulate-column-project"),
        text!(locale, "simulate-column-status"),
        text!(locale, "simulate-column-flavor"),
        text!(locale, "simulate-column-host"),
        text!(locale, "simulate-column-created"),
    ];
    let rows = ran.active.iter().map(|server| {
        let flavor = config.catalogue.flavor(server.flavor);
        let host = server.host.and_then(|host| config.hosts.get(host.index()));
        let project = config.projects.get(server.project.index());
        vec![
            ids.shown(&server.id),
            server.name.to_string(),
            project.map_or_else(String::new, |project| project.name.to_string()),
            server.status().to_string(),
            flavor.map_or_else(String::new, |flavor| flavor.name.to_string()),
            host.map_or_else(String::new, |host| host.name.to_string()),
            if screen.is_screen() {
                time_of_day(server.created)
            } else {
                server.created.to_string()
            },
        ]
    });
    text + &screen.table(framed(head, rows, 0..0), SERVERS_SQUEEZE)
}

/// Flavor, time and host go first from the table of servers; then long names are wrapped.
const SERVERS_SQUEEZE: Squeeze<'_> = Squeeze { drops: &[4, 6, 5], wraps: 1 };

/// Hours to milliseconds of an instant.
fn time_of_day(at: Timestamp) -> String {
    // RFC 3339: it stands behind the date and a T.
    at.to_string().get(11..23).unwrap_or_default().to_owned()
}
