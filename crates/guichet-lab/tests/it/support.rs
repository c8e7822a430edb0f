//! Scenarios for tests, runs of them, and histories read back.

use std::collections::BTreeMap;
use std::path::Path;

use guichet_core::limits;
use guichet_core::project::Quota;
use guichet_driver::profile::Profile;
use guichet_engine::config::{hosts, project};
use guichet_engine::{EngineConfig, Model};
use guichet_lab::simulate::options::{Bursts, Mix};
use guichet_lab::simulate::scenario::{Load, Scenario, catalogue, enough_hosts};
use guichet_lab::simulate::summary::Summary;
use guichet_lab::simulate::{self, Ran, Show};
use guichet_lab::trace::Trace;
use guichet_view::data::{Block, Chart, Report};
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// A mix of everything that random clients can ask.
pub(crate) const EVERYTHING: &str =
    "create=6,reboot=3,reboot_hard=1,start=2,stop=3,delete=3,list=1";

pub(crate) fn mix(text: &str) -> Mix {
    text.parse().expect("a sound mix")
}

pub(crate) fn closed(clients: usize, requests: u64, of: &str) -> Load {
    Load::Closed { clients, requests, mix: mix(of) }
}

pub(crate) fn open(clients: usize, requests: u64, of: &str, rate: f64, bursts: &str) -> Load {
    let bursts: Option<Bursts> =
        (!bursts.is_empty()).then(|| bursts.parse().expect("sound bursts"));
    Load::Open { clients, requests, mix: mix(of), rate, bursts }
}

/// A trace in our own format, its rows without the header.
pub(crate) fn trace(rows: &str) -> Trace {
    let text = format!("time_s,client,project,action,server,vcpus,ram_mib\n{rows}");
    Trace::parse(text.as_bytes(), "test.csv").expect("a sound trace")
}

pub(crate) fn replayed(rows: &str) -> Load {
    Load::Trace { trace: trace(rows), speed: 1.0 }
}

/// The scenario that `guichet simulate --virtual-time` makes of a load by default, with four
/// projects for random clients.
pub(crate) fn scenario(load: Load) -> Scenario {
    let trace = match &load {
        Load::Trace { trace, .. } => Some(trace),
        _ => None,
    };
    let projects = match trace {
        Some(trace) => trace.projects.iter().map(|name| name.to_string()).collect(),
        None => (1..=4).map(|id| format!("project-{id}")).collect::<Vec<_>>(),
    };
    let spec = enough_hosts(&load);
    let config = EngineConfig {
        model: Model::Async,
        projects: (0..)
            .zip(&projects)
            .map(|(id, name)| project(id, name, Quota::default()))
            .collect(),
        hosts: hosts(spec.count, spec.capacity),
        catalogue: catalogue(trace),
        servers_max: load.requests().clamp(1, limits::SERVERS_MAX as u64) as usize,
        seed: 1,
        ..EngineConfig::default()
    };
    Scenario {
        config,
        profile: builtin("fast"),
        client_threads: false,
        virtual_time: true,
        load,
        duration: None,
        history: None,
        data: None,
    }
}

pub(crate) fn builtin(name: &str) -> Profile {
    Profile::builtin(name).expect("a built-in profile")
}

pub(crate) fn profile(text: &str) -> Profile {
    Profile::parse(text, "test.toml").expect("a sound profile")
}

/// The same in another model: in real time where it needs threads, with a driver that takes no
/// time then.
pub(crate) fn with_model(mut scenario: Scenario, model: Model) -> Scenario {
    scenario.config.model = model;
    if model.uses_threads() {
        scenario.virtual_time = false;
        scenario.profile = builtin("instant");
    }
    scenario
}

/// Runs it to its end; nothing is broken afterwards.
pub(crate) fn run(scenario: &Scenario) -> Ran {
    let ran = run_showing(scenario, &Show::default());
    assert!(!ran.interrupted);
    assert!(ran.drained.is_complete(), "{:?}", ran.drained);
    ran
}

