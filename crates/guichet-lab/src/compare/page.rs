//! A comparison as a report: plain data for [`guichet_view`]. Each sentence stands once: what
//! comes first says who won and what a pool gains, all others stand below the chart, or above the
//! tables, that they are about.

mod charts;

use guichet_locale::{Locale, capitalised, text};
use guichet_view::data::{Block, Chart, Fact, Report, Section, Table};

use super::Comparison;
use super::commentary::{Said, Topic};
use super::output;
use super::plan::Work;
use charts::Drawn;

/// The report. `facts` say what it was made with.
pub fn report(comparison: &Comparison, facts: Vec<Fact>, locale: Locale) -> Report {
    let said = comparison.commentary(locale);
    let mut sections = Vec::new();
    for work in [Work::Io, Work::Cpu] {
        let rows = comparison.rows.iter().filter(|row| row.setting.work == work).collect();
        let drawn = Drawn::new(comparison, work, rows, locale);
        if !drawn.rows.is_empty() {
            sections.extend(of_work(&drawn, &said));
        }
    }
    sections.push(all_figures(comparison, &said, locale));
    let lead = lead(comparison, &said, locale);
    Report { locale, title: "guichet compare".to_owned(), lead, facts, sections }
}

/// Who won, what a pool gains for each kind of work, and whether all is well.
fn lead(comparison: &Comparison, said: &[Said], locale: Locale) -> Vec<String> {
    let first = said.iter().filter(|said| matches!(said.topic, Topic::Winner | Topic::Gain));
    let mut lead: Vec<String> = first.map(|said| said.text.clone()).collect();
    let checked = comparison.checked;
    lead.push(match comparison.violations.len() {
        0 => text!(locale, "compare-page-holds", checked = checked),
        broken => text!(locale, "compare-page-broken", broken = broken, checked = checked),
    });
    lead
}

/// How to read a chart, and what is said of it.
fn caption(read: &str, said: &[Said], work: Work, topics: &[Topic]) -> String {
    let of = |said: &&Said| said.work == Some(work) && topics.contains(&said.topic);
    let findings = said.iter().filter(of).map(|said| said.text.as_str());
    std::iter::once(read).chain(findings).collect::<Vec<&str>>().join(" ")
}

/// The three parts of one kind of work: how much is done, how long it takes, what it costs.
fn of_work(drawn: &Drawn<'_>, said: &[Said]) -> [Section; 3] {
    let (locale, work) = (drawn.locale, drawn.work);
    let name = capitalised(&work.name(locale));
    let section = |title: String, charts: Vec<Chart>| Section {
        title,
        text: Vec::new(),
        blocks: charts.into_iter().map(Block::Chart).collect(),
    };
    [
        section(text!(locale, "compare-page-rates", work = name.as_str()), rates(drawn, said)),
        section(text!(locale, "compare-page-times", work = name.as_str()), times(drawn, said)),
        section(text!(locale, "compare-page-costs", work = name.as_str()), costs(drawn, said)),
    ]
}

fn rates(drawn: &Drawn<'_>, said: &[Said]) -> Vec<Chart> {
    let (locale, work) = (drawn.locale, drawn.work);
    let kind = match work {
        Work::Io => text!(locale, "compare-page-io"),
        Work::Cpu => text!(locale, "compare-page-cpu"),
    };
    let throughput = drawn.throughput();
    let mut read = format!("{kind} {}", text!(locale, "compare-page-throughput-read"));
    if throughput.y.log {
        read = format!("{read} {}", text!(locale, "compare-page-logarithmic"));
    }
    let mut charts = vec![drawn.chart(
        "throughput",
        text!(locale, "compare-page-throughput"),
        caption(&read, said, work, &[Topic::Rate]),
        throughput,
    )];
    if let Some((model, law)) = drawn.law() {
        let read = text!(locale, "compare-page-law-read");
        charts.push(drawn.chart(
            "law",
            text!(locale, "compare-page-law", model = model.as_str()),
            caption(&read, said, work, &[Topic::Scalability]),
            law,
        ));
    }
    if let Some(speedup) = drawn.speedup() {
        let mut read = text!(locale, "compare-page-speedup-read");
        if drawn.serial_share().is_some() {
            read = format!("{read} {}", text!(locale, "compare-page-amdahl-read"));
        }
        charts.push(drawn.chart(
            "speed-up",
            text!(locale, "compare-page-speedup"),
            caption(&read, said, work, &[Topic::Amdahl, Topic::Speedup]),
            speedup,
        ));
    }
    charts
}

