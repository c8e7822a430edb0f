//! The report of `simulate`: its sentences, charts and tables, in their order.

use guichet_core::refusal::RefusalKind;
use guichet_locale::Locale;
use guichet_view::data::{Block, Fact, Report, Section, Table};
use guichet_view::number::{counted, grouped, short, time_us};
use guichet_view::text::{listed, sentence};

use super::charts;
use super::times;
use crate::simulate::Ran;
use crate::simulate::recorder::Recorded;
use crate::simulate::scenario::{Load, Scenario};

/// What a run came to, as a page. Under virtual time nothing in it depends on the machine but
/// `facts`.
pub fn simulated(scenario: &Scenario, ran: &Ran, mut facts: Vec<Fact>) -> Report {
    let setup = Fact { name: "run".to_owned(), value: setup(scenario) };
    facts.insert(1.min(facts.len()), setup);
    let mut sections = Vec::new();
    sections.extend(ran.recorded.as_ref().map(|recorded| queue(scenario, ran, recorded)));
    sections.extend(ran.recorded.as_ref().map(|recorded| requests(ran, recorded)));
    sections.push(latency(scenario, ran));
    sections.extend(ran.recorded.as_ref().filter(|it| !it.spans.is_empty()).map(workers));
    sections.extend(ran.recorded.as_ref().map(|recorded| servers(ran, recorded)));
    if !scenario.virtual_time {
        sections.push(process(ran));
    }
    sections.push(checked(ran));
    Report {
        locale: Locale::English,
        title: "guichet simulate".to_owned(),
        lead: lead(scenario, ran),
        facts,
        sections,
    }
}

/// What the run was made with, defaults too.
fn setup(scenario: &Scenario) -> String {
    let config = &scenario.config;
    let clients = counted(scenario.load.clients() as u64, "client");
    let load = match &scenario.load {
        Load::Closed { .. } => format!("{clients}, each waiting for its last request"),
        Load::Open { rate, bursts, .. } => {
            let bursts = bursts.map_or_else(String::new, |bursts| format!(", bursts {bursts}"));
            format!("{clients} at {rate} requests a second{bursts}")
        }
        Load::Trace { .. } => format!("a trace of {clients}"),
    };
    let time = if scenario.virtual_time { ", in virtual time" } else { "" };
    format!(
        "{load}; model {}, {} in flight at most, queue {}, profile {}{time}",
        config.model.as_str(),
        grouped(config.in_flight_max() as u64),
        grouped(config.queue as u64),
        scenario.profile.name(),
    )
}

/// What came of it, in a few sentences.
fn lead(scenario: &Scenario, ran: &Ran) -> Vec<String> {
    let summary = &ran.summary;
    let (requests, operations) = (&summary.requests, &summary.operations);
    let refused: u64 = requests.refused.values().sum();
    let seconds = summary.virtual_seconds.unwrap_or(summary.seconds);
    let virtually = if scenario.virtual_time { " of virtual time" } else { "" };
    let mut lead = Vec::new();
    if ran.interrupted {
        lead.push("The run was interrupted: this is what happened until then.".to_owned());
    }
    let repeated = match requests.repeated {
        0 => String::new(),
        repeated => format!(", {} repeated", grouped(repeated)),
    };
    lead.push(format!(
        "{} in {}{virtually}: {} accepted{repeated}, {} refused. Of the operations {} succeeded, {} failed and {} were cancelled.",
        counted(requests.sent, "request"),
        time_us((seconds * 1e6) as u64),
        grouped(requests.accepted),
        grouped(refused),
        grouped(operations.succeeded),
        grouped(operations.failed),
        grouped(operations.cancelled),
    ));
    if let Some(recorded) = &ran.recorded {
        lead.push(format!("{} {}", peaks(recorded), limited_by(scenario, ran, recorded)));
    }
    let samples = summary.samples.latency;
    if samples > 0 {
        let ms = |ms: f64| time_us((ms * 1e3) as u64);
        lead.push(format!(
            "From the moment it was meant to be sent, half of all operations were over within {}, 99 in 100 within {}.",
            ms(summary.latency_ms.p50),
            ms(summary.latency_ms.p99),
        ));
    }
    lead.push(invariants(ran));
    lead
}

