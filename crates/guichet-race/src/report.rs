//! What came of a race as the data of a page.

use guichet_locale::{Locale, capitalised, text};
use guichet_view::data;

use crate::anomaly::Anomaly;
use crate::outcome::Outcome;
use crate::text::Rows;
use crate::timeline::Timeline;

/// The page of a race. Whoever writes it adds what only it knows, such as the command.
pub fn page(outcome: &Outcome, locale: Locale) -> data::Report {
    let fact = |name: String, value: String| data::Fact { name, value };
    data::Report {
        locale,
        title: "guichet race".to_owned(),
        lead: outcome.verdict(locale),
        facts: vec![
            fact(text!(locale, "race-fact-threads"), outcome.options.clients.to_string()),
            fact(text!(locale, "race-fact-requests"), outcome.unlocked.requests.to_string()),
        ],
        sections: [threads(outcome, locale), explored(outcome, locale), shortest(outcome, locale)]
            .into_iter()
            .chain(with_semaphore(outcome, locale))
            .collect(),
    }
}

fn threads(outcome: &Outcome, locale: Locale) -> data::Section {
    let set = |name: String, found: &[u64; 6]| data::BarSet {
        name,
        values: found.iter().map(|count| Some(*count as f64)).collect(),
    };
    let chart = data::Chart {
        id: "anomalies".to_owned(),
        title: text!(locale, "race-chart-title"),
        caption: text!(locale, "race-chart-caption"),
        plot: data::Plot::Bars(data::Bars {
            y: data::Axis { title: text!(locale, "race-chart-found"), log: false },
            groups: Anomaly::ALL.map(|kind| kind.title(locale)).to_vec(),
            sets: vec![
                set(text!(locale, "race-without-lock"), &outcome.unlocked.found),
                set(text!(locale, "race-with-lock"), &outcome.locked.found),
            ],
        }),
    };
    let table = data::Block::Table(table(outcome.threads_table(locale)));
    data::Section {
        title: text!(locale, "race-threads"),
        text: outcome.threads_text(locale),
        blocks: vec![data::Block::Chart(chart), table],
    }
}

fn explored(outcome: &Outcome, locale: Locale) -> data::Section {
    data::Section {
        title: text!(locale, "race-explored"),
        text: outcome.explored_text(locale),
        blocks: vec![data::Block::Table(table(outcome.explored_table(locale)))],
    }
}

fn shortest(outcome: &Outcome, locale: Locale) -> data::Section {
    let timelines = outcome.shortest.iter();
    let timelines = timelines.map(|found| data::Block::Timeline(timeline(found, "", locale)));
    data::Section {
        title: text!(locale, "race-shortest"),
        text: vec![text!(locale, "race-timelines"), text!(locale, "race-timelines-rows")],
        blocks: timelines.collect(),
    }
}

fn with_semaphore(outcome: &Outcome, locale: Locale) -> Option<data::Section> {
    let permits = outcome.explored_semaphore.as_ref()?.0;
    let found = outcome.shortest_with_semaphore.iter();
    let flags = format!("--with semaphore={permits} ");
    let found = found.map(|found| data::Block::Timeline(timeline(found, &flags, locale)));
    Some(data::Section {
        title: text!(locale, "race-is-semaphore-lock", permits = permits),
        text: outcome.semaphore_answer(locale).into_iter().collect(),
        blocks: found.collect(),
    })
}

fn table(rows: Rows) -> data::Table {
    data::Table { head: rows.head, rows: rows.rows }
}

/// A timeline; `flags` are what its replay needs besides.
fn timeline(found: &Timeline, flags: &str, locale: Locale) -> data::Timeline {
    let schedule = &found.schedule;
    let steps = found.steps.iter().enumerate().map(|(index, step)| data::Step {
        column: found.column(step),
        text: step.text.in_locale(locale).to_owned(),
        note: step.note.in_locale(locale).to_owned(),
        harm: found.sealed.is_some_and(|sealed| sealed.step == index),
    });
    let mut outcome = found.outcome(locale);
    let command = format!("guichet race {flags}--replay '{schedule}'");
    outcome.push(capitalised(&text!(locale, "race-replay-with", command = command)));
    let (kind, about) = (found.title(locale), schedule.case.start.about(locale));
    data::Timeline {
        title: text!(locale, "race-timeline", kind = kind, about = about),
        columns: found.columns(locale),
        steps: steps.collect(),
        outcome: outcome.join(" "),
    }
}
