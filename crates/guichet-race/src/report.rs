//! What came of a race as the data of a page.

use guichet_locale::Locale;
use guichet_view::data;

use crate::anomaly::Anomaly;
use crate::outcome::Outcome;
use crate::text::Rows;
use crate::timeline::Timeline;

/// The page of a race. Whoever writes it adds what only it knows, such as the command.
pub fn page(outcome: &Outcome) -> data::Report {
    let fact = |name: &str, value: String| data::Fact { name: name.to_owned(), value };
    data::Report {
        locale: Locale::English,
        title: "guichet race".to_owned(),
        lead: outcome.verdict(),
        facts: vec![
            fact("threads", outcome.options.clients.to_string()),
            fact("requests", outcome.unlocked.requests.to_string()),
        ],
        sections: [threads(outcome), explored(outcome), shortest(outcome)]
            .into_iter()
            .chain(with_semaphore(outcome))
            .collect(),
    }
}

fn threads(outcome: &Outcome) -> data::Section {
    let set = |name: &str, found: &[u64; 6]| data::BarSet {
        name: name.to_owned(),
        values: found.iter().map(|count| Some(*count as f64)).collect(),
    };
    let chart = data::Chart {
        id: "anomalies".to_owned(),
        title: "What was found when each round was over".to_owned(),
        caption: "Clients on real threads; with the lock, as many requests.".to_owned(),
        plot: data::Plot::Bars(data::Bars {
            y: data::Axis { title: "times found".to_owned(), log: false },
            groups: Anomaly::ALL.map(|kind| kind.title().to_owned()).to_vec(),
            sets: vec![
                set("without the lock", &outcome.unlocked.found),
                set("with the lock", &outcome.locked.found),
            ],
        }),
    };
    let table = data::Block::Table(table(outcome.threads_table()));
    data::Section {
        title: "Real threads".to_owned(),
        text: outcome.threads_text(),
        blocks: vec![data::Block::Chart(chart), table],
    }
}

fn explored(outcome: &Outcome) -> data::Section {
    data::Section {
        title: "Every schedule".to_owned(),
        text: outcome.explored_text(),
        blocks: vec![data::Block::Table(table(outcome.explored_table()))],
    }
}

fn shortest(outcome: &Outcome) -> data::Section {
    let timelines = outcome.shortest.iter();
    let timelines = timelines.map(|found| data::Block::Timeline(timeline(found, "")));
    data::Section {
        title: "The shortest schedule for each".to_owned(),
        text: vec![
            "One column for each client, time goes down. The marked step is the one after which \
             the harm can no longer be avoided, whoever goes on."
                .to_owned(),
        ],
        blocks: timelines.collect(),
    }
}

fn with_semaphore(outcome: &Outcome) -> Option<data::Section> {
    let (permits, _) = outcome.explored_semaphore.as_ref()?;
    let found = outcome.shortest_with_semaphore.iter();
    let flags = format!("--with semaphore={permits} ");
    Some(data::Section {
        title: format!("Is a semaphore of {permits} a lock?"),
        text: outcome.semaphore_answer().into_iter().collect(),
        blocks: found.map(|found| data::Block::Timeline(timeline(found, &flags))).collect(),
    })
}

fn table(rows: Rows) -> data::Table {
    data::Table { head: rows.head, rows: rows.rows }
}

/// A timeline; `flags` are what its replay needs besides.
fn timeline(found: &Timeline, flags: &str) -> data::Timeline {
    let schedule = &found.schedule;
    let kind = schedule.claim.map_or("schedule", Anomaly::title);
    let steps = found.steps.iter().enumerate().map(|(index, step)| data::Step {
        column: found.column(step),
        text: step.text.clone(),
        note: step.note.clone(),
        harm: found.sealed.is_some_and(|sealed| sealed.step == index),
    });
    let mut outcome = found.outcome();
    outcome.push(format!("Replay with: guichet race {flags}--replay '{schedule}'"));
    data::Timeline {
        title: format!("{kind}; at the start {}", schedule.case.start.about),
        columns: found.columns(),
        steps: steps.collect(),
        outcome: outcome.join(" "),
    }
}