fn peaks(recorded: &Recorded) -> String {
    let running = counted(recorded.running.value, "operation");
    match recorded.waiting.value {
        0 => format!("At most {running} ran at once; none ever waited."),
        waiting => format!(
            "At most {running} ran at once, and at most {} waited, {}.",
            grouped(waiting),
            match recorded.waiting.at_us {
                0 => "at the very start".to_owned(),
                at_us => format!("{} after the start", time_us(at_us)),
            },
        ),
    }
}

/// How much of what may run at once did, so that one may say the pool was full.
const FULL: f64 = 0.9;

/// What limited the speed of the run.
fn limited_by(scenario: &Scenario, ran: &Ran, recorded: &Recorded) -> String {
    let bound = scenario.config.in_flight_max() as f64;
    let used = recorded.running_mean / bound;
    let on_average = format!(
        "on average {} of {} places to run were in use",
        short(recorded.running_mean),
        grouped(bound as u64),
    );
    match queue_full(ran) {
        0 if used >= FULL => format!("The pool was the limit: {on_average}."),
        0 if matches!(scenario.load, Load::Closed { .. }) => format!(
            "The clients were the limit, since each waits for its last request to be over: {on_average}."
        ),
        0 => format!("The load was the limit, not the pool: {on_average}."),
        refused => format!(
            "The queue of {} was the limit: {} for want of a place in it; {on_average}.",
            grouped(scenario.config.queue as u64),
            match refused {
                1 => "1 request was refused".to_owned(),
                refused => format!("{} requests were refused", grouped(refused)),
            },
        ),
    }
}

/// Requests that found no place in the queue.
fn queue_full(ran: &Ran) -> u64 {
    let refused = &ran.summary.requests.refused;
    refused.get(RefusalKind::QueueFull.as_str()).copied().unwrap_or(0)
}

fn invariants(ran: &Ran) -> String {
    let audit = &ran.summary.invariants;
    let checks = counted(audit.checked, "check");
    match audit.violations.len() as u64 {
        0 => format!("Clients, store and driver agree: {checks} of the invariants, none broken."),
        broken => {
            format!("{broken} of {checks} of the invariants broke: see the end of this page.")
        }
    }
}

fn queue(scenario: &Scenario, ran: &Ran, recorded: &Recorded) -> Section {
    let mut text = vec![format!(
        "An operation waits from its acceptance until one of the {} to run is free; it is in flight until it is over.",
        counted(scenario.config.in_flight_max() as u64, "place"),
    )];
    let below_the_bound = recorded.waiting.value < scenario.config.queue as u64;
    if queue_full(ran) > 0 && below_the_bound {
        text.push(
            "Once there is more than one project, the last places of the queue are kept for those with nothing waiting: others are refused before it is full."
                .to_owned(),
        );
    }
    if recorded.again.value > 0 {
        text.push(format!(
            "At most {} waited for another attempt, after one that failed in passing.",
            counted(recorded.again.value, "operation"),
        ));
    }
    Section {
        title: "Queue and operations in flight".to_owned(),
        text,
        blocks: vec![
            Block::Chart(charts::queue(scenario, recorded)),
            Block::Chart(charts::in_flight(scenario, recorded)),
        ],
    }
}

fn requests(ran: &Ran, recorded: &Recorded) -> Section {
    let requests = &ran.summary.requests;
    let by_action: Vec<String> = requests
        .by_action
        .iter()
        .map(|(action, sent)| format!("{} {action}", grouped(*sent)))
        .collect();
    let mut text = vec![sentence(&format!("what was sent: {}", listed(&by_action)))];
    let refusals: Vec<(&str, u64)> = RefusalKind::ALL
        .iter()
        .filter_map(|kind| Some((kind.as_str(), *requests.refused.get(kind.as_str())?)))
        .filter(|(_, refused)| *refused > 0)
        .collect();
    let mut blocks = vec![Block::Chart(charts::requests(recorded))];
    if refusals.is_empty() {
        text.push("Nothing was refused.".to_owned());
    } else {
        blocks.push(Block::Chart(charts::refusals(&refusals)));
    }
    Section { title: "Requests".to_owned(), text, blocks }
}