pub(crate) fn run_showing(scenario: &Scenario, show: &Show) -> Ran {
    let ran = simulate::run(scenario, show, CancellationToken::new).expect("it runs");
    holds(&ran);
    ran
}

pub(crate) fn holds(ran: &Ran) {
    let audit = &ran.summary.invariants;
    assert!(audit.holds(), "{:#?}", audit.violations);
    assert!(audit.checked > 0);
}

/// Runs it with a history, and gives back both.
pub(crate) fn recorded(scenario: &Scenario) -> (Ran, String) {
    recorded_showing(scenario, &Show::default())
}

pub(crate) fn recorded_showing(scenario: &Scenario, show: &Show) -> (Ran, String) {
    let dir = TempDir::new().expect("a directory");
    let path = dir.path().join("history.jsonl");
    let ran = run_showing(&to_file(scenario, &path), show);
    (ran, std::fs::read_to_string(path).expect("a history"))
}

pub(crate) fn to_file(scenario: &Scenario, path: &Path) -> Scenario {
    Scenario { history: Some(path.to_owned()), ..scenario.clone() }
}

/// The lines of a history.
pub(crate) fn lines(history: &str) -> Vec<Value> {
    let parsed = |line| serde_json::from_str(line).expect("a line is one JSON object");
    history.lines().map(parsed).collect()
}

/// A text field of a line.
pub(crate) fn word<'l>(line: &'l Value, field: &str) -> &'l str {
    line[field].as_str().unwrap_or_else(|| panic!("no {field} in {line}"))
}

/// A number field of a line.
pub(crate) fn number(line: &Value, field: &str) -> u64 {
    line[field].as_u64().unwrap_or_else(|| panic!("no {field} in {line}"))
}

/// What each client asked, in the order in which it did.
pub(crate) fn actions_by_client(history: &str) -> BTreeMap<u64, Vec<String>> {
    let mut actions: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for line in lines(history) {
        if word(&line, "kind") == "invoke" {
            let client = number(&line, "client");
            let action = word(&line, "action").to_owned();
            actions.entry(client).or_default().push(action);
        }
    }
    actions
}

/// What of a summary a seed repeats: all that the real clock has no part in.
pub(crate) fn repeatable(summary: &Summary) -> Value {
    let mut value = serde_json::to_value(summary).expect("a summary is JSON");
    for measured in [
        "seconds",
        "requests_per_s",
        "operations_per_s",
        "cpu_us_per_operation",
        "longest_lock_us",
        "cpu_s",
        "peak_rss_mib",
    ] {
        let field = value.as_object_mut().and_then(|all| all.remove(measured));
        assert!(field.is_some(), "{measured} is there");
    }
    value
}

/// The counts of a run add up, and each request asked for was sent or read.
pub(crate) fn adds_up(ran: &Ran, asked: u64) {
    let (requests, operations) = (&ran.summary.requests, &ran.summary.operations);
    let refused: u64 = requests.refused.values().sum();
    let answered = requests.accepted + requests.repeated + refused;
    assert_eq!(requests.sent, answered);
    assert_eq!(requests.sent + ran.summary.queries.count, asked);
    assert_eq!(requests.by_action.values().sum::<u64>(), asked);
    let over = operations.succeeded + operations.failed + operations.cancelled;
    assert_eq!(operations.accepted, over);
    assert_eq!(operations.accepted, requests.accepted, "one server each");
    let by = ran.summary.failed_by;
    assert_eq!(operations.failed, by.no_valid_host + by.driver + by.deadline);
    let servers = ran.summary.servers;
    assert!(servers.total >= servers.active + servers.shutoff + servers.error);
}

/// How many requests of this kind were refused.
pub(crate) fn refused(ran: &Ran, kind: &str) -> u64 {
    *ran.summary.requests.refused.get(kind).expect("every kind is there")
}

/// The charts of a report, in their order.
pub(crate) fn charts(report: &Report) -> Vec<&Chart> {
    let blocks = report.sections.iter().flat_map(|section| &section.blocks);
    let charts = blocks.filter_map(|block| match block {
        Block::Chart(chart) => Some(chart),
        _ => None,
    });
    charts.collect()
}
