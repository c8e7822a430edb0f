//! The report of `simulate`: its sentences, charts and tables, in their order.

mod lead;

use guichet_core::refusal::RefusalKind;
use guichet_locale::{Locale, text};
use guichet_view::data::{Block, Fact, Report, Section, Table};

use super::{charts, times};
use crate::simulate::Ran;
use crate::simulate::recorder::Recorded;
use crate::simulate::scenario::{Load, Scenario};
use lead::{invariants, queue_full};

/// What a run came to, as a page. Under virtual time nothing in it depends on the machine but
/// `facts`.
pub fn simulated(scenario: &Scenario, ran: &Ran, mut facts: Vec<Fact>, locale: Locale) -> Report {
    let setup = Fact { name: text!(locale, "report-fact-run"), value: setup(scenario, locale) };
    facts.insert(1.min(facts.len()), setup);
    let mut sections = Vec::new();
    let recorded = ran.recorded.as_ref();
    sections.extend(recorded.map(|recorded| queue(scenario, ran, recorded, locale)));
    sections.extend(recorded.map(|recorded| requests(ran, recorded, locale)));
    sections.push(latency(scenario, ran, locale));
    let worked = recorded.filter(|it| !it.spans.is_empty());
    sections.extend(worked.map(|recorded| workers(recorded, locale)));
    sections.extend(recorded.map(|recorded| servers(ran, recorded, locale)));
    if !scenario.virtual_time {
        sections.push(process(ran, locale));
    }
    sections.push(checked(ran, locale));
    let lead = lead::lead(scenario, ran, locale);
    Report { locale, title: "guichet simulate".to_owned(), lead, facts, sections }
}

/// What the run was made with, defaults too.
fn setup(scenario: &Scenario, locale: Locale) -> String {
    let config = &scenario.config;
    let clients = scenario.load.clients();
    let load = match &scenario.load {
        Load::Closed { .. } => text!(locale, "report-load-closed", clients = clients),
        Load::Open { rate, bursts, .. } => {
            let rate = locale.decimal(&rate.to_string());
            let load = text!(locale, "report-load-open", clients = clients, rate = rate);
            match bursts {
                Some(bursts) => {
                    let bursts = bursts.to_string();
                    text!(locale, "report-load-bursts", load = load, bursts = bursts)
                }
                None => load,
            }
        }
        Load::Trace { .. } => text!(locale, "report-load-trace", clients = clients),
    };
    let (model, profile) = (config.model.as_str(), scenario.profile.name());
    let (flight, queue) = (config.in_flight_max(), config.queue);
    if scenario.virtual_time {
        text!(
            locale,
            "report-setup-virtual",
            load = load,
            model = model,
            flight = flight,
            queue = queue,
            profile = profile
        )
    } else {
        text!(
            locale,
            "report-setup",
            load = load,
            model = model,
            flight = flight,
            queue = queue,
            profile = profile
        )
    }
}

fn queue(scenario: &Scenario, ran: &Ran, recorded: &Recorded, locale: Locale) -> Section {
    let places = scenario.config.in_flight_max();
    let mut text = vec![text!(locale, "report-queue-text", places = places)];
    let below_the_bound = recorded.waiting.value < scenario.config.queue as u64;
    if queue_full(ran) > 0 && below_the_bound {
        text.push(text!(locale, "report-queue-kept"));
    }
    if recorded.again.value > 0 {
        text.push(text!(locale, "report-queue-again", again = recorded.again.value));
    }
    Section {
        title: text!(locale, "report-queue-title"),
        text,
        blocks: vec![
            Block::Chart(charts::queue(scenario, recorded, locale)),
            Block::Chart(charts::in_flight(scenario, recorded, locale)),
        ],
    }
}

fn requests(ran: &Ran, recorded: &Recorded, locale: Locale) -> Section {
    let requests = &ran.summary.requests;
    let sent_of = |(action, sent): (&&'static str, &u64)| {
        let (sent, action) = (*sent, *action);
        text!(locale, "report-sent-of", sent = sent, action = action)
    };
    let by_action: Vec<String> = requests.by_action.iter().map(sent_of).collect();
    let mut text = vec![text!(locale, "report-sent", sent = locale.listed(&by_action))];
    let refusals: Vec<(&str, u64)> = RefusalKind::ALL
        .iter()
        .filter_map(|kind| Some((kind.as_str(), *requests.refused.get(kind.as_str())?)))
        .filter(|(_, refused)| *refused > 0)
        .collect();
    let mut blocks = vec![Block::Chart(charts::requests(recorded, locale))];
    if refusals.is_empty() {
        text.push(text!(locale, "report-refused-none"));
    } else {
        blocks.push(Block::Chart(charts::refusals(&refusals, locale)));
    }
    Section { title: text!(locale, "report-requests-title"), text, blocks }
}