fn latency(scenario: &Scenario, ran: &Ran) -> Section {
    let mut text = vec![
        "Wait is from the acceptance to the first start, service time from there to the end, latency from the moment the request was meant to be sent to the end."
            .to_owned(),
    ];
    let (waited, latency) = (ran.counted.wait.mean(), ran.counted.latency.mean());
    if latency > 0.0 {
        text.push(format!(
            "On average an operation waited {} of the {} that it took in all, {:.0} %.",
            time_us(waited as u64),
            time_us(latency as u64),
            100.0 * waited / latency,
        ));
    }
    if scenario.virtual_time {
        text.push(
            "In virtual time deciding costs nothing: only waits and the driver's work count."
                .to_owned(),
        );
    }
    let mut blocks = Vec::new();
    blocks.extend(times::chart(scenario, &ran.counted).map(Block::Chart));
    blocks.push(Block::Table(times::table(&ran.summary)));
    Section { title: "Latency".to_owned(), text, blocks }
}

fn workers(recorded: &Recorded) -> Section {
    let chart = charts::workers(recorded);
    let text = if recorded.spans_total > recorded.spans.len() as u64 {
        format!(
            "{} were run; drawn are {} around the busiest moment.",
            counted(recorded.spans_total, "attempt"),
            grouped(recorded.spans.len() as u64),
        )
    } else {
        format!("All {} that were run.", counted(recorded.spans_total, "attempt"))
    };
    Section { title: "Workers".to_owned(), text: vec![text], blocks: vec![Block::Chart(chart)] }
}

fn servers(ran: &Ran, recorded: &Recorded) -> Section {
    let (servers, peak) = (&ran.summary.servers, ran.summary.peak.servers as u64);
    let text = format!(
        "At the end there are {}: {} ACTIVE, {} SHUTOFF and {} in ERROR. At most {} there were at once.",
        counted(servers.total, "server"),
        grouped(servers.active),
        grouped(servers.shutoff),
        grouped(servers.error),
        grouped(peak),
    );
    Section {
        title: "Servers".to_owned(),
        text: vec![text],
        blocks: vec![Block::Chart(charts::servers(recorded))],
    }
}

/// What it cost here: only of real time, where it says something.
fn process(ran: &Ran) -> Section {
    let summary = &ran.summary;
    let rows = [
        ("real time, s", format!("{:.3}", summary.seconds)),
        ("requests a second", short(summary.requests_per_s)),
        ("operations a second", short(summary.operations_per_s)),
        ("CPU of the process, clients too, s", format!("{:.3}", summary.cpu_s)),
        (
            "CPU for each accepted operation, µs",
            summary.cpu_us_per_operation.map_or_else(|| "–".to_owned(), short),
        ),
        ("longest hold of the lock, µs", short(summary.longest_lock_us)),
        ("most memory, MiB", short(summary.peak_rss_mib)),
    ];
    let rows = rows.map(|(name, value)| vec![name.to_owned(), value]).to_vec();
    let head = vec!["measured".to_owned(), "value".to_owned()];
    Section {
        title: "What it cost".to_owned(),
        text: vec![
            "The hold of the lock includes the time for which the system had suspended its holder."
                .to_owned(),
        ],
        blocks: vec![Block::Table(Table { head, rows })],
    }
}

fn checked(ran: &Ran) -> Section {
    let mut text = vec![invariants(ran)];
    text.extend(ran.summary.invariants.violations.iter().map(|found| format!("Broken: {found}")));
    text.extend(ran.unmatched_rules.iter().map(|rule| format!("Profile: {rule}")));
    if !ran.drained.is_complete() {
        text.push(format!(
            "Not finished in time: {} left waiting, {} left running.",
            counted(ran.drained.left_queued as u64, "operation"),
            ran.drained.left_running,
        ));
    }
    if let Some(missed) = ran.recorded.as_ref().map(|it| it.missed).filter(|missed| *missed > 0) {
        text.push(format!("This report missed {}.", counted(missed, "record")));
    }
    Section { title: "What was checked".to_owned(), text, blocks: Vec::new() }
}
