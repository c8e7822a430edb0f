//! What people read on stdout.

use comfy_table::{Table, presets};
use guichet_lab::scenario::{Load, Scenario};
use guichet_lab::simulate::Ran;

/// Active servers listed unless all are asked for.
pub(crate) const SERVERS_SHOWN: usize = 10;

/// What is about to run.
pub(crate) fn heading(scenario: &Scenario, notes: &[String]) {
    let config = &scenario.config;
    let load = match &scenario.load {
        Load::Closed { clients, requests, .. } => {
            format!("{requests} requests from {clients} clients, each waiting for its last")
        }
        Load::Open { clients, requests, rate, .. } => {
            format!("{requests} requests from {clients} clients at {rate} a second")
        }
        Load::Trace { trace, speed } => {
            let pace = match (scenario.virtual_time, speed) {
                (true, _) => "in virtual time".to_owned(),
                (false, speed) => format!("{speed} times as fast"),
            };
            format!("{} requests of a trace, {pace}", trace.requests.len())
        }
    };
    println!("guichet simulate: {load}");
    println!(
        "model {}, {} in flight at most, queue {}, profile {}, seed {}",
        config.model.word(),
        config.in_flight_max(),
        config.queue,
        scenario.profile.name(),
        config.seed
    );
    for note in notes {
        println!("{note}");
    }
    println!();
}

/// What came of it.
pub(crate) fn report(ran: &Ran, scenario: &Scenario, all: bool) {
    for line in ran.summary.lines() {
        println!("{line}");
    }
    println!("{}", ran.summary.table());
    servers(ran, scenario, all);
    if ran.logged.dropped > 0 {
        println!(
            "log: {} lines written, {} dropped because they were read too slowly",
            ran.logged.lines, ran.logged.dropped
        );
    }
    if !ran.drained.is_complete() {
        println!(
            "not finished in time: {} operations left waiting, {} left running",
            ran.drained.left_queued, ran.drained.left_running
        );
    }
    for violation in &ran.summary.invariants.violations {
        println!("broken: {violation}");
    }
    println!("{}", ran.summary.invariants_line());
}

fn servers(ran: &Ran, scenario: &Scenario, all: bool) {
    let total = ran.summary.servers.active as usize;
    let shown = ran.active.len();
    if shown == 0 {
        println!("active servers: none");
        return;
    }
    if shown < total && !all {
        println!("active servers: the first {shown} of {total} (--all lists all)");
    } else {
        println!("active servers: {total}");
    }
    let config = &scenario.config;
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY);
    table.set_header(["id", "name", "project", "status", "flavor", "host", "created"]);
    for server in &ran.active {
        let flavor = config.catalogue.flavor(server.flavor);
        let host = server.host.and_then(|host| config.hosts.get(host.index()));
        let project = config.projects.get(server.project.index());
        table.add_row([
            server.id.to_string(),
            server.name.to_string(),
            project.map_or_else(String::new, |project| project.name.to_string()),
            server.status().to_string(),
            flavor.map_or_else(String::new, |flavor| flavor.name.to_string()),
            host.map_or_else(String::new, |host| host.name.to_string()),
            server.created.to_string(),
        ]);
    }
    println!("{table}");
}