fn latency(scenario: &Scenario, ran: &Ran, locale: Locale) -> Section {
    let mut text = vec![text!(locale, "report-latency-text")];
    let (waited, latency) = (ran.counted.wait.mean(), ran.counted.latency.mean());
    if latency > 0.0 {
        text.push(text!(
            locale,
            "report-latency-share",
            waited = locale.time_us(waited as u64),
            latency = locale.time_us(latency as u64),
            share = locale.percent(waited / latency)
        ));
    }
    if scenario.virtual_time {
        text.push(text!(locale, "report-latency-virtual"));
    }
    let mut blocks = Vec::new();
    blocks.extend(times::chart(scenario, &ran.counted, locale).map(Block::Chart));
    blocks.push(Block::Table(times::table(&ran.summary, locale)));
    Section { title: text!(locale, "report-latency-title"), text, blocks }
}

fn workers(recorded: &Recorded, locale: Locale) -> Section {
    let chart = charts::workers(recorded, locale);
    let (attempts, drawn) = (recorded.spans_total, recorded.spans.len());
    let text = if attempts > drawn as u64 {
        text!(locale, "report-workers-some", attempts = attempts, drawn = drawn)
    } else {
        text!(locale, "report-workers-all", attempts = attempts)
    };
    let title = text!(locale, "report-workers-title");
    Section { title, text: vec![text], blocks: vec![Block::Chart(chart)] }
}

fn servers(ran: &Ran, recorded: &Recorded, locale: Locale) -> Section {
    let (servers, peak) = (&ran.summary.servers, ran.summary.peak.servers);
    let text = text!(
        locale,
        "report-servers-text",
        total = servers.total,
        active = servers.active,
        shutoff = servers.shutoff,
        error = servers.error,
        peak = peak
    );
    Section {
        title: text!(locale, "report-servers-title"),
        text: vec![text],
        blocks: vec![Block::Chart(charts::servers(recorded, locale))],
    }
}

/// What it cost here: only of real time, where it says something.
fn process(ran: &Ran, locale: Locale) -> Section {
    let summary = &ran.summary;
    let short = |value: f64| locale.short(value);
    let each = summary.cpu_us_per_operation.map_or_else(|| "–".to_owned(), short);
    let rows = [
        (text!(locale, "report-cost-seconds"), locale.fixed(summary.seconds, 3)),
        (text!(locale, "report-cost-requests"), short(summary.requests_per_s)),
        (text!(locale, "report-cost-operations"), short(summary.operations_per_s)),
        (text!(locale, "report-cost-cpu"), locale.fixed(summary.cpu_s, 3)),
        (text!(locale, "report-cost-cpu-each"), each),
        (text!(locale, "report-cost-lock"), short(summary.longest_lock_us)),
        (text!(locale, "report-cost-memory"), short(summary.peak_rss_mib)),
    ];
    let rows = rows.map(|(name, value)| vec![name, value]).to_vec();
    let head = vec![text!(locale, "report-measured"), text!(locale, "report-value")];
    Section {
        title: text!(locale, "report-cost-title"),
        text: vec![text!(locale, "report-cost-text")],
        blocks: vec![Block::Table(Table { head, rows })],
    }
}

fn checked(ran: &Ran, locale: Locale) -> Section {
    let mut text = vec![invariants(ran, locale)];
    let violations = ran.summary.invariants.violations.iter();
    text.extend(violations.map(|found| text!(locale, "report-violation", what = found.as_str())));
    let rules = ran.unmatched_rules.iter();
    text.extend(rules.map(|rule| text!(locale, "report-profile", rule = rule.as_str())));
    if !ran.drained.is_complete() {
        text.push(text!(
            locale,
            "report-unfinished",
            waiting = ran.drained.left_queued,
            running = ran.drained.left_running
        ));
    }
    if let Some(missed) = ran.recorded.as_ref().map(|it| it.missed).filter(|missed| *missed > 0) {
        text.push(text!(locale, "report-missed", missed = missed));
    }
    Section { title: text!(locale, "report-checked-title"), text, blocks: Vec::new() }
}