fn times(drawn: &Drawn<'_>, said: &[Said]) -> Vec<Chart> {
    let (locale, work) = (drawn.locale, drawn.work);
    let wait = text!(locale, "compare-page-wait-read");
    vec![
        drawn.chart(
            "wait",
            text!(locale, "compare-page-wait"),
            caption(&wait, said, work, &[Topic::Time]),
            drawn.times(|row| row.wait_ms()),
        ),
        drawn.chart(
            "latency",
            text!(locale, "compare-page-latency"),
            text!(locale, "compare-page-latency-read"),
            drawn.times(|row| row.latency_ms()),
        ),
    ]
}

fn costs(drawn: &Drawn<'_>, said: &[Said]) -> Vec<Chart> {
    let (locale, work) = (drawn.locale, drawn.work);
    let cpu = text!(locale, "compare-page-cpu-each-read");
    vec![
        drawn.chart(
            "cost",
            text!(locale, "compare-page-cpu-each"),
            caption(&cpu, said, work, &[Topic::Cost]),
            drawn.costs(text!(locale, "compare-axis-cpu"), |row| row.cpu_us()),
        ),
        drawn.chart(
            "switches",
            text!(locale, "compare-page-switches"),
            text!(locale, "compare-page-switches-read"),
            drawn.costs(text!(locale, "compare-axis-switches"), |row| row.switches_each()),
        ),
    ]
}

/// Every figure of every row, as printed, how they were measured, and what holds for all.
fn all_figures(comparison: &Comparison, said: &[Said], locale: Locale) -> Section {
    let mut text = vec![measured(comparison, locale)];
    let of_all = said.iter().filter(|said| said.topic == Topic::All);
    text.extend(of_all.map(|said| said.text.clone()));
    let broken = comparison.violations.iter().map(|broken| broken.text(locale));
    text.extend(broken.map(|what| text!(locale, "compare-page-violation", what = what)));
    let tables = output::tables(comparison, locale);
    Section {
        title: text!(locale, "compare-page-figures"),
        text,
        blocks: tables.iter().map(|table| Block::Table(plain(table))).collect(),
    }
}

/// What was compared, and how.
fn measured(comparison: &Comparison, locale: Locale) -> String {
    let plan = &comparison.plan;
    let models: Vec<&str> = plan.models.iter().map(|model| model.as_str()).collect();
    text!(
        locale,
        "compare-page-measured",
        clients = plan.clients,
        models = models.join(", "),
        rows = comparison.rows.len(),
        runs = plan.runs,
        profile = plan.profile.name(),
        mix = plan.mix.to_string(),
        cores = plan.cores
    )
}

/// A printed table's cells, with model, work and size in the first column.
fn plain(table: &comfy_table::Table) -> Table {
    const NAMES: usize = 3;
    let cells = |row: &comfy_table::Row| -> Vec<String> {
        let all: Vec<String> = row.cell_iter().map(comfy_table::Cell::content).collect();
        let name: Vec<&str> =
            all.iter().take(NAMES).map(String::as_str).filter(|part| !part.is_empty()).collect();
        std::iter::once(name.join(" ")).chain(all.iter().skip(NAMES).cloned()).collect()
    };
    let head = table.header().map(cells).unwrap_or_default();
    Table { head, rows: table.row_iter().map(cells).collect() }
}
