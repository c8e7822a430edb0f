//! What people read.

use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};

use comfy_table::{Table, presets};
use guichet_core::time::Timestamp;
use guichet_lab::simulate::Ran;
use guichet_lab::simulate::scenario::{Load, Scenario};
use guichet_lab::simulate::short::ShortIds;
use guichet_view::screen::{Screen, Squeeze};

use crate::terminal;

/// Active servers listed unless all are asked for.
pub(crate) const SERVERS_SHOWN: usize = 10;

/// Writes to stdout. Whoever reads it may have read enough (`| head`): that is no error.
pub(crate) fn print(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.or_else(|error| match error.kind() {
        ErrorKind::BrokenPipe => Ok(()),
        _ => Err(error),
    })
}

/// Writes to stderr, above what is drawn there. Nobody reading it is no reason to fail.
pub(crate) fn say(text: &str) {
    terminal::aside(|| {
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    });
}

/// A count with its noun.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// What is about to run.
pub(crate) fn heading(scenario: &Scenario, notes: &[String], screen: Screen) -> String {
    let config = &scenario.config;
    let requests = counted(scenario.load.requests(), "request");
    let clients = counted(scenario.load.clients() as u64, "client");
    let load = match &scenario.load {
        Load::Closed { .. } => {
            format!("{requests} from {clients}, each waiting for its last")
        }
        Load::Open { rate, bursts, .. } => {
            let bursts = bursts.map_or_else(String::new, |bursts| format!(", bursts {bursts}"));
            format!("{requests} from {clients} at {rate} a second{bursts}")
        }
        Load::Trace { speed, .. } if scenario.virtual_time || *speed == 1.0 => {
            format!("{requests} of a trace from {clients}")
        }
        Load::Trace { speed, .. } => {
            format!("{requests} of a trace from {clients}, {speed} times as fast")
        }
    };
    let time = if scenario.virtual_time { ", in virtual time" } else { "" };
    let mut lines = vec![
        format!("guichet simulate: {load}{time}"),
        format!(
            "model {}, {} in flight at most, queue {}, profile {}, seed {}",
            config.model.as_str(),
            config.in_flight_max(),
            config.queue,
            scenario.profile.name(),
            config.seed
        ),
    ];
    lines.extend(notes.iter().cloned());
    let lines: Vec<String> = lines.iter().flat_map(|line| screen.line(line, 2)).collect();
    lines.join("\n") + "\n\n"
}

/// What came of it, for a pipe.
pub(crate) fn report(ran: &Ran, scenario: &Scenario, all: bool) -> String {
    let mut lines = ran.summary.lines();
    lines.push(ran.summary.table().to_string());
    lines.push(servers(ran, scenario, all, Screen::PIPE, &ShortIds::full()));
    lines.extend(remarks(ran));
    lines.push(ran.summary.invariants_line());
    lines.join("\n") + "\n"
}

/// What there is to say beside the figures, line by line.
pub(crate) fn remarks(ran: &Ran) -> Vec<String> {
    let mut lines = Vec::new();
    if ran.logged.dropped > 0 {
        lines.push(format!(
            "log: {} lines written, {} records dropped because they were read too slowly",
            ran.logged.lines, ran.logged.dropped
        ));
    }
    lines.extend(ran.unmatched_rules.iter().map(|rule| format!("profile: {rule}")));
    if !ran.drained.is_complete() {
        lines.push(format!(
            "not finished in time: {} left waiting, {} left running",
            counted(ran.drained.left_queued as u64, "operation"),
            ran.drained.left_running
        ));
    }
    let violations = &ran.summary.invariants.violations;
    lines.extend(violations.iter().map(|violation| format!("broken: {violation}")));
    lines
}

/// The active servers: under each other, and as wide as a screen has place for.
pub(crate) fn servers(
    ran: &Ran,
    scenario: &Scenario,
    all: bool,
    screen: Screen,
    ids: &ShortIds,
) -> String {
    let total = ran.summary.servers.active as usize;
    let shown = ran.active.len();
    if shown == 0 {
        return "active servers: none".to_owned();
    }
    let mut text = if shown < total && !all {
        format!("active servers: the first {shown} of {total} (--all lists all)\n")
    } else {
        format!("active servers: {total}\n")
    };
    let config = &scenario.config;
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY);
    table.set_header(["id", "name", "project", "status", "flavor", "host", "created"]);
    for server in &ran.active {
        let flavor = config.catalogue.flavor(server.flavor);
        let host = server.host.and_then(|host| config.hosts.get(host.index()));
        let project = config.projects.get(server.project.index());
        table.add_row([
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
        ]);
    }
    // Writing to a String cannot fail.
    let _ = write!(text, "{}", screen.table(table, SERVERS_SQUEEZE));
    text
}

/// Flavor, time and host go first from the table of servers; then long names are wrapped.
const SERVERS_SQUEEZE: Squeeze<'_> = Squeeze { drops: &[4, 6, 5], wraps: 1 };

/// Hours to milliseconds of an instant.
fn time_of_day(at: Timestamp) -> String {
    // RFC 3339: it stands behind the date and a T.
    at.to_string().get(11..23).unwrap_or_default().to_owned()
}
